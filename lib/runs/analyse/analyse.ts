/** Analyses of a network: its trials once, then every analysis of them. */
import type {
  Activity,
  NamedSpan,
  SpikeTrains,
} from "../../analysis/activity.ts";
import { conditionVariables } from "../../analysis/variables.ts";
import { openBackend } from "../../backend/open.ts";
import type { Backend } from "../../backend/types.ts";
import { populationsOf, type UnitPopulation } from "../../network/geometry.ts";
import type { Model } from "../../network/records.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import { heedAbort } from "../../platform/turn.ts";
import type { Task } from "../../tasks/types.ts";
import {
  gatherRate,
  gatherSilence,
  gatherSpikes,
  spikingActivity,
  taskVariables,
  taskWindows,
} from "./gather.ts";
import { complete } from "../../settings/kinds.ts";
import { analysisSettings, usualBinMs, usualTrials } from "./settings.ts";
import { told } from "./told.ts";
import { analysisNames, loadAnalyses } from "./registry.ts";
import type {
  Analysis,
  AnalysisContext,
  AnalysisEvent,
  AnalysisResult,
  Data,
} from "./types.ts";

/** Options of all analyses. */
export interface AnalyseOptions {
  /** Names of the analyses; defaults to all that can be made. */
  readonly analyses?: readonly string[];
  /**
   * Whether named analyses that cannot be made are left out, as others are.
   * Defaults to false: they are an error.
   */
  readonly leaveOut?: boolean;
  /** Width of a bin, ms. Defaults to 10. */
  readonly binMs?: number;
  /** Seed of trials, noise, folds and bootstraps. */
  readonly seed: number;
  /**
   * Whether timescales get bootstrap intervals, which are most of their work.
   * Defaults to true.
   */
  readonly intervals?: boolean;
  /**
   * Whether each unit's timescale gets an interval too, for the table of units.
   * Defaults to true.
   */
  readonly unitIntervals?: boolean;
  /** Stops between chunks of trials and parts of analyses. */
  readonly signal?: AbortSignal;
  /** Awaited between parts of the work, so that other code can run. */
  readonly pause?: () => Promise<void>;
}

/** A network to analyse. */
export interface AnalysedNetwork {
  /** The model. */
  readonly model: Model;
  /** The task that it does. */
  readonly task: Task;
  /** Its spiking twin, from `convert`; without it the rate network alone is analysed. */
  readonly twin?: SpikingNetwork;
  /** Trials of each condition. Defaults to 50. */
  readonly trials?: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
}

/**
 * Spikes of any origin, with their populations and windows. If all trials are
 * of one condition, they are taken as trials without a stimulus.
 */
export interface AnalysedSpikes {
  /** The spikes. */
  readonly spikes: SpikeTrains;
  /** Units by type; defaults to one population. */
  readonly populations?: readonly UnitPopulation[];
  /** Windows of interest in a trial, ms; defaults to the whole trial. */
  readonly windows?: readonly NamedSpan[];
}

/** Why an analysis lacks what it needs. */
function lackOf(source: AnalysedNetwork | AnalysedSpikes): string {
  return "model" in source
    ? "no scaling factor has been searched yet (run map first)"
    : "it needs a network, or trials without a stimulus, not these spikes alone";
}

/**
 * Analyses a network and its spiking twin, or spikes: runs both networks on the
 * same trials, once, and makes every analysis of them. The numbers depend on the
 * seed, not on the number of workers.
 *
 * @param source a model with its task, or spikes of any origin
 * @param options which analyses, bins, seed
 * @returns events; the last one, `analysed`, has all results
 * @throws {RangeError} for an unknown analysis, one that is named and cannot be
 *   made, a bin that does not fit, or a number of trials below 1
 * @throws {TypeError} if network and task differ in size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, finished, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * import { analyse } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const twin = convert(network, { scalingFactor: 50 });
 * const source = { model: { network }, task: getTask("go-nogo"), twin, trials: 4 };
 * const { results } = await finished(
 *   analyse(source, { analyses: ["trajectories"], seed: 1 }),
 * );
 * const ratio = results.trajectories.scalars.find(({ name, network }) =>
 *   name === "participation_ratio" && network === "rate"
 * );
 * assert(ratio!.value >= 1);
 * ```
 */
