/** Decoding from some of the bins: the part of the work that a thread takes. */
import type { FloatArray } from "../network/types.ts";
import { fitDiscriminant, momentsOf } from "./discriminant.ts";

/** What is decoded, and at which bins the discriminant is trained. */
export interface DecodingJob {
  readonly trials: number;
  readonly units: number;
  readonly bins: number;
  /** Trials×units×bins. */
  readonly values: FloatArray;
  /** Condition of each trial, from 0. */
  readonly numbers: Uint32Array;
  /** Fold of each trial, from 0. */
  readonly folds: Uint8Array;
  /** For each variable the class of each condition; -1 for those left out. */
  readonly classes: readonly (readonly number[])[];
  /** First bin of the training. */
  readonly from: number;
  /** One past the last bin. */
  readonly to: number;
}

/**
 * Trains at each of the bins and tests at all of them.
 *
 * @param job what is decoded
 * @param onDone is awaited after each bin
 * @returns for each variable the trials decoded rightly, training bin by row
 */
export async function decodeAt(
  job: DecodingJob,
  onDone?: (done: number) => void | Promise<void>,
): Promise<Uint32Array[]> {
  const { trials, units, bins, values, numbers, folds, classes } = job;
  const foldCount = Math.max(...folds) + 1;
  const found = classes.map(() => new Uint32Array((job.to - job.from) * bins));
  const data = new Float64Array(trials * units);
  const scores = new Float64Array(bins);
  const best = new Float64Array(bins);
  const winner = new Int32Array(bins);
  for (let bin = job.from; bin < job.to; bin++) {
    for (let row = 0; row < data.length; row++) {
      data[row] = values[row * bins + bin];
    }
    const moments = momentsOf(data, units, numbers, folds);
    for (const [v, of] of classes.entries()) {
      const correct = found[v];
      for (let fold = 0; fold < foldCount; fold++) {
        const { weights, offsets } = fitDiscriminant(moments, of, fold);
        // Of two classes the second wins where the difference is above 0.
        const lines = offsets.length === 2
          ? [less(weights, offsets, units)]
          : Array.from(offsets, (offset, k) => ({
            weights: weights.subarray(k * units, (k + 1) * units),
            offset,
          }));
        for (let trial = 0; trial < trials; trial++) {
          const truth = of[numbers[trial]];
          if (folds[trial] !== fold || truth < 0) continue;
          winner.fill(0);
          best.fill(lines.length === 1 ? 0 : -Infinity);
          const from = trial * units * bins;
          for (const [k, { weights, offset }] of lines.entries()) {
            scores.fill(offset);
            addWeighted(scores, weights, values, from);
            const wins = lines.length === 1 ? 1 : k;
            for (let t = 0; t < bins; t++) {
              if (scores[t] > best[t]) {
                best[t] = scores[t];
                winner[t] = wins;
              }
            }
          }
          const row = (bin - job.from) * bins;
          for (let t = 0; t < bins; t++) {
            if (winner[t] === truth) correct[row + t]++;
          }
        }
      }
    }
    await onDone?.(bin - job.from + 1);
  }
  return found;
}

/** The second class's line less the first one's. */
function less(
  weights: Float64Array,
  offsets: Float64Array,
  units: number,
) {
  return {
    weights: Float64Array.from(
      { length: units },
      (_, unit) => weights[units + unit] - weights[unit],
    ),
    offset: offsets[1] - offsets[0],
  };
}

/** Adds the weighted sum over units of their courses, four units at a time. */
function addWeighted(
  to: Float64Array,
  weights: Float64Array,
  values: FloatArray,
  from: number,
): void {
  const [units, bins] = [weights.length, to.length];
  let unit = 0;
  for (; unit + 4 <= units; unit += 4) {
    const [a, b, c, d] = [
      weights[unit],
      weights[unit + 1],
      weights[unit + 2],
      weights[unit + 3],
    ];
    let at = from + unit * bins;
    for (let t = 0; t < bins; t++, at++) {
      to[t] += a * values[at] + b * values[at + bins] +
        c * values[at + 2 * bins] + d * values[at + 3 * bins];
    }
  }
  for (; unit < units; unit++) {
    const at = from + unit * bins;
    for (let t = 0; t < bins; t++) to[t] += weights[unit] * values[at + t];
  }
}
