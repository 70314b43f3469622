/**
 * Settings of evaluations and of perturbed runs, by the names of the command
 * line, with the library's defaults.
 */
import {
  grouped,
  oneOf,
  onOff,
  option,
  text,
  word,
  words,
} from "../settings/kinds.ts";
import { real, whole } from "../settings/numbers.ts";

/** Trials that performances are measured on by default. */
export const usualTrials = 100;

/** Settings of an evaluation. */
export const evaluationSettings = grouped("Evaluation", {
  trials: option(
    "trials",
    whole("number of trials", {
      min: 1,
      max: 10_000_000,
      fallback: usualTrials,
    }),
  ),
});

/** The default stimulation: of spiking units (mV, share of steps), of rate units. */
export const usualStimulation = {
  spiking: { amount: 0.5, probability: 0.5 },
  rate: { amount: 1 },
} as const;

const populations = {
  placeholder: "UNITS...",
  allowed: "E, I, SST, PV and numbers of units from 0",
  pattern: /^(E|I|SST|PV|\d{1,9})$/i,
} as const;

/** A class of units at one end of synapses, as the command line names it. */
export const synapseClass = {
  placeholder: "CLASS",
  allowed: "E, I, SST, PV, all, of one layer 1:E, 2:all, …",
  pattern: /^(\d{1,3}:)?(E|I|SST|PV|all)$/i,
  shown: "all",
} as const;

/** When synapses are changed. */
export const synapseWindow = {
  placeholder: "ON:OFF|EPOCH",
  allowed: "ON:OFF in ms, as in 375:1000, stimulus, delay, response, whole",
  pattern: /^(\d+(\.\d+)?:\d+(\.\d+)?|stimulus|delay|response|whole)$/i,
  shown: "whole",
} as const;

/** Changes of synapses of a run, the same for rate and spiking networks. */
export const modificationSettings = grouped("Synapses", {
  from: word("class of presynaptic units whose synapses change", synapseClass),
  to: word("class of postsynaptic units whose synapses change", synapseClass),
  scale: real("multiplies the weights of these synapses", {
    min: 0,
    fallback: undefined,
  }),
  cut: real("sets a share of these synapses to 0, drawn by the seed", {
    min: 0,
    max: 1,
    fallback: undefined,
  }),
  shuffle: onOff("permutes the weights of these synapses among their places"),
  window: word("when these synapses are changed", synapseWindow),
});

/** Perturbations, the same for rate and spiking networks. */
export const perturbationSettings = grouped("Perturbations", {
  stim: oneOf("stimulate units: excite or inhibit them", {
    names: ["exc", "inh"] as const,
    fallback: undefined,
  }),
  stim_units: words("units to stimulate", populations),
  stim_window: text("when to stimulate them, ms from the start of the trial", {
    fallback: undefined,
    placeholder: "ON:OFF",
  }),
  stim_amount: real(
    "size of a push: mV (spiking), added to x at every step (rate)",
    {
      above: 0,
      fallback: undefined,
      shown: `${usualStimulation.spiking.amount}, of rate units ` +
        usualStimulation.rate.amount,
    },
  ),
  stim_probability: real("probability of a push at an integration step", {
    min: 0,
    max: 1,
    fallback: undefined,
    shown: String(usualStimulation.spiking.probability),
  }),
  lesion: words("units without outgoing synapses and readout", populations),
  noise: option(
    "noiseScale",
    real("multiplies the noise of the model, 0 for none", {
      min: 0,
      fallback: 1,
    }),
  ),
});
