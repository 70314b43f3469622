/** One point of a sweep: train, map, evaluate, in this process. */
import { files } from "../../platform/files.ts";
import { join, relative } from "../../platform/paths.ts";
import type { z } from "zod";
import { ModelFileError } from "../../errors.ts";
import { openBackend } from "../../backend/open.ts";
import { evaluate } from "../../simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../simulate/evaluate_spiking.ts";
import type { Score } from "../../network/scores.ts";
import { readModel } from "../../formats/model_file.ts";
import { writeAtomic } from "../../formats/atomic.ts";
import { lockFolder } from "../../formats/lock.ts";
import type { Model, SearchRecord } from "../../network/records.ts";
import { mappedNetwork } from "../../spiking/mapped.ts";
import { choose } from "../../map/selection.ts";
import {
  hasResult,
  pointFolder,
  readJson,
  readResult,
  writeFailure,
  writeResult,
} from "../../sweep/folder.ts";
import { misfit, trainedSchema } from "../../sweep/result_schema.ts";
import type { Point, PointResult, PointScore } from "../../sweep/types.ts";
import { hostName } from "../../platform/system.ts";
import { version } from "../../version.ts";
import { checkAnalyses } from "../analyse/registry.ts";
import { taskFlags } from "../common_flags.ts";
import { InterruptedError } from "../errors.ts";
import { isAbort } from "../interrupt.ts";
import { mapFlags } from "../map_flags.ts";
import { mapModels } from "../map_run.ts";
import { messageOf } from "../messages.ts";
import { EventKeeper } from "../reporter.ts";
import { openTaskOf } from "../task.ts";
import { trainFlags } from "../train_flags.ts";
import { trainAsAsked } from "../train_run.ts";
import { beginAttempt, endAttempts } from "./attempt.ts";
import { analysesOf, perturbationsOf } from "./findings.ts";
import type { Part } from "../../sweep/plan.ts";
import { flagValues, settingNames } from "./settings.ts";
import { isTrusted } from "./trust.ts";

/** Trials of the final evaluation are none that a network was trained on. */
const evaluationSeeds = 1_000_000_007;

/** A job runs on one core; others run beside it. */
const alone = { backend: "simd", workers: 1 };

/** What training left, so that a job that goes on needs not train again. */
type Trained = Readonly<z.infer<typeof trainedSchema>>;

/**
 * Runs a point to its result, from where an earlier attempt left off. What it
 * leaves is `result.json`, or `failed.json` with the reason.
 *
 * @param folder of the sweep
 * @param point to run
 * @param trials of the final evaluation
 * @param trusted SHA-256 of task files that run with the program's permissions
 * @param signal asks it to stop, in place of the system's signals
 * @returns the result
 * @throws {Error} what it failed of; an interrupted job leaves no `failed.json`
 */
export async function runPoint(
  folder: string,
  point: Point,
  trials: number,
  trusted: readonly string[] = [],
  signal?: AbortSignal,
): Promise<PointResult> {
  // A damaged result is made again.
  if (await hasResult(folder, point.id)) {
    return (await readResult(folder, point.id))!;
  }
  const place = pointFolder(folder, point.id);
  await files.mkdir(place, { recursive: true });
  const lock = await lockFolder(place);
  try {
    const result = await compute(place, point, trials, trusted, signal);
    await writeResult(folder, result);
    return result;
  } catch (error) {
    if (!isAbort(error) && !(error instanceof InterruptedError)) {
      await writeFailure(folder, point.id, messageOf(error));
    }
    throw error;
  } finally {
    await lock.release();
  }
}

