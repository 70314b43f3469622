/** Takes the network, after and before training, out of a model file. */
import {
  type Activation,
  activations,
  type FloatArray,
  type Layer,
  type Projection,
  type RateNetwork,
} from "../../network/types.ts";
import { ModelFileError } from "../../errors.ts";
import { fieldError, type Fields, finite } from "./fields.ts";
import { holdsNetwork, interField, layerField } from "./names.ts";
import { decodeLayer } from "./read_layer.ts";
import {
  decodeBetween,
  decodeInputs,
  decodeReadout,
} from "./read_projections.ts";

/** Largest number of layers that a file may claim. */
const maxLayers = 99;

/** Number of layers that the file holds. */
function decodeLayerCount(fields: Fields): number {
  if (!fields.has("n_layers")) return 1;
  const layers = fields.number("n_layers", "number of layers");
  if (!Number.isInteger(layers) || layers < 1 || layers > maxLayers) {
    throw fieldError(
      "n_layers",
      `${layers}`,
      `a whole number from 1 to ${maxLayers}`,
    );
  }
  return layers;
}

/** One number a layer, or one for all of them. */
function decodeCounts(
  fields: Fields,
  field: string,
  layers: number,
  what: string,
): number[] {
  const counts = Array.from(fields.vector(field, undefined, what));
  if (
    counts.length !== 1 && counts.length !== layers ||
    counts.some((count) => !Number.isInteger(count) || count < 0)
  ) {
    throw fieldError(
      field,
      counts.slice(0, 8).join(", ") || "nothing",
      `${layers} ${what}, whole numbers`,
    );
  }
  return counts.length === layers ? counts : Array(layers).fill(counts[0]);
}

function decodeActivation(fields: Fields): Activation {
  const expected = `one of ${activations.join(", ")}`;
  const name = fields.text("activation", expected).trim();
  const activation = activations.find((known) => known === name);
  if (activation === undefined) {
    throw fieldError("activation", JSON.stringify(name), expected);
  }
  return activation;
}

function decodeTaus(fields: Fields): [number] | [number, number] {
  const taus = finite(
    "taus",
    fields.vector("taus", undefined, "decay time constants"),
  );
  const [low, high] = taus;
  const allowed = taus.length === 1 && low > 0 ||
    taus.length === 2 && low > 0 && high >= low;
  if (!allowed) {
    throw fieldError(
      "taus",
      taus.slice(0, 8).join(", ") || "nothing",
      "one decay time constant above 0, or a smallest and a largest one, in steps",
    );
  }
  if (low < 1) {
    fields.remark(
      `"taus": ${low} is shorter than a step; decay time constants are in ` +
        "steps, so seconds or ms have to be divided by the duration of a step",
    );
  }
  return taus.length === 1 ? [low] : [low, high];
}

/** Whether Dale's principle holds: as the file says, or as its weights show. */
function decodeDale(fields: Fields, layers: number, hint?: boolean): boolean {
  const said = fields.attempt(() =>
    fields.has("spikernn_dale")
      ? fields.flags("spikernn_dale", 1, "flag")
      : undefined
  );
  if (said) return said[0] === 1;
  if (hint !== undefined) return hint;
  const fieldNames = Array.from(
    { length: layers },
    (_, layer) => layerField("w", layer, layers),
  );
  const negative = fieldNames.some((field) =>
    fields.has(field) &&
    fields.matrix(field, undefined, undefined, "weights").data
      .some((weight) => weight < 0)
  );
  // Without Dale's principle no unit is inhibitory; in a file with both the
  // weights were saved before they were rectified.
  const typed = Array.from({ length: layers }, (_, layer) => {
    const inh = layerField("inh", layer, layers);
    return fields.has(inh) &&
      fields.vector(inh, undefined, "unit types").some((flag) => flag !== 0);
  }).some((any) => any);
  return !negative || typed;
}

/** @throws {ModelFileError} if no variable is one of a network */
function checkIsNetwork(names: readonly string[]): void {
  if (holdsNetwork(names)) return;
  const shown = names.slice(0, 12).join(", ") +
    (names.length > 12 ? `, … (${names.length})` : "");
  throw new ModelFileError(
    "Cannot read the model: received " +
      (names.length === 0 ? "no variables" : `the variables ${shown}`) +
      ", expected those of a network (w, w_in, w_out, …); the command import " +
      "makes a model of arrays that have other names",
  );
}

