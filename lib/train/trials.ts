/** The trials that a network is trained on. */
import type { RateTrial } from "../backend/types.ts";
import { randomStream } from "../random/stream.ts";
import { placeRate } from "../simulate/run.ts";
import {
  chunkSize,
  type PlaceTrial,
  readyTrials,
  type TrialSeries,
} from "../simulate/trials.ts";
import type { Task } from "../tasks/types.ts";
import { stepWeights } from "./step_weights.ts";
import type { CompleteOptions } from "./options.ts";

/** Trials by update: trial i depends on the seed and on i alone. */
export class TrainingTrials {
  readonly #series: TrialSeries;
  readonly #place: PlaceTrial<RateTrial>;
  readonly #batch: number;
  readonly #updates: number;
  /** Updates whose trials are drawn at once: a sandboxed task answers by message. */
  readonly #chunk: number;
  #first = 0;
  #held: RateTrial[] = [];

  /** @throws {RangeError} for a seed that is not a whole number from 0 */
  constructor(
    task: Task,
    options: Pick<
      CompleteOptions,
      "seed" | "batch" | "updates" | "answerShare"
    >,
  ) {
    const { seed, batch, updates, answerShare } = options;
    this.#series = {
      source: { task },
      random: randomStream(seed).fork("training"),
      kind: "rate",
    };
    this.#place = answerShare > 0
      ? (trial, noise) => ({
        ...placeRate(trial, noise),
        lossWeights: stepWeights(trial.trial!, task, answerShare),
      })
      : placeRate;
    this.#batch = batch;
    this.#updates = updates;
    const numbers = task.steps * (task.channels.length + 1);
    this.#chunk = Math.ceil(chunkSize("rate", numbers) / batch);
  }

  /**
   * Trials of an update, counted from 0, with a multiple of the
   * model's noise. The random numbers are the same at every level.
   */
  async ofUpdate(
    update: number,
    noiseLevel = 1,
  ): Promise<readonly RateTrial[]> {
    const at = () => (update - this.#first) * this.#batch;
    if (at() < 0 || at() >= this.#held.length) {
      const count = Math.min(this.#chunk, Math.max(1, this.#updates - update));
      const from = update * this.#batch;
      const to = from + count * this.#batch;
      const ready = await readyTrials(this.#series, { from, to }, this.#place);
      this.#first = update;
      this.#held = ready.map(({ placed }) => placed);
    }
    const trials = this.#held.slice(at(), at() + this.#batch);
    return noiseLevel === 1
      ? trials
      : trials.map((trial) => withNoise(trial, noiseLevel));
  }
}

function withNoise(trial: RateTrial, scale: number): RateTrial {
  return { ...trial, noise: { ...trial.noise, scale } };
}