async function compute(
  place: string,
  point: Point,
  trials: number,
  trusted: readonly string[],
  signal: AbortSignal | undefined,
): Promise<PointResult> {
  checkSettings(point);
  const seed = Number(point.train.seed);
  const task = {
    ...taskSettings(point),
    trust_task: await isTrusted(point, trusted),
  };
  const begun = await trained(place, point, task.trust_task, signal);
  const path = join(place, begun.model);
  const trainedAt = performance.now();
  // A network that has not learned its task has nothing to keep when it spikes.
  const mapping = begun.met ? point.map : undefined;
  let model = await readModel(path);
  if (mapping && !model.search) {
    // How networks do that do not map is among a sweep's results.
    const settings = { ...alone, seed, ...task, ...mapping };
    await mapModels([path], {
      // The table says which networks failed, and which have relearned.
      flags: flagValues(mapFlags, {
        ...settings,
        write_anyway: true,
        calibrate_anyway: true,
      }),
      output: new EventKeeper([], signal),
    });
    model = await readModel(path);
  }
  const mappedAt = performance.now();
  const scores = await finalScores(model, task, seed, trials);
  const found = await findings(place, point, model, task);
  const evaluate = seconds(mappedAt);
  const map = mapping ? { map: seconds(trainedAt, mappedAt) } : {};
  const { batch = 1 } = model.provenance?.settings ?? {};
  return {
    id: point.id,
    varied: point.varied,
    seed,
    settings: {
      train: model.provenance?.settings ?? point.train,
      ...(point.map ? { map: point.map } : {}),
    },
    version,
    trained: begun.met,
    updates: begun.updates,
    trials: begun.updates * Number(batch),
    ...(begun.firstMet === undefined
      ? {}
      : { trialsToCriterion: begun.firstMet * Number(batch) }),
    ...scores,
    ...found,
    seconds: {
      train: begun.seconds,
      ...map,
      evaluate,
      total: round(begun.seconds + (map.map ?? 0) + evaluate),
    },
    host: hostName() ?? "",
    model: begun.model,
  };
}

/**
 * Trains, or goes on with training, or finds that it is done. Training is done
 * once `trained.json` is written, after the model.
 */
async function trained(
  place: string,
  point: Point,
  trust_task: boolean,
  signal: AbortSignal | undefined,
): Promise<Trained> {
  const file = join(place, "trained.json");
  const known = await readTrained(file);
  if (known) return known;
  const begun = performance.now();
  const { run, earlier } = await beginAttempt(place);
  const settings = run
    ? {
      plots: false,
      resume: run,
      // Checkpoints do not say where the file of a task is.
      ...("task" in point.train ? { task: point.train.task } : {}),
      trust_task,
    }
    : {
      ...alone,
      plots: false,
      ...point.train,
      output_dir: place,
      trust_task,
    };
  const { path, stopped } = await trainAsAsked(
    flagValues(trainFlags, settings),
    new Set(Object.keys(settings)),
    new EventKeeper([], signal),
  );
  const left: Trained = {
    model: relative(place, path),
    met: stopped.reason === "criterion" || stopped.kept !== undefined,
    updates: stopped.update,
    ...(stopped.firstMet !== undefined && { firstMet: stopped.firstMet }),
    seconds: round(earlier + seconds(begun)),
  };
  await writeAtomic(file, new TextEncoder().encode(JSON.stringify(left)));
  await endAttempts(place, path);
  return left;
}

/**
 * The record of a sweep may have been written by others: it may say what plans
 * say, and nothing about trust, folders or logs.
 */
function checkSettings(
  { id, train, map = {}, analyse = [], perturb = [] }: Point,
): void {
  checkAnalyses(analyse);
  const parts: (readonly [Part, Readonly<Record<string, unknown>>])[] = [
    ["train", train],
    ["map", map],
    ...perturb.map((settings) => ["perturb", settings] as const),
  ];
  for (const [part, settings] of parts) {
    const allowed = [
      ...settingNames(part),
      ...(part === "perturb" ? [] : ["seed"]),
    ];
    const wrong = Object.keys(settings).find((name) => !allowed.includes(name));
    if (wrong === undefined) continue;
    throw new RangeError(
      `Cannot run the point ${id}: its ${part} sets ` +
        `${JSON.stringify(wrong)}, which is for the command line alone or ` +
        "unknown; allowed are the settings of plans",
    );
  }
}

