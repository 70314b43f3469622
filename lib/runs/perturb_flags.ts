/** Flags of `perturb`. */
import {
  apart,
  type Flags,
  grouped,
  oneOf,
  onOff,
  text,
  type Values,
  words,
} from "../settings/kinds.ts";
import { numbers, real, whole } from "../settings/numbers.ts";
import { figureFormats } from "../report/names.ts";
import {
  synapseClass,
  synapseWindow,
  usualTrials,
} from "../simulate/settings.ts";
import { analysisNames } from "./analyse/registry.ts";
import { factorSettings, mappingSettings } from "../spiking/settings.ts";
import {
  backendFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";

const classes = { ...synapseClass, placeholder: "CLASS..." } as const;
const window = { ...synapseWindow, placeholder: "ON:OFF|EPOCH..." } as const;

/** What is done to a network: flags of `perturb`, and keys in a sweep's plan. */
export const perturbedSettings = {
  ...grouped("Synapses", {
    from: words(
      "classes of presynaptic units, each with each of --to",
      classes,
    ),
    to: words("classes of postsynaptic units", classes),
    scale: numbers("multiply weights by", {
      min: 0,
      least: 1,
      most: 1000,
      fallback: undefined,
    }),
    cut: numbers("set shares of the synapses to 0, drawn by the seed", {
      min: 0,
      max: 1,
      least: 1,
      most: 1000,
      fallback: undefined,
    }),
    shuffle: onOff("permute weights among the places of the synapses"),
    window: words("when synapses are changed, each on its own", window),
  }),
  ...grouped("Units and noise", {
    lesion: numbers("lesion shares of the units, drawn by the seed", {
      above: 0,
      max: 1,
      least: 1,
      most: 1000,
      fallback: undefined,
    }),
    units: words("classes of units for --lesion and --stim, each on its own", {
      ...classes,
    }),
    noise: numbers("multiply the noise by", {
      min: 0,
      least: 1,
      most: 1000,
      fallback: undefined,
    }),
    stim: oneOf("stimulate units: excite or inhibit them", {
      names: ["exc", "inh"] as const,
      fallback: undefined,
    }),
    stim_window: words("when to stimulate, each on its own", {
      placeholder: "ON:OFF...",
      allowed: "ON:OFF in ms, as in 250:375",
      pattern: /^\d+(\.\d+)?:\d+(\.\d+)?$/,
    }),
    stim_amount: real("size of a push: mV (spiking), added to x (rate)", {
      above: 0,
      fallback: undefined,
      shown: "0.5, of rate units 1",
    }),
  }),
  ...grouped("Evaluation", {
    together: onOff("make all given changes together, in every combination"),
    network: oneOf("which network", {
      names: ["both", "rate", "spiking"] as const,
      fallback: "both",
      shown: "both; rate if the model has no factor",
    }),
    measure: words(
      "analyses whose numbers each point has beside the intact network",
      {
        placeholder: "NAME...",
        allowed: analysisNames.join(", "),
        pattern: new RegExp(`^(${analysisNames.join("|")})$`, "i"),
        names: analysisNames,
        shown: "none",
      },
    ),
    trials: whole("trials of each point, the same for all", {
      min: 1,
      max: 100_000,
      fallback: usualTrials,
    }),
  }),
} satisfies Flags;

/** Flags of `perturb`. */
export const perturbFlags = {
  ...perturbedSettings,
  ...taskFlags,
  ...factorSettings,
  ...mappingSettings,
  ...grouped("Output", {
    ...apart("person", {
      output: text("folder for table and figures", {
        fallback: undefined,
        placeholder: "FOLDER",
        path: "folder",
        shown: "beside the model, …_perturbed",
      }),
      format: oneOf("format of the figures", {
        names: figureFormats,
        fallback: "svg",
      }),
    }),
    save: text("write the changed network as a new model", {
      fallback: undefined,
      placeholder: "FILE.mat",
      path: "file",
    }),
  }),
  ...seedFlags,
  ...backendFlags,
  ...apart(
    "person",
    grouped("Output", {
      force: onOff("write over a file of another kind"),
    }),
  ),
  ...outputFlags,
} satisfies Flags;

/** What is done to a network, as values. */
export type PerturbedSettings = Values<typeof perturbedSettings>;

/** Values of the flags of `perturb`. */
export type PerturbSettings = Values<typeof perturbFlags>;
