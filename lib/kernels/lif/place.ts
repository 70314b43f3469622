/**
 * Networks and trials in the memory of a job for the SIMD kernel. Records and
 * offsets as in simd/layout.ts.
 */
import type { WasmArray, WasmRead, WasmResult } from "../job.ts";
import { tossCoins } from "./coins.ts";
import { type LifNetwork32, toSinglePrecision } from "./constants32.ts";
import { type MemoryImage, WordRecord } from "./image.ts";
import {
  type LifNetwork,
  type LifRecording,
  type LifTrace,
  type LifTrial,
  runNames,
  stepCount,
} from "./types.ts";

const networkWords = 35;
const trialWords = 25;

/** Words of a change of weights: its step, where the weights are. */
const changeWords = 2;
const stimulationWords = 6;

/** Word of a trial's record at which its flags are. */
const flagsWord = 20;

/** Words of the state of four units. */
const blockWords = 40;

/** Voltage of the numbers that fill up the last four units: far from any peak. */
const nowhere = -1e15;

/** The most memory that a trial's results may take. */
const largestTrial = 2 ** 31;

/** A network's part of a job's memory, the same for all of its jobs. */
export interface PlacedNetwork {
  readonly net: LifNetwork32;
  readonly padded: number;
  readonly record: number;
  readonly image: MemoryImage;
  /** Address of other weights, which are put there once. */
  readonly columnsAt: (weights: Float64Array) => number;
}

/** A network that is about to be placed, once or in several jobs. */
export interface ReadyNetwork {
  readonly network: LifNetwork;
  readonly net: LifNetwork32;
  /** What spikes add with other weights, made once. */
  readonly columnsOf: (weights: Float64Array) => Float32Array<ArrayBuffer>;
}

/** A network in single precision, for its trials. */
export function readyNetwork(
  network: LifNetwork,
  trials: readonly LifTrial[],
): ReadyNetwork {
  const longest = trials.reduce(
    (most, { columns }) => Math.max(most, stepCount(network, columns)),
    0,
  );
  const net = toSinglePrecision(network, longest);
  const made = new Map<Float64Array, Float32Array<ArrayBuffer>>();
  const columnsOf = (weights: Float64Array) => {
    const columns = made.get(weights) ?? net.columnsOf(weights);
    made.set(weights, columns);
    return columns;
  };
  return { network, net, columnsOf };
}

/** Puts a network into a job's memory. */
export function placeNetwork(
  image: MemoryImage,
  { network, net, columnsOf }: ReadyNetwork,
): PlacedNetwork {
  const { units, channels, refractorySteps } = net;
  const padded = Math.ceil(units / 4) * 4;
  const rows = (values: Float32Array<ArrayBuffer>, count: number) => {
    if (padded === units) return image.put(values);
    const data = new Float32Array(count * padded);
    for (let k = 0; k < count; k++) {
      data.set(values.subarray(k * units, (k + 1) * units), k * padded);
    }
    return image.put(data);
  };
  const row = (values: Float32Array) => image.padded(values, padded);
  const columns = rows(net.columns, units);
  const data = new WordRecord(networkWords)
    .words(units, padded, channels, net.stepsPerColumn, refractorySteps)
    .words(net.rebase, net.outputsFromRates ? 1 : 0)
    .floats(net.rate, net.reset, net.peak)
    .floats(net.slope, net.sharpness, net.threshold)
    .floats(net.columnScale, net.outputScale, net.offset)
    .words(columns, row(net.decay), row(net.bias))
    .words(rows(net.inputWeights, channels))
    .words(row(net.readoutJump), row(net.rateJump), row(net.readout))
    .words(image.put(Float32Array.from(net.scale)))
    .words(image.put(Float32Array.from(net.inverse)))
    .words(image.put(Float32Array.from(net.dtScale)))
    .words(image.room(padded / 4 * blockWords), image.room(8 * padded))
    .words(image.room(padded), image.room(padded), image.room(padded))
    .words(image.room(Math.ceil((refractorySteps + 1) / 4)))
    .words(image.room(2 * padded))
    .floats(net.adaptationDecay, net.adaptationJump);
  const others = new Map([[network.weights, columns]]);
  const columnsAt = (weights: Float64Array) => {
    let at = others.get(weights);
    if (at === undefined) {
      others.set(weights, at = rows(columnsOf(weights), units));
    }
    return at;
  };
  return { net, padded, image, record: image.put(data.done()), columnsAt };
}

/** Where a trial is in memory, and how its results become a trace. */
export interface TrialPlan {
  readonly record: number;
  readonly reads: readonly WasmRead[];
  readonly trace: (result: WasmResult) => LifTrace;
}

/** Standard deviations that the noise of a refractory period never reaches. */
const beyondNoise = 9;

/** Spikes of a trial at most. */
function mostSpikes(
  { units, refractorySteps, peak, reset }: LifNetwork32,
  { amplitude, stimulations }: LifTrial,
  steps: number,
): number {
  // Noise and stimulation reach refractory units too.
  const pushed = beyondNoise * amplitude * Math.sqrt(refractorySteps) +
    refractorySteps *
      stimulations.reduce((sum, { amount }) => sum + Math.max(0, amount), 0);
  const period = pushed < peak - reset ? refractorySteps + 1 : 1;
  // The first period is one more: initial voltages may lie above the peak.
  return units * Math.min(steps, Math.floor(steps / period) + 2);
}

/**
 * Puts a trial into a job's memory.
 *
 * @param noise where that of the whole trial is; 0 for none
 */
