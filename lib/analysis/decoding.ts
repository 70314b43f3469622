/** Decoding over time: what a linear readout of one time says at another. */
import { countOf } from "../count.ts";
import type { FloatArray } from "../network/types.ts";
import { type Activity, checkActivity, checkSizes } from "./activity.ts";
import type { ConditionVariable } from "./variables.ts";
import {
  inWorkers,
  shareable,
  type SharedWorkOptions,
  spans,
} from "./in_workers.ts";

/** A variable's cross-temporal matrix. */
export interface CrossTemporal {
  /** Name of the variable. */
  readonly variable: string;
  /** Its values, the classes in order. */
  readonly values: readonly string[];
  /** Trials that were decoded, each held out once. */
  readonly trials: number;
  /** Number of bins, T. */
  readonly bins: number;
  /**
   * Trials decoded correctly, T×T, row-major: trained at the row's bin, tested
   * at the column's.
   */
  readonly correct: Uint32Array;
  /**
   * Share of correct trials expected by chance: 1 over the number of classes.
   */
  readonly chance: number;
}

/**
 * Assigns trials to folds, stratified by condition: the trials of each
 * condition take turns.
 *
 * @param conditions condition of each trial
 * @param folds number of folds
 * @returns the fold of each trial, from 0
 * @throws {RangeError} for fewer than two folds, or a condition with fewer
 * trials than folds
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { stratifiedFolds } from "@spikernn/spikernn/analysis";
 * const folds = stratifiedFolds(["a", "b", "a", "b"], 2);
 * assert.deepEqual([...folds], [0, 0, 1, 1]);
 * ```
 */
export function stratifiedFolds(
  conditions: readonly string[],
  folds: number,
): Uint8Array {
  const seen = new Map<string, number>();
  const result = Uint8Array.from(conditions, (condition) => {
    const count = seen.get(condition) ?? 0;
    seen.set(condition, count + 1);
    return count % folds;
  });
  for (const [condition, count] of seen) {
    if (count < folds || !(folds >= 2)) {
      throw new RangeError(
        `Cannot divide ${countOf(count, "trial")} of condition ` +
          `${JSON.stringify(condition)} into ${
            countOf(folds, "fold")
          }: at least ` +
          "2 folds, and a trial of each condition in each, are needed",
      );
    }
  }
  return result;
}

/**
 * Activity in wider bins: means of neighbouring bins. A last part that is not a
 * whole bin is left out.
 *
 * @param activity of one network
 * @param factor bins that become one
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for a factor that is not whole, or more than there are bins
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { widened } from "@spikernn/spikernn/analysis";
 * const { values, binMs } = widened({
 *   trials: 1, units: 1, bins: 5, binMs: 10,
 *   values: Float64Array.of(1, 3, 5, 7, 9),
 *   conditions: ["go"],
 * }, 2);
 * assert.deepEqual([...values], [2, 6]);
 * assert(binMs === 20);
 * ```
 */
export function widened(activity: Activity, factor: number): Activity {
  checkSizes(activity);
  if (!(Number.isInteger(factor) && factor >= 1 && factor <= activity.bins)) {
    throw new RangeError(
      `Cannot join ${factor} bins to one: allowed are whole numbers from 1 to ` +
        `the ${activity.bins} that there are`,
    );
  }
  if (factor === 1) return activity;
  const { trials, units, binMs, values } = activity;
  const bins = Math.floor(activity.bins / factor);
  const wide = new Float64Array(trials * units * bins);
  for (let row = 0; row < trials * units; row++) {
    for (let bin = 0; bin < bins; bin++) {
      let sum = 0;
      for (let k = 0; k < factor; k++) {
        sum += values[row * activity.bins + bin * factor + k];
      }
      wide[row * bins + bin] = sum / factor;
    }
  }
  return { ...activity, bins, binMs: binMs * factor, values: wide };
}

