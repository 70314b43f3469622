/** Decoding from some of the bins: the part of the work that a thread takes. */
import type { FloatArray } from "../network/types.ts";
import { type Discriminant, DiscriminantFits } from "./discriminant.ts";

/** What is decoded, and at which bins the discriminant is trained. */
export interface DecodingJob {
  readonly trials: number;
  readonly units: number;
  readonly bins: number;
  /** Trials×bins×units. */
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
  const fits = new DiscriminantFits({ units, conditions: numbers, folds });
  for (let bin = job.from; bin < job.to; bin++) {
    for (let trial = 0; trial < trials; trial++) {
      const from = (trial * bins + bin) * units;
      data.set(values.subarray(from, from + units), trial * units);
    }
    fits.load(data);
    const row = (bin - job.from) * bins;
    for (let fold = 0; fold < foldCount; fold++) {
      const lines = linesOf(fits, classes, fold);
      const scores = new Float64Array(bins * lines.count);
      for (let trial = 0; trial < trials; trial++) {
        if (folds[trial] !== fold) continue;
        scoresOf(
          values,
          trial * bins * units,
          { bins, units, ...lines },
          scores,
        );
        for (const [v, of] of classes.entries()) {
          const truth = of[numbers[trial]];
          if (truth < 0) continue;
          const { first, classCount } = lines.of[v];
          for (let t = 0; t < bins; t++) {
            const at = t * lines.count + first;
            if (winner(scores, at, classCount) === truth) found[v][row + t]++;
          }
        }
      }
    }
    await onDone?.(bin - job.from + 1);
  }
  return found;
}

/** Lines of all variables' discriminants, one after the other. */
interface Lines {
  /** Number of lines: a multiple of 4, the last ones may be 0. */
  readonly count: number;
  /** Lines×units. */
  readonly weights: Float64Array;
  readonly offsets: Float64Array;
  /** For each variable its first line, and its number of classes. */
  readonly of: readonly {
    readonly first: number;
    readonly classCount: number;
  }[];
}

function linesOf(
  fits: DiscriminantFits,
  classes: readonly (readonly number[])[],
  fold: number,
): Lines {
  let used = 0;
  const fitted = classes.map((of) => {
    const { weights, offsets } = fits.fit(of, fold);
    const classCount = offsets.length;
    // Of two classes the second wins where the difference is above 0.
    const one = classCount === 2 ? less({ weights, offsets }) : undefined;
    const first = used;
    used += one ? 1 : classCount;
    return { ...(one ?? { weights, offsets }), first, classCount };
  });
  const count = 4 * Math.ceil(used / 4);
  const units = fitted[0].weights.length / fitted[0].offsets.length;
  const weights = new Float64Array(count * units);
  const offsets = new Float64Array(count);
  for (const one of fitted) {
    weights.set(one.weights, one.first * units);
    offsets.set(one.offsets, one.first);
  }
  return { count, weights, offsets, of: fitted };
}

/** The second class's line less the first one's. */
function less({ weights, offsets }: Discriminant): Discriminant {
  const units = weights.length / 2;
  return {
    weights: Float64Array.from(
      { length: units },
      (_, unit) => weights[units + unit] - weights[unit],
    ),
    offsets: Float64Array.of(offsets[1] - offsets[0]),
  };
}

/** The class of the highest score; of two classes there is one score. */
function winner(scores: Float64Array, at: number, classCount: number): number {
  if (classCount === 2) return scores[at] > 0 ? 1 : 0;
  let [best, most] = [0, -Infinity];
  for (let k = 0; k < classCount; k++) {
    if (scores[at + k] > most) {
      most = scores[at + k];
      best = k;
    }
  }
  return best;
}

/** Scores of all lines at every bin of a trial, two bins and four lines at a time. */
function scoresOf(
  values: FloatArray,
  from: number,
  { bins, units, count, weights, offsets }:
    & Pick<DecodingJob, "bins" | "units">
    & Pick<Lines, "count" | "weights" | "offsets">,
  to: Float64Array,
): void {
  for (let t = 0; t < bins; t += 2) {
    const one = from + t * units;
    const two = t + 1 < bins ? one + units : one;
    for (let line = 0; line < count; line += 4) {
      const p = line * units;
      const q = p + units;
      const r = q + units;
      const s = r + units;
      let a = offsets[line];
      let b = offsets[line + 1];
      let c = offsets[line + 2];
      let d = offsets[line + 3];
      let e = a, f = b, g = c, h = d;
      for (let u = 0; u < units; u++) {
        const x = values[one + u];
        const y = values[two + u];
        const k = weights[p + u];
        const l = weights[q + u];
        const m = weights[r + u];
        const n = weights[s + u];
        a += k * x;
        b += l * x;
        c += m * x;
        d += n * x;
        e += k * y;
        f += l * y;
        g += m * y;
        h += n * y;
      }
      const at = t * count + line;
      to[at] = a;
      to[at + 1] = b;
      to[at + 2] = c;
      to[at + 3] = d;
      if (two === one) continue;
      to[at + count] = e;
      to[at + count + 1] = f;
      to[at + count + 2] = g;
      to[at + count + 3] = h;
    }
  }
}
