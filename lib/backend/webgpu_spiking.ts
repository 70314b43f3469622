/** Spiking networks on the GPU. */
import {
  type GpuRecording,
  type GpuSpikingNetwork,
  type GpuSpikingTrace,
  type GpuSpikingTrial,
  runSpikingTrials,
} from "../kernels/lif/webgpu/launch.ts";
import { spikeWords } from "../kernels/lif/webgpu/source.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { streamOfKey } from "../random/stream.ts";

/** Trials of one network; networks of one job list may differ in their factors. */
export interface SpikingJob {
  readonly network: SpikingNetwork;
  readonly trials: readonly SpikingTrial[];
}

/**
 * Runs jobs. Those whose networks differ in nothing but the scaling factor share
 * a batch, so that a grid of factors takes one go.
 *
 * @returns the traces of each job, in order
 * @throws {BackendError} where the device fails
 */
export async function simulateOnGpu(
  gpu: Gpu,
  jobs: readonly SpikingJob[],
  record: Recording,
): Promise<SpikingTrace[][]> {
  const found = jobs.map(({ trials }) =>
    new Array<SpikingTrace>(trials.length)
  );
  const recording = {
    outputs: record.outputs ?? false,
    spikes: record.spikes ?? false,
    voltages: record.voltages ?? 0,
    currents: record.currents ?? 0,
    rates: record.rates ?? 0,
  };
  for (const group of groups(jobs)) {
    const network = prepareNetwork(jobs[group[0].job].network);
    const trials = group.map(({ job, trial }) =>
      prepareTrial(jobs[job].network, jobs[job].trials[trial], network.units)
    );
    const traces = await runSpikingTrials(gpu, network, trials, recording);
    group.forEach(({ job, trial }, k) => {
      const steps = (trials[k].columns - 1) * network.stepsPerColumn;
      found[job][trial] = asTrace(traces[k], network.units, steps, recording);
    });
  }
  return found;
}

interface Place {
  readonly job: number;
  readonly trial: number;
}

/** Trials that can share a batch. */
function groups(jobs: readonly SpikingJob[]): Place[][] {
  const found: { network: SpikingNetwork; columns: number; places: Place[] }[] =
    [];
  jobs.forEach(({ network, trials }, job) => {
    trials.forEach(({ columns }, trial) => {
      let group = found.find((other) =>
        other.columns === columns && alike(other.network, network)
      );
      if (!group) found.push(group = { network, columns, places: [] });
      group.places.push({ job, trial });
    });
  });
  return found.map(({ places }) => places);
}

/** Whether two networks differ in nothing but the scaling factor. */
function alike(a: SpikingNetwork, b: SpikingNetwork): boolean {
  return a === b ||
    a.rate === b.rate && a.calibration === b.calibration &&
      a.dt === b.dt && a.stepMs === b.stepMs &&
      JSON.stringify([a.neuron, a.synapse]) ===
        JSON.stringify([b.neuron, b.synapse]);
}

/** A network's numbers as the kernel wants them. */
function prepareNetwork(spiking: SpikingNetwork): GpuSpikingNetwork {
  const { rate, neuron, synapse, dt, stepMs, calibration } = spiking;
  const units = rate.layers.reduce((sum, { size }) => sum + size, 0);
  const layer = new Uint32Array(units);
  const readout = new Float32Array(units);
  const decay = new Float32Array(units);
  const spikeGain = new Float32Array(units);
  const first = firstUnits(rate);
  const calibrated = calibration?.readout;
  rate.layers.forEach(({ size, inhibitory, tausGaus }, l) => {
    layer.fill(l, first[l], first[l] + size);
    const read = rate.readout.from.indexOf(l);
    for (let i = 0; i < size; i++) {
      const td = decaySteps(rate, tausGaus[i]) * stepMs;
      decay[first[l] + i] = Math.exp(-dt / td);
      // Filtered spikes are in 1/s, times in ms.
      spikeGain[first[l] + i] = synapse.kind === "double"
        ? 1000 / (synapse.rise * td)
        : synapse.kind === "single"
        ? 1000 / td
        : 1000 / dt;
      const gain = inhibitory[i]
        ? calibrated?.gainInhibitory ?? 1
        : calibrated?.gainExcitatory ?? 1;
      if (read >= 0) {
        readout[first[l] + i] = rate.readout.weights[read][i] * gain;
      }
    }
  });
  const bias = new Float32Array(units).fill(neuron.bias);
  const inputGain = spikeGain.slice();
  if (calibration?.units) {
    for (let i = 0; i < units; i++) {
      bias[i] += calibration.units.bias[i];
      inputGain[i] *= calibration.units.gain[i];
    }
  }
  const { inputWeights, channels } = inputWeightsOf(rate, first, units);
  return {
    units,
    channels,
    layers: rate.layers.length,
    neuron: {
      name: neuron.name,
      rate: dt / neuron.tauMembrane,
      refractorySteps: Math.round(neuron.refractory / dt),
      reset: neuron.reset,
      peak: neuron.peak,
      slope: neuron.slope ?? 1,
      threshold: neuron.threshold ?? 0,
    },
    synapse: {
      kind: synapse.kind,
      riseDecay: synapse.rise > 0 ? Math.exp(-dt / synapse.rise) : 0,
      dt,
    },
    stepsPerColumn: Math.round(stepMs / dt),
    columns: columnsOf(rate, first, units),
    layer,
    bias,
    decay,
    spikeGain,
    readout,
    inputGain,
    inputWeights,
  };
}

