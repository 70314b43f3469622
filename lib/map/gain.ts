/** How sure the size of the spiking output is. */
import type { MeanCourses } from "./courses.ts";

/**
 * Gains of the spiking output, trial by trial. A round is one trial of every
 * condition; its gain is the slope of its outputs on the rate network's mean
 * ones. The slope is linear in the spiking output, so the mean over rounds is
 * the gain of the mean courses, and their spread says how sure it is.
 */
export class RoundGains {
  readonly #rate: Float64Array;
  readonly #mean: number;
  readonly #variation: number;
  readonly #bins: number;
  readonly #at: Map<string, number>;
  readonly #parts = new Map<string, number[]>();

  /** @param rate mean courses of the rate network, of all conditions */
  constructor(rate: MeanCourses) {
    const course = rate.output();
    this.#rate = course;
    this.#mean = course.reduce((sum, x) => sum + x, 0) / course.length;
    this.#variation = course.reduce((sum, x) => sum + (x - this.#mean) ** 2, 0);
    this.#bins = rate.bins;
    this.#at = new Map(
      rate.conditions().map((name, k) => [name, k * rate.bins]),
    );
  }

  /**
   * Adds a trial of the spiking network.
   *
   * @param condition its condition
   * @param outputs at least bins×perBin samples
   * @param perBin samples a bin
   */
  add(condition: string, outputs: ArrayLike<number>, perBin: number): void {
    const at = this.#at.get(condition)!;
    let part = 0;
    for (let bin = 0; bin < this.#bins; bin++) {
      let sum = 0;
      for (let s = 0; s < perBin; s++) sum += outputs[bin * perBin + s];
      part += (this.#rate[at + bin] - this.#mean) * sum / perBin;
    }
    const parts = this.#parts.get(condition) ?? [];
    this.#parts.set(condition, parts);
    parts.push(part / this.#variation);
  }

  /**
   * The 95 % interval of the gain; all numbers from fewer than two rounds, NaN
   * where the rate network's output does not vary.
   */
  interval(): [number, number] {
    const parts = [...this.#parts.values()];
    const rounds = Math.min(
      ...parts.map(({ length }) => length),
      parts.length === 0 ? 0 : Infinity,
    );
    const gains = Array.from(
      { length: rounds },
      (_, k) => parts.reduce((sum, part) => sum + part[k], 0),
    );
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / rounds;
    if (Number.isNaN(mean)) return [NaN, NaN];
    if (rounds < 2) return [-Infinity, Infinity];
    const variance = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0) /
      (rounds - 1);
    const half = studentQuantile(rounds - 1) * Math.sqrt(variance / rounds);
    return [mean - half, mean + half];
  }
}

/**
 * The 97.5 % quantile of Student's t, by the first terms of its expansion in
 * 1/freedom (Abramowitz and Stegun 26.7.5): within 1 % from 4 degrees on.
 */
function studentQuantile(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3);
}