/**
 * Takes the network out of a file's fields.
 *
 * @param daleHint whether Dale's principle holds, if the file's name says it
 * @throws {ModelFileError} if a field is missing or wrong
 */
export function decodeNetwork(
  fields: Fields,
  daleHint?: boolean,
): RateNetwork {
  checkIsNetwork(fields.names());
  const count = decodeLayerCount(fields);
  const activation = decodeActivation(fields);
  const taus = decodeTaus(fields);
  const dale = decodeDale(fields, count, daleHint);
  const sstCounts = fields.has("som_N")
    ? decodeCounts(fields, "som_N", count, "numbers of SST units")
    : Array(count).fill(0);
  const layers = sstCounts.map((sstCount, layer) =>
    decodeLayer(fields, layer, count, sstCount, dale, taus.length === 1)
  );
  if (fields.has("N")) {
    const sizes = decodeCounts(fields, "N", count, "numbers of units");
    const wrong = layers.findIndex(({ size }, i) => size !== sizes[i]);
    if (wrong >= 0) {
      throw fieldError(
        "N",
        `${sizes[wrong]}`,
        `${layers[wrong].size}, the size of ${layerField("w", wrong, count)}`,
      );
    }
  }
  if (
    !dale && layers.some(({ inhibitory }) => inhibitory.some((flag) => flag))
  ) {
    throw fieldError(
      layerField("inh", 0, count),
      "inhibitory units",
      "none without Dale's principle",
    );
  }
  return {
    activation,
    dale,
    taus,
    layers,
    inputs: decodeInputs(fields, "w_in", layers),
    between: decodeBetween(fields, layers, dale),
    readout: decodeReadout(fields, layers),
  };
}

/**
 * Takes the network before training out of a file's fields; `undefined` if
 * there is none, or if its weights are wrong. The original does not save the
 * first readout: it is NaN then.
 *
 * @param network the network after training, whose unit types and masks it shares
 */
export function decodeInitialNetwork(
  fields: Fields,
  network: RateNetwork,
): RateNetwork | undefined {
  return fields.attempt(() => decodeInitial(fields, network));
}

/** Input projections, if they are to the same layers as those of the network. */
function asMany(
  inputs: readonly Projection[],
  network: RateNetwork,
): readonly Projection[] | undefined {
  const layersOf = (projections: readonly Projection[]) =>
    projections.map(({ to }) => to).join();
  return layersOf(inputs) === layersOf(network.inputs) ? inputs : undefined;
}

function decodeInitial(
  fields: Fields,
  network: RateNetwork,
): RateNetwork | undefined {
  const count = network.layers.length;
  const name = (base: string, layer: number) => layerField(base, layer, count);
  // Without all weights there is no network; every field is looked at even so.
  let complete = true;
  const weightsOf = (field: string, rows: number, columns: number) => {
    const weights = fields.attempted(
      field,
      () => finite(field, fields.matrix(field, rows, columns, "weights").data),
    );
    complete &&= weights !== undefined;
    return weights;
  };
  const layers = network.layers.map((layer, l): Layer => {
    const { size } = layer;
    const taus = name("taus_gaus0", l);
    return {
      ...layer,
      weights: weightsOf(name("w0", l), size, size) ?? layer.weights,
      tausGaus: fields.attempted(taus, () =>
        finite(taus, fields.vector(taus, size, "decay parameters"))) ??
        layer.tausGaus,
    };
  });
  const between = network.between.map((projection): Projection => {
    const { from, to, weights } = projection;
    const field = interField("w_inter0", from as number, to);
    const [rows, columns] = [layers[to].size, layers[from as number].size];
    return {
      ...projection,
      weights: weightsOf(field, rows, columns) ?? weights,
    };
  });
  const saved = fields.attempted(
    "spikernn_w_out0",
    () => decodeReadout(fields, layers, "spikernn_", "0"),
  );
  const readout = saved ?? {
    ...network.readout,
    weights: network.readout.weights.map((row) =>
      row.map(() => NaN) as FloatArray
    ),
    bias: NaN,
  };
  const channels = network.inputs[0].weights.length / layers[0].size;
  const inputs = fields.attempted(
    name("w_in0", 0),
    () => asMany(decodeInputs(fields, "w_in0", layers, channels), network),
  ) ??
    network.inputs;
  return complete
    ? { ...network, layers, between, inputs, readout }
    : undefined;
}