/** Number of the first unit of each layer. */
function firstUnits({ layers }: RateNetwork): number[] {
  let next = 0;
  return layers.map(({ size }) => (next += size) - size);
}

/** Decay time constant in steps. */
function decaySteps({ taus }: RateNetwork, tausGaus: number): number {
  const [min, max] = taus;
  if (max === undefined) return min;
  return (max - min) / (1 + Math.exp(-tausGaus)) + min;
}

/** Effective weights of all layers, a row a presynaptic unit. */
function columnsOf(
  rate: RateNetwork,
  first: readonly number[],
  units: number,
): Float32Array {
  const columns = new Float32Array(units * units);
  const place = (
    to: number,
    from: number,
    weights: ArrayLike<number>,
    mask: ArrayLike<number> | undefined,
  ) => {
    const { size, inhibitory } = rate.layers[from];
    for (let i = 0; i < rate.layers[to].size; i++) {
      for (let j = 0; j < size; j++) {
        const e = i * size + j;
        const w = rate.dale ? Math.max(weights[e], 0) : weights[e];
        const sign = rate.dale && inhibitory[j] ? -1 : 1;
        columns[(first[from] + j) * units + first[to] + i] += w * sign *
          (mask ? mask[e] : 1);
      }
    }
  };
  rate.layers.forEach(({ weights, mask }, l) => place(l, l, weights, mask));
  for (const { from, to, weights, mask } of rate.between) {
    place(to, from as number, weights, mask);
  }
  return columns;
}

/** Input weights channels×units of all layers. */
function inputWeightsOf(
  rate: RateNetwork,
  first: readonly number[],
  units: number,
): { inputWeights: Float32Array; channels: number } {
  const channels = rate.inputs.reduce(
    (most, { to, weights }) =>
      Math.max(most, weights.length / rate.layers[to].size),
    0,
  );
  const inputWeights = new Float32Array(channels * units);
  for (const { to, weights } of rate.inputs) {
    const own = weights.length / rate.layers[to].size;
    for (let i = 0; i < rate.layers[to].size; i++) {
      for (let c = 0; c < own; c++) {
        inputWeights[c * units + first[to] + i] += weights[i * own + c];
      }
    }
  }
  return { inputWeights, channels };
}

/** A trial's numbers as the kernel wants them. */
function prepareTrial(
  spiking: SpikingNetwork,
  trial: SpikingTrial,
  units: number,
): GpuSpikingTrial {
  const { factor, rate, neuron, calibration } = spiking;
  const { key, trial: counter, scale = 1 } = trial.noise;
  const factors = typeof factor === "number"
    ? rate.layers.map(() => factor)
    : factor;
  const random = streamOfKey(key);
  return {
    key,
    counter,
    amplitude: 0.1 * scale,
    inputs: trial.inputs,
    columns: trial.columns,
    scales: factors.map((value) => 1 / value),
    outputScale: 1 / factors[rate.readout.from.at(-1)!],
    outputOffset: calibration?.readout?.offset ?? 0,
    initial: trial.initialVoltage ??
      Float32Array.from(
        { length: units },
        (_, i) =>
          neuron.reset +
          random.uniform(i, 0, counter) * (30 - neuron.reset),
      ),
    stimulations: (trial.stimulation ?? []).map((stimulation, k) => ({
      units: stimulation.units,
      from: stimulation.from,
      to: stimulation.to,
      probability: stimulation.probability ?? 0.5,
      amount: (stimulation.amount ?? 0.5) *
        (stimulation.kind === "exc" ? 1 : -1),
      counter: k,
      key,
    })),
  };
}

function asTrace(
  trace: GpuSpikingTrace,
  units: number,
  steps: number,
  record: GpuRecording,
): SpikingTrace {
  const turned = (history: Float32Array | undefined) => {
    if (!history) return undefined;
    const samples = history.length / units;
    const to = new Float32Array(history.length);
    for (let k = 0; k < samples; k++) {
      for (let i = 0; i < units; i++) {
        to[i * samples + k] = history[k * units + i];
      }
    }
    return to;
  };
  const { outputs, spikeCounts, earlyCounts } = trace;
  const [voltages, currents, rates] = [
    trace.voltages,
    trace.currents,
    trace.rates,
  ].map(turned);
  return {
    steps,
    spikeCounts,
    earlyCounts,
    ...record.outputs && { outputs },
    ...trace.spikes && { spikes: spikeTimes(trace.spikes, units) },
    ...voltages && { voltages },
    ...currents && { currents },
    ...rates && { rates },
  };
}

/** Steps and units of the spikes whose bits are set. */
function spikeTimes(bits: Uint32Array, units: number) {
  const words = spikeWords(units);
  const steps: number[] = [];
  const who: number[] = [];
  bits.forEach((word, k) => {
    for (let left = word; left !== 0; left &= left - 1) {
      steps.push(Math.floor(k / words) + 1);
      who.push(32 * (k % words) + 31 - Math.clz32(left & -left));
    }
  });
  return { steps: Uint32Array.from(steps), units: Uint32Array.from(who) };
}
