/** What leads into, between and out of the layers of a model file. */
import type {
  FloatArray,
  Layer,
  Projection,
  Readout,
} from "../../network/types.ts";
import { fieldError, type Fields, finite } from "./fields.ts";
import { interField, layerField, layersOfInterField } from "./names.ts";
import { decodeWeights } from "./weights.ts";

/**
 * Projections from the input channels, one field a layer that has one.
 *
 * @param channels their number; as the fields say it when left out
 */
export function decodeInputs(
  fields: Fields,
  base: string,
  layers: readonly Layer[],
  channels?: number,
): Projection[] {
  const inputs: Projection[] = [];
  layers.forEach(({ size }, to) => {
    const field = layerField(base, to, layers.length);
    if (to > 0 && !fields.has(field)) return;
    // Squeezed by whatever saved it again, the weights of one channel are a row.
    const squeezed = channels !== 1 && channels !== undefined
      ? undefined
      : fields.line(field, size);
    const { columns, data } = squeezed ??
      fields.matrix(field, size, channels, "input weights");
    channels = columns;
    inputs.push({ from: "input", to, weights: finite(field, data) });
  });
  return inputs;
}

export function decodeBetween(
  fields: Fields,
  layers: readonly Layer[],
  dale: boolean,
): Projection[] {
  const projections: Projection[] = [];
  if (layers.length === 1) return projections;
  for (const field of fields.names()) {
    const pair = layersOfInterField("w_inter", field);
    if (pair === undefined) continue;
    const [from, to] = pair;
    if (from === to || from >= layers.length || to >= layers.length) {
      throw fieldError(
        field,
        `a projection from layer ${from} to ${to}`,
        `two of the layers 0 to ${layers.length - 1}`,
      );
    }
    const rows = layers[to].size;
    const columns = layers[from].size;
    const { data } = decodeWeights(fields, field, dale, { rows, columns });
    const maskField = interField("mask_inter", from, to);
    projections.push({
      from,
      to,
      weights: data,
      ...(fields.has(maskField) && {
        mask: fields.flagMatrix(maskField, rows, columns, "connectivity mask"),
      }),
    });
  }
  return projections;
}

export function decodeReadout(
  fields: Fields,
  layers: readonly Layer[],
  prefix = "",
  suffix = "",
): Readout {
  const from = fields.has("spikernn_readout_from")
    ? Array.from(
      fields.vector("spikernn_readout_from", undefined, "layers"),
    )
    : [layers.length - 1];
  const ascending = from.every((layer, i) =>
    Number.isInteger(layer) && layer >= 0 && layer < layers.length &&
    (i === 0 || layer > from[i - 1])
  );
  if (!ascending || from.length === 0) {
    throw fieldError(
      "spikernn_readout_from",
      from.slice(0, 8).join(", ") || "nothing",
      `ascending layers of 0 to ${layers.length - 1}`,
    );
  }
  const sizes = from.map((layer) => layers[layer].size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const weightField = `${prefix}w_out${suffix}`;
  const row = finite(
    weightField,
    fields.vector(weightField, total, "readout weights"),
  );
  let at = 0;
  const weights = sizes.map((size) => row.slice(at, at += size) as FloatArray);
  const biasField = `${prefix}b_out${suffix}`;
  const bias = fields.number(biasField, "readout bias");
  finite(biasField, Float64Array.of(bias));
  return { from, weights, bias };
}
