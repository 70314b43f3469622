/**
 * Runs trials of a spiking network on the GPU: many trials, of networks that may
 * differ in their scaling factors, in one go; in batches that fit, and in
 * segments of time where even one trial's recordings do not.
 */
import { longestChunk, ranges } from "../../webgpu/chunks.ts";
import { OutOfMemory } from "../../webgpu/failures.ts";
import type { Gpu } from "../../webgpu/gpu.ts";
import { Scratch } from "../../webgpu/scratch.ts";
import {
  type LifNetwork,
  type LifRecording,
  type LifTrace,
  refractorySteps,
  stepCount,
} from "../types.ts";
import { sampleLayout, TraceParts } from "./collect.ts";
import { spikingSource } from "./source.ts";
import {
  spikingStorage,
  spikingTurns,
  type SpikingVariant,
  stateRows,
} from "./variant.ts";
import {
  type PlacedTrial,
  type Scales,
  scalesOf,
  trialTable,
  unitFacts,
} from "./tables.ts";

/** Steps of a recording segment at most. */
const longestSegment = 2 ** 20;

/**
 * Runs trials, all with the same number of columns and changes of weights.
 *
 * @param networks that differ in nothing but their factors
 * @returns the traces in order
 * @throws {BackendError} if the device fails
 */
export async function runSpikingTrials(
  gpu: Gpu,
  networks: readonly LifNetwork[],
  trials: readonly PlacedTrial[],
  record: LifRecording,
): Promise<LifTrace[]> {
  const traces: LifTrace[] = [];
  const scales = scalesOf(networks);
  const { columns } = trials[0].trial;
  const plan = planBatch(gpu, networks[0], columns, record);
  let most = plan.trials;
  while (traces.length < trials.length) {
    const batch = trials.slice(traces.length, traces.length + most);
    try {
      traces.push(
        ...await gpu.exclusive(() =>
          runBatch(gpu, networks[0], scales, batch, record, plan.segment)
        ),
      );
    } catch (error) {
      if (!(error instanceof OutOfMemory) || batch.length === 1) throw error;
      most = batch.length >> 1;
    }
  }
  return traces;
}

/** How many trials fit at once, and how many steps of their recordings. */
function planBatch(
  { capacity }: Gpu,
  network: LifNetwork,
  columns: number,
  record: LifRecording,
): { trials: number; segment: number } {
  const { units, channels } = network;
  const state = 4 * units * stateRows(network.neuron);
  const fitting = (segment: number) => {
    const samples = 4 * sampleLayout(units, segment, record).words;
    const outputs = record.outputs ? 4 * segment : 0;
    const total = samples + outputs + state + 8 * units +
      4 * channels * columns + 1024;
    return Math.floor(
      Math.min(
        capacity.bufferBytes / Math.max(samples, outputs, state),
        capacity.batchBytes / total,
        capacity.workgroups,
      ),
    );
  };
  let segment = Math.min(stepCount(network, columns), longestSegment);
  while (fitting(segment) < 1 && segment > 1) segment = Math.ceil(segment / 2);
  return { trials: Math.max(fitting(segment), 1), segment };
}

