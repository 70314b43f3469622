/** Figures of a network alone: what the model file says, without simulation. */
import { unitCount } from "../../network/geometry.ts";
import type { Model } from "../../network/records.ts";
import {
  allDecayTimeConstants,
  allEffectiveWeights,
  effectiveProjection,
  effectiveWeights,
} from "../../network/effective.ts";
import { eigenvalues } from "../../network/eigenvalues.ts";
import { transferFunctions } from "../../network/activations.ts";
import type { RateNetwork } from "../../network/types.ts";
import type { Decomposed } from "../../records/events.ts";
import { randomStream } from "../../random/stream.ts";
import { drawTrials } from "../../tasks/draw.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import type { Task } from "../../tasks/types.ts";
import type { SearchData } from "../figures/search.ts";
import type { SpectrumData } from "../figures/spectrum.ts";
import type { TaskData } from "../figures/task.ts";
import type { TausData } from "../figures/taus.ts";
import type { TrainingData } from "../figures/training.ts";
import type { WeightsData } from "../figures/weights.ts";
import type { TimeWindow } from "../types.ts";
import { layerGroups, unitGroups } from "./order.ts";

/** The record of training; the stopping rule where the task is known. */
export function trainingData(model: Model, task?: Task): TrainingData {
  const { losses, evaluations } = model.training!;
  const share = model.provenance?.settings.answer_share;
  return {
    losses,
    evaluations,
    ...(typeof share === "number" && { answerShare: share }),
    ...(task && { stopping: task.stopping }),
  };
}

/** The effective weights within layers, then between them, sorted. */
export function weightsData({ network }: Model): WeightsData {
  const { layers, between, dale } = network;
  const groups = layers.map((layer) => layerGroups(layer, dale));
  const populations = groups.map((of) =>
    of.map(({ type, units }) => ({ type, size: units.length }))
  );
  const sorted = (weights: Float64Array, to: number, from: number) => {
    const columns = groups[from].flatMap(({ units }) => units);
    const matrix = new Float64Array(weights.length);
    groups[to].flatMap(({ units }) => units).forEach((i, row) =>
      columns.forEach((j, column) => {
        const at = i * columns.length + j;
        matrix[row * columns.length + column] = weights[at];
      })
    );
    return matrix;
  };
  return {
    layers: [
      ...layers.map((_, l) => ({
        name: layers.length > 1 ? `Layer ${l + 1}` : "Recurrent",
        matrix: sorted(effectiveWeights(network, l), l, l),
        populations: populations[l],
      })),
      ...between.map((projection) => {
        const { to } = projection;
        const from = projection.from as number;
        return {
          name: `Layer ${from + 1} to ${to + 1}`,
          matrix: sorted(effectiveProjection(network, projection), to, from),
          populations: populations[to],
          sources: populations[from],
        };
      }),
    ],
  };
}

/**
 * Eigenvalues of the recurrent weights, of all layers with what connects them.
 *
 * @param model whose network, and whose initial one where it is known
 * @param options what stops it, and who is told how far it is
 */
export async function spectrumData(
  model: Model,
  { signal, onProgress }: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (event: Decomposed) => void;
  } = {},
): Promise<SpectrumData> {
  const { network, initial } = model;
  const networks = initial ? [initial, network] : [network];
  const shares = networks.map(() => 0);
  const spectra = await Promise.all(
    networks.map((of, k) =>
      eigenvalues(allEffectiveWeights(of), unitCount(of), {
        signal,
        onProgress: onProgress && ((share) => {
          shares[k] = Math.floor(100 * share);
          onProgress({
            kind: "decomposed",
            done: shares.reduce((sum, done) => sum + done, 0),
            total: 100 * networks.length,
          });
        }),
      })
    ),
  );
  const after = spectra.pop()!;
  const [before] = spectra;
  return {
    ...(before && { before }),
    after,
    slope: transferFunctions[network.activation].steepest,
  };
}

/** Decay time constants in ms. */
export function tausData(
  { network, initial }: Model,
  stepMs: number,
): TausData {
  const taus = (of: RateNetwork) =>
    Array.from(allDecayTimeConstants(of), (steps) => steps * stepMs);
  const now = taus(network);
  const [low, high] = network.taus;
  return {
    populations: unitGroups(network).map(({ layer, type, units }) => ({
      layer,
      type,
      taus: units.map((unit) => now[unit]),
    })),
    ...(initial && high !== undefined && { before: taus(initial) }),
    bounds: high === undefined ? [low * stepMs] : [low * stepMs, high * stepMs],
  };
}

/** The record of the search. */
export function searchData({ search }: Model): SearchData {
  return search!;
}

/** Stimulus windows of a task, in ms. */
export function stimulusWindows(task: Task): TimeWindow[] {
  return task.stimuli.map(({ name, from, to }) => ({
    name,
    from: from * task.stepMs,
    to: to * task.stepMs,
  }));
}

/** Strict window, in ms: output k belongs to step k + 1. */
export function responseWindow({ windows, stepMs, steps }: Task): TimeWindow {
  return {
    name: "response",
    from: (windows.strict.from + 1) * stepMs,
    to: Math.min(windows.strict.to + 1, steps) * stepMs,
  };
}

/** One trial of each condition. */
export async function taskData(task: Task, seed: number): Promise<TaskData> {
  const trials = await drawTrials(task, randomStream(seed).fork("figure"), {
    count: task.conditions.length,
    condition: task.conditions,
  });
  return {
    name: task.name,
    stepMs: task.stepMs,
    steps: task.steps,
    channels: task.channels,
    stimuli: stimulusWindows(task),
    response: responseWindow(task),
    conditions: trials.map(({ condition, inputs, target }) => ({
      condition: conditionLabel(task, condition),
      inputs,
      target,
    })),
  };
}
