/** Sets of training settings that have been tried together. */
import type { NetworkSettings } from "../network/settings.ts";
import type { TrainOptions } from "./options.ts";

/** Names of the presets. */
export type PresetName = "paper" | "robust" | "fast";

/**
 * A preset: settings of the network and of its training, each of them an option
 * of its own that may be given beside the preset. What a preset does not name
 * has its usual value.
 */
export interface Preset {
  /** What it is for, in one sentence. */
  readonly description: string;
  /** For `createNetwork`. */
  readonly network: Pick<NetworkSettings, "inhibitoryScale">;
  /** For `shorterDelays`: the delays to learn with first, steps. */
  readonly delays: readonly number[];
  /** For `train`. */
  readonly training: Pick<
    TrainOptions,
    | "batch"
    | "clipNorm"
    | "learningRate"
    | "evalEvery"
    | "answerShare"
    | "noiseLevels"
    | "criterion"
  >;
}

/** Of batches of 4, 8 and 16 and rates of 0.01 and 0.02 the quickest over three tasks. */
const averaged = {
  batch: 16,
  clipNorm: 1,
  learningRate: 0.02,
  evalEvery: 50,
  answerShare: 0.7,
} as const;

/** A delay that is learned in 100 to 250 updates, from which the task's own is near. */
const shortFirst = [10] as const;

/**
 * The presets by name; on the command line `robust` applies where none is named,
 * in `train` and `createNetwork` nothing but what is given.
 *
 * `paper` is the recipe of Kim, Li and Sejnowski, PNAS 116:22811 (2019): one
 * trial an update, gradients as they are. `robust` averages the gradient over 16
 * trials, bounds its norm, gives the answer most of the loss, starts from a
 * network whose expected inhibition equals its excitation, and learns tasks that
 * have a delay with a short one first; once the criteria are met, by the strict
 * rule, training goes on with up to four times the model's noise, for the sake of
 * the spiking network. `fast` stops where the criteria are first met, by the
 * paper's rule.
 * What they give is measured in docs/robust-training.md.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, presets, randomStream } from "@spikernn/spikernn";
 * const { network, training } = presets.robust;
 * const rate = createNetwork({ channels: 2, units: 20, ...network }, randomStream(1));
 * assert(rate.layers[0].size === 20 && training.batch === 16);
 * ```
 */
export const presets: Readonly<Record<PresetName, Preset>> = {
  robust: {
    description: "larger batches, bounded gradients, balanced inhibition, " +
      "most of the loss on the answer, a short delay first, " +
      "then stronger noise: networks that map well",
    network: { inhibitoryScale: "balanced" },
    delays: shortFirst,
    training: {
      ...averaged,
      noiseLevels: [1, 2, 4, 4, 4],
      criterion: "strict",
    },
  },
  fast: {
    description: "as robust, without the stronger noise: the quickest training",
    network: { inhibitoryScale: "balanced" },
    delays: shortFirst,
    training: averaged,
  },
  paper: {
    description: "the published recipe: one trial an update",
    network: {},
    delays: [],
    training: { batch: 1 },
  },
};

/** The names, the default first. */
export const presetNames = Object.keys(presets) as PresetName[];
