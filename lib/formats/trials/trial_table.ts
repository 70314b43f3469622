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
  readonly #spent: boolean;

  /** @param spent whether arrays may be given up as they are written */
  constructor(file: TrialsFile, spent: boolean) {
    this.#file = file;
    this.#spent = spent;
    const spiking = this.has("dt_ms");
    const [count, , columns] = this.array("u").shape;
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
    return Object.hasOwn(this.#file.arrays, name);
  }

  array(name: string): NumberArray {
    const found = this.#file.arrays[name];
    if (!found) {
      throw new TypeError(`Cannot write the NWB file: it needs ${name}`);
    }
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

  /**
   * Trials×rows×samples as (trials·samples)×rows, of the first `count` samples; made
   * once it is asked for.
   *
   * @param last whether the array may be given up with it
   */
  timeFirst(
    name: string,
    count: number,
    last = false,
  ): { value: () => Float32Array; shape: readonly number[] } {
    const { shape: [trials, rows] } = this.array(name);
    return {
      value: () => this.#timeFirst(this.array(name), count, last),
      shape: [trials * count, rows],
    };
  }

  #timeFirst(
    { data, shape: [trials, rows, samples] }: NumberArray,
    count: number,
    last: boolean,
  ): Float32Array {
    const value = new Float32Array(trials * count * rows);
    for (let trial = 0; trial < trials; trial++) {
      for (let row = 0; row < rows; row++) {
        const from = (trial * rows + row) * samples;
        const to = trial * count * rows + row;
        for (let k = 0; k < count; k++) value[to + k * rows] = data[from + k];
      }
    }
    // Its memory is free at once, not when it is garbage-collected.
    if (last && this.#spent) (data.buffer as ArrayBuffer).transfer(0);
    return value;
  }
}
