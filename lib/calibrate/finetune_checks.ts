/** Checks of how far fine-tuning is, in coarse integration steps or in the network's own. */
import {
  evaluateTogether,
  type TogetherOptions,
} from "../simulate/evaluate_spiking.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration } from "../network/spiking.ts";
import { isNearer, isTelling } from "../map/selection.ts";
import type { Batches } from "./finetune_draw.ts";
import type { RoundOptions } from "./finetune_settings.ts";

/**
 * Trials of a check at least: where fewer are all right, there may still be more
 * wrong ones than a twentieth.
 */
const leastTrials = 100;

/**
 * When a check in coarse steps is confirmed in the network's own: if it is the best
 * so far and right in the share `from` of its trials. `trials` is how many of them
 * run again. If there fewer are right by more than `tolerance`, coarse steps mislead;
 * by more than `perfect`, if all were right in coarse steps, which then have nothing
 * more to teach.
 */
const confirmed = {
  from: 0.95,
  trials: 1 / 2,
  tolerance: 0.05,
  perfect: 0.02,
};

/** How well a calibration did in a check. */
export interface Checked {
  readonly calibration: Calibration;
  readonly score: Score;
  /** Whether it is better than the best one before. */
  readonly isBest: boolean;
  /** Whether there is nothing left to tune. */
  readonly done: boolean;
}

/** A network's batches, in each kind of integration steps. */
export interface BatchSteps {
  readonly coarse: Batches;
  /** In the network's own; the same ones where it bears no coarser steps. */
  readonly own: Batches;
}

/**
 * The checks of a round. They also decide in which integration steps it runs: in
 * coarse ones until these mislead, from then on in the network's own.
 */
export class RoundChecks {
  #batches: Batches;
  readonly #own: Batches;
  readonly #options: Omit<TogetherOptions, "noiseScale"> & {
    readonly trials: number;
  };

  /** @param options of the round, with the seed of its checks */
  constructor(
    { coarse, own }: BatchSteps,
    { ownSteps, seed, trials, backend, signal }: RoundOptions,
  ) {
    this.#batches = ownSteps ? own : coarse;
    this.#own = own;
    this.#options = {
      seed,
      trials: Math.max(leastTrials, trials),
      balanced: true,
      backend,
      signal,
    };
  }

  /** In the integration steps in which updates and checks run now. */
  get batches(): Batches {
    return this.#batches;
  }

  get inOwnSteps(): boolean {
    return this.#batches === this.#own;
  }

  /**
   * Checks a calibration. Where coarse steps mislead, its score is that in the
   * network's own, and it is the best: no other one was checked in those.
   *
   * @param rival score of the best one so far
   */
  async check(calibration: Calibration, rival?: Score): Promise<Checked> {
    const score = await this.#scoreIn(this.#batches, calibration, {
      enough: ([soFar]) => rival !== undefined && isBeaten(soFar, rival),
    });
    const isBest = rival === undefined || isNearer(score, rival);
    if (this.inOwnSteps) {
      const done = isPerfect(score);
      return { calibration, score, isBest: isBest || done, done };
    }
    if (!isBest || score.strict.value < confirmed.from) {
      return { calibration, score, isBest, done: false };
    }
    const trials = Math.ceil(confirmed.trials * this.#options.trials);
    const tolerated = trials *
      (isPerfect(score)
        ? confirmed.perfect
        : 1 - score.strict.value + confirmed.tolerance);
    const isWorse = ({ strict }: Score) =>
      strict.trials - strict.correct > tolerated;
    const inOwn = await this.#scoreIn(this.#own, calibration, {
      trials,
      enough: ([soFar]) => isWorse(soFar),
    });
    if (isWorse(inOwn)) {
      this.#batches = this.#own;
      return await this.check(calibration);
    }
    const done = isPerfect(score) && isPerfect(inOwn);
    return { calibration, score, isBest, done };
  }

  async #scoreIn(
    { network, task, noiseScales }: Batches,
    calibration: Calibration,
    options: Pick<TogetherOptions, "trials" | "enough">,
  ): Promise<Score> {
    const [found] = await evaluateTogether(
      [{ ...network, calibration }],
      task,
      {
        ...this.#options,
        noiseScale: noiseScales,
        ...options,
      },
    );
    if (found.status === "rejected") throw found.reason;
    return found.value;
  }
}

function isPerfect({ strict }: Score): boolean {
  return strict.correct === strict.trials;
}

/**
 * Whether a check that is not at its end cannot become better than a rival: where
 * strict performance decides, with more wrong trials.
 */
function isBeaten({ strict }: Score, rival: Score): boolean {
  const wrong = strict.trials - strict.correct;
  return isTelling(rival) &&
    wrong > rival.strict.trials - rival.strict.correct;
}
