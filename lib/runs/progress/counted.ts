/** Progress of work that is counted in trials or factors. */
import type { Reporter } from "../reporter.ts";
import { Speed } from "./speed.ts";

/** Milliseconds of work that need no progress. */
const patience = 1000;

/** Shows how many are done, once the work takes more than a moment. */
export class Counted {
  readonly #label: string;
  readonly #unit: string;
  readonly #output: Reporter;
  readonly #speed: Speed;
  readonly #now: () => number;
  readonly #start: number;

  /**
   * @param label what is going on: "map"
   * @param unit what is counted, in the plural: "factors"
   * @param output where it is shown
   * @param now milliseconds from any start
   */
  constructor(
    label: string,
    unit: string,
    output: Reporter,
    now: () => number = () => performance.now(),
  ) {
    this.#label = label;
    this.#unit = unit;
    this.#output = output;
    this.#now = now;
    this.#start = now();
    this.#speed = new Speed(now);
    this.#speed.mark(0);
  }

  show(done: number, total: number, details: readonly string[] = []): void {
    const rate = this.#speed.mark(done);
    const elapsed = this.#now() - this.#start;
    this.#output.progress({
      label: this.#label,
      done,
      total,
      unit: this.#unit,
      details,
      rate,
      elapsed,
    }, Math.max(0, patience - elapsed));
  }
}
