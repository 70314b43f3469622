/** Arrays of simulated trials, and where the trials lie in time. */
import type { NumberArray } from "../arrays.ts";
import type { SampleTimes } from "./nwb_objects.ts";
import type { TrialsFile } from "./types.ts";

/** The trials' arrays, and where they lie in time. */
export class TrialTable {
  readonly starts: Float64Array;
  /** Duration of a trial, s. */
  readonly duration: number;
  /** From one trial's start to the next one's, s. */
  readonly period: number;
  readonly #file: TrialsFile;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;

  /**
   * @param file all but what was written as the trials came
   * @param shapes of what was
   */
  constructor(
    file: TrialsFile,
    shapes: ReadonlyMap<string, readonly number[]>,
  ) {
    this.#file = file;
    this.#shapes = shapes;
    const spiking = this.has("dt_ms");
    const [count, , columns] = this.shape("u");
    // A spiking network's stimulus has one column more than there are steps.
    const steps = columns - (spiking ? 1 : 0);
    this.duration = steps * this.number("step_ms") / 1000;
    // Integration steps end in spikes, the last one with the trial: a step
    // further on the next trial starts, so that no spike is of both.
    this.period = this.duration + (spiking ? this.number("dt_ms") / 1000 : 0);
    this.starts = Float64Array.from(
      { length: count },
      (_, i) => i * this.period,
    );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#file.arrays, name) || this.#shapes.has(name);
  }

  /** Sizes of what was written as the trials came, trials first. */
  shape(name: string): readonly number[] {
    const found = this.#shapes.get(name);
    if (!found) throw lacking(name);
    return found;
  }

  array(name: string): NumberArray {
    const found = this.#file.arrays[name];
    if (!found) throw lacking(name);
    return found;
  }

  number(name: string): number {
    return this.array(name).data[0];
  }

  texts(name: string): readonly string[] {
    return this.#file.texts[name] ?? [];
  }

  /** When each trial's samples were taken, the first one `first` ms after its start. */
  times(first: number, stepMs: number, count: number): SampleTimes {
    return {
      starts: this.starts,
      period: this.period,
      first: first / 1000,
      step: stepMs / 1000,
      count,
    };
  }
}

function lacking(name: string): TypeError {
  return new TypeError(`Cannot write the NWB file: it needs ${name}`);
}
