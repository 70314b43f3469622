/**
 * Settings of the mapping to spikes, by the names of the command line, with the
 * library's defaults.
 */
import { factorHint } from "../network/scaling_factor.ts";
import {
  type NeuronConstants,
  neuronConstants,
  neuronModels,
  neuronNames,
} from "../network/neurons.ts";
import {
  risingNames,
  synapseFilters,
  synapseNames,
} from "../network/synapses.ts";
import { grouped, oneOf, onOff, option } from "../settings/kinds.ts";
import { real, whole } from "../settings/numbers.ts";
import { usualMapping } from "./usual.ts";

/** What the filters are, in the order of their names. */
const filters = Object.values(synapseFilters).map(({ about }) => about);

/** The neuron and synapse models. What is not said is as in the model's search. */
export const mappingSettings = grouped("Spiking network", {
  model: oneOf("neuron model", {
    names: neuronNames,
    fallback: undefined,
    shown: `${usualMapping.neuron}, or as searched`,
    placeholder: neuronNames.join("|"),
  }),
  synapse: option(
    "synapse",
    oneOf(`synaptic filter: ${filters.join(", ")}`, {
      names: synapseNames,
      fallback: undefined,
      shown: `${usualMapping.synapse}, or as searched`,
      placeholder: synapseNames.join("|"),
    }),
  ),
  tr: option(
    "rise",
    real(`${risingNames.join(", ")}: rise time constant of the synapses, ms`, {
      min: 0,
      fallback: undefined,
      shown: `${usualMapping.rise}, or as searched`,
    }),
  ),
  tref: option("refractory", constant("refractory")),
  tm: constant("tauMembrane"),
  tau_w: constant("tauAdaptation"),
  b_w: constant("adaptationJump"),
  downsample: option(
    "downsample",
    whole(
      `multiplies the integration step of ${usualMapping.integrationStep} ms`,
      {
        min: 1,
        fallback: undefined,
        shown: `${usualMapping.downsample}, or as searched`,
      },
    ),
  ),
  use_initial_weights: onOff(
    "recurrent weights as they were before training",
  ),
});

/** The scaling factor, where it is not to be the searched one. */
export const factorSettings = grouped("Spiking network", {
  factor: real("scaling factor (1/lambda)", {
    min: 1,
    hint: factorHint,
    fallback: undefined,
    shown: "as searched",
  }),
  single_factor: onOff(
    "one scaling factor for all layers, if the file records one for each",
  ),
  uncalibrated: onOff(
    "without the calibration that the file records beside the factor",
  ),
});

/** The setting of a constant: its meaning and bounds, the models that have it. */
function constant(name: keyof NeuronConstants) {
  const { about, unit, above, min } = neuronConstants[name];
  const values = Object.entries(neuronModels)
    .map(([neuron, { defaults }]) => [neuron, defaults[name]] as const)
    .filter(([, value]) => value !== undefined);
  const all = new Set(values.map(([, value]) => value));
  const usual = all.size === 1
    ? `${values[0][1]}`
    : values.map(([neuron, value]) => `${neuron} ${value}`).join(", ");
  const having = values.length === neuronNames.length
    ? ""
    : `${values.map(([neuron]) => neuron).join(", ")}: `;
  return real(`${having}${about}, ${unit}`, {
    above,
    min,
    fallback: undefined,
    shown: `${usual}, or as searched`,
  });
}
