/**
 * Trials of fine-tuning as jobs for the SIMD kernel: each is run, its loss taken
 * and its gradient, in the memory in which its spikes are. Records as in
 * simd/history.ts.
 */
import { exp } from "../../arithmetic/elementary.ts";
import { filterOf, riseTime, spikeArea } from "../../network/synapses.ts";
import type { WasmJob, WasmResult } from "../job.ts";
import { MemoryImage, WordRecord } from "./image.ts";
import {
  placeNetwork,
  placeTrial,
  readyNetwork,
  trialCall,
  type TrialPlan,
} from "./place.ts";
import type { SmoothNetwork } from "./smooth.ts";
import { constantsOf, lanes, placeAdjoints } from "./smooth_launch.ts";
import { type LifNetwork, type LifTrial, stepCount } from "./types.ts";

const recordWords = 18;

/** Trials of a job at most. */
export const mostTunedTrials: number = 2 * lanes;

/** Slopes of a transfer function at inputs in equal steps, straight between. */
export interface SlopeTable {
  /** First input, beside the neuron's own bias, mV. */
  readonly first: number;
  /** From one input to the next, mV. */
  readonly step: number;
  /** Slopes, Hz/mV. */
  readonly values: Float64Array;
}

/** A network as spikes, and as its smoothed model knows it. */
export interface TunedNetwork {
  readonly spiking: LifNetwork;
  /** Of the spiking network's constant inputs, what the neuron's own bias is, mV. */
  readonly neuronBias: number;
  readonly smooth: SmoothNetwork;
  /** Integration steps of an interval. */
  readonly stepsPerInterval: number;
  /** Of both, over an interval; they stay as weights change. */
  readonly filters: TunedFilters;
}

/** Filters over an interval, as the kernels take them. */
export interface TunedFilters {
  /** Of the smoothed model. */
  readonly constants: Float32Array<ArrayBuffer>;
  /** Of filtered spikes: D, B and E, a row each. */
  readonly carry: readonly Float32Array[];
  /** What a spike m steps before the end is worth in r and in s: two rows for each m. */
  readonly jumps: readonly Float32Array[];
}

/**
 * The filters of a network over an interval.
 *
 * @throws {RangeError} for synapses without a filter
 */
export function tunedFilters(
  spiking: LifNetwork,
  stepsPerInterval: number,
): TunedFilters {
  const interval = stepsPerInterval * spiking.dt;
  return {
    constants: constantsOf({ ...spiking, interval }),
    ...intervalFilter(spiking, stepsPerInterval),
  };
}

/** A trial, and what it is to be. */
export interface TunedTrial {
  readonly trial: LifTrial;
  readonly slopes: SlopeTable;
  /** Weight in the loss of the output at the end of each interval. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** What it is to be there. */
  readonly targets: Float32Array<ArrayBuffer>;
  /** Rates that the units are to have, where they count. */
  readonly guide?: {
    /** units×columns. */
    readonly rates: ArrayLike<number>;
    readonly columns: number;
    /** Weight of their mean squared error, as a share of their mean square. */
    readonly weight: number;
  };
}

/** Loss of a trial, and its gradients. */
export interface TunedGradient {
  /** Whether every voltage, current and filtered spike train ended finite. */
  readonly finite: boolean;
  /** Weighted squared error of the outputs; without the guide's. */
  readonly loss: number;
  readonly offset: number;
  /** By the readout of each unit. */
  readonly readout: Float64Array;
  /** By the weight of each synapse, and by each unit's drive: in lane k of four. */
  readonly lane: number;
  readonly weights: Float32Array;
  readonly drive: Float32Array;
}

/** A job and how to make gradients of what it read. */
export interface TunedJob {
  readonly job: WasmJob;
  readonly gradients: (result: WasmResult) => TunedGradient[];
}

/**
 * Trials of equal length as jobs. A trial's numbers do not depend on those that
 * share its job: in groups of four they go through the same histories, one group
 * after the other.
 *
 * @param share trials of a job
 */
export function* tunedJobs(
  { spiking, neuronBias, smooth, stepsPerInterval, filters }: TunedNetwork,
  trials: readonly TunedTrial[],
  share: number = mostTunedTrials,
): Generator<TunedJob> {
  const ready = readyNetwork(spiking, trials.map(({ trial }) => trial));
  const recording = {
    outputs: false,
    spikes: true,
    voltages: 0,
    currents: stepsPerInterval,
    rates: 0,
  };
  const { units } = spiking;
  const inverse = Float32Array.from(spiking.factors, (factor) => 1 / factor);
  for (let start = 0; start < trials.length; start += share) {
    const own = trials.slice(start, start + share);
    const image = new MemoryImage();
    const placed = placeNetwork(image, ready);
    const { padded } = placed;
    const intervals = stepCount(spiking, own[0].trial.columns) /
      stepsPerInterval;
    const numbers = () => image.room(lanes * units * intervals);
    const adjoints = placeAdjoints(image, smooth, filters.constants, {
      groups: Math.ceil(own.length / lanes),
      intervals,
      histories: [numbers(), numbers(), numbers()],
    });
    const shared = {
      carry: rows(image, filters.carry, padded),
      jumps: rows(image, filters.jumps, padded),
      readout: image.put(words64(smooth.readout)),
      inverse: image.padded(inverse, padded),
      room: image.room(4 * padded),
    };
    const calls: WasmJob["calls"][number][] = [];
    const plans: TrialPlan[] = [];
    const results: number[] = [];
    own.forEach((one, k) => {
      const lane = k % lanes;
      const { record: adjoint } = adjoints[Math.floor(k / lanes)];
      if (lane === 0) calls.push({ name: "clearHistories", args: [adjoint] });
      const plan = placeTrial(spiking, placed, one.trial, recording, 0);
      const at = image.room(2 * (2 + units));
      const record = placeHistory(image, one, {
        ...shared,
        stepsPerInterval,
        perColumn: spiking.stepsPerColumn / stepsPerInterval,
        bias: neuronBias,
        offset: spiking.offset,
        interval: smooth.interval,
        results: at,
      });
      const args = [placed.record, plan.record, adjoint, lane, record];
      calls.push(trialCall(placed, plan), { name: "history", args });
      const isLast = lane === lanes - 1 || k === own.length - 1;
      if (isLast) calls.push({ name: "adjoint", args: [adjoint] });
      plans.push(plan);
      results.push(at);
    });
    yield {
      job: {
        module: "lif",
        memoryBytes: image.bytes,
        writes: image.writes,
        calls,
        reads: [
          ...adjoints.flatMap(({ reads }) => reads),
          ...plans.map(({ reads }) => reads[0]),
          ...results.map((at) => ({
            at,
            length: 2 + units,
            type: "float64" as const,
          })),
        ],
      },
      gradients: (result) => {
        const rest = result.slice(2 * adjoints.length);
        return own.map((_, k) => {
          const group = 2 * Math.floor(k / lanes);
          const flags = rest[k] as Uint32Array;
          const sums = rest[own.length + k] as Float64Array;
          return {
            finite: flags[1] === 1,
            loss: sums[0],
            offset: sums[1],
            readout: sums.subarray(2),
            lane: k % lanes,
            weights: result[group] as Float32Array,
            drive: result[group + 1] as Float32Array,
          };
        });
      },
    };
  }
}

