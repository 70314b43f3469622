/**
 * Linear discriminant analysis with a covariance shrunk after Ledoit and Wolf,
 * from sums that classes and folds share.
 */
import { countOf } from "../count.ts";

/** A linear classifier: the class with the highest score wins. */
export interface Discriminant {
  /** Weights, classes×units, row-major. */
  readonly weights: Float64Array;
  /** Added to each class's score. */
  readonly offsets: Float64Array;
}

/** Trials whose sums belong together: of one condition and one fold. */
interface Cell {
  readonly trials: readonly number[];
  /** Sum of the trials, less their condition's mean. */
  readonly sum: Float64Array;
  /** Their scatter about the condition's mean, lower triangle of units×units. */
  readonly scatter: Float64Array;
}

/** Sums of trials by condition and fold, of which every fit is put together. */
export interface Moments {
  /** Number of units. */
  readonly units: number;
  /** Trials×units. */
  readonly data: Float64Array;
  /** Mean of each condition, conditions×units. */
  readonly centres: readonly Float64Array[];
  /** By condition, then by fold. */
  readonly cells: readonly (readonly Cell[])[];
  /** Scatter of all trials of each condition, whatever their fold. */
  readonly totals: readonly Float64Array[];
}

/**
 * Sums of trials by condition and fold. Scatter is taken about the mean of each
 * condition, so that no digits are lost where conditions lie far apart.
 *
 * @param data trials×units, row-major
 * @param units number of units
 * @param conditions condition of each trial, from 0
 * @param folds fold of each trial, from 0
 */
export function momentsOf(
  data: Float64Array,
  units: number,
  conditions: ArrayLike<number>,
  folds: ArrayLike<number>,
): Moments {
  const trials = data.length / units;
  const count = (of: ArrayLike<number>) => {
    let most = -1;
    for (let k = 0; k < trials; k++) most = Math.max(most, of[k]);
    return most + 1;
  };
  const foldCount = count(folds);
  const members = Array.from(
    { length: count(conditions) },
    () => Array.from({ length: foldCount }, () => [] as number[]),
  );
  for (let k = 0; k < trials; k++) members[conditions[k]][folds[k]].push(k);
  const centres = members.map((byFold) => meanOf(data, units, byFold.flat()));
  const deviations = Array.from({ length: 4 }, () => new Float64Array(units));
  const cells = members.map((byFold, c) =>
    byFold.map((of) => {
      const sum = new Float64Array(units);
      const scatter = new Float64Array(triangle(units));
      for (let k = 0; k < of.length; k += 4) {
        for (const [p, deviation] of deviations.entries()) {
          // What is beyond the last trial adds nothing.
          if (k + p >= of.length) {
            deviation.fill(0);
            continue;
          }
          for (let i = 0; i < units; i++) {
            deviation[i] = data[of[k + p] * units + i] - centres[c][i];
            sum[i] += deviation[i];
          }
        }
        addOuters(scatter, deviations);
      }
      return { trials: of, sum, scatter };
    })
  );
  const totals = cells.map((byFold) => {
    const total = new Float64Array(triangle(units));
    for (const { scatter } of byFold) {
      for (let at = 0; at < total.length; at++) total[at] += scatter[at];
    }
    return total;
  });
  return { units, data, centres, cells, totals };
}

/** Entries of the lower triangle of a square matrix. */
function triangle(size: number): number {
  return size * (size + 1) / 2;
}

/** Adds a multiple of a vector's outer product to a lower triangle. */
function addOuter(
  matrix: Float64Array,
  vector: Float64Array,
  factor: number,
): void {
  for (let i = 0, at = 0; i < vector.length; i++) {
    const value = factor * vector[i];
    if (value === 0) at += i + 1;
    else for (let j = 0; j <= i; j++) matrix[at++] += value * vector[j];
  }
}

