/** Trials laid out for the GPU, in batches of equal length that fit on it, and back. */
import {
  bytesPerTrial,
  type GpuBatch,
} from "../kernels/rate_scan/webgpu/batch.ts";
import type { Capacity } from "../kernels/webgpu/capacity.ts";
import { amplitudes, writeDisturbances } from "./disturbances.ts";
import type { RateTrial } from "./types.ts";
import { flatten, parametersOf, type WiredNetwork } from "./wiring.ts";

/** Trials that run together; `places` are their places among all trials. */
export interface PlacedTrials {
  readonly places: readonly number[];
  readonly trials: readonly RateTrial[];
}

/** Most trials of a batch; sums over trials are loops of that many turns. */
const mostTrials = 16_384;

/** Whether the device draws a trial's noise; otherwise it is given as numbers. */
function drawsNoise(trial: RateTrial): boolean {
  return "key" in trial.noise && trial.stimulation === undefined;
}

/**
 * Groups trials into batches: alike in length and kind, and small enough.
 *
 * @param histories arrays of units×steps that a trial needs on the device
 * @param most trials of a batch at most, where memory ran out before
 */
export function gpuBatches(
  trials: readonly RateTrial[],
  units: number,
  histories: number,
  capacity: Capacity,
  most = mostTrials,
): PlacedTrials[] {
  const kinds = new Map<string, number[]>();
  const weights = [...new Set(trials.map(({ weights }) => weights))];
  trials.forEach((trial, place) => {
    const kind = [
      weights.indexOf(trial.weights),
      trial.steps,
      drawsNoise(trial),
      trial.lossWeights !== undefined,
    ].join();
    const places = kinds.get(kind);
    if (places) places.push(place);
    else kinds.set(kind, [place]);
  });
  const batches: PlacedTrials[] = [];
  for (const places of kinds.values()) {
    const { steps } = trials[places[0]];
    const fit = Math.min(
      capacity.batchBytes / bytesPerTrial(units, steps, histories),
      capacity.bufferBytes / (4 * steps * units),
      capacity.workgroups,
      most,
      mostTrials,
    );
    const size = Math.max(Math.floor(fit), 1);
    for (let from = 0; from < places.length; from += size) {
      const taken = places.slice(from, from + size);
      batches.push({ places: taken, trials: taken.map((p) => trials[p]) });
    }
  }
  return batches;
}

/** A batch's numbers as the kernels want them. */
export function gpuBatch(
  { trials }: PlacedTrials,
  wired: WiredNetwork,
  withTargets: boolean,
): GpuBatch {
  const { steps } = trials[0];
  const { units, channels } = wired.wiring;
  const perTrial = (
    length: number,
    write: (trial: RateTrial, to: Float32Array) => void,
  ) => {
    const all = new Float32Array(trials.length * length);
    trials.forEach((trial, b) =>
      write(trial, all.subarray(b * length, (b + 1) * length))
    );
    return all;
  };
  const { lossWeights, weights } = trials[0];
  const weighted = lossWeights !== undefined;
  return {
    trials: trials.length,
    steps,
    inputs: perTrial(channels * steps, (trial, to) => to.set(trial.inputs)),
    noise: drawsNoise(trials[0]) ? { drawn: drawnNoise(trials) } : {
      given: perTrial(steps * units, (trial, to) =>
        writeDisturbances(
          trial,
          wired,
          Math.fround,
          to,
          (unit, step) => step * units + unit,
        )),
    },
    ...weights && {
      weights: weights.map(({ from, network }) => {
        if (!network) return { from };
        const parameters = new Float32Array(wired.layout.length);
        flatten(wired, network, parametersOf(network), parameters);
        return { from, parameters };
      }),
    },
    ...withTargets && {
      targets: perTrial(steps, (trial, to) => to.set(trial.target!)),
    },
    ...withTargets && weighted && {
      lossWeights: perTrial(
        steps - 1,
        (trial, to) => to.set(trial.lossWeights!),
      ),
    },
  };
}

/** Key, trial counter and the bits of both amplitudes of each trial. */
function drawnNoise(trials: readonly RateTrial[]): Uint32Array {
  const facts = new Uint32Array(4 * trials.length);
  const floats = new Float32Array(facts.buffer);
  trials.forEach((trial, b) => {
    if (!("key" in trial.noise)) return;
    facts[4 * b] = trial.noise.key;
    facts[4 * b + 1] = trial.noise.trial;
    floats.set(amplitudes(trial), 4 * b + 2);
  });
  return facts;
}

/** Row `b` of a matrix with rows of `length` numbers. */
export function row(
  bytes: ArrayBuffer,
  b: number,
  length: number,
): Float32Array {
  return new Float32Array(bytes, 4 * b * length, length).slice();
}

/** Trial `b` of a history B×T×N, as N×T in the network's numbering. */
export function byUnit(
  bytes: ArrayBuffer,
  b: number,
  steps: number,
  wired: WiredNetwork,
): Float32Array {
  const { units, unitIds } = wired.wiring;
  const history = new Float32Array(bytes, 4 * b * steps * units, steps * units);
  const to = new Float32Array(history.length);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < units; i++) {
      to[unitIds[i] * steps + t] = history[t * units + i];
    }
  }
  return to;
}