/** Loss and gradients of all trials, summed. */
export interface TunedSum {
  readonly loss: number;
  readonly offset: number;
  readonly readout: Float64Array;
  readonly weights: Float64Array;
  readonly drive: Float64Array;
}

/** The sum of gradients, in their order, in double precision. */
export function addTuned(
  gradients: readonly TunedGradient[],
  { units, synapses }: SmoothNetwork,
): TunedSum {
  const sum = {
    loss: 0,
    offset: 0,
    readout: new Float64Array(units),
    weights: new Float64Array(synapses.weights.length),
    drive: new Float64Array(units),
  };
  for (const { loss, offset, readout, lane, weights, drive } of gradients) {
    sum.loss += loss;
    sum.offset += offset;
    for (let unit = 0; unit < units; unit++) {
      sum.readout[unit] += readout[unit];
      sum.drive[unit] += drive[lanes * unit + lane];
    }
    for (let k = 0; k < sum.weights.length; k++) {
      sum.weights[k] += weights[lanes * k + lane];
    }
  }
  return sum;
}

/** The kernel's filter over an interval: step by step, as it takes its steps. */
function intervalFilter(
  { decay, synapse, dt }: LifNetwork,
  steps: number,
): Pick<TunedFilters, "carry" | "jumps"> {
  const { rises } = filterOf(synapse);
  const e = decay.map((td) => exp(-dt / (riseTime(synapse, td) ?? 0)));
  const d = decay.map((td) => exp(-dt / td));
  const row = (of: (unit: number) => number) =>
    Float64Array.from(d, (_, unit) => of(unit));
  const jump = decay.map((td) => 1000 / spikeArea(synapse, td, dt));
  let [r, s] = rises
    ? [row(() => 0), row((i) => jump[i])]
    : [row((i) => jump[i]), row(() => 0)];
  let [kept, risen, rising] = [row(() => 1), row(() => 0), row(() => 1)];
  const jumps: Float32Array[] = [];
  for (let m = 0; m < steps; m++) {
    jumps.push(Float32Array.from(r), Float32Array.from(s));
    r = r.map((value, i) => d[i] * value + dt * s[i]);
    s = s.map((value, i) => e[i] * value);
    risen = risen.map((value, i) => d[i] * value + dt * rising[i]);
    rising = rising.map((value, i) => e[i] * value);
    kept = kept.map((value, i) => d[i] * value);
  }
  return {
    carry: [kept, risen, rising].map((all) => Float32Array.from(all)),
    jumps,
  };
}

function placeHistory(
  image: MemoryImage,
  { slopes, weights, targets, guide }: TunedTrial,
  at: {
    readonly stepsPerInterval: number;
    readonly perColumn: number;
    readonly carry: number;
    readonly jumps: number;
    readonly readout: number;
    readonly inverse: number;
    readonly room: number;
    readonly results: number;
    /** The neuron's own, mV. */
    readonly bias: number;
    readonly offset: number;
    /** Duration of an interval, ms. */
    readonly interval: number;
  },
): number {
  const seconds = at.interval / 1000;
  const table = Float32Array.from(slopes.values, (slope) => seconds * slope);
  const record = new WordRecord(recordWords)
    .words(at.stepsPerInterval, at.perColumn, at.carry, at.jumps)
    .words(at.readout, at.inverse)
    .words(image.put(weights), image.put(targets))
    .floats(slopes.first + at.bias, 1 / slopes.step)
    .words(table.length - 1, image.put(table))
    .words(guide ? image.put(new Float32Array(guide.rates)) : 0)
    .words(guide?.columns ?? 1).floats(guide?.weight ?? 0)
    .words(at.room, at.results).floats(at.offset);
  return image.put(record.done());
}

function rows(
  image: MemoryImage,
  all: readonly Float32Array[],
  padded: number,
): number {
  const data = new Float32Array(all.length * padded);
  all.forEach((row, k) => data.set(row, k * padded));
  return image.put(data);
}

/** Numbers in double precision, as words. */
function words64(values: Float64Array): Uint32Array<ArrayBuffer> {
  return new Uint32Array(Float64Array.from(values).buffer);
}
