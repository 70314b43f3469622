/**
 * The smoothed model of a spiking network, which has a derivative: a unit's
 * spikes in an interval are the number expected from its input, and synapses and
 * readout filter them as they filter spikes. In plain TypeScript, in double
 * precision: the model itself, and its adjoint (backpropagation through time).
 *
 * Interval k = 0 … K-1, of duration delta, unit by unit:
 *
 *     u = I + drive,  n = expected spikes at u, in the middle of the interval
 *     I = D I + B h + P (W n),  h = E h + Q (W n)
 *     r = D r + B s + P n,      s = E s + Q n,   o = sum of readout r
 *
 * D, B and E carry the filters of {@linkcode SynapseModel} over an interval, P and
 * Q are what a spike in its middle has become at its end; all are exact.
 *
 * The adjoint needs of the expected number only its derivative at the inputs
 * that occurred, and takes those and the spikes of a true spiking trial as well:
 * then it is a surrogate gradient in which a spike has the derivative of its
 * expectation (compare Neftci, Mostafa and Zenke, IEEE Signal Processing
 * Magazine 36(6):51, 2019), and what single spikes add to the synapses is theirs.
 */
import { exp, expm1 } from "../../arithmetic/elementary.ts";
import {
  filterOf,
  riseTime,
  spikeArea,
  type SynapseModel,
} from "../../network/synapses.ts";

/** Synapses by their presynaptic unit. */
export interface SynapseList {
  /** Where each unit's synapses begin, and one past the last one: units + 1. */
  readonly first: Uint32Array<ArrayBuffer>;
  /** Postsynaptic units, ascending for each presynaptic one. */
  readonly post: Uint32Array<ArrayBuffer>;
  /** Input per filtered spike (1/s), mV s; signed. */
  readonly weights: Float64Array;
}

/** A network as its smoothed model knows it. Vectors have one number a unit. */
export interface SmoothNetwork {
  readonly units: number;
  readonly synapse: SynapseModel;
  /** Decay time constants td, ms. */
  readonly decay: Float64Array;
  /** Duration of an interval, ms. */
  readonly interval: number;
  readonly synapses: SynapseList;
  /** Output per filtered spike (1/s). */
  readonly readout: Float64Array;
}

/** What the adjoint needs of a trial; histories are intervals×units. */
export interface SmoothTrial {
  /** Spikes in each interval. */
  readonly spikes: Float32Array;
  /** Derivative of the expected number of spikes by the input, 1/mV. */
  readonly slopes: Float32Array;
  /** Gradient by the filtered spikes of each unit (r) at the end of each interval. */
  readonly byRates: Float32Array;
}

/** Gradients, summed over trials. */
export interface SmoothGradient {
  /** By the weight of each synapse. */
  readonly weights: Float64Array;
  /** By a constant input of each unit, mV. */
  readonly drive: Float64Array;
}

/** What an interval does to the filters; one number a unit. */
export interface Propagator {
  /** D: of a filtered spike train, and of a synaptic current. */
  readonly decay: Float64Array;
  /** E: of what has not risen yet. */
  readonly rise: Float64Array;
  /** B: how much of that has risen at the end of the interval. */
  readonly risen: Float64Array;
  /** P: a spike in the middle, as it stands at the end, 1/s. */
  readonly spike: Float64Array;
  /** Q: what of it has not risen yet. */
  readonly rising: Float64Array;
}

/**
 * The filters over an interval.
 *
 * @throws {RangeError} for synapses without a filter: they hold no spike until
 *   the end of an interval
 */
export function propagator(
  { synapse, decay, interval, units }: Pick<
    SmoothNetwork,
    "synapse" | "decay" | "interval" | "units"
  >,
): Propagator {
  if (!filterOf(synapse).decays) {
    throw new RangeError(
      "Cannot smooth the network: its synapses have no filter, some that " +
        "decay are needed",
    );
  }
  const zeros = () => new Float64Array(units);
  const found = {
    decay: decay.map((td) => exp(-interval / td)),
    rise: zeros(),
    risen: zeros(),
    spike: zeros(),
    rising: zeros(),
  };
  const half = interval / 2;
  decay.forEach((td, i) => {
    const tr = riseTime(synapse, td);
    const area = spikeArea(synapse, td, interval);
    if (tr === undefined) {
      found.spike[i] = 1000 * exp(-half / td) / area;
      return;
    }
    found.rise[i] = exp(-interval / tr);
    found.risen[i] = risenAfter(interval, td, tr);
    found.spike[i] = 1000 * risenAfter(half, td, tr) / area;
    found.rising[i] = 1000 * exp(-half / tr) / area;
  });
  return found;
}

