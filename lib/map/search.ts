/** Search over the scaling factor that maps a rate network to spikes. */
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import { type PerformanceRule, performanceRules } from "../network/scores.ts";
import type { SearchRecord } from "../network/records.ts";
import { checkFactors, defaultFactors } from "../network/scaling_factor.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import type { SearchEvent } from "../records/events.ts";
import { convert, type ConvertOptions } from "../spiking/convert.ts";
import { spikingExample } from "../simulate/example.ts";
import { FactorRuns } from "./factor_runs.ts";
import { around, predictFactor } from "./predict.ts";
import { decisive, raceSteps, stillRacing } from "./race.ts";
import { between, choose, plateau, type ScoredFactor } from "./selection.ts";
import { checkRequest } from "../simulate/requests.ts";
import { refuseFlagNames } from "../settings/flag_names.ts";
import { usual } from "../settings/kinds.ts";
import { searchSettings } from "./settings.ts";

/** Options of the search; models and constants are as in `convert`. */
export interface SearchOptions
  extends Omit<ConvertOptions, "scalingFactor" | "stepMs"> {
  /** Of the trials and all noise. The same for every factor. */
  readonly seed: number;
  /** Factors to try, in this order. Defaults to those of the network's activation. */
  readonly factors?: readonly number[];
  /**
   * Trials of each factor. Defaults to 100. Conditions take turns, so that each
   * weighs the same; the original draws them.
   */
  readonly trials?: number;
  /** The rule that chooses. Defaults to strict. */
  readonly select?: PerformanceRule;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /**
   * Whether to search further between the best factor and its better neighbour.
   * Defaults to false.
   */
  readonly refine?: boolean;
  /**
   * Whether to begin with the five factors around the one that the transfer
   * functions predict (`predictFactor`), and go on outwards as long as an
   * outermost one is the best or on the plateau. Only the rule that chooses
   * counts, so the best factor by the other rule may not be tried. A number is
   * taken as the prediction. Defaults to false.
   */
  readonly predict?: boolean | number;
  /**
   * Whether every factor gets all trials. Defaults to false: a factor that can
   * no longer be the best or on the plateau gets no further ones.
   */
  readonly allTrials?: boolean;
  /**
   * Results from the `factor` events of an interrupted search with the same
   * seed and options; these trials are not run again.
   */
  readonly resume?: readonly ScoredFactor[];
  /**
   * Whether to run one more trial of each factor, whose spikes are in the event
   * that says that the factor is settled. Defaults to false.
   */
  readonly examples?: boolean;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

const usualSearch = usual(searchSettings);

/** Halvings of a refined search: a grid of 5 ends at 0.625. */
const refinements = 3;

/**
 * Finds the scaling factor with which a rate network's spiking twin does the
 * task best. Every factor is tried on the same trials with the same noise, so
 * that differences between factors are the factors' alone, and the result does
 * not depend on the order, the chunks or the workers.
 *
 * The search is a race: after 8 trials of each factor, and repeatedly after that,
 * factors that can no longer be the best or on the plateau get no further trials.
 * So factors have different numbers of trials, as their scores and intervals
 * show; the best one by each rule and the whole plateau have all. With `allTrials`
 * every factor has all.
 *
 * A factor that cannot be tried to its end (its simulation fails) is reported
 * by a `factorFailed` event and left out of the choice, never counted as a
 * performance of 0.
 *
 * @param network a trained rate network
 * @param task what it was trained on; its step says how long a step lasts
 * @param options seed, factors, trials, rule, models
 * @yields `factor` for every factor after each part of its trials, `settled`
 * with the last one; `factorFailed`; then `mapped`
 * @returns the record, as in the `mapped` event
 * @throws {RangeError} for factors that cannot be meant, none or repeated, or a
 * number of trials below 1, or a rule or model that does not exist
 * @throws {TypeError} if network and task differ in their channels
 * @throws {Error} if every factor failed: the first one's error
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, getTask, randomStream, searchScalingFactor,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const options = { seed: 1, factors: [40, 50], trials: 2 };
 * const tried: number[] = [];
 * for await (const event of searchScalingFactor(network, task, options)) {
 *   if (event.kind === "factor" && event.settled) tried.push(event.factor);
 *   if (event.kind === "mapped") assert(tried.includes(event.search.chosen));
 * }
 * assert(tried.join() === "40,50");
 * ```
 */
export async function* searchScalingFactor(
  network: RateNetwork,
  task: Task,
  options: SearchOptions,
): AsyncGenerator<SearchEvent, SearchRecord> {
  const { seed, signal } = options;
  refuseFlagNames("search", searchSettings, options);
  const { trials = usualSearch.trials, select = usualSearch.select } = options;
  const factors = options.factors ?? defaultFactors(network.activation);
  check(network, task, factors, trials, select);
  // A seed or a network that will not do fails here, not once a factor.
  randomStream(seed);
  const conversion = { ...conversionOf(options), stepMs: task.stepMs };
  const model = convert(network, {
    ...conversion,
    scalingFactor: factors[0],
  });
  const backend = options.backend ?? await openBackend();
  const run = { seed, backend, signal };
  const runs = new FactorRuns(network, task, {
    ...{ ...run, conversion, known: options.resume ?? [] },
  });
  const steps = raceSteps(trials, task.conditions.length);
  // Equals count in the order of the grid, wherever the search began.
  const place = (factor: number) => {
    const at = factors.indexOf(factor);
    return at < 0 ? factors.length : at;
  };
  const tried = () =>
    runs.tried.sort((a, b) => place(a.factor) - place(b.factor));
  const settled = new Set<number>();
  const rules = options.predict ? [select] : performanceRules;
  const begun = new Set(options.predict ? [] : factors);

  /** What became of factors that have run further. */
  async function* told(some: readonly number[]): AsyncGenerator<SearchEvent> {
    for (const factor of some) {
      const ended = settled.has(factor);
      const example = ended && options.examples && runs.trials(factor) > 0
        ? await spikingExample(runs.twin(factor), task, run)
          .catch((error) => runs.fail(factor, error))
        : undefined;
      const failure = runs.failures.find((failed) => failed.factor === factor);
      const { score } = runs.tried.find((one) => one.factor === factor) ?? {};
      if (failure || ended) done.add(factor);
      const total = begun.size + (options.refine ? refinements : 0);
      const common = { factor, done: done.size, total };
      if (score) {
        yield {
          ...{ kind: "factor", ...common, settled: ended, score },
          ...(example && { example }),
        };
      } else {
        const error = messageOf(failure?.error);
        yield { kind: "factorFailed", ...common, error };
      }
    }
  }
  const done = new Set<number>();

  /** Runs factors side by side, as long as they are in the race. */
  async function* race(
    some: readonly number[],
    all = options.allTrials,
  ): AsyncGenerator<SearchEvent> {
    let racing = some;
    for (const to of steps) {
      const next = racing.filter((factor) => runs.trials(factor) < to);
      if (next.length === 0) continue;
      signal?.throwIfAborted();
      await runs.run(next, to);
      const left = new Set(
        all
          ? runs.tried.map(({ factor }) => factor)
          : stillRacing(tried(), select),
      );
      for (const factor of next) {
        if (to === trials || !left.has(factor)) settled.add(factor);
      }
      racing = racing.filter((factor) => !settled.has(factor));
      yield* told(next);
    }
  }

  /** Gives those that count after all the trials that they did not get. */
  async function* catchUp(): AsyncGenerator<SearchEvent> {
    for (;;) {
      const counting = decisive(tried(), rules);
      const late = [...counting]
        .filter((factor) => runs.trials(factor) < trials);
      if (late.length === 0) return;
      for (const factor of late) settled.delete(factor);
      yield* race(late, true);
    }
  }

  /** Races outwards from the prediction. */
  async function* fromPrediction(): AsyncGenerator<SearchEvent> {
    const ascending = [...factors].sort((a, b) => a - b);
    const predicted = typeof options.predict === "number"
      ? options.predict
      : await predictFactor(model, task, run);
    let [first, last] = around(ascending, predicted);
    let next = ascending.slice(first, last + 1);
    while (next.length > 0) {
      for (const factor of next) begun.add(factor);
      yield* race(next);
      yield* catchUp();
      const counting = decisive(tried(), rules);
      // Of one that failed nothing is known: it ends nothing.
      const goesOn = (factor: number) =>
        counting.has(factor) ||
        runs.failures.some((failed) => failed.factor === factor);
      next = [
        ...(first > 0 && goesOn(ascending[first]) ? [ascending[--first]] : []),
        ...(last < ascending.length - 1 && goesOn(ascending[last])
          ? [ascending[++last]]
          : []),
      ];
    }
  }

  try {
    yield* options.predict ? fromPrediction() : race(factors);
    if (runs.tried.length === 0) throw runs.failures[0].error;
    yield* catchUp();
    for (let k = 0; options.refine && k < refinements; k++) {
      signal?.throwIfAborted();
      const factor = between(runs.tried, select);
      // A failed midpoint would be asked for again and again.
      if (
        factor === undefined ||
        runs.failures.some((failed) => failed.factor === factor)
      ) break;
      yield* race([factor]);
      yield* catchUp();
    }
  } finally {
    if (!options.backend) backend.close();
  }

  const { failures } = runs;
  const scored = tried();
  const { neuron, synapse, stepMs, dt } = model;
  const search: SearchRecord = {
    factors: scored.map(({ factor }) => factor),
    scores: scored.map(({ score }) => score),
    chosen: choose(scored, select),
    select,
    plateau: plateau(scored),
    settings: {
      task: task.name,
      seed,
      trials,
      neuron,
      synapse,
      stepMs,
      dt,
      allTrials: options.allTrials === true,
      ...(options.predict && { predict: options.predict }),
      initialWeights: options.initialWeights !== undefined,
      backend: backend.description,
    },
    ...(failures.length > 0 && {
      failures: failures.map(({ factor, error }) => ({
        factor,
        message: messageOf(error),
      })),
    }),
  };
  yield { kind: "mapped", search };
  return search;
}

function conversionOf(
  options: SearchOptions,
): Omit<ConvertOptions, "scalingFactor" | "stepMs"> {
  const {
    neuron,
    synapse,
    rise,
    refractory,
    downsample,
    initialWeights,
    calibration,
  } = options;
  return {
    neuron,
    synapse,
    rise,
    refractory,
    downsample,
    initialWeights,
    calibration,
  };
}

function check(
  network: RateNetwork,
  task: Task,
  factors: readonly number[],
  trials: number,
  select: PerformanceRule,
): void {
  if (factors.length === 0) {
    throw new RangeError("Cannot search: no scaling factors to try");
  }
  checkFactors(factors, network.activation, "search");
  factors.forEach((factor, i) => {
    if (factors.indexOf(factor) < i) {
      throw new RangeError(
        `Cannot search: the scaling factor ${factor} is given twice`,
      );
    }
  });
  if (!performanceRules.includes(select)) {
    throw new RangeError(
      `Cannot search by the rule ${JSON.stringify(select)}: ` +
        `allowed are ${performanceRules.join(", ")}`,
    );
  }
  checkRequest({ task, trials }, network, 1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
