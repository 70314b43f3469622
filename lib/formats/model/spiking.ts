/**
 * The spiking network as it runs, in plain fields for programs of others. They
 * follow from the rest of the file, are written anew each time and never read.
 */
import type { Model } from "../../network/records.ts";
import {
  highestInitial,
  noiseAmplitude,
  type SpikingParameters,
  spikingParameters,
} from "../../network/spiking_parameters.ts";
import type { MatValue } from "../../mat5/types.ts";
import { char, fromRowMajor, numeric } from "../../mat5/values.ts";
import { mappedNetwork } from "../../spiking/mapped.ts";

/** Fields by name, in the order in which they are written. */
const valuesByField: Readonly<
  Record<string, (parameters: SpikingParameters) => MatValue | undefined>
> = {
  spikernn_spiking_w: ({ weights, units }) =>
    fromRowMajor(weights, units, units),
  spikernn_spiking_w_in: ({ inputWeights, units, channels }) =>
    fromRowMajor(inputWeights, units, channels),
  spikernn_spiking_w_out: ({ readout, units }) => numeric(readout, [1, units]),
  spikernn_spiking_b_out: ({ offset }) => numeric(offset),
  spikernn_spiking_bias: ({ bias, units }) => numeric(bias, [units, 1]),
  spikernn_spiking_td: ({ decay, units }) => numeric(decay, [units, 1]),
  spikernn_spiking_tr: ({ synapse }) => numeric(synapse.rise),
  spikernn_spiking_synapse: ({ synapse }) => char(synapse.kind),
  spikernn_spiking_neuron: ({ neuron }) => char(neuron.name),
  spikernn_spiking_tm: ({ neuron }) => numeric(neuron.tauMembrane),
  spikernn_spiking_tref: ({ neuron }) => numeric(neuron.refractory),
  spikernn_spiking_vreset: ({ neuron }) => numeric(neuron.reset),
  spikernn_spiking_vpeak: ({ neuron }) => numeric(neuron.peak),
  spikernn_spiking_slope: ({ neuron }) => ifThere(neuron.slope),
  spikernn_spiking_vt: ({ neuron }) => ifThere(neuron.threshold),
  spikernn_spiking_tau_w: ({ neuron }) => ifThere(neuron.tauAdaptation),
  spikernn_spiking_b_w: ({ neuron }) => ifThere(neuron.adaptationJump),
  spikernn_spiking_noise: () => numeric(noiseAmplitude),
  spikernn_spiking_v0: ({ neuron }) =>
    numeric(Float64Array.of(neuron.reset, highestInitial)),
  spikernn_spiking_dt: ({ dt }) => numeric(dt),
  spikernn_spiking_step: ({ stepMs }) => numeric(stepMs),
};

function ifThere(value: number | undefined): MatValue | undefined {
  return value === undefined ? undefined : numeric(value);
}

/** Whether a field is one of these. */
export function isSpikingField(field: string): boolean {
  return Object.hasOwn(valuesByField, field);
}

/**
 * Sets the fields, if a scaling factor is known. A record that no network can be
 * mapped by, as another program's may be, has none.
 */
export function encodeSpiking(
  fields: Map<string, MatValue>,
  model: Model,
): void {
  const parameters = parametersOf(model);
  if (!parameters) return;
  for (const [field, valueOf] of Object.entries(valuesByField)) {
    const value = valueOf(parameters);
    if (value) fields.set(field, value);
  }
}

function parametersOf(model: Model): SpikingParameters | undefined {
  if (!model.search) return undefined;
  try {
    return spikingParameters(mappedNetwork(model));
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
