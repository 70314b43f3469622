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
  /** For `train`. */
  readonly training: Pick<
    TrainOptions,
    "batch" | "clipNorm" | "learningRate" | "evalEvery" | "noiseLevels"
  >;
}

/**
 * The presets by name; `paper` is what applies where none is named.
 *
 * `paper` is the recipe of Kim, Li and Sejnowski, PNAS 116:22811 (2019): one
 * trial an update, gradients as they are. `robust` averages the gradient over 16
 * trials, bounds its norm, and starts from a network whose expected inhibition
 * equals its excitation. `fast` takes steps twice as large and evaluates twice as
 * often: of batches of 4, 8 and 16 at learning rates of 0.01 and 0.02 it took the
 * least time over three tasks. What they give is
 * measured in docs/robust-mapping.md.
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
  paper: {
    description: "the published recipe: one trial an update",
    network: {},
    training: { batch: 1 },
  },
  robust: {
    description:
      "more trials an update, bounded gradients, balanced inhibition",
    network: { inhibitoryScale: "balanced" },
    training: { batch: 16, clipNorm: 1 },
  },
  fast: {
    description:
      "as robust, with twice the learning rate, evaluated twice as often",
    network: { inhibitoryScale: "balanced" },
    training: { batch: 16, clipNorm: 1, learningRate: 0.02, evalEvery: 50 },
  },
};

/** The names, the default first. */
export const presetNames = Object.keys(presets) as PresetName[];
