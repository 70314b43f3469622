/** Weights in a model file: rectified under Dale's principle, with the absent synapses' beside them. */
import type { FloatArray } from "../../network/types.ts";
import type { MatValue } from "../../mat5/types.ts";
import { fromRowMajor } from "../../mat5/values.ts";
import { fieldError, type Fields, finite } from "./fields.ts";

/** Negative weights become 0: what the original saves of a network under Dale's principle. */
function rectified<A extends FloatArray>(weights: A): A {
  return weights.map((weight) => weight > 0 ? weight : 0) as A;
}

function sameNumbers(a: FloatArray, b: FloatArray): boolean {
  return a.length === b.length &&
    a.every((number, i) => Object.is(number, b[i]));
}

/**
 * The trainable weights from the rectified ones and, where saved, the
 * unrectified. Where they disagree the rectified ones count: they were edited.
 */
function unrectified(weights: FloatArray, saved: FloatArray): FloatArray {
  return weights.map((weight, i) =>
    weight === 0 ? Math.min(saved[i], 0) : weight
  ) as FloatArray;
}

/**
 * Weights that are rectified in the file, with the negative ones beside them.
 * Some programs do not rectify them before they save them: they are used as if.
 *
 * @param shape their sizes; recurrent weights say them themselves
 */
export function decodeWeights(
  fields: Fields,
  field: string,
  dale: boolean,
  shape?: { readonly rows: number; readonly columns: number },
): { rows: number; columns: number; data: FloatArray } {
  const saved = fields.matrix(field, shape?.rows, shape?.columns, "weights");
  if (!shape && (saved.rows !== saved.columns || saved.rows === 0)) {
    throw fieldError(
      field,
      `${saved.rows}x${saved.columns}`,
      "a square matrix of weights",
    );
  }
  const data = finite(field, saved.data);
  if (!dale) return saved;
  const negative = data.filter((weight) => weight < 0).length;
  if (negative > 0) {
    fields.remark(
      `${
        JSON.stringify(field)
      }: ${negative} of ${data.length} weights are negative under Dale's ` +
        "principle; they count as 0, as absent synapses",
    );
  }
  const full = unrectifiedField(field);
  const { rows, columns } = saved;
  const trainable = fields.attempt(() => {
    if (!fields.has(full)) return undefined;
    const all = fields.matrix(full, rows, columns, "weights");
    const weights = unrectified(data, finite(full, all.data));
    return sameNumbers(weights, data) ? undefined : weights;
  });
  return { ...saved, data: trainable ?? data };
}

/** Name of the field that keeps the unrectified weights of `w` or `w_inter`. */
function unrectifiedField(field: string): string {
  return `spikernn_unrectified_${field}`;
}

/** Sets the rectified weights, and the unrectified where they differ. */
export function encodeWeights(
  fields: Map<string, MatValue>,
  field: string,
  weights: FloatArray,
  rows: number,
  dale: boolean,
): void {
  const columns = weights.length / rows;
  const saved = dale ? rectified(weights) : weights;
  fields.set(field, fromRowMajor(saved, rows, columns));
  if (!sameNumbers(saved, weights)) {
    fields.set(unrectifiedField(field), fromRowMajor(weights, rows, columns));
  }
}