/**
 * Decodes condition variables from activity: a linear discriminant with shrunk
 * covariance (Ledoit and Wolf) and equal priors is trained at each bin, and
 * tested at all bins of the trials that its fold held out.
 *
 * Source: the cross-temporal matrix is that of Stokes et al. 2013, Neuron 78:364.
 *
 * @param activity of one network
 * @param variables what to decode
 * @param options `folds` of each trial. Defaults to those of
 *   {@linkcode stratifiedFolds} into 5; `progress` is awaited between bins;
 *   `workers` are threads (defaults to 1), `signal` stops the work
 * @returns a matrix for each variable
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for too few trials of a condition, values that are not
 *   finite, and for a variable with a value that no trial has
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { conditionVariables, crossTemporal } from "@spikernn/spikernn/analysis";
 * // One unit that is higher in condition "a", but at the first bin.
 * const conditions = Array.from({ length: 20 }, (_, k) => "ab"[k % 2]);
 * const values = Float64Array.from(
 *   conditions.flatMap((name, k) => [k % 7, (name === "a" ? 10 : 0) + k % 7]),
 * );
 * const activity = { trials: 20, units: 1, bins: 2, binMs: 10, values, conditions };
 * const variables = conditionVariables({ conditions: ["a", "b"] });
 * const [{ correct }] = await crossTemporal(activity, variables);
 * assert(correct[3] === 20 && correct[0] < 20);
 * ```
 */
export async function crossTemporal(
  activity: Activity,
  variables: readonly ConditionVariable[],
  { folds, progress, workers = 1, signal }: SharedWorkOptions & {
    readonly folds?: ArrayLike<number>;
    readonly progress?: (done: number, total: number) => Promise<void>;
  } = {},
): Promise<CrossTemporal[]> {
  checkActivity(activity);
  const { trials, units, bins, conditions } = activity;
  const held = Uint8Array.from(folds ?? stratifiedFolds(conditions, 5));
  const names = [...new Set(conditions)];
  const numbers = Uint32Array.from(conditions, (name) => names.indexOf(name));
  const classes = variables.map(({ of, values }) =>
    names.map((name) => values.indexOf(of[name]))
  );
  variables.forEach(({ name, values }, v) => {
    const lacking = values.find((_, k) => !classes[v].includes(k));
    if (lacking === undefined && values.length >= 2) return;
    throw new RangeError(
      `Cannot decode ${name}: ` +
        (lacking === undefined
          ? `it has ${countOf(values.length, "value")}, two or more are needed`
          : `no trial has ${JSON.stringify(lacking)}, the conditions are ` +
            names.join(", ")),
    );
  });
  const shared = {
    ...{ trials, units, bins, numbers, classes },
    values: shareable(byBin(activity), workers),
    folds: held,
  };
  // Several parts for each thread: none waits long for the last one.
  const parts = spans(bins, workers > 1 ? 4 * workers : 1);
  const found = await inWorkers(
    "decoding",
    parts.map((span) => ({ ...shared, ...span })),
    { workers, signal, onDone: (done) => progress?.(done, bins) },
  );
  const decoded = variables.map((_, k) => {
    const correct = new Uint32Array(bins * bins);
    parts.forEach(({ from }, p) => correct.set(found[p][k], from * bins));
    return correct;
  });
  return variables.map(({ name, values }, k) => ({
    variable: name,
    values,
    trials: conditions.filter((_, trial) => classes[k][numbers[trial]] >= 0)
      .length,
    bins,
    correct: decoded[k],
    chance: 1 / values.length,
  }));
}

/** Activity as trials×bins×units, so that what is weighted stands together. */
function byBin({ trials, units, bins, values }: Activity): FloatArray {
  const turned = values instanceof Float32Array
    ? new Float32Array(values.length)
    : new Float64Array(values.length);
  for (let trial = 0; trial < trials; trial++) {
    const from = trial * units * bins;
    for (let unit = 0; unit < units; unit++) {
      for (let bin = 0; bin < bins; bin++) {
        turned[from + bin * units + unit] = values[from + unit * bins + bin];
      }
    }
  }
  return turned;
}