export async function* analyse(
  source: AnalysedNetwork | AnalysedSpikes,
  options: AnalyseOptions,
): AsyncGenerator<AnalysisEvent, void> {
  const { signal } = options;
  const named = options.analyses?.length ? options.analyses : undefined;
  const strict = named !== undefined && !options.leaveOut;
  const there = dataOf(source);
  const leftOut: Record<string, string> = {};
  const chosen: Analysis[] = [];
  for (const analysis of await loadAnalyses(named ?? analysisNames)) {
    const reason = whyNot(analysis, there, source);
    if (reason === undefined) chosen.push(analysis);
    else if (strict) {
      throw new RangeError(`Cannot analyse ${analysis.name}: ${reason}`);
    } else {
      leftOut[analysis.name] = reason;
      yield { kind: "leftOut", analysis: analysis.name, reason };
    }
  }
  if (chosen.length === 0 && !options.leaveOut) throw nothingMade(leftOut);
  const wanted = new Set(
    chosen.flatMap(({ needs, uses = [] }) => [...needs, ...uses]),
  );
  const backend = "model" in source
    ? source.backend ?? await openBackend()
    : undefined;
  try {
    const context = yield* told<Omit<AnalysisContext, "progress">>((tell) => {
      const gathered = "model" in source
        ? gatherAll(source, options, wanted, { backend: backend!, tell })
        : ofSpikes(source, options);
      return Promise.resolve(gathered);
    });
    const results: Record<string, AnalysisResult> = {};
    for (const analysis of chosen) {
      const { name } = analysis;
      const start = performance.now();
      yield { kind: "analysing", analysis: name, done: 0, total: 1 };
      const made = yield* told<AnalysisResult | RangeError>((tell) =>
        madeOf(analysis, {
          ...context,
          async progress(done, total) {
            tell({ kind: "analysing", analysis: name, done, total });
            await options.pause?.();
            await heedAbort(signal);
          },
        })
      );
      if (made instanceof RangeError) {
        if (strict) throw made;
        const reason = made.message;
        leftOut[name] = reason;
        yield { kind: "leftOut", analysis: name, reason };
        continue;
      }
      const result = results[name] = made;
      const seconds = (performance.now() - start) / 1000;
      yield { kind: "analysis", analysis: name, result, seconds };
      await options.pause?.();
      await heedAbort(signal);
    }
    if (Object.keys(results).length === 0 && !options.leaveOut) {
      throw nothingMade(leftOut);
    }
    yield { kind: "analysed", results, leftOut };
  } finally {
    if ("model" in source && !source.backend) backend?.close();
  }
}

/** An analysis, or why the trials do not allow it. */
async function madeOf(
  analysis: Analysis,
  context: AnalysisContext,
): Promise<AnalysisResult | RangeError> {
  try {
    return await analysis.compute(context);
  } catch (error) {
    if (error instanceof RangeError && error.message.startsWith("Cannot ")) {
      return error;
    }
    throw error;
  }
}

/** An error that says why no analysis at all can be made. */
export function nothingMade(
  leftOut: Readonly<Record<string, string>>,
): RangeError {
  const reasons = Object.entries(leftOut)
    .map(([name, why]) => `${name}: ${why.replace(/^Cannot /, "cannot ")}`);
  return new RangeError(
    `Cannot analyse: no analysis can be made (${reasons.join("; ")})`,
  );
}

