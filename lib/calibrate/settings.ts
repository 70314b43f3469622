/**
 * Settings of what is fitted beyond the scaling factor, by the names of the
 * command line, with the library's defaults.
 */
import { calibrationSteps } from "../network/calibration_steps.ts";
import {
  type Flags,
  grouped,
  oneOf,
  option,
  words,
} from "../settings/kinds.ts";
import { numbers, real, whole } from "../settings/numbers.ts";
import { usualTrials } from "../simulate/settings.ts";

/** What stands for every step. */
export const everyStep = "all";

const stepNames = [everyStep, ...calibrationSteps];

/** What a calibration is for. */
export type CalibrationGoal = "accurate" | "robust";

/** All of them. */
export const calibrationGoals: readonly CalibrationGoal[] = [
  "accurate",
  "robust",
];

/** The fits. */
export const calibrationSettings = grouped("Calibration", {
  calibrate: words(
    "steps beyond the factor, all or some (readout: gains of excitatory and inhibitory units and an offset of the output; units: a bias current and a gain of every unit; weights: a readout gain of every unit; tune: gains of all synapses, readout gains and bias currents, by gradients of spiking trials). A step is kept if fresh trials say that it helps. A model that was searched already is calibrated at its factor",
    {
      placeholder: `${stepNames.join("|")}...`,
      allowed: stepNames.join(", "),
      pattern: new RegExp(`^(${stepNames.join("|")})$`, "i"),
      names: stepNames,
      shown: "none",
    },
  ),
  goal: option(
    "goal",
    oneOf(
      "what a calibration is for: accurate, to be right at the model's noise; robust, to be right from half to twice the noise, where steps must be better over the whole range and no worse at the model's own noise, and tune takes trials of 0.5, 1, 2 and 2.5 times the noise. robust alone means the step tune",
      {
        names: calibrationGoals,
        fallback: "accurate",
        placeholder: calibrationGoals.join("|"),
      },
    ),
  ),
  calibrate_trials: option(
    "trials",
    whole("trials that a step is fitted on", {
      min: 1,
      max: 100_000,
      fallback: 40,
    }),
  ),
  calibrate_iterations: option(
    "iterations",
    whole("corrections of the bias currents of units", {
      min: 0,
      max: 1000,
      fallback: 3,
    }),
  ),
});

/** The fits of programs: what is above, and what no flag sets. */
export const fitSettings = {
  ...calibrationSettings,
  validation: option(
    "validation",
    whole("fresh trials on which a step must be better to be kept", {
      min: 1,
      max: 10_000_000,
      fallback: usualTrials,
    }),
  ),
} satisfies Flags;

/** What tuning may change. */
export type TunedWeights = "all" | "readout";

/** All of them. */
export const tunedWeights: readonly TunedWeights[] = ["all", "readout"];

/** Fine-tuning by gradients. */
export const tuneSettings = grouped("Calibration", {
  tune_rounds: option(
    "rounds",
    whole(
      "rounds of the step tune, at most. Another begins if fewer than 97 % of 200 trials (of up to 600 if 200 leave doubt) are right: from the best so far, the third and fourth from twice and half the factor",
      { min: 1, max: 1000, fallback: 6 },
    ),
  ),
  tune_updates: option(
    "updates",
    whole("updates of a round, at most", {
      min: 1,
      max: 1_000_000,
      fallback: 600,
    }),
  ),
  tune_batch: option(
    "batch",
    whole("trials of an update of tune", {
      min: 1,
      max: 100_000,
      fallback: 16,
    }),
  ),
  tune_rate: option(
    "learningRate",
    real("learning rate of tune, as a share of the weights' size", {
      above: 0,
      max: 10,
      fallback: 0.03,
    }),
  ),
  tune_guide: option(
    "guide",
    real(
      "weight of the guide, by which units fire as their rate units do, beside the output's error, until 80 % of trials are right",
      { min: 0, max: 1000, fallback: 0.3 },
    ),
  ),
  tune_hold: option(
    "hold",
    real(
      "weight of the guide once 80 % of trials are right; a larger one keeps units closer to their rate units",
      { min: 0, max: 1000, fallback: 0 },
    ),
  ),
  tune_noise: option(
    "noise",
    numbers(
      "strengths of the noise in the trials of tune, in turn; 1 is the model's. Several make a network that bears more and less noise",
      {
        least: 1,
        most: 16,
        min: 0,
        max: 100,
        fallback: [1],
        placeholder: "SCALE...",
      },
    ),
  ),
  tune_amplitude: option(
    "amplitude",
    numbers(
      "least and greatest factor of the stimuli in the trials of updates of tune, drawn for each",
      {
        least: 2,
        most: 2,
        min: 0,
        max: 100,
        fallback: [1, 1],
        placeholder: "FACTOR FACTOR",
      },
    ),
  ),
  tune_shift: option(
    "shift",
    whole(
      "steps by which the trials of an update of tune begin earlier or later, at most, drawn for each update",
      { min: 0, max: 100_000, fallback: 0 },
    ),
  ),
  tune_weights: option(
    "weights",
    oneOf(
      "what tune moves: all weights and bias currents, or the readout alone",
      {
        names: tunedWeights,
        fallback: "all",
        placeholder: tunedWeights.join("|"),
      },
    ),
  ),
});
