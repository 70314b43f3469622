/** Sets the fields of a network, after and before training. */
import type { FloatArray, RateNetwork, Readout } from "../../network/types.ts";
import { elementCount } from "../../mat5/layout.ts";
import type { MatValue } from "../../mat5/types.ts";
import { char, fromRowMajor, logical, numeric } from "../../mat5/values.ts";
import { interField, layerField } from "./names.ts";
import { encodeWeights } from "./weights.ts";

/** The sign of each unit on the diagonal: `m`. */
function signMask(inhibitory: Uint8Array): Float32Array {
  const size = inhibitory.length;
  const mask = new Float32Array(size * size);
  inhibitory.forEach((flag, i) => mask[i * size + i] = flag ? -1 : 1);
  return mask;
}

/** One number: single where that holds it exactly, as the original's files have it. */
function shortestFloat(value: number): MatValue {
  const single = Float32Array.of(value);
  return numeric(Object.is(single[0], value) ? single : value, [1, 1]);
}

function counts(numbers: readonly number[]): MatValue {
  return numeric(Float64Array.from(numbers));
}

function concatenated(rows: readonly FloatArray[]): FloatArray {
  const numbers = rows.flatMap((row) => Array.from(row));
  return rows.every((row) => row instanceof Float32Array)
    ? Float32Array.from(numbers)
    : Float64Array.from(numbers);
}

function setInputs(
  fields: Map<string, MatValue>,
  base: string,
  network: RateNetwork,
): void {
  const count = network.layers.length;
  for (const { to, weights } of network.inputs) {
    const { size } = network.layers[to];
    fields.set(
      layerField(base, to, count),
      fromRowMajor(weights, size, weights.length / size),
    );
  }
}

function setReadout(
  fields: Map<string, MatValue>,
  { weights, bias }: Readout,
  prefix = "",
  suffix = "",
): void {
  fields.set(`${prefix}w_out${suffix}`, numeric(concatenated(weights)));
  fields.set(`${prefix}b_out${suffix}`, shortestFloat(bias));
}

/** Weights that are not finite would be lost by rectification. */
function checkFinite(network: RateNetwork): void {
  const arrays = [
    ...network.layers.flatMap(({ weights, tausGaus }) => [weights, tausGaus]),
    ...network.inputs.map(({ weights }) => weights),
    ...network.between.map(({ weights }) => weights),
  ];
  if (arrays.some((array) => !array.every(Number.isFinite))) {
    throw new RangeError(
      "Cannot write the model: received a network with parameters that are not finite",
    );
  }
}

/** @throws {TypeError} if the arrays do not fit together @throws {RangeError} if a number is not finite */
function check(network: RateNetwork): void {
  checkFinite(network);
  const { layers, inputs, between, readout } = network;
  const wrong = (what: string, received: number, allowed: number) => {
    if (received !== allowed) {
      throw new TypeError(
        `Cannot write the model: received ${received} numbers for ${what}, allowed are ${allowed}`,
      );
    }
  };
  layers.forEach((layer, l) => {
    const square = elementCount([layer.size, layer.size]);
    wrong(`the weights of layer ${l}`, layer.weights.length, square);
    wrong(`the mask of layer ${l}`, layer.mask.length, square);
    wrong(`the unit types of layer ${l}`, layer.inhibitory.length, layer.size);
    wrong(`taus_gaus of layer ${l}`, layer.tausGaus.length, layer.size);
  });
  const targets = inputs.map(({ to }) => to);
  if (new Set(targets).size !== targets.length || !targets.includes(0)) {
    throw new TypeError(
      `Cannot write the model: received input projections to layers ${
        targets.join(", ") || "(none)"
      }, allowed is one to layer 0 and at most one to each other`,
    );
  }
  for (const { from, to, weights, mask } of between) {
    const size = layers[to].size * layers[from as number].size;
    wrong(`the projection from layer ${from} to ${to}`, weights.length, size);
    if (mask) wrong(`its mask`, mask.length, size);
  }
  readout.from.forEach((layer, i) =>
    wrong(
      `the readout of layer ${layer}`,
      readout.weights[i].length,
      layers[layer].size,
    )
  );
}

