/** Batches of fine-tuning: what they are made from, and their trials. */
import type { Backend } from "../backend/types.ts";
import { isTuning, type TuningTrial } from "../backend/spiking_gradient.ts";
import { prepareNetwork } from "../backend/spiking_network.ts";
import {
  type SlopeTable,
  type TunedFilters,
  tunedFilters,
} from "../kernels/lif/tune_launch.ts";
import type { LifNetwork } from "../kernels/lif/types.ts";
import { slopeAt, type TransferCurve } from "../map/transfer.ts";
import { stepsPerRateStep } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import { readyTrials } from "../simulate/trials.ts";
import { unitInputWeights } from "../simulate/unit_inputs.ts";
import type { Task } from "../tasks/types.ts";
import { guidesOf } from "./finetune_guide.ts";
import { lossWeights } from "./finetune_loss.ts";

/** Longest interval of the smoothed model, ms. */
const longestInterval = 5;

/** Longest coarse integration step, ms. */
const longestStep = 0.25;

/** A transfer function, measured at a factor of the noise. */
export interface NoisyCurve {
  readonly noise: number;
  readonly curve: TransferCurve;
}

/** What stays the same from batch to batch. */
export interface Batches {
  readonly task: Task;
  /** The network, mapped for the integration steps of the trials. */
  readonly network: SpikingNetwork;
  /** Integration steps of an interval. */
  readonly stepsPerInterval: number;
  /**
   * Factors of the noise that trials take in turn, made up for these steps:
   * noise is drawn once a step.
   */
  readonly noiseScales: readonly number[];
  /** Slopes of the transfer function at each of them. */
  readonly slopes: readonly SlopeTable[];
  /** Input weights of every unit, one a channel. */
  readonly drives: readonly Float64Array[];
  /** That network as the kernels take it, with what it was mapped with. */
  readonly prepared: LifNetwork;
  /**
   * Filters of the kernels over an interval, made when they are first asked for.
   *
   * @throws {RangeError} for synapses without a filter
   */
  readonly filters: () => TunedFilters;
}

/**
 * Prepares batches, with intervals of up to 5 ms.
 *
 * @param step longest integration step of the trials, ms; the network's own where that
 *   is longer. Defaults to 0.25.
 */
export function prepareBatches(
  spiking: SpikingNetwork,
  task: Task,
  curves: readonly NoisyCurve[],
  step: number = longestStep,
): Batches {
  const steps = stepsPerRateStep(spiking);
  const parts = Math.ceil(spiking.stepMs / longestInterval);
  // Only the LIF unit's equation, which is linear, bears coarse steps.
  const most = spiking.neuron.name === "lif"
    ? Math.max(1, Math.floor(step / spiking.dt + 1e-9))
    : 1;
  const fits = (coarsening: number, intervals: number) =>
    steps % (coarsening * intervals) === 0;
  let intervals = parts;
  while (!fits(1, intervals)) intervals++;
  let coarsening = most;
  while (!fits(coarsening, intervals)) coarsening--;
  const network = { ...spiking, dt: spiking.dt * coarsening };
  const prepared = prepareNetwork(network);
  const stepsPerInterval = steps / coarsening / intervals;
  let filters: TunedFilters | undefined;
  return {
    task,
    network,
    prepared,
    filters: () => filters ??= tunedFilters(prepared, stepsPerInterval),
    stepsPerInterval,
    noiseScales: curves.map(({ noise }) => noise * Math.sqrt(coarsening)),
    slopes: curves.map(({ curve }) => ({
      first: curve.inputs[0],
      step: curve.inputs[1] - curve.inputs[0],
      values: curve.inputs.map((input) => slopeAt(curve, input)),
    })),
    drives: unitInputWeights(spiking.rate),
  };
}

/** How a batch is run. */
export interface BatchOptions {
  readonly trials: number;
  readonly seed: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
  /** Whether synapses and bias currents move, not the readout alone. */
  readonly all: boolean;
  /** Weight of the guide beside the loss of the outputs; 0 for none. */
  readonly guide: number;
}

/** The trials of a batch, with all that its parameters have no part in. */
export type DrawnBatch = readonly TuningTrial[];

/**
 * Draws a batch, which can be done while another one runs.
 *
 * @returns none where {@linkcode batchGradient} draws trials as it runs them
 */
export async function drawBatch(
  batches: Batches,
  options: BatchOptions,
): Promise<DrawnBatch | undefined> {
  const { trials, seed, backend, signal } = options;
  if (!options.all || !isTuning(backend)) return undefined;
  const { task, network, stepsPerInterval, noiseScales } = batches;
  const guides = options.guide > 0
    ? await guidesOf(network, task, options)
    : [];
  signal?.throwIfAborted();
  const ready = await readyTrials(
    {
      source: { task, conditions: task.conditions },
      random: randomStream(seed),
      kind: "spiking",
      noiseScale: noiseScales,
    },
    { from: 0, to: trials },
    (trial, noise) => ({ ...trial, noise }),
  );
  const perStep = stepsPerRateStep(network) / stepsPerInterval;
  const intervals = task.steps * perStep;
  return ready.map(({ trial: { trial }, placed }, k) => {
    const counts = lossWeights(trial!, task);
    const total = counts.reduce((sum, weight) => sum + weight, 0) || 1;
    const of = (value: (step: number) => number) => {
      const all = new Float32Array(intervals);
      for (let k = 0; k < intervals; k++) {
        all[k] = value(Math.floor(k / perStep));
      }
      return all;
    };
    return {
      trial: placed,
      slopes: slopesOf(batches, k),
      weights: of((step) => counts[step] / (total * perStep * trials)),
      targets: of((step) => trial!.target[step]),
      guide: guides[k] && {
        rates: guides[k].rates,
        columns: guides[k].columns,
        weight: options.guide / trials,
      },
    };
  });
}

/** Slopes at the noise that a trial has: every condition gets every strength. */
export function slopesOf({ slopes, task }: Batches, trial: number): SlopeTable {
  const round = Math.floor(trial / task.conditions.length);
  return slopes[round % slopes.length];
}