/** Why an analysis cannot be made of a source, if it cannot. */
function whyNot(
  { needs, lack }: Analysis,
  there: ReadonlySet<Data>,
  source: AnalysedNetwork | AnalysedSpikes,
): string | undefined {
  if (!needs.every((need) => there.has(need))) return lackOf(source);
  return "model" in source ? lack?.(source.task) : undefined;
}

/** What there is of a source, before anything is run. */
function dataOf(source: AnalysedNetwork | AnalysedSpikes): ReadonlySet<Data> {
  if (!("model" in source)) {
    return new Set(
      isSpontaneous(source) ? ["spiking", "silence"] : ["spiking"],
    );
  }
  return new Set<Data>(
    source.twin
      ? ["model", "rate", "twin", "spiking", "silence"]
      : ["model", "rate"],
  );
}

/** Runs the trials that the analyses want. */
async function gatherAll(
  { model, task, twin, trials = usualTrials }: AnalysedNetwork,
  options: AnalyseOptions,
  wanted: ReadonlySet<Data>,
  { backend, tell }: {
    readonly backend: Backend;
    readonly tell: (event: AnalysisEvent) => void;
  },
): Promise<Omit<AnalysisContext, "progress">> {
  const { binMs = usualBinMs, seed, signal } = options;
  complete("analyse", analysisSettings, { trials, binMs });
  const { network } = model;
  const request = { task, trials: trials * task.conditions.length };
  const runs = {
    rate: wanted.has("rate"),
    spiking: twin !== undefined && wanted.has("spiking"),
    silence: twin !== undefined && wanted.has("silence"),
  };
  const total = (Number(runs.rate) + Number(runs.spiking)) * request.trials +
    (runs.silence ? trials : 0);
  let done = 0;
  const onTrial = () => tell({ kind: "simulated", done: ++done, total });
  const run = { seed, backend, signal, onTrial };
  let rate: Activity | undefined;
  let spikes: SpikeTrains | undefined;
  if (runs.rate) rate = await gatherRate(network, request, binMs, run);
  if (runs.spiking) {
    const duration = task.steps * task.stepMs;
    spikes = await gatherSpikes(twin!, request, duration, run);
  }
  const silence = runs.silence
    ? await gatherSilence(twin!, trials, run)
    : undefined;
  return {
    model,
    task,
    twin,
    rate,
    spikes,
    spiking: spikes && spikingActivity(spikes, binMs),
    silence,
    populations: populationsOf(network),
    variables: await taskVariables(task),
    windows: taskWindows(task),
    trials,
    binMs,
    ...intervalsOf(options),
    seed,
    backend,
    signal,
  };
}

/** Which intervals by bootstrap are asked for. */
function intervalsOf(
  { intervals = true, unitIntervals = true }: AnalyseOptions,
): Pick<AnalysisContext, "intervals" | "unitIntervals"> {
  return { intervals, unitIntervals: intervals && unitIntervals };
}

/** Whether all trials are alike: then their spikes are those without a stimulus. */
function isSpontaneous({ spikes }: AnalysedSpikes): boolean {
  return new Set(spikes.conditions).size === 1;
}

/** What spikes alone say. */
function ofSpikes(
  source: AnalysedSpikes,
  options: AnalyseOptions,
): Omit<AnalysisContext, "progress"> {
  const { binMs = usualBinMs, seed, signal } = options;
  const { spikes, populations, windows } = source;
  const conditions = [...new Set(spikes.conditions)];
  const units = Array.from({ length: spikes.units }, (_, unit) => unit);
  return {
    spikes,
    spiking: spikingActivity(spikes, binMs),
    silence: isSpontaneous(source) ? spikes : undefined,
    populations: populations ?? [{ layer: 0, type: "units", units }],
    variables: conditionVariables({ conditions }),
    windows: windows ??
      [{ name: "trial", from: 0, to: spikes.durationMs }],
    trials: Math.floor(spikes.trials / Math.max(1, conditions.length)),
    binMs,
    ...intervalsOf(options),
    seed,
    signal,
  };
}
