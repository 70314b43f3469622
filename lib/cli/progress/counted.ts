/** Progress of work that is counted in trials or factors. */
import type { Output } from "../output.ts";
import { Speed } from "./speed.ts";

/** Shows how many are done. */
export class Counted {
  readonly #label: string;
  readonly #unit: string;
  readonly #output: Output;
  readonly #speed = new Speed();

  /**
   * @param label what is going on: "map"
   * @param unit what is counted, in the plural: "factors"
   * @param output where it is shown
   */
  constructor(label: string, unit: string, output: Output) {
    this.#label = label;
    this.#unit = unit;
    this.#output = output;
    this.#speed.mark(0);
  }

  show(done: number, total: number, details: readonly string[] = []): void {
    this.#output.progress({
      label: this.#label,
      done,
      total,
      unit: this.#unit,
      details,
      rate: this.#speed.mark(done),
    });
  }
}
