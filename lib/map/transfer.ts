/** Transfer functions: of rate units, and of spiking ones by simulation. */
import type { Backend } from "../backend/types.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { transferFunctions } from "../network/activations.ts";
import type { Activation, RateNetwork } from "../network/types.ts";
import { simulate } from "../simulate/simulate.ts";
import { straightBetween } from "./straight.ts";

/**
 * Rate of a rate unit at a state x: what its activation gives.
 *
 * @param activation of the network
 * @param x state of the unit
 */
export function rateAt(activation: Activation, x: number): number {
  return transferFunctions[activation].phi(x);
}

/** A spiking unit's firing rate against its input, never falling. */
export interface TransferCurve {
  /** Inputs beside the bias of the model, mV, ascending. */
  readonly inputs: Float64Array;
  /** Firing rates, Hz. */
  readonly rates: Float64Array;
}

/** Inputs at which the curve is measured: mV, from, step, how many. */
const measured = { from: -8, step: 0.25, count: 161 };

/** Length of a measurement: rate steps, and trials. */
const measuredSteps = 300;
const measuredTrials = 4;

/**
 * Measures how the units of a network fire at constant inputs, with the
 * network's neuron model, step and noise, and no synapses.
 *
 * @param spiking the network whose neuron model it is
 * @param options seed of the noise, backend, factor of the noise
 * @returns the curve; inputs from -8 to 32 mV
 */
export async function transferCurve(
  spiking: SpikingNetwork,
  options: {
    readonly seed: number;
    readonly backend?: Backend;
    readonly noiseScale?: number;
    readonly signal?: AbortSignal;
    /** Measurements of 1.5 s each. Defaults to 4. */
    readonly measurements?: number;
  },
): Promise<TransferCurve> {
  const { measurements = measuredTrials } = options;
  const inputs = Float64Array.from(
    { length: measured.count },
    (_, k) => measured.from + k * measured.step,
  );
  const bench: SpikingNetwork = {
    ...spiking,
    factor: 1,
    rate: unconnected(inputs),
    calibration: undefined,
  };
  const columns = measuredSteps + 1;
  const stimulus = { inputs: new Float32Array(columns).fill(1), columns };
  const runs = await simulate(
    bench,
    Array(measurements).fill(stimulus),
    {
      ...options,
      trials: undefined,
      record: {},
      // Voltages drawn above the peak would fire once at any input.
      initialVoltage: new Float32Array(inputs.length)
        .fill(spiking.neuron.reset),
    },
  );
  const seconds = measuredSteps * spiking.stepMs / 1000 * measurements;
  const rates = inputs.map((_, unit) =>
    runs.reduce((sum, { trace }) => sum + trace.spikeCounts[unit], 0) / seconds
  );
  // Chance must not make a curve that falls, which has no inverse.
  for (let k = 1; k < rates.length; k++) {
    rates[k] = Math.max(rates[k], rates[k - 1]);
  }
  return { inputs, rates };
}

/** Firing rate at an input; beyond the ends of the curve, that at the end. */
export function firingRate(curve: TransferCurve, input: number): number {
  const { inputs, rates } = curve;
  const last = rates.length - 1;
  const place = (input - inputs[0]) / (inputs[last] - inputs[0]) * last;
  return straightBetween(rates, place);
}

/**
 * The input at which a unit fires at a rate, in the middle where it is several;
 * the ends of the curve for rates that it does not reach.
 */
export function inputFor(curve: TransferCurve, rate: number): number {
  const { inputs, rates } = curve;
  const last = rates.length - 1;
  if (rate <= rates[0]) {
    return inputs[Math.max(0, rates.findLastIndex((r) => r <= rates[0]))];
  }
  if (rate >= rates[last]) return inputs[rates.indexOf(rates[last])];
  const above = rates.findIndex((r) => r >= rate);
  const share = (rate - rates[above - 1]) / (rates[above] - rates[above - 1]);
  return inputs[above - 1] + share * (inputs[above] - inputs[above - 1]);
}

/** Rise of the firing rate with the input, Hz/mV. */
export function slopeAt(curve: TransferCurve, input: number): number {
  const h = 2 * measured.step;
  return (firingRate(curve, input + h) - firingRate(curve, input - h)) /
    (2 * h);
}

/** Units without synapses, each driven by an input of its own. */
function unconnected(inputs: Float64Array): RateNetwork {
  const size = inputs.length;
  return {
    activation: "sigmoid",
    dale: true,
    taus: [1],
    layers: [{
      size,
      inhibitory: new Uint8Array(size),
      sstCount: 0,
      weights: new Float32Array(size * size),
      mask: new Uint8Array(size * size),
      tausGaus: new Float32Array(size),
    }],
    inputs: [{ from: "input", to: 0, weights: Float32Array.from(inputs) }],
    between: [],
    readout: { from: [0], weights: [new Float32Array(size)], bias: 0 },
  };
}