/** Adds the outer products of four vectors, in one pass over the triangle. */
function addOuters(
  matrix: Float64Array,
  [p, q, r, s]: readonly Float64Array[],
): void {
  for (let i = 0, at = 0; i < p.length; i++) {
    const [a, b, c, d] = [p[i], q[i], r[i], s[i]];
    if (a === 0 && b === 0 && c === 0 && d === 0) at += i + 1;
    else {
      for (let j = 0; j <= i; j++) {
        matrix[at++] += a * p[j] + b * q[j] + c * r[j] + d * s[j];
      }
    }
  }
}

function meanOf(
  data: Float64Array,
  units: number,
  trials: readonly number[],
): Float64Array {
  const mean = new Float64Array(units);
  for (const trial of trials) {
    for (let i = 0; i < units; i++) mean[i] += data[trial * units + i];
  }
  for (let i = 0; i < units; i++) mean[i] /= trials.length;
  return mean;
}

/** A class of trials: its mean and shrunk covariance. */
interface ClassFit {
  readonly mean: Float64Array;
  /** Lower triangle. */
  readonly covariance: Float64Array;
}

/**
 * Fits a linear discriminant with equal priors to the trials outside one fold.
 * The covariance is the mean over classes of each class's own, standardised,
 * shrunk after Ledoit and Wolf (2004) and scaled back, as scikit-learn's
 * `LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")` does.
 *
 * @param moments of all trials
 * @param classes class of each condition, from 0; -1 for those left out
 * @param held the fold left out; -1 for none
 * @returns the classifier
 * @throws {RangeError} for a class with fewer than two trials
 */
export function fitDiscriminant(
  moments: Moments,
  classes: readonly number[],
  held: number,
): Discriminant {
  const { units } = moments;
  const count = Math.max(...classes) + 1;
  const covariance = new Float64Array(triangle(units));
  const means: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const members = classes.flatMap((of, c) => of === k ? [c] : []);
    const fit = fitClass(moments, members, held);
    means.push(fit.mean);
    for (let at = 0; at < covariance.length; at++) {
      covariance[at] += fit.covariance[at] / count;
    }
  }
  decompose(covariance, units);
  const weights = new Float64Array(count * units);
  const offsets = new Float64Array(count);
  means.forEach((mean, k) => {
    const solved = solve(covariance, mean);
    weights.set(solved, k * units);
    for (let i = 0; i < units; i++) offsets[k] -= 0.5 * mean[i] * solved[i];
  });
  return { weights, offsets };
}

function fitClass(
  { units, data, centres, cells, totals }: Moments,
  members: readonly number[],
  held: number,
): ClassFit {
  const kept = members.map((c) => ({
    centre: centres[c],
    cells: cells[c].filter((_, fold) => fold !== held),
    total: totals[c],
    without: cells[c][held]?.scatter,
  }));
  const trials = kept.flatMap(({ cells }) =>
    cells.flatMap(({ trials }) => trials)
  );
  const n = trials.length;
  if (n < 2) {
    throw new RangeError(
      `Cannot fit a discriminant to a class of ${countOf(n, "trial")}: ` +
        "at least 2 outside each fold are needed",
    );
  }
  const mean = meanOf(data, units, trials);
  const covariance = new Float64Array(triangle(units));
  const shift = new Float64Array(units);
  for (const { centre, cells, total, without } of kept) {
    // Scatter about the class's mean, from that about the condition's.
    const sum = new Float64Array(units);
    let size = 0;
    for (const cell of cells) {
      size += cell.trials.length;
      for (let i = 0; i < units; i++) sum[i] += cell.sum[i];
    }
    if (size === 0) continue;
    if (without) {
      for (let at = 0; at < covariance.length; at++) {
        covariance[at] += total[at] - without[at];
      }
    } else {
      for (let at = 0; at < covariance.length; at++) {
        covariance[at] += total[at];
      }
    }
    for (let i = 0; i < units; i++) sum[i] /= size;
    addOuter(covariance, sum, -size);
    for (let i = 0; i < units; i++) shift[i] = centre[i] + sum[i] - mean[i];
    if (kept.length > 1) addOuter(covariance, shift, size);
  }
  for (let at = 0; at < covariance.length; at++) covariance[at] /= n;
  return { mean, covariance: shrunk(covariance, mean, trials, data) };
}