/** What says which task it is: a model does not say where a task's file is. */
function taskSettings({ train }: Point): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(train).filter(([name]) => Object.hasOwn(taskFlags, name)),
  );
}

/**
 * @throws {ModelFileError} if it is damaged: its model may be there, so that
 *   nothing is trained again, or removed, before a person has looked at it
 */
async function readTrained(file: string): Promise<Trained | undefined> {
  const read = await readJson(file);
  if (read === undefined) return undefined;
  const { success, data, error } = trainedSchema.safeParse(read);
  if (success) return data;
  throw new ModelFileError(
    `Cannot read ${file}: ${misfit(error)}; without the file the point is ` +
      "trained again",
  );
}

async function finalScores(
  model: Model,
  settings: Readonly<Record<string, unknown>>,
  pointSeed: number,
  trials: number,
): Promise<Pick<PointResult, "rate" | "spiking">> {
  using opened = await openTaskOf(model, flagValues(taskFlags, settings));
  const { task } = opened;
  const backend = await openBackend();
  try {
    const seed = pointSeed + evaluationSeeds;
    const options = { seed, trials, backend };
    const rate = scoreOf(await evaluate(model.network, task, options));
    if (!model.search) return { rate };
    const score = await evaluateSpiking(mappedNetwork(model), task, options);
    const { calibration, ...searched } = model.search;
    const uncalibrated = calibration && await evaluateSpiking(
      mappedNetwork({ ...model, search: searched }),
      task,
      options,
    );
    const { factors, scores, chosen } = model.search;
    const paper = choose(
      factors.map((factor, index) => ({ factor, score: scores[index] })),
      "paper",
    );
    return {
      rate,
      spiking: {
        ...scoreOf(score),
        ...(uncalibrated ? { uncalibrated: scoreOf(uncalibrated) } : {}),
        ...(calibration
          ? {
            steps: calibration.outcomes.map((
              { step, before, after, kept, rounds },
            ) => ({
              step,
              strict: (kept ? after : before).strict.value,
              ...(step === "tune" && { rounds: rounds?.length ?? 0 }),
            })),
          }
          : {}),
        ...correspondencesOf(model.search),
        factor: chosen,
        paperFactor: paper,
        paperFactorPerformance: scores[factors.indexOf(paper)].paper.value,
        excitatoryRate: score.rates!.excitatory,
        inhibitoryRate: score.rates!.inhibitory,
      },
    };
  } finally {
    backend.close();
  }
}

/** Numbers of the point's analyses and perturbations. */
async function findings(
  place: string,
  point: Point,
  model: Model,
  settings: Readonly<Record<string, unknown>>,
): Promise<Pick<PointResult, "analyses" | "perturbations">> {
  if (!point.analyse && !point.perturb) return {};
  using opened = await openTaskOf(model, flagValues(taskFlags, settings));
  const backend = await openBackend();
  try {
    const seed = Number(point.train.seed) + evaluationSeeds;
    const of = { model, task: opened.task, seed, backend };
    const analyses = await analysesOf(point, of, place);
    const perturbations = await perturbationsOf(point, of);
    return {
      ...(analyses && { analyses }),
      ...(perturbations && { perturbations }),
    };
  } finally {
    backend.close();
  }
}

/** Of the network as it runs, and of the factor alone if it is calibrated. */
function correspondencesOf(
  { correspondence, calibration }: SearchRecord,
) {
  const kept = calibration?.outcomes.findLast((outcome) => outcome.kept);
  return {
    ...(correspondence && {
      correspondence: kept?.correspondence ?? correspondence,
    }),
    ...(correspondence && calibration && {
      uncalibratedCorrespondence: correspondence,
    }),
  };
}

function scoreOf({ paper, strict, outputError }: Score): PointScore {
  return {
    paper: paper.value,
    strict: strict.value,
    outputError,
    trials: paper.trials,
  };
}

/** Wall time between two moments, s, to the millisecond. */
function seconds(from: number, to = performance.now()): number {
  return round((to - from) / 1000);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
