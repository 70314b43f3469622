/** Simulated trials as arrays in a MATLAB or NumPy file. */
import {
  type ArrayFormat,
  encodeArrays,
  type NumberArray,
  numberArray,
} from "../formats/arrays.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { SpikingRun } from "../simulate/simulate.ts";
import type { RateRun } from "../simulate/simulate_rate.ts";
import { UsageError } from "../runs/errors.ts";

/** What is written of some trials. */
export interface RunFields {
  readonly arrays: Readonly<Record<string, NumberArray>>;
  /** Name of each trial's condition. */
  readonly conditions: readonly string[];
}

/**
 * The format that a file's name asks for.
 *
 * @throws {UsageError} for any other ending
 */
export function encodingOf(path: string): ArrayFormat {
  const ending = /\.(mat|npz)$/i.exec(path)?.[1].toLowerCase();
  if (ending === undefined) {
    throw new UsageError(
      `Cannot write ${path}: its name must end in .mat or .npz`,
    );
  }
  return ending as ArrayFormat;
}

/** The bytes of a file with the arrays. */
export function runBytes(
  encoding: ArrayFormat,
  { arrays, conditions }: RunFields,
): Uint8Array<ArrayBuffer> {
  return encodeArrays(encoding, {
    ...arrays,
    conditions: { texts: conditions },
  });
}

/** Fields of both kinds of network: stimuli and conditions. */
function sharedFields(
  runs: readonly (SpikingRun | RateRun)[],
): RunFields {
  const conditions = runs.map(({ condition }) => condition ?? "stimulus");
  const names = [...new Set(conditions)];
  return {
    conditions,
    arrays: {
      u: stacked(runs.map(({ inputs, columns }) => ({
        data: inputs,
        shape: [inputs.length / columns, columns],
      }))),
      condition: {
        data: Uint32Array.from(conditions, (name) => names.indexOf(name)),
        shape: [runs.length],
        index: true,
      },
    },
  };
}

/**
 * Trials of a spiking network: `out` trials×steps, every spike by trial, unit
 * and time (ms), `firing_rate` trials×units (Hz), and what was recorded,
 * trials×units×samples.
 *
 * @param every steps from one sample to the next
 */
export function spikingFields(
  runs: readonly SpikingRun[],
  spiking: SpikingNetwork,
  every: number,
): RunFields {
  const { arrays, conditions } = sharedFields(runs);
  const units = runs[0].trace.spikeCounts.length;
  const trains = runs.flatMap(({ trace: { spikes } }, trial) =>
    spikes ? [{ trial, spikes }] : []
  );
  const count = trains.reduce(
    (sum, { spikes }) => sum + spikes.steps.length,
    0,
  );
  const spikeTrial = new Uint32Array(count);
  const spikeUnit = new Uint32Array(count);
  const spikeTime = new Float64Array(count);
  let at = 0;
  for (const { trial, spikes } of trains) {
    spikeTrial.fill(trial, at, at + spikes.steps.length);
    spikeUnit.set(spikes.units, at);
    for (const step of spikes.steps) spikeTime[at++] = step * spiking.dt;
  }
  const recorded = (["voltages", "currents", "rates"] as const).filter((what) =>
    runs[0].trace[what]
  );
  return {
    conditions,
    arrays: {
      ...arrays,
      out: stacked(runs.map(({ trace }) => ({
        data: trace.outputs!,
        shape: [trace.steps],
      }))),
      spike_trial: { data: spikeTrial, shape: [count], index: true },
      spike_unit: { data: spikeUnit, shape: [count], index: true },
      spike_time: { data: spikeTime, shape: [count] },
      firing_rate: stacked(runs.map(({ trace }) => ({
        data: Float32Array.from(
          trace.spikeCounts,
          (spikes) => 1000 * spikes / (trace.steps * spiking.dt),
        ),
        shape: [units],
      }))),
      ...Object.fromEntries(recorded.map((what) => [
        what,
        stacked(runs.map(({ trace }) => ({
          data: trace[what]!,
          shape: [units, trace[what]!.length / units],
        }))),
      ])),
      dt_ms: numberArray(spiking.dt),
      sample_ms: numberArray(spiking.dt * every),
      step_ms: numberArray(spiking.stepMs),
      scaling_factor: typeof spiking.factor === "number"
        ? numberArray(spiking.factor)
        : {
          data: Float64Array.from(spiking.factor),
          shape: [spiking.factor.length],
        },
    },
  };
}

/**
 * Trials of a rate network: `out` trials×(steps - 1), states `x` and rates `r`,
 * trials×units×steps.
 */
export function rateFields(
  runs: readonly RateRun[],
  stepMs: number,
): RunFields {
  const { arrays, conditions } = sharedFields(runs);
  const course = (what: "states" | "rates") =>
    stacked(runs.map(({ trace, columns }) => ({
      data: trace[what]!,
      shape: [trace[what]!.length / columns, columns],
    })));
  return {
    conditions,
    arrays: {
      ...arrays,
      out: stacked(runs.map(({ trace }) => ({
        data: trace.outputs,
        shape: [trace.outputs.length],
      }))),
      x: course("states"),
      r: course("rates"),
      step_ms: numberArray(stepMs),
    },
  };
}

/** Arrays of the same shape, one above the other. */
function stacked(
  parts: readonly { data: ArrayLike<number>; shape: readonly number[] }[],
): NumberArray {
  const { shape } = parts[0];
  const size = shape.reduce((product, n) => product * n, 1);
  const data = new Float32Array(parts.length * size);
  parts.forEach((part, i) => data.set(part.data, i * size));
  return { data, shape: [parts.length, ...shape] };
}
