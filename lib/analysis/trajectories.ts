/** Trajectories of activity: principal components, dimensionality, alignment. */
import { Matrix, SVD } from "ml-matrix";
import { countOf } from "../count.ts";
import type { Activity } from "./activity.ts";
import { averageByCondition, checkActivity, smoothed } from "./activity.ts";

/** Principal components of trial-averaged activity. */
export interface Components {
  /** Number of units, N. */
  readonly units: number;
  /** Number of components: as many as there are units. */
  readonly count: number;
  /** Variance along each component, descending; the squared unit of activity. */
  readonly variances: Float64Array;
  /** Loadings, units×components, row-major; the largest of a component is positive. */
  readonly loadings: Float64Array;
  /** Mean of each unit over conditions and bins. */
  readonly means: Float64Array;
  /** Names of the conditions. */
  readonly conditions: readonly string[];
  /** Number of bins. */
  readonly bins: number;
  /** Width of a bin, ms. */
  readonly binMs: number;
  /** The centred activity that was decomposed, (conditions·bins)×units. */
  readonly rows: Float64Array;
}

/** How the components of two networks are aligned. */
export interface Alignment {
  /** Components of either network that are compared, d. */
  readonly components: number;
  /**
   * Variance of the second network inside the first one's d components, divided
   * by the most that d components could hold: 1 for the same plane. NaN without
   * variance.
   */
  readonly index: number;
  /** Principal angles between the spaces of d components, degrees, ascending. */
  readonly angles: Float64Array;
}

/**
 * Principal components of activity, averaged over the trials of each condition:
 * conditions·bins rows, units as columns, centred, by singular value decomposition.
 *
 * @param activity of one network
 * @param options `smoothMs`: standard deviation of a Gaussian over time,
 *   ms. Defaults to none
 * @returns the components; all variances are 0 if no unit moves
 * @throws {TypeError} for sizes and labels that do not fit together
 * @throws {RangeError} for fewer than two rows, or values that are not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { participationRatio, principalComponents } from "@spikernn/spikernn/analysis";
 * // Two units that move together: one dimension.
 * const components = principalComponents({
 *   trials: 1, units: 2, bins: 3, binMs: 10,
 *   values: Float64Array.of(0, 1, 2, 0, 2, 4),
 *   conditions: ["go"],
 * });
 * assert(Math.abs(components.variances[0] - 5) < 1e-12);
 * assert(Math.abs(participationRatio(components.variances) - 1) < 1e-12);
 * ```
 */
export function principalComponents(
  activity: Activity,
  { smoothMs = 0 }: { readonly smoothMs?: number } = {},
): Components {
  checkActivity(activity);
  const { units, bins, binMs } = activity;
  const means = averageByCondition(activity);
  const average = smoothed(means, smoothMs);
  const count = average.trials * bins;
  if (count < 2) {
    throw new RangeError(
      `Cannot find components of ${count} time point: at least 2 are needed`,
    );
  }
  const rows = new Float64Array(count * units);
  const centre = new Float64Array(units);
  for (let c = 0; c < average.trials; c++) {
    for (let unit = 0; unit < units; unit++) {
      const from = (c * units + unit) * bins;
      for (let bin = 0; bin < bins; bin++) {
        const value = average.values[from + bin];
        rows[(c * bins + bin) * units + unit] = value;
        centre[unit] += value / count;
      }
    }
  }
  for (let k = 0; k < rows.length; k++) rows[k] -= centre[k % units];
  const { variances, loadings } = decompose(rows, count, units);
  return {
    units,
    count: units,
    variances,
    loadings,
    means: centre,
    conditions: average.conditions,
    bins,
    binMs,
    rows,
  };
}

/** Variances along all components of centred rows, and their loadings. */
function decompose(rows: Float64Array, count: number, units: number) {
  const matrix = Matrix.from1DArray(count, units, rows);
  // Of a matrix with fewer rows than columns only so many components are given.
  const padded = count < units
    ? Matrix.zeros(units, units).setSubMatrix(matrix, 0, 0)
    : matrix;
  const { diagonal, rightSingularVectors: right } = new SVD(padded, {
    computeLeftSingularVectors: false,
  });
  const variances = Float64Array.from(
    diagonal,
    (value) => value * value / (count - 1),
  );
  const loadings = Float64Array.from(right.to1DArray());
  for (let k = 0; k < units; k++) {
    let largest = 0;
    for (let at = k; at < loadings.length; at += units) {
      if (Math.abs(loadings[at]) > Math.abs(largest)) largest = loadings[at];
    }
    const sign = largest < 0 ? -1 : 1;
    for (let at = k; at < loadings.length; at += units) loadings[at] *= sign;
  }
  return { variances, loadings };
}