/** Shrinks a covariance of standardised units, and scales it back. */
function shrunk(
  covariance: Float64Array,
  mean: Float64Array,
  trials: readonly number[],
  data: Float64Array,
): Float64Array {
  const units = mean.length;
  const n = trials.length;
  const scale = new Float64Array(units);
  let varying = 0;
  for (let i = 0; i < units; i++) {
    const variance = covariance[triangle(i + 1) - 1];
    // A unit that only rounding moves is one that does not move.
    const bound = n * Number.EPSILON * variance +
      (n * mean[i] * Number.EPSILON) ** 2;
    if (variance > bound) {
      scale[i] = Math.sqrt(variance);
      varying++;
    }
  }
  if (varying === 0) return new Float64Array(covariance.length);
  const mu = varying / units;
  let squares = 0;
  for (let i = 0, at = 0; i < units; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const product = scale[i] * scale[j];
      const correlation = product > 0 ? covariance[at] / product : 0;
      squares += (i === j ? 1 : 2) * correlation * correlation;
    }
  }
  let fourth = 0;
  for (const trial of trials) {
    let length = 0;
    for (let i = 0; i < units; i++) {
      if (scale[i] > 0) {
        length += ((data[trial * units + i] - mean[i]) / scale[i]) ** 2;
      }
    }
    fourth += length * length;
  }
  const delta = (squares - 2 * mu * varying + units * mu * mu) / units;
  const beta = Math.min((fourth / n - squares) / (units * n), delta);
  // Of one unit the covariance is the same, whatever the shrinkage.
  const shrinkage = units === 1 || beta <= 0 ? 0 : beta / delta;
  for (let i = 0, at = 0; i < units; i++) {
    for (let j = 0; j <= i; j++, at++) {
      const moves = scale[i] > 0 && scale[j] > 0;
      covariance[at] = moves ? (1 - shrinkage) * covariance[at] : 0;
    }
    const own = scale[i] > 0 ? scale[i] : 1;
    covariance[at - 1] += shrinkage * mu * own * own;
  }
  return covariance;
}

/** Cholesky decomposition in place; a unit without variance gets a pivot of 0. */
function decompose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) {
      const other = triangle(j);
      const sum = matrix[row + j] - product(matrix, row, other, j);
      if (i === j) {
        const usable = sum > matrix[row + i] * size * Number.EPSILON;
        matrix[row + i] = usable ? Math.sqrt(sum) : 0;
      } else {
        const pivot = matrix[other + j];
        matrix[row + j] = pivot > 0 ? sum / pivot : 0;
      }
    }
  }
}

/** Product of two parts of a list; four sums, so that none waits for the other. */
function product(
  list: Float64Array,
  one: number,
  other: number,
  length: number,
): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = length & ~3;
  for (let k = 0; k < whole; k += 4) {
    a += list[one + k] * list[other + k];
    b += list[one + k + 1] * list[other + k + 1];
    c += list[one + k + 2] * list[other + k + 2];
    d += list[one + k + 3] * list[other + k + 3];
  }
  for (let k = whole; k < length; k++) a += list[one + k] * list[other + k];
  return a + b + c + d;
}

/** Solves for a right side with a decomposed matrix; 0 where a pivot is 0. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= matrix[row + k] * x[k];
    const pivot = matrix[row + i];
    x[i] = pivot > 0 ? sum / pivot : 0;
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = triangle(i);
    const pivot = matrix[row + i];
    x[i] = pivot > 0 ? x[i] / pivot : 0;
    for (let k = 0; k < i; k++) x[k] -= matrix[row + k] * x[i];
  }
  return x;
}
