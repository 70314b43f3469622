/** Exponential decays by least squares. */
import { exp } from "../arithmetic/elementary.ts";

/** A fit A·(exp(-t/τ) + B) of an autocorrelation. */
export interface DecayFit {
  /**
   * τ, ms; Infinity if the decay is so slow that it looks like a straight line.
   */
  readonly tau: number;
  /** A. */
  readonly amplitude: number;
  /** B. */
  readonly offset: number;
  /** Lag from which it was fitted, in bins. */
  readonly from: number;
}

/** Rates 1/τ per bin that are tried first: τ from a 30th of a bin to 10,000. */
const firstRates = Float64Array.from(
  { length: 60 },
  (_, k) => 1e-4 * (30 / 1e-4) ** (k / 59),
);

/** Courses side by side: sums of one alone would wait for each addition. */
const lanes = 4;

/**
 * exp(-rate·k) for k = 0 … at the first rates and at that of a fall within one
 * bin, and what of a fit depends on them alone.
 */
interface Courses {
  readonly count: number;
  /** Bins×courses, row-major. */
  readonly values: Float64Array;
  /** Differences from the means. */
  readonly changes: Float64Array;
  readonly means: Float64Array;
  /** Sums of the squared differences. */
  readonly spreads: Float64Array;
}

/** Courses by their number of bins. */
const firstCourses = new Map<number, Courses>();

function coursesOf(bins: number): Courses {
  let courses = firstCourses.get(bins);
  if (courses) return courses;
  const rates = [...firstRates, Infinity];
  while (rates.length % lanes !== 0) rates.push(Infinity);
  const count = rates.length;
  courses = {
    count,
    values: new Float64Array(bins * count),
    changes: new Float64Array(bins * count),
    means: new Float64Array(count),
    spreads: new Float64Array(count),
  };
  for (const [course, rate] of rates.entries()) {
    courses.means[course] = fillCourse(rate, bins);
    for (let k = 0; k < bins; k++) {
      const change = powers[k] - courses.means[course];
      courses.values[k * count + course] = powers[k];
      courses.changes[k * count + course] = change;
      courses.spreads[course] += change * change;
    }
  }
  firstCourses.set(bins, courses);
  return courses;
}

/** exp(-rate·k) of the rate that is looked at, grown if there are more bins. */
let powers = new Float64Array(16);

/** @returns the mean of the powers */
function fillCourse(rate: number, bins: number): number {
  if (powers.length < bins) powers = new Float64Array(2 * bins);
  const factor = exp(-rate);
  let sum = 0;
  for (let k = 0, e = 1; k < bins; k++, e *= factor) {
    powers[k] = e;
    sum += e;
  }
  return sum / bins;
}

/** Sums of squares that the best lines of all courses leave. */
function squaresOf(values: Float64Array, meanY: number): Float64Array {
  const bins = values.length;
  const courses = coursesOf(bins);
  const { count, means, spreads } = courses;
  const found = new Float64Array(count);
  for (let first = 0; first < count; first += lanes) {
    let [along0, along1, along2, along3] = [0, 0, 0, 0];
    for (let k = 0, at = first; k < bins; k++, at += count) {
      const change = values[k] - meanY;
      along0 += courses.changes[at] * change;
      along1 += courses.changes[at + 1] * change;
      along2 += courses.changes[at + 2] * change;
      along3 += courses.changes[at + 3] * change;
    }
    const slope0 = along0 / spreads[first];
    const slope1 = along1 / spreads[first + 1];
    const slope2 = along2 / spreads[first + 2];
    const slope3 = along3 / spreads[first + 3];
    const constant0 = meanY - slope0 * means[first];
    const constant1 = meanY - slope1 * means[first + 1];
    const constant2 = meanY - slope2 * means[first + 2];
    const constant3 = meanY - slope3 * means[first + 3];
    let [squares0, squares1, squares2, squares3] = [0, 0, 0, 0];
    for (let k = 0, at = first; k < bins; k++, at += count) {
      const value = values[k];
      const rest0 = value - slope0 * courses.values[at] - constant0;
      const rest1 = value - slope1 * courses.values[at + 1] - constant1;
      const rest2 = value - slope2 * courses.values[at + 2] - constant2;
      const rest3 = value - slope3 * courses.values[at + 3] - constant3;
      squares0 += rest0 * rest0;
      squares1 += rest1 * rest1;
      squares2 += rest2 * rest2;
      squares3 += rest3 * rest3;
    }
    found[first] = squares0;
    found[first + 1] = squares1;
    found[first + 2] = squares2;
    found[first + 3] = squares3;
  }
  return found;
}

/**
 * Least squares of slope·exp(-rate·k) + constant: at each rate the two others are
 * linear, so that one dimension is searched, the whole of it.
 *
 * @param values autocorrelations from lag `first` on
 * @param binMs width of a bin, ms
 * @returns the fit, or nothing if a fall within one bin fits as well
 */
export function fitDecay(
  values: Float64Array,
  first: number,
  binMs: number,
): DecayFit | undefined {
  const bins = values.length;
  let sum = 0;
  for (let k = 0; k < bins; k++) sum += values[k];
  const meanY = sum / bins;
  const squares = squaresOf(values, meanY);
  const rates = firstRates.length;
  let best = 0;
  for (let k = 1; k < rates; k++) if (squares[k] < squares[best]) best = k;
  // A fall to the constant within one bin: the limit of ever shorter τ.
  const limit = squares[rates];
  if (!(squares[best] < limit * (1 - 1e-9))) return undefined;
  let [low, high] = [
    firstRates[Math.max(best - 1, 0)],
    firstRates[Math.min(best + 1, rates - 1)],
  ];
  let line = atRate(values, meanY, firstRates[best]);
  if (best === 0) return decay(line, Infinity, first);
  // Bisection of the derivative: exact to the last digits, unlike that of a sum
  // that is flat at its minimum.
  for (let k = 0; k < 60 && high - low > 1e-14 * high; k++) {
    line = atRate(values, meanY, (low + high) / 2);
    if (line.derivative > 0) high = line.rate;
    else low = line.rate;
  }
  return decay(line, binMs / line.rate, first);
}

/** The best slope and constant at a rate. */
interface Line {
  readonly rate: number;
  readonly slope: number;
  readonly constant: number;
  /** Of the sum of squares, by the rate. */
  readonly derivative: number;
}

function atRate(values: Float64Array, meanY: number, rate: number): Line {
  const bins = values.length;
  const mean = fillCourse(rate, bins);
  const course = powers;
  let [spread, along] = [0, 0];
  for (let k = 0; k < bins; k++) {
    const change = course[k] - mean;
    spread += change * change;
    along += change * (values[k] - meanY);
  }
  const slope = along / spread;
  const constant = meanY - slope * mean;
  let derivative = 0;
  for (let k = 0; k < bins; k++) {
    const e = course[k];
    derivative += 2 * (values[k] - slope * e - constant) * slope * k * e;
  }
  return { rate, slope, constant, derivative };
}

function decay(
  { rate, slope, constant }: Line,
  tau: number,
  first: number,
): DecayFit {
  // exp(-rate·(k - first)) was fitted: the amplitude is that at lag 0.
  const amplitude = slope * exp(rate * first);
  return { tau, amplitude, offset: constant / amplitude, from: first };
}