/**
 * Participation ratio, the effective number of dimensions:
 * (sum of the variances)² over the sum of their squares.
 *
 * Source: Gao et al. 2017, bioRxiv 214262.
 *
 * @param variances along principal components, or eigenvalues of a covariance
 * @returns 1 to the number of variances; NaN if all are 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { participationRatio } from "@spikernn/spikernn/analysis";
 * assert(participationRatio([3, 3, 0]) === 2);
 * ```
 */
export function participationRatio(variances: ArrayLike<number>): number {
  let sum = 0;
  let squares = 0;
  for (let k = 0; k < variances.length; k++) {
    sum += variances[k];
    squares += variances[k] ** 2;
  }
  return sum * sum / squares;
}

/**
 * Number of components that hold a share of the variance.
 *
 * @param variances along principal components, descending
 * @param share from 0 to 1
 * @returns a number of components; 0 if there is no variance
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { componentsFor } from "@spikernn/spikernn/analysis";
 * assert(componentsFor([6, 3, 1], 0.9) === 2);
 * ```
 */
export function componentsFor(
  variances: ArrayLike<number>,
  share: number,
): number {
  const total = Array.from(variances).reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return 0;
  let held = 0;
  let count = 0;
  while (count < variances.length && held < share * total * (1 - 1e-12)) {
    held += variances[count++];
  }
  return count;
}

/**
 * Projects rows of centred activity onto the first components.
 *
 * @param rows rows×units, centred
 * @param onto components of the same units, of this or another network
 * @param count number of components
 * @returns rows×count
 * @throws {TypeError} for rows of another number of units
 * @throws {RangeError} for more components than there are
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { principalComponents, projections } from "@spikernn/spikernn/analysis";
 * const components = principalComponents({
 *   trials: 1, units: 2, bins: 3, binMs: 10,
 *   values: Float64Array.of(0, 1, 2, 0, 0, 0),
 *   conditions: ["go"],
 * });
 * const along = projections(components.rows, components, 1);
 * assert.deepEqual([...along].map(Math.round), [-1, 0, 1]);
 * ```
 */
export function projections(
  rows: Float64Array,
  onto: Components,
  count: number,
): Float64Array {
  const { units, loadings } = onto;
  if (rows.length % units !== 0) {
    throw new TypeError(
      `Cannot project ${countOf(rows.length, "number")} onto components of ${
        countOf(units, "unit")
      }`,
    );
  }
  if (!(Number.isInteger(count) && count >= 0 && count <= units)) {
    throw new RangeError(
      `Cannot project onto ${count} components: there are ${units}`,
    );
  }
  const result = new Float64Array(rows.length / units * count);
  for (let row = 0; row < rows.length / units; row++) {
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let unit = 0; unit < units; unit++) {
        sum += rows[row * units + unit] * loadings[unit * units + k];
      }
      result[row * count + k] = sum;
    }
  }
  return result;
}

/**
 * Compares the components of a second network with those of a first one that
 * has the same units.
 *
 * @param first components that span the plane
 * @param second components whose variance is measured in it
 * @param count components compared. Defaults to those for 90 % of the first
 * one's variance
 * @throws {TypeError} for different numbers of units
 * @throws {RangeError} for a number of components that does not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { alignment, principalComponents } from "@spikernn/spikernn/analysis";
 * const of = (values: number[]) => principalComponents({
 *   trials: 1, units: 2, bins: 3, binMs: 10,
 *   values: Float64Array.from(values),
 *   conditions: ["go"],
 * });
 * // The first unit alone moves in one network, the second in the other.
 * const { index, angles } = alignment(of([0, 1, 2, 0, 0, 0]), of([0, 0, 0, 5, 1, 0]));
 * assert(index < 1e-12 && Math.round(angles[0]) === 90);
 * ```
 */
export function alignment(
  first: Components,
  second: Components,
  count: number = componentsFor(first.variances, 0.9),
): Alignment {
  const { units } = first;
  if (second.units !== units) {
    throw new TypeError(
      `Cannot align components of ${units} and ${
        countOf(second.units, "unit")
      }: ` +
        "both networks must have the same units",
    );
  }
  if (!(Number.isInteger(count) && count >= 0 && count <= units)) {
    throw new RangeError(
      `Cannot align ${count} components: there are ${units}`,
    );
  }
  if (count === 0) {
    return { components: 0, index: NaN, angles: new Float64Array(0) };
  }
  const part = ({ loadings }: Components) =>
    Matrix.from1DArray(units, units, loadings)
      .subMatrix(0, units - 1, 0, count - 1);
  const plane = part(first);
  const along = projections(second.rows, first, count);
  const held = along.reduce((sum, value) => sum + value * value, 0) /
    (second.rows.length / units - 1);
  let most = 0;
  for (let k = 0; k < count; k++) most += second.variances[k];
  const cosines = new SVD(plane.transpose().mmul(part(second))).diagonal;
  return {
    components: count,
    index: held / most,
    angles: Float64Array.from(
      cosines,
      (cosine) => Math.acos(Math.min(1, cosine)) * 180 / Math.PI,
    ).sort(),
  };
}
