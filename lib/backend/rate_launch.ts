/** Trials as the kernels' launchers take them, and traces as sessions give them. */
import type { LaunchTrace, LaunchTrial } from "../kernels/rate_scan/trial.ts";
import { amplitudes, stimulate, writeDisturbances } from "./disturbances.ts";
import type { RateTrace, RateTrial } from "./types.ts";
import type { WiredNetwork } from "./wiring.ts";

/** A trial as the launchers want it. */
export function launchOf(trial: RateTrial, wired: WiredNetwork): LaunchTrial {
  const { noise, steps, inputs, target, lossWeights, stimulation } = trial;
  const [initial, step] = amplitudes(trial);
  const common = { steps, inputs, target, lossWeights };
  if (!("key" in noise)) {
    return {
      ...common,
      disturb: (to, at) => writeDisturbances(trial, wired, Math.fround, to, at),
    };
  }
  return {
    ...common,
    noise: { key: noise.key, trial: noise.trial, initial, step },
    ...(stimulation && {
      disturb: (to, at) => stimulate(trial, wired, Math.fround, to, at),
    }),
  };
}

/** Histories T×N in the kernels' numbering as N×T in the network's. */
export function traceByUnit(
  trace: LaunchTrace,
  steps: number,
  { wiring: { units, unitIds } }: WiredNetwork,
): RateTrace {
  const turn = (history: Float32Array | undefined) => {
    if (history === undefined) return undefined;
    const to = new Float32Array(history.length);
    for (let i = 0; i < units; i++) {
      const row = unitIds[i] * steps;
      for (let t = 0; t < steps; t++) to[row + t] = history[t * units + i];
    }
    return to;
  };
  const states = turn(trace.states);
  const rates = turn(trace.rates);
  return {
    outputs: trace.outputs,
    ...(states && { states }),
    ...(rates && { rates }),
  };
}
