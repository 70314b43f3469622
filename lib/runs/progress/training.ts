/** Progress of training: from events to what is shown. */
import type { Progress } from "../../records/events.ts";
import { formatPercent } from "../format.ts";
import { Course, Speed } from "./speed.ts";
import type { Status } from "./status.ts";

/** Losses of single trials jump; this much of the old mean is kept. */
const smoothing = 0.95;

/** Follows one run. */
export class TrainingStatus {
  readonly #updates: number;
  readonly #speed: Speed;
  readonly #now: () => number;
  readonly #start: number;
  readonly #losses = new Course();
  #loss = NaN;
  #performance = NaN;
  #noise = 1;
  #lesson: number | undefined;

  /**
   * @param updates largest number of them
   * @param now milliseconds from any start
   */
  constructor(
    updates: number,
    now: () => number = () => performance.now(),
  ) {
    this.#updates = updates;
    this.#now = now;
    this.#start = now();
    this.#speed = new Speed(now);
  }

  /** Takes an event; `undefined` for those that change nothing shown. */
  take(event: Progress): Status | undefined {
    if (event.kind === "trained") {
      const { loss } = event;
      this.#loss = Number.isNaN(this.#loss)
        ? loss
        : smoothing * this.#loss + (1 - smoothing) * loss;
      this.#losses.add(loss);
      return this.#status(event.update);
    }
    if (event.kind === "evaluated") {
      this.#performance = event.score.paper.value;
      this.#noise = event.noiseLevel;
      this.#lesson = event.lesson;
      return this.#status(event.update);
    }
    return undefined;
  }

  #status(done: number): Status {
    return {
      label: "train",
      done,
      total: this.#updates,
      unit: "updates",
      details: [
        ...(Number.isNaN(this.#loss) ? [] : [`loss ${this.#loss.toFixed(2)}`]),
        ...(Number.isNaN(this.#performance)
          ? []
          : [`performance ${formatPercent(this.#performance)}`]),
        ...(this.#lesson === undefined
          ? []
          : [`curriculum stage ${this.#lesson}`]),
        ...(this.#noise === 1 ? [] : [`noise ${this.#noise}x`]),
      ],
      rate: this.#speed.mark(done),
      elapsed: this.#now() - this.#start,
      mayEndEarly: true,
      course: this.#losses.numbers,
    };
  }
}
