/**
 * A spiking network's numbers in single precision, as the SIMD kernel and its
 * reference take them.
 *
 * Two rewritings save the kernel work. They change no result but by rounding.
 *
 * 1. If all h and hr decay alike, by e = exp(-dt/tr) a step, they are kept without
 *    that decay: the true h at step t is h·e^m, m = t mod the rebase interval.
 *    Otherwise e is 1 here, and each h decays by its unit's d in every step.
 * 2. The output needs the sum of w·r, not each r. With d = exp(-dt/td), each
 *    filtered spike train is r = p + q, where p decays by d and q by e a step,
 *    and a spike adds c = gain·dt/(e - d) to q and takes it from p. So the
 *    readout keeps a p a unit and one Q for all. If rises differ, or are as long
 *    as decays, it is made of the r.
 */
import { exp, log, power } from "../../arithmetic/elementary.ts";
import { type LifNetwork, type LifNeuron, refractorySteps } from "./types.ts";
import { adaptationOf } from "./adaptation.ts";
import type { Constants32 } from "../../network/neurons.ts";
import {
  filterOf,
  riseTime,
  spikeArea,
  type SynapseFilter,
} from "../../network/synapses.ts";

const { fround } = Math;

/** Steps between rebases at most; even, since the kernel goes by two steps. */
const longestRebase = 64;

/** Decay over a rebase interval at least; far from where float32 ends. */
const smallestScale = 1e-12;

/**
 * The decay of h in a step at least. A faster one leaves of h less than single
 * precision can tell.
 */
const smallestRise = 1e-7;

/**
 * How near rise and decay time constants may be to each other, relative; nearer
 * than that p and q nearly cancel and the readout goes by r itself.
 */
const nearestTimes = 0.1;

/** A network in single precision. */
export interface LifNetwork32 extends Constants32 {
  readonly units: number;
  readonly channels: number;
  readonly model: LifNeuron["name"];
  /** How spikes rise: by a constant that all units share, by each one's td, or not. */
  readonly rises: SynapseFilter["rises"];
  readonly stepsPerColumn: number;
  readonly refractorySteps: number;
  /** dt/tm. */
  readonly rate: number;
  readonly reset: number;
  readonly peak: number;
  /** exp(-dt/tau) of the adaptation current; 0 for models without one. */
  readonly adaptationDecay: number;
  /** What a spike adds to it. */
  readonly adaptationJump: number;
  /** exp(-dt/td). */
  readonly decay: Float32Array;
  readonly bias: Float32Array;
  readonly inputWeights: Float32Array<ArrayBuffer>;
  /** What a presynaptic unit's spike adds to h (or the current), but for the scale. */
  readonly columns: Float32Array<ArrayBuffer>;
  /** The same of other weights. */
  readonly columnsOf: (weights: Float64Array) => Float32Array<ArrayBuffer>;
  readonly columnScale: number;
  /** What a spike takes from p and adds to Q (single exponential: adds to p). */
  readonly readoutJump: Float32Array;
  readonly outputScale: number;
  readonly offset: number;
  /** What a spike adds to hr (or r). */
  readonly rateJump: Float32Array;
  /** Readout weights, where outputs are made from r. */
  readonly readout: Float32Array;
  readonly outputsFromRates: boolean;
  readonly rebase: number;
  /** e^m for m = 0 … rebase, its inverse, and dt·e^m. */
  readonly scale: Float32Array;
  readonly inverse: Float32Array;
  readonly dtScale: Float32Array;
}

/**
 * Prepares a network for the float32 kernels.
 *
 * @param longest steps of the longest trial
 */
export function toSinglePrecision(
  network: LifNetwork,
  longest: number,
): LifNetwork32 {
  const { units, neuron, synapse, dt, decay: td, factors } = network;
  const { slope = 1, threshold = 0 } = neuron;
  const adaptation = adaptationOf(neuron, dt);
  const { decays, rises } = filterOf(synapse);
  const decay = td.map((t) => decays ? exp(-dt / t) : 0);
  // A filtered spike has an integral of 1; rates are in 1/s, times in ms.
  const gain = td.map((t) => 1000 / spikeArea(synapse, t, dt));
  const rise = rises === "tr"
    ? Math.max(exp(-dt / synapse.rise), smallestRise)
    : 1;
  // One factor for all is applied to spikes and sums; several, to the weights.
  const shared = factors.every((factor) => factor === factors[0]);
  const common = shared ? factors[0] : 1;
  const own = shared ? factors.map(() => 1) : factors;
  const readout = network.readout.map((w, i) => w / own[i]);
  const arriving = gain.map((x, i) => x * network.inputGain[i] / own[i]);
  const outputsFromRates = td.some((t) => {
    const rise = riseTime(synapse, t);
    return rise !== undefined && Math.abs(1 - t / rise) < nearestTimes;
  });
  const rebase = rebaseInterval(rise);
  const powers = Float64Array.from(
    { length: rebase + 1 },
    (_, m) => power(rise, m),
  );
  return {
    units,
    channels: network.channels,
    model: neuron.name,
    rises,
    stepsPerColumn: network.stepsPerColumn,
    refractorySteps: refractorySteps(neuron.refractory, dt, longest),
    rate: fround(dt / neuron.tauMembrane),
    reset: fround(neuron.reset),
    peak: fround(neuron.peak),
    adaptationDecay: fround(adaptation.decay),
    adaptationJump: fround(adaptation.jump),
    slope: fround(slope),
    sharpness: fround(1 / slope),
    threshold: fround(threshold),
    decay: Float32Array.from(decay),
    bias: Float32Array.from(network.bias),
    inputWeights: Float32Array.from(network.inputWeights),
    columns: spikeColumns(network.weights, arriving),
    columnsOf: (weights) => spikeColumns(weights, arriving),
    columnScale: fround(1 / common),
    readoutJump: Float32Array.from(
      readout,
      // The jump has a pole where the two decays are equal; there p is not read.
      (w, i) =>
        !rises
          ? w * gain[i]
          : outputsFromRates
          ? 0
          : w * gain[i] * dt / (rise - decay[i]),
    ),
    outputScale: fround(1 / common),
    offset: fround(network.offset),
    rateJump: Float32Array.from(gain),
    readout: Float32Array.from(readout),
    outputsFromRates,
    rebase,
    scale: Float32Array.from(powers),
    inverse: Float32Array.from(powers, (power) => 1 / power),
    dtScale: Float32Array.from(powers, (power) => dt * power),
  };
}

function rebaseInterval(rise: number): number {
  if (rise >= 1) return longestRebase;
  const steps = log(smallestScale) / log(rise);
  return Math.max(2, Math.min(longestRebase, 2 * Math.floor(steps / 2)));
}

/** Weights times what arriving spikes are multiplied by, a row a presynaptic unit. */
function spikeColumns(
  weights: Float64Array,
  arriving: Float64Array,
): Float32Array<ArrayBuffer> {
  const units = arriving.length;
  const columns = new Float32Array(weights.length);
  for (let j = 0, k = 0; j < units; j++) {
    for (let i = 0; i < units; i++, k++) columns[k] = weights[k] * arriving[i];
  }
  return columns;
}
