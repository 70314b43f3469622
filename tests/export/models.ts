/** Small spiking networks of every kind, and trials of them, for tests of exports. */
import { simulateReference } from "../../lib/backend/spiking.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { unitCount } from "../../lib/network/geometry.ts";
import type { Model } from "../../lib/network/records.ts";
import type {
  Calibration,
  NeuronName,
  SpikingNetwork,
  SynapseName,
} from "../../lib/network/spiking.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import { neuronModel, synapseModel } from "../../lib/spiking/neurons.ts";
import { getTask } from "../../lib/tasks/registry.ts";

/** Kinds of mapped networks. */
export const kinds = {
  plain: {},
  calibrated: { calibrated: true },
  layers: { sizes: [7, 5], calibrated: true, factors: [30, 45] },
  single: { synapse: "single" },
  none: { synapse: "none" },
  alpha: { synapse: "alpha", calibrated: true },
  qif: { neuron: "qif" },
  eif: { neuron: "eif" },
  alif: { neuron: "alif", calibrated: true },
  adex: { neuron: "adex", calibrated: true },
  "no wait": { refractory: 0 },
} as const;

/** A kind of mapped network. */
export interface Kind {
  readonly sizes?: readonly number[];
  readonly factors?: readonly number[];
  readonly neuron?: NeuronName;
  readonly synapse?: SynapseName;
  readonly refractory?: number;
  readonly calibrated?: boolean;
}

/** Gains and bias currents that differ from unit to unit. */
function calibration(rate: RateNetwork): Calibration {
  const spread = (length: number, mean: number, by: number) =>
    Float64Array.from(
      { length },
      (_, i) => mean + by * Math.sin(1 + 7 * i),
    );
  const units = unitCount(rate);
  return {
    readout: {
      gainExcitatory: 1.5,
      gainInhibitory: 0.75,
      offset: -0.125,
      units: spread(units, 1, 0.3),
    },
    units: { bias: spread(units, 0.5, 1), gain: spread(units, 1, 0.4) },
    synapses: {
      recurrent: rate.layers.map(({ size }) => spread(size ** 2, 1, 0.5)),
      between: rate.between.map(({ weights }) =>
        spread(weights.length, 1, 0.5)
      ),
    },
  };
}

/** A model of a kind, as a search would leave it. */
export function modelOf(kind: Kind): Model {
  const { sizes = [12], neuron = "lif", refractory, synapse } = kind;
  const rate = createNetwork({
    channels: 1,
    units: sizes,
    taus: [4, 20],
    connection: 0.5,
    gain: 3,
  }, randomStream(3));
  const scores = { value: 1, correct: 4, trials: 4, low: 0.5, high: 1 };
  return {
    network: rate,
    task: { name: "go-nogo", timing: { T: 60, stim_on: 10, stim_dur: 15 } },
    search: {
      factors: [25],
      scores: [{
        paper: scores,
        strict: scores,
        loss: 1,
        outputError: 0.1,
        conditions: [],
      }],
      chosen: 25,
      select: "strict",
      plateau: [25],
      settings: {
        neuron: neuronModel({
          name: neuron,
          ...(refractory !== undefined && { refractory }),
        }),
        synapse: synapseModel(synapse),
        stepMs: 5,
        dt: 0.1,
      },
      ...(kind.calibrated && {
        calibration: {
          factor: kind.factors ?? 25,
          calibration: calibration(rate),
          outcomes: [],
          settings: {},
        },
      }),
    },
  };
}

/** A trial without noise: its stimulus, initial voltages, spikes and outputs. */
export interface Known {
  readonly u: number[][];
  readonly v: number[];
  /** Steps from 1, units from 0. */
  readonly spikes: number[][];
  readonly outputs: Float64Array;
}

/** Steps of the rate network in a trial. */
export const steps = 20;

/** A stimulus with a pulse, channels×(steps + 1). */
export function pulse(): Float64Array {
  return Float64Array.from(
    { length: steps + 1 },
    (_, k) => Number(k >= 5 && k < 14),
  );
}

/** What a model's network does, in double precision. */
export function known(model: Model): Known {
  const spiking = mappedNetwork(model);
  const u = pulse();
  const v = voltages(spiking);
  const [trace] = simulateReference(
    spiking,
    [{
      inputs: u,
      columns: steps + 1,
      noise: { key: 1, trial: 0, scale: 0 },
      initialVoltage: v,
    }],
    { outputs: true, spikes: true },
    "float64",
  );
  return {
    u: [[...u]],
    v: [...v],
    spikes: Array.from(
      trace.spikes!.steps,
      (step, k) => [step, trace.spikes!.units[k]],
    ),
    outputs: trace.outputs as Float64Array,
  };
}

/** Between reset and +30 mV, exact in single precision. */
function voltages({ rate, neuron }: SpikingNetwork): Float64Array {
  return Float64Array.from(
    { length: unitCount(rate) },
    (_, i) => neuron.reset + ((i * 37) % 95),
  );
}

/** The task that the models name. */
export const task = getTask("go-nogo", { T: 60, stim_on: 10, stim_dur: 15 });
