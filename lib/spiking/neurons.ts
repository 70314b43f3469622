/**
 * Neuron and synapse models by name, complete and checked. Equations and default
 * constants of the neuron models stand in network/neurons.ts, the filters of the
 * synapses in network/synapses.ts.
 */
import {
  constantNames,
  neuronConstants,
  type NeuronModel,
  neuronModels,
  type NeuronName,
  neuronNames,
} from "../network/neurons.ts";
import {
  filterOf,
  risingNames,
  type SynapseModel,
  type SynapseName,
  synapseNames,
} from "../network/synapses.ts";
import { usualMapping } from "./usual.ts";

/**
 * A neuron model by name, or with some of its constants (a LIF if it has no
 * name).
 */
export type NeuronChoice = NeuronName | Partial<NeuronModel>;

/**
 * A neuron model with its constants: the given ones, and defaults for the rest.
 *
 * `lif`: dv/dt = (I - v)/tm; `qif`: dv/dt = (v² + I)/tm; `eif`: dv/dt = (I - v
 * + slope·exp((v - threshold)/slope))/tm; `alif`: dv/dt = (I - v - w)/tm, where
 * w rises by `adaptationJump` at every spike and decays with `tauAdaptation`;
 * `adex`: the `eif` with the same w. I is the sum of the synaptic current, the
 * stimulus and the constant bias. The bias defaults to the rheobase with the
 * other constants: the peak for LIF and ALIF, 0 for the QIF, threshold - slope
 * for EIF and AdEx. Constants of `lif` and `qif` are those of Kim, Li and
 * Sejnowski (PNAS 116:22811, 2019).
 *
 * @param choice a name, or constants in mV and ms
 * @returns a complete model
 * @throws {RangeError} for an unknown name, a constant out of range, or one
 * that the model does not have
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { neuronModel } from "@spikernn/spikernn/mapping";
 * const fast = neuronModel({ name: "lif", refractory: 0 });
 * assert(fast.peak === -40 && fast.refractory === 0);
 * const adapting = neuronModel({ name: "alif", tauAdaptation: 200 });
 * assert(adapting.tauAdaptation === 200 && adapting.adaptationJump === 0.5);
 * ```
 */
export function neuronModel(
  choice: NeuronChoice = usualMapping.neuron,
): NeuronModel {
  const given: Partial<NeuronModel> = typeof choice === "string"
    ? { name: choice }
    : choice;
  const name = given.name ?? usualMapping.neuron;
  if (!Object.hasOwn(neuronModels, name)) {
    throw new RangeError(
      `Cannot use neuron model ${JSON.stringify(name)}: ` +
        `allowed are ${neuronNames.join(", ")}`,
    );
  }
  const { defaults, rheobase } = neuronModels[name];
  const constants = definedOnly(given);
  const foreign = Object.keys(constants).find((constant) =>
    !["name", "bias"].includes(constant) && !Object.hasOwn(defaults, constant)
  );
  if (foreign !== undefined) {
    throw new RangeError(
      `Cannot use neuron model ${name} with a constant ${
        JSON.stringify(foreign)
      }: it has ${[...Object.keys(defaults), "bias"].join(", ")}`,
    );
  }
  const all = { ...defaults, ...constants };
  const { tauMembrane, refractory, reset, peak, bias = rheobase(all), ...own } =
    all;
  // Files hold a model as text, in this order.
  const model: NeuronModel = {
    name,
    tauMembrane,
    refractory,
    reset,
    peak,
    bias,
    ...own,
  };
  check(model);
  return model;
}

function check(model: NeuronModel): void {
  for (const [constant, value] of Object.entries(model)) {
    if (constant !== "name" && !Number.isFinite(value)) {
      throw new RangeError(
        `Cannot use neuron model ${model.name}: its ${constant} is ${value}, ` +
          "a finite number is needed",
      );
    }
  }
  for (const name of constantNames) {
    const { about, unit, above, min } = neuronConstants[name];
    const value = model[name];
    if (value === undefined) continue;
    const allowed = above !== undefined && value <= above
      ? `above ${above}`
      : min !== undefined && value < min
      ? `${min} or more`
      : undefined;
    if (allowed === undefined) continue;
    throw new RangeError(
      `Cannot use neuron model ${model.name}: the ${about} is ` +
        `${value} ${unit}, it must be ${allowed}`,
    );
  }
  if (model.reset >= model.peak) {
    throw new RangeError(
      `Cannot use neuron model ${model.name}: the reset voltage is ` +
        `${model.reset} mV, it must be below the peak of ${model.peak} mV`,
    );
  }
}

/**
 * A synapse model. `double`: rise `tr` and the unit's decay `td`; `single`:
 * decay alone; `none`: no filter. A double exponential with no rise time is a
 * single one (the original's `tr = 0`).
 *
 * @param kind name of the filter
 * @param rise rise time constant tr in ms. Defaults to 2; `double` alone has one
 * @throws {RangeError} for an unknown name, or a rise time that is negative,
 *   not finite, or given to a filter that has none
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { synapseModel } from "@spikernn/spikernn/mapping";
 * assert(synapseModel("double").rise === 2);
 * ```
 */
export function synapseModel(
  kind: SynapseName = usualMapping.synapse,
  rise?: number,
): SynapseModel {
  if (!synapseNames.includes(kind)) {
    throw new RangeError(
      `Cannot use synapse model ${JSON.stringify(kind)}: ` +
        `allowed are ${synapseNames.join(", ")}`,
    );
  }
  if (rise !== undefined && !(Number.isFinite(rise) && rise >= 0)) {
    throw new RangeError(
      `Cannot use a rise time of ${rise} ms: it must be 0 or more`,
    );
  }
  if (filterOf({ kind }).rises !== "tr") {
    if (rise) {
      throw new RangeError(
        `Cannot use a rise time of ${rise} ms with the ${kind} synapse: ` +
          `only ${risingNames.join(" and ")} has one`,
      );
    }
    return { kind, rise: 0 };
  }
  return rise === 0
    ? { kind: "single", rise: 0 }
    : { kind, rise: rise ?? usualMapping.rise };
}

/** Options left `undefined` do not overwrite a default. */
function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
