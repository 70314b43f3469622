/** Flags of `train`, which `eval` uses too, to find what was trained. */
import { activations } from "../network/types.ts";
import { performanceRules } from "../network/scores.ts";
import { presetNames } from "../train/presets.ts";
import { shownByPreset, usualPreset } from "./preset.ts";
import {
  backendFlags,
  configFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";
import {
  type Flags,
  grouped,
  listOrNone,
  oneOf,
  text,
  trueFalse,
  type Values,
} from "./flags.ts";
import { numbers, real, realOr, whole } from "./number_flags.ts";
import { watchFlags } from "./watch.ts";

/** The network. */
export const networkFlags = grouped("Network", {
  N: whole("number of units (of each layer)", {
    min: 1,
    max: 100_000,
    fallback: 200,
    placeholder: "UNITS",
  }),
  P_inh: real("probability that a unit is inhibitory", {
    min: 0,
    max: 1,
    fallback: 0.2,
    placeholder: "PROBABILITY",
  }),
  P_rec: real("probability of a recurrent synapse before training", {
    above: 0,
    max: 1,
    fallback: 0.2,
    placeholder: "PROBABILITY",
  }),
  som_N: whole("number of somatostatin (SST) units among the inhibitory", {
    min: 0,
    fallback: 0,
    placeholder: "UNITS",
  }),
  apply_dale: trueFalse(
    "Dale's principle: a unit is either excitatory or inhibitory",
    { fallback: true },
  ),
  gain: real("gain of the initial weights", { min: 0, fallback: 1.5 }),
  inhibitory_scale: realOr(
    "multiplies the initial weights of inhibitory units; balanced: as much inhibition as excitation",
    {
      names: ["balanced"] as const,
      min: 0,
      fallback: undefined,
      shown: shownByPreset("inhibitory_scale"),
    },
  ),
  w_dist: oneOf("distribution of the initial weights", {
    names: ["gaus", "gamma"] as const,
    fallback: "gaus",
  }),
  act: oneOf("activation of the units", {
    names: activations,
    fallback: "sigmoid",
    placeholder: activations.join("|"),
  }),
  decay_taus: numbers(
    "bounds of the trained synaptic decay time constants, in steps; one number fixes them",
    {
      least: 1,
      most: 2,
      min: 1,
      fallback: [4, 20],
      placeholder: "MIN MAX|TAU",
    },
  ),
});

/** Several layers. */
export const layerFlags = grouped("Layers", {
  n_layers: whole("number of layers, of N units each", {
    min: 1,
    max: 100,
    fallback: 1,
  }),
  layer_sizes: numbers("units of each layer, in place of --N and --n_layers", {
    least: 1,
    most: 100,
    min: 1,
    max: 100_000,
    whole: true,
    fallback: undefined,
    placeholder: "UNITS...",
  }),
  P_inter: real("probability of a synapse from a layer to the next", {
    min: 0,
    max: 1,
    fallback: 0.8,
    placeholder: "PROBABILITY",
  }),
  inter: oneOf("which units project to the next layer", {
    names: ["exc", "all"] as const,
    fallback: "exc",
  }),
  inter_gain: real("expected summed weight from the layer below onto a unit", {
    min: 0,
    fallback: undefined,
    shown: "2 for the sigmoid, 1 for the others",
  }),
  feedback: real("probability of a synapse from a layer to the one below", {
    min: 0,
    max: 1,
    fallback: 0,
    placeholder: "PROBABILITY",
  }),
  readout: oneOf("layers that are read", {
    names: ["last", "all"] as const,
    fallback: "last",
  }),
  input_to: oneOf("layers that get the stimulus", {
    names: ["first", "all"] as const,
    fallback: "first",
  }),
});

/**
 * Units of each layer that the flags ask for.
 *
 * @throws {RangeError} where they contradict one another
 */
export function sizesOf(
  { N, n_layers, layer_sizes }: Pick<
    Values<typeof networkFlags & typeof layerFlags>,
    "N" | "n_layers" | "layer_sizes"
  >,
): readonly number[] {
  if (layer_sizes && n_layers !== 1 && n_layers !== layer_sizes.length) {
    throw new RangeError(
      `Cannot make ${n_layers} layers (--n_layers) of ${layer_sizes.length} ` +
        "sizes (--layer_sizes): allowed is one size a layer",
    );
  }
  return layer_sizes ?? new Array<number>(n_layers).fill(N);
}

/** How it is trained. */
export const trainingFlags = grouped("Training", {
  preset: oneOf(
    "settings that go together (batch, clip_norm, learning_rate, eval_freq, inhibitory_scale, answer_share, curriculum, noise_levels, criterion); flags given win over them",
    { names: presetNames, fallback: usualPreset },
  ),
  n_trials: whole(
    "largest number of updates: counts updates, not trials, with any batch",
    {
      min: 1,
      fallback: 5000,
    },
  ),
  batch: whole("trials of an update", {
    min: 1,
    max: 100_000,
    fallback: 1,
    shown: shownByPreset("batch"),
  }),
  loss_fn: oneOf("loss over a trial: l2 root of summed squares, l1 sum", {
    names: ["l1", "l2"] as const,
    fallback: "l2",
  }),
  answer_share: real(
    "share of the loss that the answer has (the steps of the strict window), where one is due; 0: all steps weigh alike",
    {
      min: 0,
      below: 1,
      fallback: 0,
      placeholder: "SHARE",
      shown: shownByPreset("answer_share"),
    },
  ),
  curriculum: listOrNone(numbers(
    "shorter delays to learn with first, in turn, in steps, where the task has a delay: the next begins where the criteria are met",
    {
      least: 1,
      most: 20,
      min: 0,
      whole: true,
      fallback: [],
      placeholder: "DELAY...|none",
      shown: shownByPreset("curriculum"),
    },
  )),
  learning_rate: real("learning rate of Adam", {
    above: 0,
    fallback: 0.01,
    shown: shownByPreset("learning_rate"),
  }),
  clip_norm: real("largest norm of the gradient; a larger one is scaled down", {
    above: 0,
    fallback: undefined,
    shown: shownByPreset("clip_norm"),
  }),
  noise_levels: numbers(
    "multiples of the model's noise to train with, in turn: the next begins where the criteria are met, training ends where they are at the last",
    {
      least: 1,
      most: 20,
      min: 0,
      fallback: [1],
      placeholder: "LEVEL...",
      shown: shownByPreset("noise_levels"),
    },
  ),
  loss_threshold: real("mean loss below which training may stop", {
    above: 0,
    fallback: undefined,
    shown: "the task's, 7",
  }),
  criterion: oneOf(
    "rule whose performance must be above the task's 95 % before training may stop",
    {
      names: performanceRules,
      fallback: "paper",
      shown: shownByPreset("criterion"),
    },
  ),
  eval_freq: whole("updates from one evaluation to the next", {
    min: 1,
    fallback: 100,
    shown: shownByPreset("eval_freq"),
  }),
  eval_trials: whole("trials of an evaluation", {
    min: 1,
    max: 1_000_000,
    fallback: 100,
  }),
});

/** Where the model goes. */
export const placeFlags = grouped("Output", {
  output_dir: text("folder in which models/… and plots/… are made", {
    fallback: ".",
    placeholder: "FOLDER",
  }),
  plots: trueFalse(
    "draw performance, loss, activity and output at the evaluations, as PNG and SVG in plots/…; an evaluation is left out where drawing would slow training, the last one never",
    { fallback: true },
  ),
});

/** A flag of the original's command line that means nothing here. */
export const originalFlags = grouped("Running", {
  gpu_frac: real(
    "share of the graphics card's memory: accepted, memory is taken as needed",
    { above: 0, max: 1, fallback: undefined, placeholder: "FRACTION" },
  ),
});

/** What is kept of a run that does not come to its end. */
export const checkpointFlags = grouped("Output", {
  checkpoints: trueFalse(
    "keep the last two states of the run beside the model, at every evaluation and when it is stopped, until the model is saved",
    { fallback: true },
  ),
  resume: text(
    "go on with a run, from its folder (NAME.run) or one of its checkpoints, under the settings it was begun with",
    { fallback: undefined, placeholder: "FOLDER|FILE" },
  ),
});

/** All of them. */
export const trainFlags = {
  ...taskFlags,
  ...networkFlags,
  ...layerFlags,
  ...trainingFlags,
  ...seedFlags,
  ...backendFlags,
  ...originalFlags,
  ...placeFlags,
  ...checkpointFlags,
  ...watchFlags,
  ...configFlags,
  ...outputFlags,
} satisfies Flags;
