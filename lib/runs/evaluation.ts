/** One saved network on fresh trials: alone, or beside its spiking twin. */
import { dirname } from "node:path";
import type { Backend } from "../backend/types.ts";
import { evaluate } from "../simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../simulate/evaluate_spiking.ts";
import { modify } from "../network/modify.ts";
import type { RateNetwork } from "../network/types.ts";
import { lesion } from "../simulate/perturb.ts";
import type { Score } from "../network/scores.ts";
import type { Model } from "../network/records.ts";
import type { Simulated } from "../records/events.ts";
import { diagnose } from "../map/diagnose.ts";
import type { Diagnosis } from "../map/diagnosis_types.ts";
import { unitCount } from "../network/geometry.ts";
import type { Task } from "../tasks/types.ts";
import { withBackend } from "./backend_choice.ts";
import { asUsage } from "./errors.ts";
import type { EvalSettings } from "./eval_flags.ts";
import { readModelFor, remarkOn } from "./model_remarks.ts";
import type { Interruption } from "./interrupt.ts";
import type { Reporter } from "./reporter.ts";
import { Counted } from "./progress/counted.ts";
import { modificationsOf, modificationText } from "./perturb_points.ts";
import {
  type Perturbations,
  perturbationsOf,
  perturbationTexts,
} from "./perturbation_flags.ts";
import { factorOf, mappingOf, toSpiking } from "./spiking_flags.ts";
import { openTaskOf } from "./task.ts";
import { unmetText } from "./unmet.ts";

/** What evaluations share. */
export interface EvaluationSetup {
  readonly flags: EvalSettings;
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
  readonly seed: number;
  readonly trials: number;
  readonly output: Reporter;
  readonly interruption: Interruption;
}

/** How a saved network did. */
export interface Evaluation {
  readonly path: string;
  /** Name of the task. */
  readonly task: string;
  /** Of the trials. */
  readonly seed: number;
  readonly trials: number;
  /** Why the network is not a finished one, if it is not. */
  readonly unmet?: string;
  /** What was done to its units and synapses, if something was. */
  readonly modified?: string;
  /** What it was computed on. */
  readonly backend: string;
  readonly rate: Score;
  /** Of the rate network's trials, where it was evaluated alone. */
  readonly loss?: "l1" | "l2";
  readonly spiking?: SpikingEvaluation;
}

/** How the spiking twin did, and how far it follows the rate network. */
export interface SpikingEvaluation {
  /** The scaling factor, or one for each layer. */
  readonly factor: number | readonly number[];
  readonly score: Score;
  /**
   * Of the conversion, which is judged on networks that stay as they are: absent
   * if something passes in a trial, or with another noise.
   */
  readonly diagnosis?: Diagnosis;
}

/**
 * Evaluates the network of a model file on trials of its task, or of the one
 * that the flags name; with `--spiking` both networks, on the same trials, and
 * a diagnosis of the conversion if nothing passes in a trial.
 *
 * @throws {UsageError} if it is not known on which task, by which factor
 * @throws {ModelFileError} if the file cannot be read
 * @throws {DOMException} `AbortError` once it was asked to stop
 */
export async function evaluateModel(
  path: string,
  setup: EvaluationSetup,
): Promise<Evaluation> {
  const { flags, seed, trials, output, interruption } = setup;
  const model = await readModelFor(path, output);
  const unmet = unmetText(model);
  if (unmet) output.note(`${path}: ${unmet}`);
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  // Whatever is wrong with the mapping is said before anything is computed.
  const factor = flags.spiking ? factorOf(flags, model) : undefined;
  const modifications = modificationsOf(flags, model.network, seed);
  const perturbed = { ...perturbationsOf(flags), modifications };
  const modified = [
    ...perturbationTexts(perturbed),
    ...modifications.map(modificationText),
  ].join("; ");
  return await withBackend(
    flags,
    {
      kind: factor === undefined ? "train" : "simulate",
      units: unitCount(model.network),
      steps: task.steps,
      trials,
      times: 1,
    },
    { output, interruption, keep: { folder: dirname(path), write: false } },
    async (backend) => {
      const found = factor === undefined
        ? await rateAlone(model, task, { ...setup, backend, perturbed })
        : await both(model, task, factor, { ...setup, backend, perturbed });
      output.endProgress();
      return {
        path,
        task: task.name,
        seed,
        trials,
        ...(unmet && { unmet }),
        ...(modified && { modified }),
        backend: backend.description,
        ...found,
      };
    },
  );
}

/** Whether something changes in a trial, or its noise does. */
function passes(
  { modifications, stimulation, noiseScale = 1 }: Perturbations,
): boolean {
  return modifications?.some(({ window }) => window) ||
    stimulation !== undefined || noiseScale !== 1;
}

type Running = EvaluationSetup & {
  readonly backend: Backend;
  readonly perturbed: Perturbations;
};

async function rateAlone(model: Model, task: Task, running: Running) {
  const { flags, given, output, interruption, perturbed, ...options } = running;
  const recorded = model.provenance?.settings.loss_fn;
  const loss = given.has("loss_fn") || (recorded !== "l1" && recorded !== "l2")
    ? flags.loss_fn
    : recorded;
  const counted = new Counted("evaluate", "trials", output);
  const rate = await asUsage(() =>
    evaluate(model.network, task, {
      ...options,
      ...perturbed,
      loss,
      signal: interruption.signal,
      onProgress: ({ done, total }) => counted.show(done, total),
    })
  );
  return { rate, loss };
}

async function both(
  model: Model,
  task: Task,
  factor: number | readonly number[],
  { flags, given: _given, output, interruption, perturbed, ...options }:
    Running,
) {
  const intact = await toSpiking(model, {
    ...mappingOf(flags, model),
    scalingFactor: factor,
    stepMs: task.stepMs,
  }, output);
  const counted = new Counted("evaluate", "trials", output);
  const { signal } = interruption;
  const onProgress = ({ done, total }: Simulated) => counted.show(done, total);
  if (passes(perturbed)) {
    // The trials of a diagnosis.
    const run = { ...options, ...perturbed, balanced: true, signal };
    return await asUsage(async () => {
      const rate = await evaluate(model.network, task, run);
      const score = await evaluateSpiking(intact, task, { ...run, onProgress });
      return { rate, spiking: { factor, score } };
    });
  }
  const { modifications = [], lesion: units } = perturbed;
  const changes = modifications.map(({ window: _, ...change }) => change);
  const changed = (network: RateNetwork) => {
    const modified = modify(network, changes);
    return units === undefined ? modified : lesion(modified, units);
  };
  const spiking = await asUsage(() => ({
    ...intact,
    rate: changed(intact.rate),
  }));
  const diagnosis = await asUsage(() =>
    diagnose(changed(model.network), spiking, task, {
      ...options,
      searched: model.search?.factors,
      signal,
      onProgress,
    })
  );
  const { rate, spiking: score } = diagnosis;
  return { rate, spiking: { factor, score, diagnosis } };
}
