/** Sets of training settings that have been tried together. */
import { type NetworkSettings, networkSettings } from "../network/settings.ts";
import type { Flags } from "../settings/kinds.ts";
import { presetDescriptions, type PresetName } from "../settings/presets.ts";
import { trainingSettings, type TrainOptions } from "./options.ts";

export { type PresetName, presetNames } from "../settings/presets.ts";

/**
 * A preset: settings of the network and of its training. Each is also an option
 * of its own, which may be given beside the preset. Settings that a preset does
 * not name have their defaults.
 */
export interface Preset {
  /** Purpose of the preset, in one sentence. */
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

/** What a preset sets, by the names of the library's options. */
function partsOf(name: PresetName, settings: Flags): Record<string, unknown> {
  return Object.fromEntries(
    Object.values(settings).filter(({ option, presets }) =>
      option !== undefined && presets?.[name] !== undefined
    ).map(({ option, presets }) => [option, presets![name]]),
  );
}

function preset(name: PresetName): Preset {
  return {
    description: presetDescriptions[name],
    network: partsOf(name, networkSettings),
    delays: trainingSettings.curriculum.presets![name] ?? [],
    training: partsOf(name, trainingSettings),
  };
}

/**
 * The presets by name; on the command line `robust` applies if none is named;
 * `train` and `createNetwork` use only the given options.
 *
 * `paper` is the recipe of Kim, Li and Sejnowski, PNAS 116:22811 (2019): one
 * trial an update, gradients as they are. `robust` averages the gradient over
 * 16 trials, bounds its norm, gives the answer most of the loss, starts from a
 * network whose expected inhibition equals its excitation, and learns tasks
 * that have a delay with a short one first; once the criteria are met, by the
 * strict rule, training goes on with up to four times the model's noise, for
 * the sake of the spiking network. `fast` stops where the criteria are first
 * met, by the paper's rule. What they give is measured in
 * docs/results/robust-training.md.
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
  robust: preset("robust"),
  fast: preset("fast"),
  paper: preset("paper"),
};
