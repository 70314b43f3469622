/** The adjoint of the smoothed model as jobs for the SIMD kernel. */
import type { WasmJob, WasmRead, WasmResult } from "../job.ts";
import { MemoryImage, WordRecord } from "./image.ts";
import {
  propagator,
  type SmoothGradient,
  type SmoothNetwork,
  type SmoothTrial,
} from "./smooth.ts";

/** Trials of a job: one a lane. */
export const lanes = 4;

const recordWords = 13;

/** Words of a unit's constants. */
const constantWords = 8;

/** Jobs for trials of equal length, four trials each; {@linkcode adjointSum} takes what they give. */
export function* adjointJobs(
  network: SmoothNetwork,
  trials: readonly SmoothTrial[],
): Generator<WasmJob> {
  const constants = constantsOf(network);
  for (let start = 0; start < trials.length; start += lanes) {
    const group = trials.slice(start, start + lanes);
    const image = new MemoryImage();
    const [{ record, reads }] = placeAdjoints(image, network, constants, {
      groups: 1,
      intervals: group[0].byRates.length / network.units,
      histories: [
        image.put(interleaved(group.map(({ spikes }) => spikes))),
        image.put(interleaved(group.map(({ slopes }) => slopes))),
        image.put(interleaved(group.map(({ byRates }) => byRates))),
      ],
    });
    yield {
      module: "lif",
      memoryBytes: image.bytes,
      writes: image.writes,
      calls: [{ name: "adjoint", args: [record] }],
      reads,
    };
  }
}

/** The adjoint of some trials, one a lane, in a job's memory. */
export interface PlacedAdjoint {
  /** Address of its record. */
  readonly record: number;
  /** What it gives: by weight, by drive, lane by lane. */
  readonly reads: readonly WasmRead[];
}

/**
 * Puts the adjoint of a network into a job's memory.
 *
 * @param histories addresses of spikes, slopes and gradients by filtered spikes
 * @param groups of trials that go through the histories one after the other
 * @returns one for each group
 */
export function placeAdjoints(
  image: MemoryImage,
  { units, synapses }: SmoothNetwork,
  constants: Float32Array<ArrayBuffer>,
  { intervals, histories, groups }: {
    readonly intervals: number;
    readonly histories: readonly [number, number, number];
    readonly groups: number;
  },
): PlacedAdjoint[] {
  const count = synapses.weights.length;
  const network = [
    image.put(synapses.first),
    image.put(synapses.post.map((unit) => 16 * unit)),
    image.put(new Float32Array(synapses.weights)),
    image.put(constants),
  ];
  const rooms = [image.room(4 * lanes * units), image.room(lanes * units)];
  return Array.from({ length: groups }, () => {
    const byWeight = image.room(lanes * count);
    const byDrive = image.room(lanes * units);
    const record = new WordRecord(recordWords)
      .words(units, intervals, ...network)
      .words(...histories, ...rooms)
      .words(byWeight, byDrive);
    return {
      record: image.put(record.done()),
      reads: [
        { at: byWeight, length: lanes * count, type: "float32" },
        { at: byDrive, length: lanes * units, type: "float32" },
      ],
    };
  });
}

/** The gradient from what the jobs read, added in double precision. */
export function adjointSum(
  { units, synapses }: SmoothNetwork,
  results: readonly WasmResult[],
): SmoothGradient {
  const weights = new Float64Array(synapses.weights.length);
  const drive = new Float64Array(units);
  for (const [byWeight, byDrive] of results) {
    byWeight.forEach((value, k) => weights[Math.floor(k / lanes)] += value);
    byDrive.forEach((value, k) => drive[Math.floor(k / lanes)] += value);
  }
  return { weights, drive };
}

/** What the adjoint takes of the filters, unit by unit. */
export function constantsOf(
  network: Parameters<typeof propagator>[0],
): Float32Array<ArrayBuffer> {
  const { decay, rise, risen, spike, rising } = propagator(network);
  const all = new Float32Array(constantWords * network.units);
  for (let i = 0; i < network.units; i++) {
    all.set(
      [decay[i], rise[i], risen[i], spike[i], rising[i]],
      constantWords * i,
    );
  }
  return all;
}

/** Numbers of an array that {@linkcode interleaved} takes at a time. */
const block = 1024;

/** Arrays side by side, number by number; lanes without an array hold 0. */
function interleaved(
  arrays: readonly Float32Array[],
): Float32Array<ArrayBuffer> {
  const { length } = arrays[0];
  const all = new Float32Array(lanes * length);
  // In blocks that stay near: one lane after the other would go through all of
  // the memory four times.
  for (let from = 0; from < length; from += block) {
    const end = Math.min(length, from + block);
    for (const [lane, array] of arrays.entries()) {
      for (let k = from; k < end; k++) all[lanes * k + lane] = array[k];
    }
  }
  return all;
}
