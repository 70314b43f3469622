/** Search over one scaling factor for each layer. */
import type { PerformanceRule, Score } from "../network/scores.ts";
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import { evaluateSpiking } from "../simulate/evaluate_spiking.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { LayerFactorsTried, LayersMapped } from "../records/events.ts";
import { randomStream } from "../random/stream.ts";
import type { Task } from "../tasks/types.ts";
import type { Activation } from "../network/activations.ts";
import { checkFactors, defaultFactors } from "../network/scaling_factor.ts";
import type { LayerFactorsRecord, ScoredFactors } from "../network/records.ts";
import { complete } from "../settings/kinds.ts";
import { isBetter, rank } from "./selection.ts";
import { layerSearchSettings } from "./settings.ts";

/** Options of a search over the factors of layers. */
export interface LayerSearchOptions {
  /** Of the trials and all noise. The same for all factors. */
  readonly seed: number;
  /**
   * Factors that a layer may have. Defaults to those of the network's
   * activation. The one that the search begins with is always included.
   */
  readonly factors?: readonly number[];
  /** Trials for each choice of factors. Defaults to 100. */
  readonly trials?: number;
  /** Fresh trials for the comparison with one factor for all. Defaults to 100. */
  readonly validation?: number;
  /** The rule that chooses. Defaults to strict. */
  readonly select?: PerformanceRule;
  /**
   * Largest number of rounds, in each of which every layer has its turn.
   * Defaults to 3.
   */
  readonly rounds?: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** The results of an interrupted search with the same options. */
  readonly resume?: readonly ScoredFactors[];
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/**
 * Searches for a scaling factor for each layer, beginning with the one for all
 * layers. Layer after layer, from the stimulus up, the factor of a layer moves
 * along the given ones as long as that is better, while those of the other
 * layers stay. The search ends after a round in which no layer moved. All
 * choices run the same trials with the same noise, and the better one is the
 * one that the rule of the search over one factor would choose.
 *
 * The best of many choices looks good by chance alone. So the result is then
 * compared with the one factor on fresh trials, the same for both, and `kept`
 * says whether it is better.
 *
 * @param spiking the network with one factor for all layers, from `convert`; a
 * calibration that it has is ignored
 * @param task what it does
 * @param options seed, factors, numbers of trials
 * @yields `layerFactors` for every choice of factors that is tried, then
 * `layersMapped` with the record
 * @returns the record, as in the last event
 * @throws {RangeError} for a network of one layer, or with factors for its
 * layers already; for factors that cannot be meant, numbers that are not whole
 * or too small, or a rule that does not exist
 * @throws {TypeError} for arguments of another kind
 * @throws {DivergedError} if outputs are not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, getTask, randomStream, searchLayerFactors,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const start = { channels: 1, units: [6, 4] };
 * const network = createNetwork(start, randomStream(1));
 * const single = convert(network, { scalingFactor: 50, stepMs: task.stepMs });
 * const search = { seed: 1, factors: [40, 50], trials: 2, validation: 2 };
 * for await (const event of searchLayerFactors(single, task, search)) {
 *   if (event.kind === "layersMapped") assert(event.layers.factors.length === 2);
 * }
 * ```
 */
export async function* searchLayerFactors(
  spiking: SpikingNetwork,
  task: Task,
  options: LayerSearchOptions,
): AsyncGenerator<LayerFactorsTried | LayersMapped, LayerFactorsRecord> {
  checkGiven(spiking, task, options);
  const { seed, signal } = options;
  const { trials, select, validation, rounds } = complete(
    "search",
    layerSearchSettings,
    options,
  );
  const single = singleFactor(spiking);
  const grid = gridOf(
    options.factors ?? defaultFactors(spiking.rate.activation),
    single,
    spiking.rate.activation,
  );
  const fresh = randomStream(seed).fork("factors of layers").key;
  const known = new Map(
    options.resume?.filter(({ score }) => score.paper.trials === trials)
      .map(({ factors, score }) => [factors.join(), score]),
  );
  const backend = options.backend ?? await openBackend();
  const evaluate = (
    factor: number | readonly number[],
    of: { readonly seed: number; readonly trials: number },
  ): Promise<Score> =>
    evaluateSpiking({ ...spiking, factor, calibration: undefined }, task, {
      ...of,
      balanced: true,
      backend,
      signal,
    });

  const tried: ScoredFactors[] = [];
  const best = () => tried[indexOfBest(tried, select)];
  async function attempt(
    factors: readonly number[],
  ): Promise<LayerFactorsTried> {
    signal?.throwIfAborted();
    const score = known.get(factors.join()) ??
      await evaluate(factors, { seed, trials });
    tried.push({ factors, score });
    return {
      kind: "layerFactors",
      factors,
      done: tried.length,
      score,
      best: best().factors,
    };
  }

  try {
    yield await attempt(spiking.rate.layers.map(() => single));
    for (let round = 0; round < rounds; round++) {
      const before = best();
      for (let layer = 0; layer < spiking.rate.layers.length; layer++) {
        for (const direction of [1, -1]) {
          const from = best();
          for (;;) {
            const next = neighbour(best().factors, layer, direction, grid);
            if (!next || tried.some((t) => same(t.factors, next))) break;
            yield await attempt(next);
            if (!same(best().factors, next)) break;
          }
          // What became better one way need not be looked for the other way.
          if (best() !== from) break;
        }
      }
      if (best() === before) break;
    }
    const { factors } = best();
    const singleScore = await evaluate(single, {
      seed: fresh,
      trials: validation,
    });
    const moved = factors.some((factor) => factor !== single);
    const score = moved
      ? await evaluate(factors, { seed: fresh, trials: validation })
      : singleScore;
    const layers: LayerFactorsRecord = {
      factors,
      single,
      tried,
      score,
      singleScore,
      kept: moved && isBetter(score, singleScore, select),
      settings: { seed, trials, validation },
    };
    yield { kind: "layersMapped", layers };
    return layers;
  } finally {
    if (!options.backend) backend.close();
  }
}

/** @throws {TypeError} if network, task or options are something else */
function checkGiven(
  spiking: SpikingNetwork,
  task: Task,
  options: LayerSearchOptions,
): void {
  const lacking = !Array.isArray(spiking?.rate?.layers)
    ? "a spiking network, from convert(), is needed first"
    : typeof task?.trial !== "function"
    ? "a task is needed second"
    : typeof options?.seed !== "number"
    ? "options with a seed are needed third"
    : undefined;
  if (lacking !== undefined) {
    throw new TypeError(
      `Cannot search a scaling factor for each layer: ${lacking}`,
    );
  }
}

function singleFactor({ factor, rate }: SpikingNetwork): number {
  if (rate.layers.length < 2) {
    throw new RangeError(
      "Cannot search a scaling factor for each layer: the network has one " +
        "layer, at least two are needed",
    );
  }
  if (typeof factor !== "number") {
    throw new RangeError(
      `Cannot search a scaling factor for each layer from ${factor}: one for ` +
        "all layers is needed",
    );
  }
  return factor;
}

/** Factors ascending, each once, with the one to begin with. */
function gridOf(
  factors: readonly number[],
  single: number,
  activation: Activation,
): number[] {
  checkFactors([...factors, single], activation, "search");
  return [...new Set([...factors, single])].sort((a, b) => a - b);
}

/** Factors with that of one layer moved along the grid; `undefined` at its end. */
function neighbour(
  factors: readonly number[],
  layer: number,
  direction: number,
  grid: readonly number[],
): readonly number[] | undefined {
  const next = grid[grid.indexOf(factors[layer]) + direction];
  return next === undefined ? undefined : factors.with(layer, next);
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.join() === b.join();
}

function indexOfBest(
  tried: readonly ScoredFactors[],
  select: PerformanceRule,
): number {
  const numbered = tried.map(({ score }, factor) => ({ factor, score }));
  return rank(numbered, select)[0].factor;
}
