/** Collects what a reference simulation keeps, and makes its trace. */
import {
  earlySteps,
  type LifRecording,
  type LifTrace,
  spikeVoltage,
} from "./types.ts";

type FloatArrayConstructor = typeof Float32Array | typeof Float64Array;

/** Recordings of one trial, in either precision. */
export class LifRecorder {
  readonly outputs: Float32Array | Float64Array | undefined;
  readonly #steps: number;
  readonly #units: number;
  readonly #record: LifRecording;
  readonly #counts: Uint32Array;
  readonly #early: Uint32Array;
  readonly #spikeSteps: number[] = [];
  readonly #spikeUnits: number[] = [];
  readonly #histories: Record<
    "voltages" | "currents" | "rates",
    Float32Array | Float64Array | undefined
  >;

  constructor(
    array: FloatArrayConstructor,
    units: number,
    steps: number,
    record: LifRecording,
  ) {
    const history = (every: number) =>
      every > 0 ? new array(units * Math.floor(steps / every)) : undefined;
    this.#steps = steps;
    this.#units = units;
    this.#record = record;
    this.#counts = new Uint32Array(units);
    this.#early = new Uint32Array(units);
    this.outputs = record.outputs ? new array(steps) : undefined;
    this.#histories = {
      voltages: history(record.voltages),
      currents: history(record.currents),
      rates: history(record.rates),
    };
  }

  spike(step: number, unit: number): void {
    this.#counts[unit]++;
    if (step <= earlySteps) this.#early[unit]++;
    if (this.#record.spikes) {
      this.#spikeSteps.push(step);
      this.#spikeUnits.push(unit);
    }
  }

  /** Keeps a step's values, if it is one that is kept. */
  sample(
    step: number,
    kind: "voltages" | "currents" | "rates",
    values: ArrayLike<number>,
  ): void {
    const every = this.#record[kind];
    const history = this.#histories[kind];
    if (history === undefined || step % every !== 0) return;
    const samples = Math.floor(this.#steps / every);
    const column = step / every - 1;
    for (let i = 0; i < this.#units; i++) {
      history[i * samples + column] = values[i];
    }
  }

  /** Keeps voltages before the reset, with spiking units at +30 mV. */
  sampleVoltages(step: number, v: ArrayLike<number>, peak: number): void {
    const every = this.#record.voltages;
    if (every === 0 || step % every !== 0) return;
    this.sample(
      step,
      "voltages",
      Array.from(v, (value) => value >= peak ? spikeVoltage : value),
    );
  }

  trace(finite: boolean): LifTrace {
    const { voltages, currents, rates } = this.#histories;
    return {
      steps: this.#steps,
      finite,
      spikeCounts: this.#counts,
      earlyCounts: this.#early,
      ...this.outputs && { outputs: this.outputs },
      ...this.#record.spikes && {
        spikes: {
          steps: Uint32Array.from(this.#spikeSteps),
          units: Uint32Array.from(this.#spikeUnits),
        },
      },
      ...voltages && { voltages },
      ...currents && { currents },
      ...rates && { rates },
    };
  }
}
