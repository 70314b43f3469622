/**
 * A spiking network in plain numbers: what its mapping, and what was calibrated,
 * come to. Model files, exports and the kernels take them from here.
 */
import {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "./effective.ts";
import {
  channelCount,
  firstUnits,
  inputWeights,
  unitCount,
} from "./geometry.ts";
import type { NeuronModel, SpikingNetwork, SynapseModel } from "./spiking.ts";
import { synapticDecay } from "./synapses.ts";

/** Standard deviation of the noise of an integration step, mV. */
export const noiseAmplitude = 0.1;

/** Voltage up to which initial voltages are drawn, mV; from the reset on. */
export const highestInitial = 30;

/**
 * The parameters of a spiking network as it runs. Units are counted over all
 * layers in order, U in all; matrices are row-major.
 */
export interface SpikingParameters {
  /** Number of units, U. */
  readonly units: number;
  /** Number of input channels, C. */
  readonly channels: number;
  /**
   * Synaptic weights, U×U, mV·s: row = postsynaptic, column = presynaptic unit.
   * Signed, masked, divided by the scaling factor, with the gains of synapses and
   * units.
   */
  readonly weights: Float64Array;
  /** Input weights, U×C, mV for a stimulus of 1; no gain multiplies them. */
  readonly inputWeights: Float64Array;
  /** Readout weights, U, s: divided by the scaling factor, with all gains. */
  readonly readout: Float64Array;
  /** Added to the output; 0 without a calibration. `b_out` is not part of it. */
  readonly offset: number;
  /** Bias current, U, mV: the neuron model's own plus the calibrated one. */
  readonly bias: Float64Array;
  /** Decay time constant of the synaptic current and of the filtered spikes, U, ms. */
  readonly decay: Float64Array;
  /** Neuron model; its own `bias` is already included in `bias`. */
  readonly neuron: NeuronModel;
  /** Synapse model with its rise time constant, ms. */
  readonly synapse: SynapseModel;
  /** Integration step, ms. */
  readonly dt: number;
  /** Duration of a column of the stimulus, ms. */
  readonly stepMs: number;
}

/**
 * What the kernels multiply and divide themselves, and in which order: rounding
 * depends on it.
 */
export interface UnscaledParameters
  extends Omit<SpikingParameters, "weights" | "readout"> {
  /**
   * Effective weights before scaling, with the gains of synapses, U×U: row =
   * PREsynaptic unit.
   */
  readonly weightsBySource: Float64Array;
  /** By what weights that arrive at a unit and its readout are divided, U. */
  readonly factors: Float64Array;
  /** By what weights that arrive at a unit are multiplied, U. */
  readonly inputGain: Float64Array;
  /** Readout weights before scaling, with their gains, U. */
  readonly unscaledReadout: Float64Array;
}

/**
 * The parameters of a spiking network as it runs: everything that a program
 * needs to simulate it, in numbers that include the scaling factor and the
 * calibration. With I the synaptic current (mV), u the stimulus, s(t) spikes
 * and * the filter of the synapses, whose integral is 1:
 *
 * `I = weights @ (filter * s)`, `tm·dv/dt = F(v, I + bias + inputWeights @ u)`,
 * `output = readout @ (filter * s) + offset`.
 *
 * @param spiking a spiking network, from `convert` or `mappedNetwork`
 * @returns the parameters
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, createNetwork, effectiveWeights, randomStream } from "@spikernn/spikernn";
 * import { spikingParameters } from "@spikernn/spikernn/mapping";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const { weights, bias } = spikingParameters(convert(network, { scalingFactor: 50 }));
 * const rate = effectiveWeights(network, 0);
 * assert(weights.every((w, k) => Math.abs(w - rate[k] / 50) < 1e-15));
 * assert(bias.every((current) => current === -40));
 * ```
 */
export function spikingParameters(spiking: SpikingNetwork): SpikingParameters {
  const {
    weightsBySource,
    factors,
    inputGain,
    unscaledReadout,
    ...shared
  } = unscaledParameters(spiking);
  const { units } = shared;
  const weights = new Float64Array(units * units);
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      weights[i * units + j] = weightsBySource[j * units + i] / factors[i] *
        inputGain[i];
    }
  }
  return {
    ...shared,
    weights,
    readout: unscaledReadout.map((weight, i) => weight / factors[i]),
  };
}

/** The same before weights are scaled, for the kernels. */
export function unscaledParameters(
  spiking: SpikingNetwork,
): UnscaledParameters {
  const { rate, neuron, synapse, dt, stepMs, factor, calibration } = spiking;
  const first = firstUnits(rate);
  const units = unitCount(rate);
  const decay = new Float64Array(units);
  const factors = new Float64Array(units);
  const unscaledReadout = new Float64Array(units);
  const gains = calibration?.readout;
  rate.layers.forEach(({ size, inhibitory }, l) => {
    const taus = decayTimeConstants(rate, l);
    const read = rate.readout.from.indexOf(l);
    for (let i = 0; i < size; i++) {
      const unit = first[l] + i;
      decay[unit] = synapticDecay(synapse, taus[i], stepMs);
      factors[unit] = typeof factor === "number" ? factor : factor[l];
      if (read < 0) continue;
      const gain = inhibitory[i]
        ? gains?.gainInhibitory
        : gains?.gainExcitatory;
      unscaledReadout[unit] = rate.readout.weights[read][i] * (gain ?? 1) *
        (gains?.units?.[unit] ?? 1);
    }
  });
  const bias = new Float64Array(units).fill(neuron.bias);
  const inputGain = new Float64Array(units).fill(1);
  if (calibration?.units) {
    inputGain.set(calibration.units.gain);
    for (let i = 0; i < units; i++) bias[i] += calibration.units.bias[i];
  }
  return {
    units,
    channels: channelCount(rate),
    neuron,
    synapse,
    dt,
    stepMs,
    decay,
    bias,
    inputGain,
    weightsBySource: allWeights(spiking, first, factors),
    factors,
    unscaledReadout,
    offset: gains?.offset ?? 0,
    inputWeights: inputWeights(rate),
  };
}

/**
 * Effective weights of all layers, a row a presynaptic unit.
 *
 * A unit fires at its layer's factor times the rate of its rate unit, so the
 * factor belongs to what leaves a layer: its readout, its recurrent weights and
 * those to other layers. The kernels divide what arrives, which for two layers
 * of different factors is made good here.
 */
function allWeights(
  { rate, calibration }: SpikingNetwork,
  first: readonly number[],
  factors: Float64Array,
): Float64Array {
  const units = factors.length;
  const all = new Float64Array(units * units);
  const place = (
    to: number,
    from: number,
    weights: Float64Array,
    gains: ArrayLike<number> | undefined,
  ) => {
    const { size } = rate.layers[from];
    const ratio = factors[first[to]] / factors[first[from]];
    for (let i = 0; i < rate.layers[to].size; i++) {
      for (let j = 0; j < size; j++) {
        const k = i * size + j;
        all[(first[from] + j) * units + first[to] + i] += weights[k] * ratio *
          (gains?.[k] ?? 1);
      }
    }
  };
  const gains = calibration?.synapses;
  rate.layers.forEach((_, l) =>
    place(l, l, effectiveWeights(rate, l), gains?.recurrent[l])
  );
  rate.between.forEach((projection, k) =>
    place(
      projection.to,
      projection.from as number,
      effectiveProjection(rate, projection),
      gains?.between[k],
    )
  );
  return all;
}