/**
 * Sets the fields of a network.
 *
 * @throws {TypeError} if its arrays do not fit together
 */
export function encodeNetwork(
  fields: Map<string, MatValue>,
  network: RateNetwork,
): void {
  check(network);
  const { readout } = network;
  if (
    !Number.isFinite(readout.bias) ||
    !readout.weights.every((row) => row.every(Number.isFinite))
  ) {
    throw new RangeError(
      "Cannot write the model: received a readout that is not finite",
    );
  }
  const { layers, dale } = network;
  const count = layers.length;
  layers.forEach((layer, l) => {
    const name = (base: string) => layerField(base, l, count);
    const { size, inhibitory } = layer;
    const column = [size, 1];
    encodeWeights(fields, name("w"), layer.weights, size, dale);
    fields.set(name("m"), fromRowMajor(signMask(inhibitory), size, size));
    fields.set(
      name("som_m"),
      fromRowMajor(Float32Array.from(layer.mask), size, size),
    );
    fields.set(
      name("exc"),
      logical(inhibitory.map((flag) => 1 - flag), column),
    );
    fields.set(name("inh"), logical(inhibitory, column));
    fields.set(name("taus_gaus"), numeric(layer.tausGaus, column));
  });
  for (const { from, to, weights, mask } of network.between) {
    const rows = layers[to].size;
    const source = from as number;
    encodeWeights(
      fields,
      interField("w_inter", source, to),
      weights,
      rows,
      dale,
    );
    if (mask) {
      fields.set(
        interField("mask_inter", source, to),
        fromRowMajor(Float32Array.from(mask), rows, layers[source].size),
      );
    }
  }
  setInputs(fields, "w_in", network);
  setReadout(fields, network.readout);
  fields.set("N", counts(layers.map(({ size }) => size)));
  fields.set("som_N", counts(layers.map(({ sstCount }) => sstCount)));
  fields.set("taus", counts(network.taus));
  fields.set("activation", char(network.activation));
  fields.set("spikernn_dale", logical(dale));
  if (count > 1) {
    fields.set("n_layers", numeric(count));
    fields.set("spikernn_readout_from", counts(network.readout.from));
  }
}

/**
 * Sets the fields of the network before training.
 *
 * @throws {TypeError} if its structure is not that of the network after training
 */
export function encodeInitialNetwork(
  fields: Map<string, MatValue>,
  initial: RateNetwork,
  network: RateNetwork,
): void {
  check(initial);
  const count = network.layers.length;
  const alike = initial.layers.length === count &&
    initial.between.length === network.between.length &&
    initial.inputs.length === network.inputs.length &&
    initial.layers.every((layer, l) =>
      sameFlags(layer.inhibitory, network.layers[l].inhibitory) &&
      sameFlags(layer.mask, network.layers[l].mask)
    ) &&
    initial.between.every(({ from, to }, i) =>
      from === network.between[i].from && to === network.between[i].to
    );
  if (!alike) {
    throw new TypeError(
      "Cannot write the model: received a network before training with other units, masks or projections than after it",
    );
  }
  initial.layers.forEach((layer, l) => {
    const name = (base: string) => layerField(base, l, count);
    fields.set(name("w0"), fromRowMajor(layer.weights, layer.size, layer.size));
    fields.set(name("taus_gaus0"), numeric(layer.tausGaus, [layer.size, 1]));
  });
  for (const { from, to, weights } of initial.between) {
    const rows = initial.layers[to].size;
    fields.set(
      interField("w_inter0", from as number, to),
      fromRowMajor(weights, rows, weights.length / rows),
    );
  }
  setInputs(fields, "w_in0", initial);
  if (Number.isFinite(initial.readout.bias)) {
    setReadout(fields, initial.readout, "spikernn_", "0");
  }
}

function sameFlags(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((flag, i) => flag === b[i]);
}
