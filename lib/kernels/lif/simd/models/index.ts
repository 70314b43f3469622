// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * The neuron models by number, which is a constant wherever `derivative` is
 * inlined: the choice costs nothing. A further model is one file here, a line in
 * `derivative`, and its pair of functions in ../index.ts.
 */
import { alif } from "./alif";
import { eif } from "./eif";
import { lif } from "./lif";
import { qif } from "./qif";

@inline export const LIF: i32 = 0;
@inline export const QIF: i32 = 1;
@inline export const EIF: i32 = 2;
@inline export const ALIF: i32 = 3;

/** Whether a model has an adaptation current, which is taken from its current. */
@inline export function adapts(model: i32): bool {
  return model == ALIF;
}

@inline export function derivative(
  model: i32,
  v: v128,
  current: v128,
  slope: v128,
  sharpness: v128,
  threshold: v128,
): v128 {
  if (model == QIF) return qif(v, current);
  if (model == EIF) return eif(v, current, slope, sharpness, threshold);
  if (model == ALIF) return alif(v, current);
  return lif(v, current);
}
