/** What spiking trials did, as the smoothed model's adjoint takes it. */
import type { SmoothTrial } from "../kernels/lif/smooth.ts";
import type { SlopeTable } from "../kernels/lif/tune_launch.ts";
import type { SpikingRun } from "../simulate/simulate.ts";
import { straightBetween } from "../map/straight.ts";
import { driveOf } from "../simulate/unit_inputs.ts";

/** Intervals of a trial, and what its units get beside their synapses. */
export interface HistoryOptions {
  /** Duration of an interval, ms. */
  readonly interval: number;
  /** Integration steps of an interval. */
  readonly stepsPerInterval: number;
  /** Intervals of a rate step. */
  readonly perStep: number;
  /** Input weights of every unit, one a channel. */
  readonly drives: readonly Float64Array[];
  /** Bias currents of the units, mV. */
  readonly bias: Float64Array;
  readonly slopes: SlopeTable;
}

/**
 * Spikes of each interval, and the expected further ones for another mV of input
 * where the unit was; intervals×units.
 *
 * @param run with spikes, and currents at the end of each interval
 */
export function smoothTrialOf(
  { trace, inputs, columns }: SpikingRun,
  options: HistoryOptions,
): Pick<SmoothTrial, "spikes" | "slopes"> {
  const { stepsPerInterval, perStep, drives, bias } = options;
  const currents = trace.currents!;
  const units = drives.length;
  const intervals = currents.length / units;
  const spikes = new Float32Array(intervals * units);
  const { steps, units: fired } = trace.spikes!;
  for (let k = 0; k < steps.length; k++) {
    const interval = Math.floor((steps[k] - 1) / stepsPerInterval);
    if (interval < intervals) spikes[interval * units + fired[k]]++;
  }
  const slopes = new Float32Array(intervals * units);
  const { first, step, values } = options.slopes;
  const seconds = options.interval / 1000;
  const before = new Float64Array(units);
  const driven = new Float64Array(units);
  // Units inside: what is written lies side by side.
  for (let k = 0, at = -1; k < intervals; k++) {
    const column = Math.min(columns - 1, Math.round((k + 0.5) / perStep));
    // The stimulus stays for a rate step.
    for (let unit = 0; column !== at && unit < units; unit++) {
      driven[unit] = driveOf(drives[unit], inputs, columns, column);
    }
    at = column;
    for (let unit = 0; unit < units; unit++) {
      const current = currents[unit * intervals + k];
      const input = (before[unit] + current) / 2 + bias[unit] + driven[unit];
      slopes[k * units + unit] = seconds *
        straightBetween(values, (input - first) / step);
      before[unit] = current;
    }
  }
  return { spikes, slopes };
}
