/** A model's report, from the model to the page. */
import { findSilentUnits } from "../analysis/silence.ts";
import { openBackend } from "../backend/open.ts";
import type { Backend } from "../backend/types.ts";
import { evaluate } from "../simulate/evaluate_rate.ts";
import type { Model } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { diagnose } from "../map/diagnose.ts";
import type { Diagnosis } from "../map/diagnosis_types.ts";
import { usual } from "../settings/kinds.ts";
import { reportSettings } from "./settings.ts";
import type { Task } from "../tasks/types.ts";
import type { Decomposed, Simulated } from "../records/events.ts";
import { beginFigures, figureNames, whyNot } from "./collect.ts";
import type { ReportedAnalyses } from "./page/analyses.ts";
import { openDrawing } from "./page/drawing.ts";
import {
  type CommandLines,
  type ReportData,
  reportPage,
} from "./page/report.ts";

export type {
  ReportedAnalyses,
  ReportedAnalysis,
  ReportedNumber,
} from "./page/analyses.ts";

export type { CommandLines } from "./page/report.ts";

/** Options of a report: what it is made from. */
export interface ReportOptions {
  /** The model's file, as it is to be named in the report. */
  readonly path: string;
  /** The model. */
  readonly model: Model;
  /** The task that it does. */
  readonly task: Task;
  /** The spiking twin, from `convert`; without it the report is of the rate network. */
  readonly spiking?: SpikingNetwork;
  /** Of all trials. */
  readonly seed: number;
  /** Trials for the performances. Defaults to 100. */
  readonly trials?: number;
  /** The command lines that make the network again; the section is left out if absent. */
  readonly again?: CommandLines;
  /**
   * What analyses found, from `analyse`; the section is left out if absent. If
   * they are not done yet, they are waited for.
   */
  readonly analyses?:
    | ReportedAnalyses
    | Promise<ReportedAnalyses | undefined>;
  /**
   * What `diagnose` found, by the same seed and number of trials, where that is
   * known. Made if absent.
   */
  readonly diagnosis?: Diagnosis;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
  /**
   * Called with the trials done (first those for performances, then those of
   * figures), and with the part of a spectrum that is computed.
   */
  readonly onProgress?: (event: Simulated | Decomposed) => void;
}

/**
 * Evaluates a model and its spiking twin, gathers every figure there is data
 * for, and makes the report.
 *
 * @param options model, task, spiking twin, seed
 * @returns an HTML page that needs no network and no other file
 * @throws {TypeError} if network and task differ in size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream } from "@spikernn/spikernn";
 * import { makeReport } from "@spikernn/spikernn/report";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const page = await makeReport({
 *   path: "model.mat",
 *   model: { network },
 *   task: getTask("go-nogo"),
 *   seed: 1,
 *   trials: 2,
 * });
 * assert(page.startsWith("<!doctype html>"));
 * ```
 */
export async function makeReport(options: ReportOptions): Promise<string> {
  const { model, task, spiking, seed, signal, onProgress } = options;
  const { trials = usual(reportSettings).trials } = options;
  const missing: ReportData["missing"][number][] = [];
  const names = figureNames.filter((name) => {
    const reason = whyNot(options, name);
    if (reason) missing.push({ name, reason });
    return reason === undefined;
  });
  const backend = options.backend ?? await openBackend();
  const drawing = openDrawing(backend.workers ?? 1);
  const begun = beginFigures(
    { model, task, spiking, seed, backend, signal, onProgress },
    names,
    drawing.begin,
  );
  try {
    const analyses = await options.analyses;
    for (const { figures } of analyses?.made ?? []) {
      figures.forEach(drawing.begin);
    }
    const run = { seed, trials, backend, signal };
    const diagnosis = options.diagnosis ?? (spiking &&
      await diagnose(model.network, spiking, task, {
        ...run,
        searched: model.search?.factors,
        onProgress,
      }));
    const rate = diagnosis?.rate ??
      await evaluate(model.network, task, {
        ...run,
        balanced: true,
        onProgress,
      });
    const silent = await findSilentUnits(model.network, task, {
      seed,
      twin: spiking,
      backend,
      signal,
    });
    const figures = await begun.finish();
    return await reportPage({
      ...options,
      backend: backend.description,
      analyses,
      rate,
      diagnosis,
      silent,
      figures,
      missing,
    }, drawing.draw);
  } finally {
    begun.stop();
    drawing.close();
    if (!options.backend) backend.close();
  }
}
