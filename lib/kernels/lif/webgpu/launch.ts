/**
 * Runs trials of a spiking network on the GPU: many trials, each with scales of
 * its own, in one go; in batches that fit, in segments of time where even one
 * trial's recordings do not.
 */
import { longestChunk, ranges } from "../../webgpu/chunks.ts";
import { type Gpu, OutOfMemory } from "../../webgpu/gpu.ts";
import { Scratch } from "../../webgpu/scratch.ts";
import {
  factRows,
  type GpuNeuron,
  type GpuSynapse,
  spikeWords,
  spikingSource,
  spikingStorage,
  spikingTurns,
  type SpikingVariant,
  stateRows,
  stimulationWords,
  trialHeader,
} from "./source.ts";

/** A network, prepared; vectors have one number a unit. */
export interface GpuSpikingNetwork {
  readonly units: number;
  readonly channels: number;
  readonly layers: number;
  readonly neuron: GpuNeuron;
  readonly synapse: GpuSynapse;
  readonly stepsPerColumn: number;
  /** Effective weights before scaling, a row a presynaptic unit. */
  readonly columns: Float32Array;
  /** Place of the unit's scale among a trial's scales. */
  readonly layer: Uint32Array;
  readonly bias: Float32Array;
  readonly decay: Float32Array;
  /** What a spike adds to the unit's filtered spikes. */
  readonly spikeGain: Float32Array;
  readonly readout: Float32Array;
  /** What the weights of arriving spikes are multiplied by. */
  readonly inputGain: Float32Array;
  /** channels×units. */
  readonly inputWeights: Float32Array;
}

/** Stimulation of a trial. */
export interface GpuStimulation {
  readonly units: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly probability: number;
  /** Signed, mV. */
  readonly amount: number;
  /** Unit counter and key of its coin. */
  readonly counter: number;
  readonly key: number;
}

/** A trial, prepared. */
export interface GpuSpikingTrial {
  readonly key: number;
  readonly counter: number;
  /** Standard deviation of the noise of a step, mV. */
  readonly amplitude: number;
  /** channels×columns. */
  readonly inputs: ArrayLike<number>;
  readonly columns: number;
  /** Multiplies arriving weights, one a layer. */
  readonly scales: readonly number[];
  readonly outputScale: number;
  readonly outputOffset: number;
  readonly initial: ArrayLike<number>;
  readonly stimulations: readonly GpuStimulation[];
}

/** What is kept; see `Recording`. */
export interface GpuRecording {
  readonly outputs: boolean;
  readonly spikes: boolean;
  /** Every how many steps, 0 for never. */
  readonly voltages: number;
  readonly currents: number;
  readonly rates: number;
}

/** What a trial gave. */
export interface GpuSpikingTrace {
  readonly outputs?: Float32Array;
  readonly spikeCounts: Uint32Array;
  readonly earlyCounts: Uint32Array;
  /** Bits of the units that spiked, steps×words. */
  readonly spikes?: Uint32Array;
  /** samples×units. */
  readonly voltages?: Float32Array;
  readonly currents?: Float32Array;
  readonly rates?: Float32Array;
}

/** Words of a trial's samples in a segment, and where each kind starts. */
interface SampleLayout {
  readonly voltages: number;
  readonly currents: number;
  readonly rates: number;
  readonly words: number;
}

/** Steps of a recording segment at most. */
const longestSegment = 2 ** 20;

/**
 * Runs trials, all with the same number of columns.
 *
 * @returns the traces in order
 * @throws {BackendError} where the device fails
 */
export async function runSpikingTrials(
  gpu: Gpu,
  network: GpuSpikingNetwork,
  trials: readonly GpuSpikingTrial[],
  record: GpuRecording,
): Promise<GpuSpikingTrace[]> {
  const traces: GpuSpikingTrace[] = [];
  const steps = (trials[0].columns - 1) * network.stepsPerColumn;
  let most = Infinity;
  while (traces.length < trials.length) {
    const plan = planBatch(gpu, network, trials[0], record, steps);
    const size = Math.min(plan.trials, most, trials.length - traces.length);
    const batch = trials.slice(traces.length, traces.length + size);
    try {
      traces.push(
        ...await gpu.exclusive(() =>
          runBatch(gpu, network, batch, record, plan.segment)
        ),
      );
    } catch (error) {
      if (!(error instanceof OutOfMemory) || size === 1) throw error;
      most = size >> 1;
    }
  }
  return traces;
}

/** How many trials fit at once, and how many steps of their recordings. */
function planBatch(
  { capacity }: Gpu,
  { units, channels }: GpuSpikingNetwork,
  trial: GpuSpikingTrial,
  record: GpuRecording,
  steps: number,
): { trials: number; segment: number } {
  const bytesOf = (segment: number) => {
    const samples = 4 * sampleLayout(units, segment, record).words;
    const outputs = record.outputs ? 4 * segment : 0;
    const fixed = 4 * (units * (stateRows + 2) + channels * trial.columns) +
      1024;
    return {
      largest: Math.max(samples, outputs, 4 * units * stateRows),
      total: samples + outputs + fixed,
    };
  };
  const fitting = (segment: number) => {
    const { largest, total } = bytesOf(segment);
    return Math.floor(
      Math.min(
        capacity.bufferBytes / Math.max(largest, 1),
        capacity.batchBytes / total,
        capacity.workgroups,
      ),
    );
  };
  let segment = Math.min(steps, longestSegment);
  while (fitting(segment) < 1 && segment > 1) segment = Math.ceil(segment / 2);
  return { trials: Math.max(fitting(segment), 1), segment };
}

