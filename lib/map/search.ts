/** Search over the scaling factor that maps a rate network to spikes. */
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import { evaluateTogether } from "../simulate/evaluate_spiking.ts";
import {
  type PerformanceRule,
  performanceRules,
  type Score,
} from "../network/scores.ts";
import type { SearchRecord } from "../network/records.ts";
import { checkFactors, defaultFactors } from "../network/scaling_factor.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import type {
  FactorFailed,
  SearchEvent,
  SpikingExample,
} from "../records/events.ts";
import { convert, type ConvertOptions } from "../spiking/convert.ts";
import { spikingExample } from "../simulate/example.ts";
import { between, choose, plateau, type ScoredFactor } from "./selection.ts";
import { checkRequest } from "../simulate/requests.ts";
import { usual } from "../settings/kinds.ts";
import { searchSettings } from "./settings.ts";

/** How the search goes; models and constants as in `convert`. */
export interface SearchOptions
  extends Omit<ConvertOptions, "scalingFactor" | "stepMs"> {
  /** Of the trials and all noise. The same for every factor. */
  readonly seed: number;
  /** Factors to try, in this order. Defaults to those of the network's activation. */
  readonly factors?: readonly number[];
  /**
   * Trials a factor. Defaults to 100. All conditions in turn, where the original
   * draws them: each weighs the same.
   */
  readonly trials?: number;
  /** The rule that chooses. Defaults to strict. */
  readonly select?: PerformanceRule;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Searches on between the best factor and its better neighbour. */
  readonly refine?: boolean;
  /**
   * Factors tried before, by an interrupted search with the same seed and
   * options: they are not tried again. Scores of another number of trials are.
   */
  readonly resume?: readonly ScoredFactor[];
  /** Runs one more trial of each factor, whose spikes are in its event. */
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
 * A factor that cannot be tried to its end (its simulation fails) is reported
 * by a `factorFailed` event and left out of the choice, never counted as a
 * performance of 0.
 *
 * @param network a trained rate network
 * @param task what it was trained on; its step says how long a step lasts
 * @param options seed, factors, trials, rule, models
 * @yields `factor` or `factorFailed` for every factor, then `mapped`
 * @returns the record, as in the `mapped` event
 * @throws {RangeError} for factors that cannot be meant, none or repeated, or a
 *   number of trials below 1, or a rule or model that does not exist
 * @throws {TypeError} where network and task differ in their channels
 * @throws {Error} where every factor failed: the first one's error
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
 *   if (event.kind === "factor") tried.push(event.factor);
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
  const { trials = usualSearch.trials, select = usualSearch.select } = options;
  const factors = options.factors ?? defaultFactors(network.activation);
  check(network, task, factors, trials, select);
  // A seed or a network that will not do fails here, not once a factor.
  randomStream(seed);
  const convertOptions = { ...conversionOf(options), stepMs: task.stepMs };
  const model = convert(network, {
    ...convertOptions,
    scalingFactor: factors[0],
  });
  const known = new Map(
    options.resume?.filter(({ score }) => score.paper.trials === trials)
      .map(({ factor, score }) => [factor, score]),
  );
  const backend = options.backend ?? await openBackend();
  const tried: ScoredFactor[] = [];
  const failures: { factor: number; error: unknown }[] = [];
  const total = factors.length + (options.refine ? refinements : 0);

  /** Tries factors side by side. */
  async function attempt(some: readonly number[]): Promise<SearchEvent[]> {
    const outcomes = await outcomesOf(some).catch((reason) => {
      signal?.throwIfAborted();
      return some.map((): Outcome => ({ status: "rejected", reason }));
    });
    return some.map((factor, k) => {
      const outcome = outcomes[k];
      // What was stopped has not failed.
      if (outcome.status === "rejected") signal?.throwIfAborted();
      if (outcome.status === "fulfilled") {
        tried.push({ factor, score: outcome.value.score });
      } else {
        failures.push({ factor, error: outcome.reason });
      }
      const done = tried.length + failures.length;
      return outcome.status === "fulfilled"
        ? { kind: "factor", factor, done, total, ...outcome.value }
        : {
          kind: "factorFailed",
          factor,
          done,
          total,
          error: messageOf(outcome.reason),
        } satisfies FactorFailed;
    });
  }

  async function outcomesOf(some: readonly number[]): Promise<Outcome[]> {
    const run = { seed, backend, signal };
    const twins = some.map((factor) =>
      convert(network, { ...convertOptions, scalingFactor: factor })
    );
    const unknown = some.filter((factor) => !known.has(factor));
    const scores = await evaluateTogether(
      twins.filter((_, k) => !known.has(some[k])),
      task,
      { ...run, trials, balanced: true },
    );
    return await Promise.allSettled(some.map(async (factor, k) => {
      const score = known.get(factor) ??
        valueOf(scores[unknown.indexOf(factor)]);
      checkScore(score);
      if (!options.examples) return { score };
      return { score, example: await spikingExample(twins[k], task, run) };
    }));
  }

  try {
    const goes = backend.gathers ? [factors] : factors.map((f) => [f]);
    for (const go of goes) {
      signal?.throwIfAborted();
      // What was found in a go is told even when it is to be the last.
      yield* await attempt(go);
    }
    if (tried.length === 0) throw failures[0].error;
    for (let k = 0; options.refine && k < refinements; k++) {
      signal?.throwIfAborted();
      const factor = between(tried, select);
      // A failed midpoint would be asked for again and again.
      if (factor === undefined || failures.some((f) => f.factor === factor)) {
        break;
      }
      yield* await attempt([factor]);
    }
  } finally {
    if (!options.backend) backend.close();
  }

  const { neuron, synapse, stepMs, dt } = model;
  const search: SearchRecord = {
    factors: tried.map(({ factor }) => factor),
    scores: tried.map(({ score }) => score),
    chosen: choose(tried, select),
    select,
    plateau: plateau(tried),
    settings: {
      task: task.name,
      seed,
      trials,
      neuron,
      synapse,
      stepMs,
      dt,
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

/** What became of a factor. */
type Outcome = PromiseSettledResult<
  { readonly score: Score; readonly example?: SpikingExample }
>;

function valueOf<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === "rejected") throw settled.reason;
  return settled.value;
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

/** A score that is not a number comes from outputs that are none. */
function checkScore(score: Score): void {
  if (
    !Number.isFinite(score.outputError) || !Number.isFinite(score.paper.value)
  ) {
    throw new RangeError(
      `Cannot score the network: its outputs are not finite ` +
        `(mean output error ${score.outputError})`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
