/** What a calibration is for, as the strengths of the noise that it looks at. */
import type { CalibrationGoal } from "./settings.ts";
import type { TuneSettings } from "./finetune_settings.ts";

/** Strengths of the noise, 1 for the model's. */
export interface NoiseGoal {
  /** What tuning draws its trials from, and checks itself at. */
  readonly tuned: readonly number[];
  /** What rounds of tuning are judged at: groups of strengths, each by itself. */
  readonly judged: readonly (readonly number[])[];
  /** What a step must be better over to be kept. */
  readonly held: readonly number[];
}

/**
 * From half to twice the noise. Tuning goes beyond it, so that a network is not at
 * its limit there; rounds are judged at each end by itself, where networks fail
 * first.
 */
const robust: NoiseGoal = {
  tuned: [0.5, 1, 2, 2.5],
  judged: [[0.5], [2]],
  held: [0.5, 1, 1.5, 2],
};

/**
 * The strengths of the noise of a goal. Several that tuning is told to take are a
 * goal as well: a step must then be better over all of them.
 *
 * @param goal what the calibration is for
 * @param noise what tuning was told to take; [1] for nothing
 */
export function noiseGoal(
  goal: CalibrationGoal,
  { noise }: Pick<TuneSettings, "noise">,
): NoiseGoal {
  const usual = noise.length === 1 && noise[0] === 1;
  if (goal === "robust") return usual ? robust : { ...robust, tuned: noise };
  const held = noise.length > 1 ? noise : [1];
  return { tuned: noise, judged: [noise], held };
}
