/**
 * Linear discriminant analysis with a covariance shrunk after Ledoit and Wolf,
 * from sums that classes and folds share.
 */
import { countOf } from "../count.ts";
import { addOuters, decompose, solve, triangle } from "./triangle.ts";

/** A linear classifier: the class with the highest score wins. */
export interface Discriminant {
  /** Weights, classes×units, row-major. */
  readonly weights: Float64Array;
  /** Added to each class's score. */
  readonly offsets: Float64Array;
}

/** Trials of one condition that are outside a fold. */
interface Kept {
  trials: number[];
  readonly mean: Float64Array;
  /** Scatter about the mean, lower triangle of units×units. */
  readonly scatter: Float64Array;
}

/** How trials are grouped; numbers of conditions and folds count from 0. */
export interface Grouping {
  /** Number of units. */
  readonly units: number;
  /** Condition of each trial. */
  readonly conditions: ArrayLike<number>;
  /** Fold of each trial. */
  readonly folds: ArrayLike<number>;
}

/**
 * Fits discriminants to one set of trials after the other. Scatter is taken
 * about the mean of each condition, so that no digits are lost where conditions
 * lie far apart; each class is put together from its conditions.
 */
export class DiscriminantFits {
  readonly #units: number;
  /** Trials by condition and fold. */
  readonly #members: readonly (readonly number[])[][];
  /** By condition and fold that is left out. */
  readonly #kept: readonly (readonly Kept[])[];
  readonly #inFold: readonly Float64Array[];
  readonly #total: Float64Array;
  readonly #covariance: Float64Array;
  readonly #pooled: Float64Array;
  #data: Float64Array = new Float64Array(0);

