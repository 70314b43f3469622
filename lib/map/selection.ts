/** Choosing among scaling factors that have been tried. */
import {
  type PerformanceRule,
  performanceRules,
  type Score,
} from "../network/scores.ts";

/** A scaling factor and the score of the network with it. */
export interface ScoredFactor {
  /** Scaling factor, by which weights and readout are divided. */
  readonly factor: number;
  /** Performance and output error of the spiking network with it. */
  readonly score: Score;
}

/**
 * The factors whose strict performance is as good as the best one's within
 * chance: it lies within the 95 % (Wilson) interval of the best one. All were
 * tried on the same trials and noise, so differences are smaller than the
 * interval suggests.
 *
 * @param tried factors with their scores
 * @returns those on the plateau, in the order given; none if no factor got a
 * single trial right
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Score } from "@spikernn/spikernn";
 * import { plateau } from "@spikernn/spikernn/mapping";
 * const strict = (value: number, low: number) =>
 *   ({ strict: { value, low } }) as unknown as Score;
 * const factors = plateau([
 *   { factor: 20, score: strict(0.1, 0.05) },
 *   { factor: 45, score: strict(0.9, 0.83) },
 *   { factor: 50, score: strict(0.95, 0.89) },
 * ]);
 * assert(factors.join() === "45,50");
 * ```
 */
export function plateau(tried: readonly ScoredFactor[]): number[] {
  const best = firstBest(tried, ({ score }) => score.strict.value);
  if (!best || best.score.strict.value === 0) return [];
  return tried
    .filter(({ score }) => score.strict.value >= best.score.strict.low)
    .map(({ factor }) => factor);
}

/**
 * Sorts factors from the best to the worst. `paper`: by mean performance, the
 * first of equals in the order given. `strict`: those of the plateau by their
 * output error, then the others by strict performance and output error.
 *
 * @param tried factors with their scores
 * @param select the rule. Defaults to strict
 * @returns the same entries, best first
 */
export function rank(
  tried: readonly ScoredFactor[],
  select: PerformanceRule = "strict",
): ScoredFactor[] {
  if (!performanceRules.includes(select)) {
    throw new RangeError(
      `Cannot select by ${JSON.stringify(select)}: ` +
        `allowed are ${performanceRules.join(", ")}`,
    );
  }
  if (select === "paper") {
    return tried.toSorted((a, b) => b.score.paper.value - a.score.paper.value);
  }
  const level = new Set(plateau(tried));
  return tried.toSorted((a, b) => {
    const onA = level.has(a.factor);
    const onB = level.has(b.factor);
    if (onA !== onB) return onA ? -1 : 1;
    const errors = a.score.outputError - b.score.outputError;
    return onA ? errors : b.score.strict.value - a.score.strict.value || errors;
  });
}

/**
 * The scaling factor that a rule chooses.
 *
 * @param tried factors with their scores, in the order in which equals count
 * @param select the rule; see {@linkcode rank}. Defaults to `strict`
 * @throws {RangeError} for none tried, or an unknown rule
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Score } from "@spikernn/spikernn";
 * import { choose } from "@spikernn/spikernn/mapping";
 * const score = (paper: number, strict: number, outputError: number) =>
 *   ({
 *     paper: { value: paper },
 *     strict: { value: strict, low: strict - 0.1 },
 *     outputError,
 *   }) as unknown as Score;
 * const tried = [
 *   { factor: 20, score: score(1, 0.5, 1.6) },
 *   { factor: 50, score: score(1, 1, 0.3) },
 * ];
 * assert(choose(tried, "paper") === 20);
 * assert(choose(tried) === 50);
 * ```
 */
export function choose(
  tried: readonly ScoredFactor[],
  select: PerformanceRule = "strict",
): number {
  const [best] = rank(tried, select);
  if (!best) {
    throw new RangeError(
      "Cannot choose a scaling factor: none was tried to the end",
    );
  }
  return best.factor;
}

/**
 * The next factor to try: halfway between the best factor and the better of its
 * neighbours; `undefined` if it has none.
 *
 * @param tried factors with their scores, in any order
 * @param select the rule that says what is better
 */
export function between(
  tried: readonly ScoredFactor[],
  select: PerformanceRule = "strict",
): number | undefined {
  const ranked = rank(tried, select);
  const ascending = tried.map(({ factor }) => factor).sort((a, b) => a - b);
  const best = ranked[0]?.factor;
  const at = ascending.indexOf(best);
  const beside = [ascending[at - 1], ascending[at + 1]];
  const neighbour = ranked.find(({ factor }) => beside.includes(factor));
  return neighbour && (best + neighbour.factor) / 2;
}

function firstBest<T>(
  items: readonly T[],
  value: (item: T) => number,
): T | undefined {
  let best: T | undefined;
  for (const item of items) {
    if (best === undefined || value(item) > value(best)) best = item;
  }
  return best;
}

/**
 * Whether one score is better than another by a rule. `strict`: a larger share
 * of trials right by the strict rule, or the same with a smaller output error;
 * `paper`: a larger share by the paper's.
 *
 * @param a the score that may be better
 * @param b the one that it is compared with
 * @param select the rule. Defaults to strict
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Score } from "@spikernn/spikernn";
 * import { isBetter } from "@spikernn/spikernn/mapping";
 * const score = (value: number, outputError: number) =>
 *   ({ strict: { value }, outputError }) as unknown as Score;
 * assert(isBetter(score(0.98, 0.3), score(0.97, 0.1)));
 * assert(!isBetter(score(0.98, 0.3), score(0.98, 0.2)));
 * ```
 */
export function isBetter(
  a: Score,
  b: Score,
  select: PerformanceRule = "strict",
): boolean {
  if (select === "paper") return a.paper.value > b.paper.value;
  return a.strict.value > b.strict.value ||
    a.strict.value === b.strict.value && a.outputError < b.outputError;
}

/**
 * From this strict performance on it says which of two calibrations is better.
 * A network that always gives the same answer is right by chance, in half of
 * the trials or so, and one that begins to tell conditions apart may be right in
 * fewer.
 */
const telling = 0.8;

/**
 * Whether strict performance decides between a calibration with this score and
 * another: whether it is at least 80 %.
 */
export function isTelling({ strict }: Score): boolean {
  return strict.value >= telling;
}

/**
 * Whether a calibration's score is better than another's: as {@linkcode
 * isBetter} by the strict rule if either is right in 80 % of trials or more,
 * else by the output error alone.
 *
 * @param a the score that may be better
 * @param b the one that it is compared with
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Score } from "@spikernn/spikernn";
 * import { isNearer } from "@spikernn/spikernn/mapping";
 * const score = (value: number, outputError: number) =>
 *   ({ strict: { value }, outputError }) as unknown as Score;
 * assert(isNearer(score(0.3, 0.7), score(0.5, 1)));
 * assert(!isNearer(score(0.3, 0.1), score(0.9, 0.2)));
 * ```
 */
export function isNearer(a: Score, b: Score): boolean {
  return isTelling(a) || isTelling(b)
    ? isBetter(a, b)
    : a.outputError < b.outputError;
}