export function placeTrial(
  network: LifNetwork,
  { net, padded, image, columnsAt }: PlacedNetwork,
  trial: LifTrial,
  record: LifRecording,
  noise: number,
): TrialPlan {
  const { units, channels } = net;
  const steps = stepCount(network, trial.columns);
  const samples = (every: number) => every > 0 ? Math.floor(steps / every) : 0;
  const sampleWords = (every: number) => samples(every) * padded;
  const spikeWords = record.spikes ? 2 * mostSpikes(net, trial, steps) : 0;
  const words = steps + spikeWords + sampleWords(record.voltages) +
    sampleWords(record.currents) + sampleWords(record.rates);
  if (4 * words > largestTrial) {
    throw new RangeError(
      `Cannot simulate a trial of ${steps} steps with its recordings: they ` +
        `take ${4 * words} bytes, allowed are ${largestTrial}; record every ` +
        "n-th step",
    );
  }
  const inputs = new Float32Array(Math.max(1, channels * trial.columns));
  inputs.set(trial.inputs);
  const addresses = {
    outputs: record.outputs ? image.room(steps) : 0,
    spikes: spikeWords > 0 ? image.room(spikeWords) : 0,
    counts: image.room(padded),
    early: image.room(padded),
    voltages: image.room(sampleWords(record.voltages)),
    currents: image.room(sampleWords(record.currents)),
    rates: image.room(sampleWords(record.rates)),
  };
  const { weights = [] } = trial;
  const changes = new WordRecord(changeWords * weights.length);
  for (const { from, weights: other } of weights) {
    changes.words(from, columnsAt(other));
  }
  const data = new WordRecord(trialWords)
    .words(trial.key, trial.trial)
    .floats(trial.amplitude)
    .words(steps, trial.columns, image.put(inputs))
    .words(image.padded(trial.initial, padded, nowhere))
    .words(trial.stimulations.length, placeStimulations(image, trial))
    .words(addresses.outputs, addresses.spikes)
    .words(addresses.counts, addresses.early)
    .words(record.voltages, addresses.voltages)
    .words(record.currents, addresses.currents)
    .words(record.rates, addresses.rates)
    .words(addresses.spikes + 4 * spikeWords, 0, 0)
    .words(weights.length, image.put(changes.done()), noise);
  const at = image.put(data.done());
  const flags = at + 4 * flagsWord;
  const reads: WasmRead[] = [
    { at: flags, length: 2, type: "uint32" },
    { at: addresses.counts, length: units, type: "uint32" },
    { at: addresses.early, length: units, type: "uint32" },
  ];
  const optional = (read: WasmRead | false) =>
    read ? reads.push(read) - 1 : undefined;
  const outputs = optional(
    record.outputs &&
      { at: addresses.outputs, length: steps, type: "float32" },
  );
  const spikes = optional(
    record.spikes &&
      { at: addresses.spikes, length: { countAt: flags }, type: "uint32" },
  );
  const kinds = ["voltages", "currents", "rates"] as const;
  const histories = kinds.map((kind) =>
    optional(
      record[kind] > 0 && {
        at: addresses[kind],
        length: sampleWords(record[kind]),
        type: "float32",
      },
    )
  );
  return {
    record: at,
    reads,
    trace(result) {
      const [voltages, currents, rates] = histories.map((index) =>
        index === undefined
          ? undefined
          : byUnit(result[index] as Float32Array, units, padded)
      );
      return {
        steps,
        finite: result[0][1] === 1,
        spikeCounts: result[1] as Uint32Array,
        earlyCounts: result[2] as Uint32Array,
        ...outputs !== undefined &&
          { outputs: result[outputs] as Float32Array },
        ...spikes !== undefined &&
          { spikes: spikeList(result[spikes], result[1]) },
        ...voltages && { voltages },
        ...currents && { currents },
        ...rates && { rates },
      };
    },
  };
}

function placeStimulations(image: MemoryImage, trial: LifTrial): number {
  const records = new WordRecord(
    stimulationWords * trial.stimulations.length,
  );
  trial.stimulations.forEach((stimulation, k) => {
    const { units, from, to, amount } = stimulation;
    const coins = tossCoins(trial, stimulation, k);
    const words = new Uint32Array(Math.ceil(coins.length / 4));
    new Uint8Array(words.buffer).set(coins);
    records.words(from, to).floats(amount)
      .words(units.length, image.put(Uint32Array.from(units)))
      .words(image.put(words));
  });
  return image.put(records.done());
}

/** Samples that {@linkcode byUnit} takes at a time: a line of the cache a unit. */
const turnedSamples = 16;

/** Samples×padded units as units×samples. */
function byUnit(
  history: Float32Array,
  units: number,
  padded: number,
): Float32Array {
  const samples = history.length / padded;
  const turned = new Float32Array(units * samples);
  for (let from = 0; from < samples; from += turnedSamples) {
    const to = Math.min(samples, from + turnedSamples);
    for (let i = 0; i < units; i++) {
      for (let k = from; k < to; k++) {
        turned[i * samples + k] = history[k * padded + i];
      }
    }
  }
  return turned;
}

/** Pairs of step and unit as two lists. */
function spikeList(pairs: WasmArray, counts: WasmArray) {
  const count = pairs.length / 2;
  const all = (counts as Uint32Array).reduce((sum, n) => sum + n, 0);
  if (count !== all) {
    throw new RangeError(
      `Cannot record spikes: there was room for ${count}, ${all} were fired`,
    );
  }
  const steps = new Uint32Array(count);
  const units = new Uint32Array(count);
  for (let k = 0; k < count; k++) {
    steps[k] = pairs[2 * k];
    units[k] = pairs[2 * k + 1];
  }
  return { steps, units };
}

/** The call that runs a trial. */
export function trialCall({ net, record }: PlacedNetwork, plan: TrialPlan) {
  const name = net.model + runNames[net.rises ?? "at once"];
  return { name, args: [record, plan.record] };
}
