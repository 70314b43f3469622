/** Spikes and courses in time bins. */
import type { FloatArray } from "../network/types.ts";
import {
  type Activity,
  checkTrains,
  edge,
  type SpikeTrains,
} from "./activity.ts";

/**
 * Number of whole bins in a trial; a last part that is shorter is left out.
 *
 * @throws {RangeError} for a bin that is not above 0 or longer than the trial
 */
export function binCount(durationMs: number, binMs: number): number {
  const bins = Math.floor(durationMs / binMs + edge);
  if (!(binMs > 0 && bins >= 1)) {
    throw new RangeError(
      `Cannot use bins of ${binMs} ms: a trial lasts ${durationMs} ms, ` +
        "a bin must be above 0 and no longer",
    );
  }
  return bins;
}

/**
 * Firing rates by bin: the spikes of a bin divided by its width. A spike on the
 * edge of two bins belongs to the later one, and at the very end of the trial
 * to the last one, as in NumPy's `histogram`; spikes in a last part that is not
 * a whole bin are left out.
 *
 * @param trains the spikes
 * @param binMs width of a bin, ms
 * @returns activity in Hz
 * @throws {RangeError} for a bin that is not above 0 or longer than the trial,
 * and for trials, units and times of spikes that do not exist
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { binSpikes } from "@spikernn/spikernn/analysis";
 * const { values } = binSpikes({
 *   trials: 1,
 *   units: 2,
 *   durationMs: 100,
 *   trial: Uint32Array.of(0, 0, 0),
 *   unit: Uint32Array.of(1, 1, 0),
 *   time: Float64Array.of(10, 49.9, 50),
 *   conditions: ["go"],
 * }, 50);
 * assert.deepEqual([...values], [0, 20, 40, 0]);
 * ```
 */
export function binSpikes(trains: SpikeTrains, binMs: number): Activity {
  const { trials, units, durationMs, conditions } = trains;
  checkTrains(trains);
  const bins = binCount(durationMs, binMs);
  const values = new Float32Array(trials * units * bins);
  const whole = Math.abs(bins * binMs - durationMs) < edge * durationMs;
  for (let k = 0; k < trains.time.length; k++) {
    let bin = Math.floor(trains.time[k] / binMs + edge);
    if (bin === bins && whole) bin = bins - 1;
    if (bin >= bins) continue;
    values[(trains.trial[k] * units + trains.unit[k]) * bins + bin]++;
  }
  for (let k = 0; k < values.length; k++) values[k] *= 1000 / binMs;
  return { trials, units, bins, binMs, values, conditions };
}

/**
 * Means over bins of a course that is constant within each of its steps. A bin
 * that ends within a step takes part of it; one that lies within a step has its
 * value.
 *
 * @param course units×steps, row-major
 * @param steps number of steps
 * @param stepMs duration of a step, ms
 * @param binMs width of a bin, ms
 * @param into where the units×bins means go
 */
export function binCourse(
  course: FloatArray,
  { steps, stepMs, binMs }: {
    readonly steps: number;
    readonly stepMs: number;
    readonly binMs: number;
  },
  into: FloatArray,
): void {
  const units = course.length / steps;
  const bins = binCount(steps * stepMs, binMs);
  for (let bin = 0; bin < bins; bin++) {
    const from = bin * binMs / stepMs;
    const to = (bin + 1) * binMs / stepMs;
    const first = Math.floor(from + edge);
    const last = Math.min(Math.ceil(to - edge), steps);
    for (let unit = 0; unit < units; unit++) {
      let sum = 0;
      for (let step = first; step < last; step++) {
        const share = Math.min(step + 1, to) - Math.max(step, from);
        sum += course[unit * steps + step] * share;
      }
      into[unit * bins + bin] = sum / (to - from);
    }
  }
}