async function runBatch(
  gpu: Gpu,
  network: LifNetwork,
  scales: Scales,
  trials: readonly PlacedTrial[],
  record: LifRecording,
  room: number,
): Promise<LifTrace[]> {
  const { units } = network;
  const { columns } = trials[0].trial;
  const steps = stepCount(network, columns);
  const variant = spikingVariant(gpu, network, trials, record);
  const kernel = gpu.kernel(spikingSource(variant));
  const layout = sampleLayout(units, room, record);
  const scratch = new Scratch(gpu);
  try {
    const { table, row } = trialTable(network, scales, trials);
    const size = 4 * trials.length * units;
    const state = scratch.get("state", stateRows(network.neuron) * size);
    gpu.write(state, joined(trials.map(({ trial }) => trial.initial), units));
    const counts = scratch.get("counts", 2 * size);
    const outputBytes = record.outputs ? 4 * trials.length * room : 0;
    const sampleBytes = 4 * trials.length * layout.words;
    const outputs = scratch.get("outputs", outputBytes);
    const samples = scratch.get("samples", sampleBytes);
    const inputs = joined(
      trials.map(({ trial }) => trial.inputs),
      network.channels * columns,
    );
    const weights = [
      { from: 0, weights: network.weights },
      ...trials[0].trial.weights ?? [],
    ].map(({ from, weights }, k) => ({
      from,
      buffer: scratch.put(`columns ${k}`, Float32Array.from(weights)),
    }));
    const buffers = [
      scratch.put("facts", unitFacts(network, scales)),
      scratch.put("table", table),
      scratch.put("inputs", inputs),
      state,
      counts,
      ...record.outputs ? [outputs] : [],
      ...layout.words > 0 ? [samples] : [],
    ];
    const parts = trials.map(() => new TraceParts(units, steps, record));
    let all = new Uint32Array(0);
    for (const [from, to] of ranges(1, steps + 1, room)) {
      const chunks = spikingChunks(gpu, variant, from, to, weights);
      for (const [first, last] of chunks) {
        const { buffer } = weights.findLast(({ from }) => from <= first)!;
        const numbers = [
          first,
          last,
          from,
          trials.length,
          columns,
          row,
          room,
          layout.words,
          layout.voltages,
          layout.currents,
          layout.rates,
          steps + 1,
        ];
        gpu.run([{
          kernel,
          buffers: [gpu.uniform(numbers), buffer, ...buffers],
          workgroups: [trials.length],
        }]);
      }
      const [outputsFound, samplesFound, countsFound] = await gpu.read([
        { buffer: outputs, bytes: outputBytes },
        { buffer: samples, bytes: sampleBytes },
        { buffer: counts, bytes: to > steps ? 2 * size : 0 },
      ]);
      const segment = {
        from,
        to,
        room,
        layout,
        outputs: outputsFound,
        samples: samplesFound,
      };
      parts.forEach((part, b) => part.add(b, segment));
      all = new Uint32Array(countsFound);
    }
    return parts.map((part, b) => part.trace(b, all));
  } finally {
    scratch.close();
  }
}

/** Arrays of `length` numbers one after the other; at least one number. */
function joined(
  arrays: readonly ArrayLike<number>[],
  length: number,
): Float32Array {
  const all = new Float32Array(Math.max(arrays.length * length, 1));
  arrays.forEach((array, b) => all.set(array, b * length));
  return all;
}

/** Dispatches of a segment, each short enough for the device. */
function spikingChunks(
  gpu: Gpu,
  variant: SpikingVariant,
  from: number,
  to: number,
  weights: readonly { readonly from: number }[],
): [number, number][] {
  // The turns of spikes come in bursts, so there is no number for one step.
  let length = longestChunk;
  while (
    length > 1 && spikingTurns(variant, length) > gpu.capacity.iterations
  ) length = Math.floor(length * 0.8);
  // Other weights begin with a dispatch of their own.
  const ends = weights.map(({ from }) => from)
    .filter((step) => step > from && step < to);
  return [...ends, to].flatMap((end, k) =>
    ranges(ends[k - 1] ?? from, end, length)
  );
}

function spikingVariant(
  gpu: Gpu,
  network: LifNetwork,
  trials: readonly PlacedTrial[],
  record: LifRecording,
): SpikingVariant {
  const { units, channels, neuron, synapse, dt, stepsPerColumn } = network;
  const variant = {
    ...record,
    units,
    channels,
    neuron,
    synapse,
    dt,
    stepsPerColumn,
    refractorySteps: refractorySteps(
      neuron.refractory,
      dt,
      stepCount(network, trials[0].trial.columns),
    ),
    noisy: trials.some(({ trial }) => trial.amplitude !== 0),
    stimulated: trials.some(({ trial }) => trial.stimulations.length > 0),
    workgroupSize: gpu.workgroupSizeFor(units),
  };
  while (
    spikingStorage(variant) > gpu.capacity.workgroupStorage &&
    variant.workgroupSize > 32
  ) variant.workgroupSize -= 32;
  return variant;
}
