/** Fine-tuning of a mapped network's weights by surrogate gradients. */
import type { Backend } from "../backend/types.ts";
import { evaluateSpiking } from "../evaluate/spiking.ts";
import type { Score } from "../evaluate/types.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import { batchGradient, prepareBatches } from "./finetune_batch.ts";
import {
  calibrationOf,
  parametersOf,
  WeightOptimiser,
} from "./finetune_parameters.ts";
import { isBetter } from "./selection.ts";
import { transferCurve } from "./transfer.ts";

/** What tuning may change. */
export type TunedWeights = "all" | "readout";

/** All of them. */
export const tunedWeights: readonly TunedWeights[] = ["all", "readout"];

/** How the weights are tuned. */
export interface TuneSettings {
  /** Updates at most. */
  readonly updates: number;
  /** Trials of an update. */
  readonly batch: number;
  /** Share of the weights' root mean square by which an update moves a weight. */
  readonly learningRate: number;
  /** The readout alone, or the synapses as well. */
  readonly weights: TunedWeights;
}

/** How they are tuned unless told. */
export const tuneDefaults: TuneSettings = {
  updates: 600,
  batch: 16,
  learningRate: 0.03,
  weights: "all",
};

/** What tuning needs beside its settings. */
export interface TuneOptions extends TuneSettings {
  /** Of all trials and noise. */
  readonly seed: number;
  /** Trials of each check of how far it is; 100 where it is less. */
  readonly trials: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  /** Told after every update. */
  readonly onUpdate?: (update: TuneUpdate) => void;
}

/** An update was done. */
export interface TuneUpdate {
  /** Updates so far. */
  readonly done: number;
  /** Updates at most. */
  readonly total: number;
  /** Mean squared error of the outputs before it. */
  readonly loss: number;
}

/** @throws {RangeError} for numbers out of range, or unknown weights */
export function checkTune(settings: TuneSettings): void {
  const { updates, batch, learningRate, weights } = settings;
  for (const [name, value] of Object.entries({ updates, batch })) {
    if (!(Number.isSafeInteger(value) && value >= 1)) {
      throw new RangeError(
        `Cannot tune: ${name} is ${value}, allowed are whole numbers from 1`,
      );
    }
  }
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new RangeError(
      `Cannot tune: a learning rate of ${learningRate}, it must be above 0`,
    );
  }
  if (!tunedWeights.includes(weights)) {
    throw new RangeError(
      `Cannot tune the weights ${JSON.stringify(weights)}: ` +
        `allowed are ${tunedWeights.join(", ")}`,
    );
  }
}

/**
 * Trials of a check at least: where fewer are all right, there may still be more
 * wrong ones than a twentieth.
 */
const leastCheckTrials = 100;

/** Updates from one check to the next. */
const checkEvery = 20;

/** Checks in a row without a better one after which it ends. */
const patience = 10;

/** The learning rate falls to this share of it, linearly. */
const lastShare = 0.1;

/** Learning rate of the offset: outputs are about 1. */
const offsetShare = 0.1;

/**
 * Moves readout and synaptic weights down the gradient of the output's squared
 * error, taken on spiking trials. Trials are run forward as spikes (LIF units in
 * steps of 0.25 ms with noise of the same strength), and backward through the
 * smoothed model: intervals of 5 ms, in which a spike has the derivative of its
 * expected number, from the measured transfer function, at the inputs that
 * occurred. Before the first update and after every some the network is tried with
 * its own integration step, and the best is returned; where all trials are right,
 * or none of ten checks was better than the best before them, it ends.
 *
 * A weight keeps its sign, and an absent synapse stays absent.
 *
 * @param spiking the network; tuning starts from its calibration
 * @returns the calibration with the gains of readout and synapses
 * @throws {RangeError} for synapses without a filter
 */
export async function tuneWeights(
  spiking: SpikingNetwork,
  task: Task,
  options: TuneOptions,
): Promise<Calibration> {
  const { updates, batch, learningRate, backend, signal } = options;
  const random = randomStream(options.seed).fork("tune");
  const all = options.weights === "all";
  const curve = await transferCurve(spiking, {
    seed: random.fork("transfer").key,
    backend,
    signal,
  });
  const batches = prepareBatches(spiking, task, curve);
  const parameters = parametersOf(spiking);
  const synapses = new WeightOptimiser(parameters.synapses);
  const readout = new WeightOptimiser(parameters.readout);
  const check = async (): Promise<Checked> => {
    const calibration = calibrationOf(spiking, parameters, all);
    const score = await evaluateSpiking({ ...spiking, calibration }, task, {
      seed: random.fork("check").key,
      trials: Math.max(leastCheckTrials, options.trials),
      balanced: true,
      backend,
      signal,
    });
    return { calibration, score };
  };
  let best = await check();
  let worse = 0;
  for (let k = 1; k <= updates && !isPerfect(best.score); k++) {
    signal?.throwIfAborted();
    const gradient = await batchGradient(batches, parameters, {
      trials: batch,
      seed: random.fork(`batch ${k}`).key,
      backend,
      signal,
      all,
    });
    const rate = learningRate * (1 - (1 - lastShare) * (k - 1) / updates);
    if (all) synapses.update(gradient.synapses, rate);
    readout.update(gradient.readout, rate);
    parameters.offset -= offsetShare * rate * Math.sign(gradient.offset);
    options.onUpdate?.({ done: k, total: updates, loss: gradient.loss });
    if (k % checkEvery !== 0 && k !== updates) continue;
    const checked = await check();
    if (isBetter(checked.score, best.score)) {
      best = checked;
      worse = 0;
    } else if (++worse === patience) break;
  }
  return best.calibration;
}

/** How well a calibration did in a check. */
interface Checked {
  readonly calibration: Calibration;
  readonly score: Score;
}

function isPerfect({ strict }: Score): boolean {
  return strict.correct === strict.trials;
}