  constructor({ units, conditions, folds }: Grouping) {
    const trials = Array.from(conditions, (_, trial) => trial);
    const count = (of: ArrayLike<number>) =>
      trials.reduce((most, trial) => Math.max(most, of[trial]), -1) + 1;
    const foldCount = count(folds);
    this.#units = units;
    this.#members = Array.from(
      { length: count(conditions) },
      (_, c) =>
        Array.from(
          { length: foldCount },
          (_, fold) =>
            trials.filter((k) => conditions[k] === c && folds[k] === fold),
        ),
    );
    const matrix = () => new Float64Array(triangle(units));
    this.#kept = this.#members.map((byFold) =>
      byFold.map((_, fold) => ({
        trials: byFold.flatMap((of, other) => other === fold ? [] : of),
        mean: new Float64Array(units),
        scatter: matrix(),
      }))
    );
    this.#inFold = Array.from({ length: foldCount }, matrix);
    this.#total = matrix();
    this.#covariance = matrix();
    this.#pooled = matrix();
  }

  /** Takes the trials that discriminants are fitted to, trials×units, row-major. */
  load(data: Float64Array): void {
    this.#data = data;
    const units = this.#units;
    for (const [c, byFold] of this.#members.entries()) {
      const centre = new Float64Array(units);
      const all = byFold.flat();
      meanOf(data, all, centre);
      const total = this.#total.fill(0);
      const sums = byFold.map((of, fold) => {
        const scatter = this.#inFold[fold].fill(0);
        const deviations = of.map((trial) => {
          const deviation = data.slice(trial * units, (trial + 1) * units);
          for (let i = 0; i < units; i++) deviation[i] -= centre[i];
          return deviation;
        });
        addOuters(scatter, deviations, deviations.map(() => 1));
        for (let at = 0; at < total.length; at++) total[at] += scatter[at];
        const sum = new Float64Array(units);
        for (const deviation of deviations) {
          for (let i = 0; i < units; i++) sum[i] += deviation[i];
        }
        return sum;
      });
      for (const [fold, { trials, mean, scatter }] of this.#kept[c].entries()) {
        if (trials.length === 0) continue;
        const shift = new Float64Array(units);
        for (const [other, sum] of sums.entries()) {
          if (other === fold) continue;
          for (let i = 0; i < units; i++) shift[i] += sum[i] / trials.length;
        }
        for (let i = 0; i < units; i++) mean[i] = centre[i] + shift[i];
        const without = this.#inFold[fold];
        for (let i = 0, at = 0; i < units; i++) {
          const own = trials.length * shift[i];
          for (let j = 0; j <= i; j++, at++) {
            scatter[at] = total[at] - without[at] - own * shift[j];
          }
        }
      }
    }
  }

  /**
   * Fits a linear discriminant with equal priors to the trials outside one fold.
   * The covariance is the mean over classes of each class's own, standardised,
   * shrunk after Ledoit and Wolf (2004) and scaled back, as scikit-learn's
   * `LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")` does.
   *
   * @param classes class of each condition, from 0; -1 for those left out
   * @param held the fold left out
   * @returns the classifier
   * @throws {RangeError} for a class with fewer than two trials
   */
  fit(classes: readonly number[], held: number): Discriminant {
    const units = this.#units;
    const count = Math.max(...classes) + 1;
    const pooled = this.#pooled.fill(0);
    const means: Float64Array[] = [];
    for (let k = 0; k < count; k++) {
      const parts = this.#kept
        .flatMap((byFold, c) => classes[c] === k ? [byFold[held]] : [])
        .filter(({ trials }) => trials.length > 0);
      means.push(this.#addClass(parts, count, pooled));
    }
    decompose(pooled, units);
    const weights = new Float64Array(count * units);
    const offsets = new Float64Array(count);
    means.forEach((mean, k) => {
      const solved = solve(pooled, mean);
      weights.set(solved, k * units);
      for (let i = 0; i < units; i++) offsets[k] -= 0.5 * mean[i] * solved[i];
    });
    return { weights, offsets };
  }

  /** Adds a class's share of the covariance, and gives its mean. */
  #addClass(
    parts: readonly Kept[],
    count: number,
    pooled: Float64Array,
  ): Float64Array {
    const n = parts.reduce((sum, { trials }) => sum + trials.length, 0);
    if (n < 2) {
      throw new RangeError(
        `Cannot fit a discriminant to a class of ${countOf(n, "trial")}: ` +
          "at least 2 outside each fold are needed",
      );
    }
    const mean = new Float64Array(this.#units);
    for (const part of parts) {
      const share = part.trials.length / n;
      for (let i = 0; i < mean.length; i++) mean[i] += share * part.mean[i];
    }
    const covariance = this.#covariance;
    addAll(covariance.fill(0), parts.map(({ scatter }) => scatter));
    if (parts.length > 1) {
      addOuters(
        covariance,
        parts.map((part) => part.mean.map((value, i) => value - mean[i])),
        parts.map(({ trials }) => trials.length),
      );
    }
    const trials = parts.flatMap((part) => part.trials);
    addShrunk(covariance, { mean, trials, data: this.#data }, count, pooled);
    return mean;
  }
}

/** Puts the mean of some trials into `to`. */
function meanOf(
  data: Float64Array,
  trials: readonly number[],
  to: Float64Array,
): void {
  const units = to.length;
  for (const trial of trials) {
    for (let i = 0; i < units; i++) to[i] += data[trial * units + i];
  }
  for (let i = 0; i < units; i++) to[i] /= trials.length;
}

/** Adds lists to a list, four in one pass. */
function addAll(to: Float64Array, lists: readonly Float64Array[]): void {
  let k = 0;
  for (; k + 4 <= lists.length; k += 4) {
    const [a, b, c, d] = lists.slice(k, k + 4);
    for (let at = 0; at < to.length; at++) {
      to[at] += a[at] + b[at] + c[at] + d[at];
    }
  }
  for (; k < lists.length; k++) {
    const list = lists[k];
    for (let at = 0; at < to.length; at++) to[at] += list[at];
  }
}

/**
 * Adds a class's shrunk covariance over the number of classes.
 *
 * @param scatter of the class, lower triangle
 */
function addShrunk(
  scatter: Float64Array,
  { mean, trials, data }: {
    readonly mean: Float64Array;
    readonly trials: readonly number[];
    readonly data: Float64Array;
  },
  count: number,
  to: Float64Array,
): void {
  const units = mean.length;
  const n = trials.length;
  const scale = new Float64Array(units);
  /** 1 over the scale; 0 for units that do not move. */
  const inverse = new Float64Array(units);
  let varying = 0;
  for (let i = 0; i < units; i++) {
    const variance = scatter[triangle(i + 1) - 1] / n;
    // A unit that only rounding moves is one that does not move.
    const bound = n * Number.EPSILON * variance +
      (n * mean[i] * Number.EPSILON) ** 2;
    if (!(variance > bound)) continue;
    scale[i] = Math.sqrt(variance);
    inverse[i] = 1 / scale[i];
    varying++;
  }
  if (varying === 0) return;
  const mu = varying / units;
  let squares = 0;
  for (let i = 0, at = 0; i < units; i++) {
    const own = inverse[i] / n;
    let row = 0;
    for (let j = 0; j < i; j++) {
      const correlation = scatter[at++] * own * inverse[j];
      row += correlation * correlation;
    }
    const diagonal = scatter[at++] * own * inverse[i];
    squares += 2 * row + diagonal * diagonal;
  }
  let fourth = 0;
  for (const trial of trials) {
    let length = 0;
    for (let i = 0, at = trial * units; i < units; i++, at++) {
      const deviation = (data[at] - mean[i]) * inverse[i];
      length += deviation * deviation;
    }
    fourth += length * length;
  }
  const delta = (squares - 2 * mu * varying + units * mu * mu) / units;
  const beta = Math.min((fourth / n - squares) / (units * n), delta);
  // Of one unit the covariance is the same, whatever the shrinkage.
  const shrinkage = units === 1 || beta <= 0 ? 0 : beta / delta;
  const share = (1 - shrinkage) / (n * count);
  const moves = inverse.map((value) => value > 0 ? 1 : 0);
  for (let i = 0, at = 0; i < units; i++) {
    const own = moves[i] * share;
    for (let j = 0; j <= i; j++, at++) {
      to[at] += own * moves[j] * scatter[at];
    }
    const width = scale[i] > 0 ? scale[i] : 1;
    to[at - 1] += shrinkage * mu * width * width / count;
  }
}
