/** The settings of a training run: what its flags say, and what follows from them. */
import { createNetwork } from "../network/create.ts";
import { usualBetweenGain, usualInhibition } from "../network/settings.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { unitCount } from "../spiking/units.ts";
import type { Task } from "../tasks/types.ts";
import type { PlannedWork } from "./backend_choice.ts";
import type { Values } from "./flags.ts";
import { sizesOf, type trainFlags } from "./train_flags.ts";

/** Values of the flags of a training run. */
export type TrainSettings = Values<typeof trainFlags>;

/** Flags that may be given anew: they do not change what is in the result. */
export const freeFlags: ReadonlySet<string> = new Set([
  "quiet",
  "json",
  "debug",
  "config",
  "output_dir",
  "out",
  "output",
  "force",
  "plots",
  "dashboard",
  "port",
  "log_dir",
  "gpu",
  "gpu_frac",
  "workers",
  "checkpoints",
  "resume",
  // What code may do is for the one who runs it to say, never for a file.
  "trust_task",
]);

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
    inhibitory: settings.P_inh,
    connection: settings.P_rec,
    gain: settings.gain,
    sst: settings.som_N,
    dale: settings.apply_dale,
    activation: settings.act,
    taus: settings.decay_taus as [number] | [number, number],
    weights: settings.w_dist,
    inhibitoryScale: settings.inhibitory_scale,
    betweenConnection: settings.P_inter,
    betweenFrom: settings.inter,
    betweenGain: settings.inter_gain,
    feedback: settings.feedback,
    readout: settings.readout,
    inputTo: settings.input_to,
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
export function optionsOf(settings: TrainSettings) {
  return {
    updates: settings.n_trials,
    batch: settings.batch,
    learningRate: settings.learning_rate,
    loss: settings.loss_fn,
    evalEvery: settings.eval_freq,
    evalTrials: settings.eval_trials,
    stopping: settings.loss_threshold === undefined
      ? undefined
      : { loss: settings.loss_threshold },
    clipNorm: settings.clip_norm,
    answerShare: settings.answer_share,
    noiseLevels: settings.noise_levels,
    criterion: settings.criterion,
  };
}

/**
 * The settings that shape the result, as they go into the model file; every flag
 * that `freeFlags` does not name is one.
 */
export function recorded(
  settings: Readonly<Record<string, unknown>>,
  seed: number,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...settings, seed })
      .filter(([name, value]) => value !== undefined && !freeFlags.has(name)),
  );
}
