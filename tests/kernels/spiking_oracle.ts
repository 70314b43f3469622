/**
 * A spiking network in float64, written for the tests from the equations alone:
 * one layer or several, one trial, the refractory rule in whole steps.
 */
import type {
  SpikingNetwork,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import { streamOfKey } from "../../lib/random/stream.ts";

/** What the oracle gives. */
export interface OracleTrace {
  /** Steps (1-based) and units of the spikes, in order. */
  readonly spikes: readonly (readonly [step: number, unit: number])[];
  readonly outputs: Float64Array;
  /** After the last step, N. */
  readonly voltages: Float64Array;
  readonly currents: Float64Array;
  readonly rates: Float64Array;
}

/** W/factor of all layers together, post×pre. */
function scaledWeights(
  network: SpikingNetwork,
  first: number[],
  units: number,
) {
  const { rate, factor } = network;
  const weights = new Float64Array(units * units);
  const add = (
    to: number,
    from: number,
    w: ArrayLike<number>,
    mask?: ArrayLike<number>,
  ) => {
    const { size, inhibitory } = rate.layers[from];
    const by = typeof factor === "number" ? factor : factor[to];
    for (let i = 0; i < rate.layers[to].size; i++) {
      for (let j = 0; j < size; j++) {
        const e = i * size + j;
        const magnitude = rate.dale ? Math.max(w[e], 0) : w[e];
        const sign = rate.dale && inhibitory[j] ? -1 : 1;
        weights[(first[to] + i) * units + first[from] + j] = magnitude * sign *
          (mask ? mask[e] : 1) / by;
      }
    }
  };
  rate.layers.forEach(({ weights, mask }, l) => add(l, l, weights, mask));
  for (const { from, to, weights, mask } of rate.between) {
    add(to, from as number, weights, mask);
  }
  return weights;
}

/** Runs a trial for at most `limit` steps. */
export function spikingOracle(
  network: SpikingNetwork,
  trial: SpikingTrial,
  limit = Infinity,
): OracleTrace {
  const { rate, neuron, synapse, dt, stepMs, factor, calibration } = network;
  const first: number[] = [];
  let units = 0;
  for (const { size } of rate.layers) {
    first.push(units);
    units += size;
  }
  const vector = () => new Float64Array(units);
  const [td, readout, input] = [vector(), vector(), vector()];
  const channels = trial.inputs.length / trial.columns;
  rate.layers.forEach(({ size, tausGaus, inhibitory }, l) => {
    const read = rate.readout.from.indexOf(l);
    for (let i = 0; i < size; i++) {
      const [min, max] = rate.taus;
      const tau = max === undefined
        ? min
        : (max - min) / (1 + Math.exp(-tausGaus[i])) + min;
      td[first[l] + i] = tau * stepMs / 1000;
      const gains = calibration?.readout;
      const gain = inhibitory[i]
        ? gains?.gainInhibitory ?? 1
        : gains?.gainExcitatory ?? 1;
      if (read >= 0) {
        readout[first[l] + i] = gain * rate.readout.weights[read][i] /
          (typeof factor === "number" ? factor : factor[l]);
      }
    }
  });
  const weights = scaledWeights(network, first, units);
  const random = streamOfKey(trial.noise.key);
  const amplitude = 0.1 * (trial.noise.scale ?? 1);
  const perColumn = Math.round(stepMs / dt);
  const steps = Math.min((trial.columns - 1) * perColumn, limit);
  const refractory = Math.round(neuron.refractory / dt);
  const seconds = dt / 1000;
  const [tr, tm] = [synapse.rise / 1000, neuron.tauMembrane];
  const v = Float64Array.from(trial.initialVoltage!);
  const [ipsc, h, r, hr, last, jump] = [1, 2, 3, 4, 5, 6].map(vector);
  const spikes: [number, number][] = [];
  const outputs = new Float64Array(steps);
  for (let t = 1; t <= steps; t++) {
    const column = Math.floor(t / perColumn + 0.5);
    input.fill(neuron.bias);
    for (const projection of rate.inputs) {
      const { to, weights: w } = projection;
      for (let i = 0; i < rate.layers[to].size; i++) {
        for (let c = 0; c < channels; c++) {
          input[first[to] + i] += w[i * channels + c] *
            trial.inputs[c * trial.columns + column];
        }
      }
    }
    jump.fill(0);
    const fired = new Set<number>();
    for (let i = 0; i < units; i++) {
      const own = calibration?.units;
      const current = ipsc[i] + input[i] + (own ? own.bias[i] : 0);
      if (t - last[i] > refractory) {
        const slope = neuron.name === "lif"
          ? current - v[i]
          : neuron.name === "qif"
          ? v[i] * v[i] + current
          : current - v[i] + neuron.slope! *
              Math.exp((v[i] - neuron.threshold!) / neuron.slope!);
        v[i] += dt * slope / tm;
      }
      if (amplitude > 0) {
        v[i] += amplitude * random.normal(i, t, trial.noise.trial);
      }
      if (v[i] >= neuron.peak) {
        fired.add(i);
        spikes.push([t, i]);
        last[i] = t;
        v[i] = neuron.reset;
        for (let k = 0; k < units; k++) {
          jump[k] += weights[k * units + i] * (own ? own.gain[k] : 1);
        }
      }
    }
    for (let i = 0; i < units; i++) {
      const spike = fired.has(i) ? 1 : 0;
      const decay = Math.exp(-seconds / td[i]);
      if (synapse.kind === "double") {
        const rise = Math.exp(-seconds / tr);
        ipsc[i] = ipsc[i] * decay + h[i] * seconds;
        h[i] = h[i] * rise + jump[i] / (tr * td[i]);
        r[i] = r[i] * decay + hr[i] * seconds;
        hr[i] = hr[i] * rise + spike / (tr * td[i]);
      } else {
        ipsc[i] = ipsc[i] * decay + jump[i] / td[i];
        r[i] = r[i] * decay + spike / td[i];
      }
      outputs[t - 1] += readout[i] * r[i];
    }
    outputs[t - 1] += calibration?.readout?.offset ?? 0;
  }
  return { spikes, outputs, voltages: v, currents: ipsc, rates: r };
}
