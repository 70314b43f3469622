/** Puts together what a trial left on the device, over segments of time. */
import type { LifRecording, LifTrace } from "../types.ts";
import { divergedBit, spikeWords } from "./variant.ts";

/** Words of a trial's samples in a segment, and where each kind starts. */
export interface SampleLayout {
  readonly voltages: number;
  readonly currents: number;
  readonly rates: number;
  readonly words: number;
}

const kinds = ["voltages", "currents", "rates"] as const;

/** Where the samples of a segment of `steps` steps lie; spikes come first. */
export function sampleLayout(
  units: number,
  steps: number,
  record: LifRecording,
): SampleLayout {
  // A segment may hold one sample more than its length suggests.
  const samples = (every: number) =>
    every > 0 ? (Math.floor(steps / every) + 1) * units : 0;
  const voltages = record.spikes ? steps * spikeWords(units) : 0;
  const currents = voltages + samples(record.voltages);
  const rates = currents + samples(record.currents);
  return { voltages, currents, rates, words: rates + samples(record.rates) };
}

/** A segment's recordings of a whole batch. */
export interface Segment {
  /** Steps [from, to), 1-based. */
  readonly from: number;
  readonly to: number;
  /** Steps that each trial has room for. */
  readonly room: number;
  readonly layout: SampleLayout;
  readonly outputs: ArrayBuffer;
  readonly samples: ArrayBuffer;
}

/** The recordings of one trial. */
export class TraceParts {
  readonly #units: number;
  readonly #steps: number;
  readonly #record: LifRecording;
  readonly #outputs: Float32Array | undefined;
  readonly #spikeSteps: number[] = [];
  readonly #spikeUnits: number[] = [];
  readonly #histories: Record<typeof kinds[number], Float32Array | undefined>;

  constructor(units: number, steps: number, record: LifRecording) {
    const history = (every: number) =>
      every > 0
        ? new Float32Array(units * Math.floor(steps / every))
        : undefined;
    this.#units = units;
    this.#steps = steps;
    this.#record = record;
    this.#outputs = record.outputs ? new Float32Array(steps) : undefined;
    this.#histories = {
      voltages: history(record.voltages),
      currents: history(record.currents),
      rates: history(record.rates),
    };
  }

  /** Adds a segment of trial `b` of its batch. */
  add(b: number, segment: Segment): void {
    const { from, to, room, outputs } = segment;
    this.#outputs?.set(
      new Float32Array(outputs, 4 * b * room, to - from),
      from - 1,
    );
    if (this.#record.spikes) this.#addSpikes(b, segment);
    for (const kind of kinds) this.#addSamples(b, segment, kind);
  }

  /** Every bit that is set is a spike. */
  #addSpikes(b: number, { from, to, layout, samples }: Segment): void {
    const words = spikeWords(this.#units);
    const bits = new Uint32Array(
      samples,
      4 * b * layout.words,
      (to - from) * words,
    );
    bits.forEach((word, k) => {
      for (let left = word; left !== 0; left &= left - 1) {
        this.#spikeSteps.push(from + Math.floor(k / words));
        this.#spikeUnits.push(
          32 * (k % words) + 31 - Math.clz32(left & -left),
        );
      }
    });
  }

  /** Samples×units on the device become units×samples. */
  #addSamples(
    b: number,
    { from, to, layout, samples }: Segment,
    kind: typeof kinds[number],
  ): void {
    const history = this.#histories[kind];
    if (!history) return;
    const units = this.#units;
    const every = this.#record[kind];
    const before = Math.floor((from - 1) / every);
    const count = Math.floor((to - 1) / every) - before;
    const length = Math.floor(this.#steps / every);
    const found = new Float32Array(
      samples,
      4 * (b * layout.words + layout[kind]),
      count * units,
    );
    for (let k = 0; k < count; k++) {
      for (let i = 0; i < units; i++) {
        history[i * length + before + k] = found[k * units + i];
      }
    }
  }

  /** The trace, with the counts of trial `b` of its batch. */
  trace(b: number, counts: Uint32Array): LifTrace {
    const units = this.#units;
    const { voltages, currents, rates } = this.#histories;
    const early = counts.slice((2 * b + 1) * units, (2 * b + 2) * units);
    return {
      steps: this.#steps,
      finite: early.every((count) => count < divergedBit),
      spikeCounts: counts.slice(2 * b * units, (2 * b + 1) * units),
      earlyCounts: early.map((count) => count & ~divergedBit),
      ...this.#outputs && { outputs: this.#outputs },
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
