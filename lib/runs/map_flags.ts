/** Flags of `map`. */
import { calibrationSteps } from "../network/calibration_steps.ts";
import { tuneDefaults, tunedWeights } from "../calibrate/finetune_settings.ts";
import { performanceRules } from "../network/scores.ts";
import {
  backendFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";
import {
  apart,
  type Flag,
  type Flags,
  grouped,
  oneOf,
  onOff,
  words,
} from "../settings/kinds.ts";
import { numbers, real, whole } from "../settings/numbers.ts";
import { factorHint, mappingFlags } from "./spiking_flags.ts";
import { watchFlags } from "./watch.ts";

/** Flags of `map`. */
export const mapFlags = {
  ...grouped("Search", {
    factors: numbers("scaling factors (1/lambda) to try", {
      least: 1,
      most: Infinity,
      min: 1,
      hint: factorHint,
      fallback: undefined,
      placeholder: "FACTOR...",
      shown: "20 25 … 75 for the sigmoid, 4 6 … 26 for the others",
    }),
    trials: whole("trials of each factor", {
      min: 1,
      max: 10_000_000,
      fallback: 100,
    }),
    select: oneOf(
      "rule that chooses: strict by output error among the best, paper by performance",
      {
        names: performanceRules,
        fallback: "strict",
        placeholder: performanceRules.join("|"),
      },
    ),
    refine: onOff("search on between the best factor and its better neighbour"),
    factor_per_layer: onOff(
      "of several layers: search on for one factor for each layer, kept where fresh trials say that it helps",
    ),
    // Absent rather than false, so that only runs that used it record it.
    write_anyway: {
      ...onOff("write the best factor even if no factor works"),
      fallback: undefined,
    } as Flag<boolean | undefined>,
    ...apart("person", {
      force: onOff("search again where a model has been searched already"),
    }),
  }),
  ...grouped("Calibration", {
    calibrate: words(
      "steps beyond the factor: readout fits gains of excitatory and inhibitory units and an offset of the output, units a bias current and gain of every unit, weights an output gain of every unit, tune gains of all synapses and outputs and bias currents by gradients of spiking trials; each is kept where fresh trials say that it helps. A model that was searched already is calibrated at its factor",
      {
        placeholder: `${calibrationSteps.join("|")}...`,
        allowed: calibrationSteps.join(", "),
        pattern: new RegExp(`^(${calibrationSteps.join("|")})$`, "i"),
        names: calibrationSteps,
        shown: "none",
      },
    ),
    calibrate_trials: whole("trials that a step is fitted on", {
      min: 1,
      max: 100_000,
      fallback: 40,
    }),
    calibrate_iterations: whole("corrections of the bias currents of units", {
      min: 0,
      max: 1000,
      fallback: 3,
    }),
    tune_rounds: whole(
      "rounds of the step tune, at most: where fewer than 97 % of 200 trials are right (of 600 where 200 leave doubt) another begins, from the best so far, the third and fourth from twice and half the factor",
      { min: 1, max: 1000, fallback: tuneDefaults.rounds },
    ),
    tune_updates: whole("updates of a round, at most", {
      min: 1,
      max: 1_000_000,
      fallback: tuneDefaults.updates,
    }),
    tune_batch: whole("trials of each of them", {
      min: 1,
      max: 100_000,
      fallback: tuneDefaults.batch,
    }),
    tune_rate: real("their learning rate, a share of the weights' size", {
      above: 0,
      max: 10,
      fallback: tuneDefaults.learningRate,
    }),
    tune_guide: real(
      "weight of units firing as their rate units do, beside the output's error, until 80 % of trials are right",
      { min: 0, max: 1000, fallback: tuneDefaults.guide },
    ),
    tune_weights: oneOf(
      "what they move: all weights and bias currents, or the readout alone",
      {
        names: tunedWeights,
        fallback: tuneDefaults.weights,
        placeholder: tunedWeights.join("|"),
      },
    ),
  }),
  ...taskFlags,
  ...mappingFlags,
  ...seedFlags,
  ...backendFlags,
  ...watchFlags,
  ...outputFlags,
} satisfies Flags;
