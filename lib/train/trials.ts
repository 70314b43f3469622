/** The trials that a network is trained on. */
import type { RateTrial } from "../backend/types.ts";
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { Task, Trial } from "../tasks/types.ts";
import { stepWeights } from "./step_weights.ts";
import type { CompleteOptions } from "./options.ts";

/** About how many numbers of stimuli and targets are held at once. */
const heldNumbers = 2 ** 20;
/** Updates whose trials are drawn at once at most: a sandboxed task answers by message. */
const drawnUpdates = 64;

/** Trials by update: trial i depends on the seed and on i alone. */
export class TrainingTrials {
  readonly #task: Task;
  readonly #random;
  readonly #key: number;
  readonly #batch: number;
  readonly #updates: number;
  readonly #answerShare: number;
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
    this.#task = task;
    this.#batch = options.batch;
    this.#updates = options.updates;
    this.#answerShare = options.answerShare;
    this.#random = randomStream(options.seed).fork("training");
    this.#key = this.#random.fork("rate noise").key;
    const numbers = task.steps * (task.channels.length + 1) * options.batch;
    this.#chunk = Math.max(
      1,
      Math.min(drawnUpdates, Math.floor(heldNumbers / numbers)),
    );
  }

  /**
   * Trials of an update, counted from 0, with noise of so many times the
   * model's. The random numbers are the same at every level.
   */
  async ofUpdate(
    update: number,
    noiseLevel = 1,
  ): Promise<readonly RateTrial[]> {
    const at = () => (update - this.#first) * this.#batch;
    if (at() < 0 || at() >= this.#held.length) {
      const count = Math.min(this.#chunk, Math.max(1, this.#updates - update));
      const first = update * this.#batch;
      const drawn = await drawTrials(this.#task, this.#random, {
        first,
        count: count * this.#batch,
      });
      this.#first = update;
      this.#held = drawn.map((trial, i) => this.#rateTrial(trial, first + i));
    }
    const trials = this.#held.slice(at(), at() + this.#batch);
    return noiseLevel === 1
      ? trials
      : trials.map((trial) => withNoise(trial, noiseLevel));
  }

  #rateTrial(trial: Trial, index: number): RateTrial {
    const share = this.#answerShare;
    return {
      inputs: trial.inputs,
      target: trial.target,
      steps: this.#task.steps,
      ...(share > 0 && {
        lossWeights: stepWeights(trial, this.#task, share),
      }),
      // Counters of the kernels have 32 bits.
      noise: { key: this.#key, trial: index % 2 ** 32 },
    };
  }
}

function withNoise(trial: RateTrial, scale: number): RateTrial {
  return { ...trial, noise: { ...trial.noise, scale } };
}
