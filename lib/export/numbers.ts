/** The numbers beside a script in Python: both networks and trials, for `numpy.load()`. */
import { countOf } from "../count.ts";
import { encodeNpz, type NpzEntry } from "../formats/npz.ts";
import {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "../network/effective.ts";
import { firstUnits } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import {
  highestInitial,
  noiseAmplitude,
  type SpikingParameters,
} from "../network/spiking_parameters.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { drawTrials } from "../tasks/draw.ts";
import type { ExportedFile, ToWrite, TrialsForScript } from "./types.ts";

export type { TrialsForScript } from "./types.ts";

/**
 * Both networks and one trial of each condition as .npz.
 *
 * @throws {RangeError} for a condition that the task does not have, or a task
 *   with another number of channels or another step than the network's
 */
async function numbersOf(
  spiking: SpikingNetwork,
  parameters: SpikingParameters,
  trials: TrialsForScript,
): Promise<Uint8Array<ArrayBuffer>> {
  return encodeNpz({
    ...rateArrays(spiking.rate, parameters),
    ...spikingArrays(parameters),
    ...await trialArrays(parameters, trials),
  }, { compress: true });
}

/** A script in Python, with its numbers beside it. */
export async function scriptFiles(
  script: string,
  { spiking, parameters, name, trials }: ToWrite,
): Promise<ExportedFile[]> {
  if (trials === undefined) {
    throw new TypeError(
      `Cannot export ${name}: a script comes with trials, and none were given; ` +
        "say the task and a seed by `trials`",
    );
  }
  return [
    { name: `${name}.py`, bytes: new TextEncoder().encode(script) },
    {
      name: `${name}.npz`,
      bytes: await numbersOf(spiking, parameters, trials),
    },
  ];
}

const number = (value: number): NpzEntry => ({
  data: Float64Array.of(value),
  shape: [],
});

/** All layers as one block matrix, as the spiking network has them. */
function rateArrays(
  rate: RateNetwork,
  { units }: SpikingParameters,
): Record<string, NpzEntry> {
  const first = firstUnits(rate);
  const weights = new Float64Array(units * units);
  const place = (to: number, from: number, block: Float64Array) => {
    const { size } = rate.layers[from];
    block.forEach((weight, k) => {
      const row = first[to] + Math.floor(k / size);
      weights[row * units + first[from] + k % size] += weight;
    });
  };
  const readout = new Float64Array(units);
  const taus: number[] = [];
  rate.layers.forEach((_, l) => {
    place(l, l, effectiveWeights(rate, l));
    taus.push(...decayTimeConstants(rate, l));
    const read = rate.readout.from.indexOf(l);
    if (read >= 0) readout.set(rate.readout.weights[read], first[l]);
  });
  for (const projection of rate.between) {
    const { to, from } = projection;
    place(to, from as number, effectiveProjection(rate, projection));
  }
  return {
    rate_w: { data: weights, shape: [units, units] },
    rate_w_out: { data: readout },
    rate_b_out: number(rate.readout.bias),
    rate_tau: { data: Float64Array.from(taus) },
  };
}

function spikingArrays(
  parameters: SpikingParameters,
): Record<string, NpzEntry> {
  const { units, channels, neuron, synapse } = parameters;
  const own = {
    slope: neuron.slope,
    vt: neuron.threshold,
    tau_w: neuron.tauAdaptation,
    b_w: neuron.adaptationJump,
  };
  return {
    w: { data: parameters.weights, shape: [units, units] },
    w_in: { data: parameters.inputWeights, shape: [units, channels] },
    w_out: { data: parameters.readout },
    b_out: number(parameters.offset),
    bias: { data: parameters.bias },
    td: { data: parameters.decay },
    tr: number(synapse.rise),
    tm: number(neuron.tauMembrane),
    tref: number(neuron.refractory),
    vreset: number(neuron.reset),
    vpeak: number(neuron.peak),
    ...Object.fromEntries(
      Object.entries(own).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, number(value)]]
      ),
    ),
    noise: number(noiseAmplitude),
    v0: { data: Float64Array.of(neuron.reset, highestInitial) },
    dt: number(parameters.dt),
    step: number(parameters.stepMs),
  };
}

async function trialArrays(
  { channels, stepMs }: SpikingParameters,
  { task, seed, ...chosen }: TrialsForScript,
): Promise<Record<string, NpzEntry>> {
  const conditions = chosen.conditions?.length
    ? chosen.conditions
    : task.conditions;
  const unknown = conditions.find((name) => !task.conditions.includes(name));
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot export condition ${JSON.stringify(unknown)}: task ${task.name} ` +
        `has ${task.conditions.join(", ")}`,
    );
  }
  if (task.channels.length !== channels || task.stepMs !== stepMs) {
    throw new RangeError(
      `Cannot export trials of task ${task.name}: it has ` +
        `${
          countOf(task.channels.length, "channel")
        } and steps of ${task.stepMs} ms, the ` +
        `network ${countOf(channels, "channel")} and steps of ${stepMs} ms`,
    );
  }
  const trials = await drawTrials(task, randomStream(seed), {
    count: conditions.length,
    condition: conditions,
  });
  const stacked = (parts: readonly Float32Array[]) =>
    Float32Array.from(parts.flatMap((part) => Array.from(part)));
  const count = trials.length;
  return {
    u: {
      data: stacked(trials.map(({ inputs }) => inputs)),
      shape: [count, channels, task.steps],
    },
    target: {
      data: stacked(trials.map(({ target }) => target)),
      shape: [count, task.steps],
    },
    conditions: { texts: trials.map(({ condition }) => condition) },
  };
}
