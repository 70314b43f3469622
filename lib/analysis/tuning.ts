/** Tuning of single units: selectivity for condition variables, mixed selectivity. */
import { Matrix, QR } from "ml-matrix";
import { countOf } from "../count.ts";
import { fisherTail, normalTails } from "./distributions.ts";

/** How one unit tells two values of a variable apart. */
export interface Selectivity {
  /**
   * Area under the ROC curve: the probability that a trial of the first value
   * has more activity than one of the second; ties count half.
   */
  readonly area: number;
  /** Two-sided p of Mann and Whitney; NaN if all trials are alike. */
  readonly p: number;
}

/**
 * Area under the ROC curve between two groups of trials, with the p of Mann and
 * Whitney's test (normal approximation, corrected for ties, without correction
 * for continuity).
 *
 * @param first activity in trials of the first value
 * @param second activity in trials of the second value
 * @returns area, above 0.5 if the first group has more activity, and p
 * @throws {RangeError} for a group without trials, or a value that is NaN
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectivity } from "@spikernn/spikernn/analysis";
 * const { area, p } = selectivity([3, 4, 5, 6], [1, 2, 3, 3]);
 * assert(area === 15 / 16 && p < 0.05);
 * assert(Number.isNaN(selectivity([1, 1], [1, 1]).p));
 * ```
 */
export function selectivity(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Selectivity {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) {
    throw new RangeError(
      `Cannot compare ${n} and ${
        countOf(m, "trial")
      }: each value needs one or more`,
    );
  }
  const all = Float64Array.from(
    { length: n + m },
    (_, k) => k < n ? first[k] : second[k - n],
  );
  if (all.some(Number.isNaN)) {
    throw new RangeError(
      "Cannot compare trials: one of the values is NaN, numbers are needed",
    );
  }
  const order = Uint32Array.from({ length: n + m }, (_, k) => k)
    .sort((a, b) => all[a] - all[b]);
  let ranks = 0;
  let ties = 0;
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && all[order[to]] === all[order[from]]) to++;
    const rank = (from + 1 + to) / 2;
    for (let k = from; k < to; k++) if (order[k] < n) ranks += rank;
    const count = to - from;
    ties += count ** 3 - count;
    from = to;
  }
  const u = ranks - n * (n + 1) / 2;
  const total = n + m;
  const variance = n * m / 12 *
    (total + 1 - ties / (total * (total - 1)));
  return {
    area: u / (n * m),
    p: variance > 0 ? normalTails((u - n * m / 2) / Math.sqrt(variance)) : NaN,
  };
}

/**
 * Adjusts p values of several tests for the false discovery rate: a test is
 * significant at a rate if its adjusted p is not above that rate. NaN does not
 * count as a test, and stays NaN.
 *
 * Source: Benjamini and Hochberg 1995, J. R. Stat. Soc. B 57:289.
 *
 * @param p of the tests
 * @returns adjusted p, in the same order
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { falseDiscovery } from "@spikernn/spikernn/analysis";
 * assert.deepEqual([...falseDiscovery([0.01, NaN, 0.04, 0.03])], [
 *   0.03, NaN, 0.04, 0.04,
 * ]);
 * ```
 */
export function falseDiscovery(p: ArrayLike<number>): Float64Array {
  const tests = Array.from(p, (_, k) => k).filter((k) => !Number.isNaN(p[k]));
  tests.sort((a, b) => p[b] - p[a]);
  const adjusted = new Float64Array(p.length).fill(NaN);
  let least = 1;
  tests.forEach((test, k) => {
    least = Math.min(least, p[test] * (tests.length / (tests.length - k)));
    adjusted[test] = least;
  });
  return adjusted;
}

/** One line of a table of the analysis of variance. */
export interface Effect {
  /** Sum of squares that the effect adds to the model with all others. */
  readonly squares: number;
  /** Degrees of freedom. */
  readonly freedom: number;
  /** F over the residual's mean square; NaN if there is no residual variance. */
  readonly f: number;
  /** p of F. */
  readonly p: number;
  /** Its sum of squares over the total one, about the mean; NaN without variance. */
  readonly share: number;
}

/** A two-way analysis of variance. */
export interface Variance {
  /** Main effect of the first factor. */
  readonly first: Effect;
  /** Main effect of the second factor. */
  readonly second: Effect;
  /** Their interaction: mixed selectivity, which no sum of the two explains. */
  readonly interaction: Effect;
  /** Residual sum of squares. */
  readonly residual: number;
  /** Degrees of freedom of the residual. */
  readonly freedom: number;
}

/** The design of an analysis of variance, which several units share. */
export interface Design {
  /** Orthonormal columns of the full model, one number a trial each. */
  readonly full: readonly Float64Array[];
  /** Those of the models without one effect: first, second, interaction. */
  readonly without: readonly (readonly Float64Array[])[];
  /** Degrees of freedom of the three effects. */
  readonly freedom: readonly number[];
  /** Number of trials. */
  readonly trials: number;
}