/** Convolution of exp(-t/td) and exp(-t/tr) at a time, ms. */
function risenAfter(time: number, td: number, tr: number): number {
  const rate = 1 / tr - 1 / td;
  return Math.abs(rate * time) < 1e-9
    ? time * exp(-time / td)
    : exp(-time / td) * -expm1(-rate * time) / rate;
}

/** Runs the smoothed model itself: outputs, and what the adjoint needs. */
export function smoothForward(
  network: SmoothNetwork,
  drive: Float64Array,
  expected: (input: number) => { spikes: number; slope: number },
): Omit<SmoothTrial, "byRates"> & {
  /** Filtered spikes at the end of each interval, intervals×units. */
  rates: Float64Array;
  outputs: Float64Array;
} {
  const { units, synapses: { first, post, weights }, readout } = network;
  const carry = propagator(network);
  const intervals = drive.length / units;
  const spikes = new Float32Array(drive.length);
  const slopes = new Float32Array(drive.length);
  const rates = new Float64Array(drive.length);
  const outputs = new Float64Array(intervals);
  const [current, h, r, s, arriving, leaving] = Array.from(
    { length: 6 },
    () => new Float64Array(units),
  );
  for (let k = 0; k < intervals; k++) {
    arriving.fill(0);
    for (let j = 0; j < units; j++) {
      const now = expected(current[j] + drive[k * units + j]);
      leaving[j] = now.spikes;
      spikes[k * units + j] = now.spikes;
      slopes[k * units + j] = now.slope;
      for (let at = first[j]; at < first[j + 1]; at++) {
        arriving[post[at]] += weights[at] * now.spikes;
      }
    }
    for (let i = 0; i < units; i++) {
      const filter = (level: Float64Array, rising: Float64Array, n: number) => {
        level[i] = carry.decay[i] * level[i] + carry.risen[i] * rising[i] +
          carry.spike[i] * n;
        rising[i] = carry.rise[i] * rising[i] + carry.rising[i] * n;
      };
      filter(current, h, arriving[i]);
      filter(r, s, leaving[i]);
      rates[k * units + i] = r[i];
      outputs[k] += readout[i] * r[i];
    }
  }
  return { spikes, slopes, rates, outputs };
}

/** The adjoint, in double precision. */
export function smoothAdjoint(
  network: SmoothNetwork,
  trials: readonly SmoothTrial[],
): SmoothGradient {
  const { units, synapses: { first, post, weights } } = network;
  const { decay, rise, risen, spike, rising } = propagator(network);
  const byWeight = new Float64Array(weights.length);
  const byDrive = new Float64Array(units);
  for (const { spikes, slopes, byRates } of trials) {
    // Gradients by the filters after an interval, and by what arrives in it.
    const [gI, gh, gr, gs, arriving] = Array.from(
      { length: 5 },
      () => new Float64Array(units),
    );
    for (let k = byRates.length / units - 1; k >= 0; k--) {
      for (let i = 0; i < units; i++) {
        gr[i] += byRates[k * units + i];
        arriving[i] = spike[i] * gI[i] + rising[i] * gh[i];
      }
      for (let j = 0; j < units; j++) {
        const n = spikes[k * units + j];
        let bySpike = spike[j] * gr[j] + rising[j] * gs[j];
        for (let at = first[j]; at < first[j + 1]; at++) {
          bySpike += weights[at] * arriving[post[at]];
          byWeight[at] += n * arriving[post[at]];
        }
        const byInput = bySpike * slopes[k * units + j];
        byDrive[j] += byInput;
        gh[j] = risen[j] * gI[j] + rise[j] * gh[j];
        gI[j] = decay[j] * gI[j] + byInput;
        gs[j] = risen[j] * gr[j] + rise[j] * gs[j];
        gr[j] = decay[j] * gr[j];
      }
    }
  }
  return { weights: byWeight, drive: byDrive };
}