function sampleLayout(
  units: number,
  steps: number,
  record: GpuRecording,
): SampleLayout {
  // A segment may hold one sample more than its length suggests.
  const samples = (every: number) =>
    every > 0 ? (Math.floor(steps / every) + 1) * units : 0;
  const voltages = record.spikes ? steps * spikeWords(units) : 0;
  const currents = voltages + samples(record.voltages);
  const rates = currents + samples(record.currents);
  return { voltages, currents, rates, words: rates + samples(record.rates) };
}

async function runBatch(
  gpu: Gpu,
  network: GpuSpikingNetwork,
  trials: readonly GpuSpikingTrial[],
  record: GpuRecording,
  segment: number,
): Promise<GpuSpikingTrace[]> {
  const { units, channels, stepsPerColumn } = network;
  const { columns } = trials[0];
  const steps = (columns - 1) * stepsPerColumn;
  const variant = spikingVariant(gpu, network, trials, record);
  const kernel = gpu.kernel(spikingSource(variant));
  const layout = sampleLayout(units, segment, record);
  const scratch = new Scratch(gpu);
  const { table, row } = trialTable(network, trials);
  const inputs = new Float32Array(trials.length * channels * columns);
  trials.forEach((trial, b) =>
    inputs.set(trial.inputs, b * channels * columns)
  );
  const initial = new Float32Array(trials.length * units);
  trials.forEach((trial, b) => initial.set(trial.initial, b * units));
  const size = 4 * trials.length * units;
  const state = scratch.get("state", stateRows * size);
  gpu.write(state, initial);
  const counts = scratch.get("counts", 2 * size);
  const outputs = scratch.get("outputs", 4 * trials.length * segment);
  const samples = scratch.get("samples", 4 * trials.length * layout.words);
  const kept = layout.words > 0;
  const buffers = [
    scratch.put("columns", network.columns),
    scratch.put("facts", unitFacts(network)),
    scratch.put("table", table),
    scratch.put("inputs", inputs.length > 0 ? inputs : new Float32Array(1)),
    state,
    counts,
    ...record.outputs ? [outputs] : [],
    ...kept ? [samples] : [],
  ];
  const collected = trials.map(() => new TraceParts(units, steps, record));
  const done = scratch.get("done", 4);
  try {
    for (let from = 1; from <= steps; from += segment) {
      const to = Math.min(from + segment, steps + 1);
      for (const [first, last] of spikingChunks(gpu, variant, from, to)) {
        gpu.run([{
          kernel,
          buffers: [
            gpu.uniform([
              first,
              last,
              from,
              trials.length,
              columns,
              row,
              segment,
              layout.words,
              layout.voltages,
              layout.currents,
              layout.rates,
            ]),
            ...buffers,
          ],
          workgroups: [trials.length],
        }]);
      }
      const last = to > steps;
      const [outputBytes, sampleBytes, countBytes] = await gpu.read([
        {
          buffer: record.outputs ? outputs : done,
          bytes: record.outputs ? 4 * trials.length * segment : 0,
        },
        {
          buffer: kept ? samples : done,
          bytes: kept ? 4 * trials.length * layout.words : 0,
        },
        { buffer: counts, bytes: last ? 2 * size : 0 },
      ]);
      collected.forEach((parts, b) =>
        parts.add(b, from, to, outputBytes, sampleBytes, segment, layout)
      );
      if (last) {
        const all = new Uint32Array(countBytes);
        return collected.map((parts, b) => parts.trace(b, all));
      }
    }
    throw new RangeError("Cannot run spiking trials of no steps");
  } finally {
    scratch.close();
  }
}

/** Dispatches of a segment, each short enough for the device. */
function spikingChunks(
  gpu: Gpu,
  variant: SpikingVariant,
  from: number,
  to: number,
): [number, number][] {
  // The turns of spikes come in bursts, so there is no number for one step.
  let length = longestChunk;
  while (
    length > 1 && spikingTurns(variant, length) > gpu.capacity.iterations
  ) length = Math.floor(length * 0.8);
  return ranges(from, to, length);
}