/**
 * The design of a two-way analysis of variance of type III: both factors as
 * deviations from their mean, and all products of these.
 *
 * @param first value of the first factor in each trial
 * @param second value of the second factor in each trial
 * @throws {TypeError} for lists of different lengths
 * @throws {RangeError} for a factor with one value, a combination of values
 *   without a trial, or as many combinations as trials
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { twoWayDesign } from "@spikernn/spikernn/analysis";
 * const design = twoWayDesign(
 *   ["+", "+", "-", "-", "+", "-"],
 *   ["x", "y", "x", "y", "x", "y"],
 * );
 * assert.deepEqual(design.freedom, [1, 1, 1]);
 * ```
 */
export function twoWayDesign(
  first: readonly string[],
  second: readonly string[],
): Design {
  if (first.length !== second.length) {
    throw new TypeError(
      `Cannot divide variance by values of ${countOf(first.length, "trial")} ` +
        `and of ${second.length}: each trial needs both`,
    );
  }
  const a = [...new Set(first)];
  const b = [...new Set(second)];
  if (a.length < 2 || b.length < 2) {
    throw new RangeError(
      `Cannot divide variance by factors of ${a.length} and ${b.length} ` +
        "values: each needs 2 or more",
    );
  }
  const cells = new Set(
    first.map((value, k) => JSON.stringify([value, second[k]])),
  );
  if (cells.size < a.length * b.length) {
    throw new RangeError(
      `Cannot divide variance: of ${a.length} × ${b.length} combinations of ` +
        `values ${cells.size} have trials`,
    );
  }
  if (first.length <= cells.size) {
    throw new RangeError(
      `Cannot divide variance among ${cells.size} combinations of values by ` +
        `${countOf(first.length, "trial")}: more trials are needed`,
    );
  }
  const coded = (values: readonly string[], of: readonly string[]) =>
    values.slice(0, -1).map((value) =>
      of.map((own) => own === value ? 1 : own === values.at(-1) ? -1 : 0)
    );
  const mean = [first.map(() => 1)];
  const main = [coded(a, first), coded(b, second)];
  const product = main[0].flatMap((one) =>
    main[1].map((two) => one.map((value, k) => value * two[k]))
  );
  const basis = (...parts: (readonly number[])[][]) =>
    columnsOf(new Matrix(parts.flat() as number[][]).transpose());
  return {
    full: basis(mean, main[0], main[1], product),
    without: [
      basis(mean, main[1], product),
      basis(mean, main[0], product),
      basis(mean, main[0], main[1]),
    ],
    freedom: [a.length - 1, b.length - 1, (a.length - 1) * (b.length - 1)],
    trials: first.length,
  };
}

/**
 * Two-way analysis of variance of one unit's activity (type III): each effect's
 * sum of squares is what it adds to a model that has all others.
 *
 * @param activity one number a trial
 * @param design of {@linkcode twoWayDesign}
 * @throws {TypeError} for another number of trials than the design's
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { twoWayDesign, twoWayVariance } from "@spikernn/spikernn/analysis";
 * const design = twoWayDesign(
 *   ["a", "a", "b", "b", "a", "a", "b", "b"],
 *   ["x", "y", "x", "y", "x", "y", "x", "y"],
 * );
 * // An exclusive or: all of it is interaction.
 * const { interaction, first } = twoWayVariance([1, 0, 0, 1, 1.1, 0, 0, 1.1], design);
 * assert(interaction.share > 0.99 && first.share < 1e-12);
 * ```
 */
export function twoWayVariance(
  activity: ArrayLike<number>,
  { full, without, freedom, trials }: Design,
): Variance {
  if (activity.length !== trials) {
    throw new TypeError(
      `Cannot divide variance of ${
        countOf(activity.length, "trial")
      } by a design of ` +
        `${trials}`,
    );
  }
  let mean = 0;
  for (let k = 0; k < trials; k++) mean += activity[k] / trials;
  const values = Float64Array.from(activity, (value) => value - mean);
  const total = sumOfSquares(values);
  const fitted = fit(values, full);
  const residual = sumOfSquares(values.map((value, k) => value - fitted[k]));
  const left = trials - full.length;
  // What rounding leaves of activity that never varies is no variance.
  const none = trials * (trials * mean * Number.EPSILON) ** 2;
  const effects = without.map((basis, k): Effect => {
    const reduced = fit(values, basis);
    const squares = sumOfSquares(fitted.map((value, i) => value - reduced[i]));
    const f = residual > none
      ? (squares / freedom[k]) / (residual / left)
      : NaN;
    return {
      squares,
      freedom: freedom[k],
      f,
      p: fisherTail(f, freedom[k], left),
      share: total > none ? squares / total : NaN,
    };
  });
  return {
    first: effects[0],
    second: effects[1],
    interaction: effects[2],
    residual,
    freedom: left,
  };
}

/** Orthonormal columns that span those of a matrix. */
function columnsOf(matrix: Matrix): Float64Array[] {
  const { orthogonalMatrix: basis } = new QR(matrix);
  return Array.from(
    { length: basis.columns },
    (_, column) => Float64Array.from(basis.getColumn(column)),
  );
}

/** Least-squares fit by orthonormal columns. */
function fit(
  values: Float64Array,
  basis: readonly Float64Array[],
): Float64Array {
  const fitted = new Float64Array(values.length);
  for (const column of basis) {
    let along = 0;
    for (let k = 0; k < values.length; k++) along += values[k] * column[k];
    for (let k = 0; k < values.length; k++) fitted[k] += along * column[k];
  }
  return fitted;
}

function sumOfSquares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
