/** The settings of a training run: what its flags say, and what follows from them. */
import { createNetwork } from "../network/create.ts";
import {
  layerSettings,
  networkSettings,
  usualBetweenGain,
  usualInhibition,
} from "../network/settings.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { unitCount } from "../network/geometry.ts";
import type { Task } from "../tasks/types.ts";
import type { PlannedWork } from "./backend_choice.ts";
import {
  type Flags,
  isFree,
  optionsOf,
  type Values,
} from "../settings/kinds.ts";
import { trainingSettings } from "../train/options.ts";
import { sizesOf, type trainFlags } from "./train_flags.ts";

/** Values of the flags of a training run. */
export type TrainSettings = Values<typeof trainFlags>;

/** With what the network decides by default: a record says it all, whatever a later version takes by default. */
export function resolved(given: TrainSettings) {
  return {
    ...given,
    inhibitory_scale: given.inhibitory_scale ??
      usualInhibition({ units: sizesOf(given) }),
    inter_gain: given.inter_gain ?? usualBetweenGain({ activation: given.act }),
  };
}

/** The network that training begins with. */
export function networkOf(
  settings: TrainSettings,
  task: Task,
  seed: number,
): RateNetwork {
  return createNetwork({
    units: sizesOf(settings),
    channels: task.channels.length,
    ...optionsOf(networkSettings, settings),
    ...optionsOf(layerSettings, settings),
    taus: settings.decay_taus as [number] | [number, number],
  }, randomStream(seed).fork("network"));
}

/** What the run asks of a backend. */
export function workOf(
  network: RateNetwork,
  task: Task,
  settings: TrainSettings,
): PlannedWork {
  return {
    kind: "train",
    units: unitCount(network),
    steps: task.steps,
    trials: settings.batch,
    times: settings.n_trials,
  };
}

/** The options of `train`, in the library's words. */
export function trainOptions(settings: TrainSettings) {
  return {
    ...optionsOf(trainingSettings, settings),
    stopping: settings.loss_threshold === undefined
      ? undefined
      : { loss: settings.loss_threshold },
  };
}

/** The settings that shape the result, as they go into the model file. */
export function recorded(
  flags: Flags,
  settings: Readonly<Record<string, unknown>>,
  seed: number,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...settings, seed })
      .filter(([name, value]) => value !== undefined && !isFree(flags, name)),
  );
}
