/**
 * What is added to the states of a trial, in the kernels' numbering: the initial
 * state 0.01·N(0,1), then at every step the noise 0.1·N(0,1) and, where it is
 * on, the stimulation.
 */
import type { Floats } from "../kernels/rate_scan/types.ts";
import { normalBlock } from "../random/normal.ts";
import type { RateTrial } from "./types.ts";
import type { WiredNetwork } from "./wiring.ts";

/** Standard deviation of the initial state. */
const initialNoise = 0.01;
/** Standard deviation of the noise of one step. */
const stepNoise = 0.1;

/** Amplitudes of a trial's noise, initial and per step, before rounding. */
export function amplitudes(trial: RateTrial): [number, number] {
  const scale = "key" in trial.noise ? trial.noise.scale ?? 1 : 1;
  return [initialNoise * scale, stepNoise * scale];
}

/**
 * Writes all disturbances of a trial; number (unit, step) goes to index
 * `at(unit, step)`, step 0 being the initial state.
 */
export function writeDisturbances(
  trial: RateTrial,
  wired: WiredNetwork,
  round: (value: number) => number,
  to: Floats,
  at: (unit: number, step: number) => number,
): void {
  const { noise, steps } = trial;
  const { units, unitIds } = wired.wiring;
  const [initial, step] = amplitudes(trial).map(round);
  const four = new Float32Array(4);
  for (let i = 0; i < units; i++) {
    const id = unitIds[i];
    for (let t = 0; t < steps; t++) {
      let drawn: number;
      if ("key" in noise) {
        if ((t & 3) === 0) {
          normalBlock(id, t >> 2, noise.trial, noise.key, four);
        }
        drawn = four[t & 3];
      } else {
        drawn = t === 0
          ? noise.initial[id]
          : noise.steps[id * (steps - 1) + t - 1];
      }
      to[at(i, t)] = round((t === 0 ? initial : step) * round(drawn));
    }
  }
  stimulate(trial, wired, round, to, at);
}

/** Adds a trial's stimulations to its disturbances. */
export function stimulate(
  trial: RateTrial,
  wired: WiredNetwork,
  round: (value: number) => number,
  to: Floats,
  at: (unit: number, step: number) => number,
): void {
  for (const stimulation of [trial.stimulation ?? []].flat()) {
    const amount = round(stimulation.amount);
    const end = Math.min(stimulation.to, trial.steps);
    for (const id of stimulation.units) {
      for (let t = Math.max(0, stimulation.from); t < end; t++) {
        const index = at(wired.unitOf[id], t);
        to[index] = round(to[index] + amount);
      }
    }
  }
}
