/** Scaling factors that run the same trials, each as many as it is asked to. */
import type { Backend } from "../backend/types.ts";
import type { Score } from "../network/scores.ts";
import type { RateNetwork } from "../network/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { evaluateTogether } from "../simulate/evaluate_spiking.ts";
import { mergeScores } from "../simulate/merge_scores.ts";
import { convert, type ConvertOptions } from "../spiking/convert.ts";
import type { Task } from "../tasks/types.ts";
import type { ScoredFactor } from "./selection.ts";

/** How factors are run. */
export interface FactorRunsOptions {
  /** How the network is converted, but for the factor. */
  readonly conversion: Omit<ConvertOptions, "scalingFactor">;
  readonly seed: number;
  readonly backend: Backend;
  /** Scores of an interrupted run; several of a factor, after more trials each. */
  readonly known: readonly ScoredFactor[];
  readonly signal?: AbortSignal;
}

/** A factor and how far it has run. */
interface Runner {
  readonly factor: number;
  readonly twin: SpikingNetwork;
  readonly score?: Score;
}

/** A factor that could not be run to its end. */
export interface FailedFactor {
  readonly factor: number;
  readonly error: unknown;
}

/**
 * Factors on the same trials with the same noise, so that differences between
 * them are the factors' alone. Those that go on together share the noise, which
 * is more than half of the work; neither that nor their order changes a score.
 */
export class FactorRuns {
  readonly #network: RateNetwork;
  readonly #task: Task;
  readonly #options: FactorRunsOptions;
  readonly #runners = new Map<number, Runner>();
  readonly #known = new Map<string, Score>();
  /** Those that failed, in the order in which they did. */
  readonly failures: FailedFactor[] = [];

  constructor(network: RateNetwork, task: Task, options: FactorRunsOptions) {
    this.#network = network;
    this.#task = task;
    this.#options = options;
    for (const { factor, score } of options.known) {
      this.#known.set(keyOf(factor, score.strict.trials), score);
    }
  }

  /** Every factor that ran, with its score so far, in the order of their starts. */
  get tried(): ScoredFactor[] {
    return [...this.#runners.values()].flatMap(({ factor, score }) =>
      score ? [{ factor, score }] : []
    );
  }

  /** The spiking network of a factor that has not failed. */
  twin(factor: number): SpikingNetwork {
    return this.#runners.get(factor)!.twin;
  }

  /** Trials that a factor has run; none for one that failed or did not start. */
  trials(factor: number): number {
    return this.#runners.get(factor)?.score?.strict.trials ?? 0;
  }

  /** Leaves a factor out of everything. */
  fail(factor: number, error: unknown): void {
    this.#options.signal?.throwIfAborted();
    this.#runners.delete(factor);
    this.failures.push({ factor, error });
  }

  /**
   * Runs factors up to so many trials.
   *
   * @param factors to run; those that fail are found among the failures then
   * @param to trials that each has had afterwards
   * @throws {DOMException} `AbortError` once the signal says so
   */
  async run(factors: readonly number[], to: number): Promise<void> {
    for (const factor of factors) this.#start(factor);
    const ready = factors.flatMap((factor) => this.#runners.get(factor) ?? []);
    const scores = await this.#scoresAfter(ready, to);
    for (const [k, runner] of ready.entries()) {
      const found = scores[k];
      try {
        if (found.status === "rejected") throw found.reason;
        checkScore(found.value);
        this.#runners.set(runner.factor, { ...runner, score: found.value });
      } catch (error) {
        // What was stopped has not failed.
        this.fail(runner.factor, error);
      }
    }
  }

  #start(factor: number): void {
    if (this.#runners.has(factor)) return;
    try {
      const twin = convert(this.#network, {
        ...this.#options.conversion,
        scalingFactor: factor,
      });
      this.#runners.set(factor, { factor, twin });
    } catch (error) {
      this.fail(factor, error);
    }
  }

  /** Scores after so many trials: known ones, or with the trials that lack. */
  async #scoresAfter(
    runners: readonly Runner[],
    to: number,
  ): Promise<PromiseSettledResult<Score>[]> {
    const knownOf = ({ factor }: Runner) => this.#known.get(keyOf(factor, to));
    const unknown = runners.filter((runner) => !knownOf(runner));
    const parts = new Map<Runner, PromiseSettledResult<Score>>();
    const groups = Map.groupBy(
      unknown,
      ({ score }) => score?.strict.trials ?? 0,
    );
    for (const [first, group] of groups) {
      this.#options.signal?.throwIfAborted();
      const found = await this.#part(group, first, to);
      group.forEach((runner, k) => parts.set(runner, found[k]));
    }
    return runners.map((runner) => {
      const known = knownOf(runner);
      if (known) return { status: "fulfilled", value: known };
      const part = parts.get(runner)!;
      return part.status === "rejected" || !runner.score
        ? part
        : { ...part, value: mergeScores(runner.score, part.value) };
    });
  }

  async #part(
    runners: readonly Runner[],
    first: number,
    trials: number,
  ): Promise<PromiseSettledResult<Score>[]> {
    const { seed, backend, signal } = this.#options;
    const twins = runners.map(({ twin }) => twin);
    try {
      return await evaluateTogether(twins, this.#task, {
        ...{ seed, backend, signal, first, trials, balanced: true },
      });
    } catch (reason) {
      signal?.throwIfAborted();
      return runners.map(() => ({ status: "rejected", reason }));
    }
  }
}

function keyOf(factor: number, trials: number): string {
  return `${factor} ${trials}`;
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