function spikingVariant(
  gpu: Gpu,
  network: GpuSpikingNetwork,
  trials: readonly GpuSpikingTrial[],
  record: GpuRecording,
): SpikingVariant {
  const variant = {
    ...record,
    units: network.units,
    channels: network.channels,
    layers: network.layers,
    neuron: network.neuron,
    synapse: network.synapse,
    stepsPerColumn: network.stepsPerColumn,
    noisy: trials.some(({ amplitude }) => amplitude !== 0),
    stimulated: trials.some(({ stimulations }) => stimulations.length > 0),
    workgroupSize: gpu.workgroupSizeFor(network.units),
  };
  while (
    spikingStorage(variant) > gpu.capacity.workgroupStorage &&
    variant.workgroupSize > 32
  ) variant.workgroupSize -= 32;
  return variant;
}

/** Facts of the units, a row each; see `factRows`. */
function unitFacts(network: GpuSpikingNetwork): Uint32Array {
  const { units, channels } = network;
  const facts = new Uint32Array((factRows + channels) * units);
  const floats = new Float32Array(facts.buffer);
  for (let i = 0; i < units; i++) facts[i] = i;
  facts.set(network.layer, units);
  [
    network.bias,
    network.decay,
    network.spikeGain,
    network.readout,
    network.inputGain,
  ].forEach((vector, k) => floats.set(vector, (k + 2) * units));
  floats.set(network.inputWeights, factRows * units);
  return facts;
}

/** One row a trial; see `trialHeader` and `stimulationWords`. */
function trialTable(
  { units, layers }: GpuSpikingNetwork,
  trials: readonly GpuSpikingTrial[],
): { table: Uint32Array; row: number } {
  const row = trialHeader + layers;
  const words = spikeWords(units);
  const stimulations = trials.reduce(
    (sum, trial) => sum + trial.stimulations.length,
    0,
  );
  const table = new Uint32Array(
    trials.length * row + stimulations * (stimulationWords + words),
  );
  const floats = new Float32Array(table.buffer);
  let next = trials.length * row;
  trials.forEach((trial, b) => {
    const at = b * row;
    table.set([trial.key, trial.counter], at);
    floats[at + 2] = trial.amplitude;
    table.set([trial.stimulations.length, next], at + 3);
    floats.set([trial.outputScale, trial.outputOffset], at + 5);
    floats.set(trial.scales, at + trialHeader);
    let bits = next + trial.stimulations.length * stimulationWords;
    for (const stimulation of trial.stimulations) {
      const { from, to, probability, amount, counter, key } = stimulation;
      const chance = Math.min(Math.ceil(probability * 2 ** 32), 2 ** 32 - 1);
      table.set([from, to, chance], next);
      floats[next + 3] = amount;
      table.set([bits, counter, key], next + 4);
      for (const unit of stimulation.units) {
        table[bits + (unit >> 5)] |= 1 << (unit & 31);
      }
      next += stimulationWords;
      bits += words;
    }
    next = bits;
  });
  return { table, row };
}

/** Collects a trial's recordings over segments. */
class TraceParts {
  readonly #units: number;
  readonly #record: GpuRecording;
  readonly #outputs: Float32Array | undefined;
  readonly #spikes: Uint32Array | undefined;
  readonly #histories: Record<
    "voltages" | "currents" | "rates",
    Float32Array | undefined
  >;

  constructor(units: number, steps: number, record: GpuRecording) {
    const history = (every: number) =>
      every > 0
        ? new Float32Array(Math.floor(steps / every) * units)
        : undefined;
    this.#units = units;
    this.#record = record;
    this.#outputs = record.outputs ? new Float32Array(steps) : undefined;
    this.#spikes = record.spikes
      ? new Uint32Array(steps * spikeWords(units))
      : undefined;
    this.#histories = {
      voltages: history(record.voltages),
      currents: history(record.currents),
      rates: history(record.rates),
    };
  }

  /** Adds steps [from, to) of trial `b` of a batch. */
  add(
    b: number,
    from: number,
    to: number,
    outputs: ArrayBuffer,
    samples: ArrayBuffer,
    segment: number,
    layout: SampleLayout,
  ): void {
    this.#outputs?.set(
      new Float32Array(outputs, 4 * b * segment, to - from),
      from - 1,
    );
    const words = spikeWords(this.#units);
    this.#spikes?.set(
      new Uint32Array(samples, 4 * b * layout.words, (to - from) * words),
      (from - 1) * words,
    );
    for (const kind of ["voltages", "currents", "rates"] as const) {
      const every = this.#record[kind];
      const before = Math.floor((from - 1) / every);
      const count = Math.floor((to - 1) / every) - before;
      this.#histories[kind]?.set(
        new Float32Array(
          samples,
          4 * (b * layout.words + layout[kind]),
          count * this.#units,
        ),
        before * this.#units,
      );
    }
  }

  trace(b: number, counts: Uint32Array): GpuSpikingTrace {
    const units = this.#units;
    const { voltages, currents, rates } = this.#histories;
    return {
      spikeCounts: counts.slice(2 * b * units, (2 * b + 1) * units),
      earlyCounts: counts.slice((2 * b + 1) * units, (2 * b + 2) * units),
      ...this.#outputs && { outputs: this.#outputs },
      ...this.#spikes && { spikes: this.#spikes },
      ...voltages && { voltages },
      ...currents && { currents },
      ...rates && { rates },
    };
  }
}
