/**
 * Neuron and synapse models by name, with the constants they have unless told
 * otherwise. The equations themselves live in the kernels.
 */
import type {
  NeuronModel,
  NeuronName,
  SynapseModel,
} from "../network/spiking.ts";

/** Names of the neuron models. */
export const neuronNames: readonly NeuronName[] = ["lif", "qif", "eif"];

/** Names of the synapse models. */
export const synapseNames: readonly SynapseModel["kind"][] = [
  "double",
  "single",
  "none",
];

const shared = { tauMembrane: 10, refractory: 2, reset: -65 };

/**
 * The constant input holds every model at its rheobase, the largest input that
 * does not yet make it fire: the peak for the LIF, 0 for the QIF, and
 * threshold - slope for the EIF (where its two fixed points meet, Fourcaud-
 * Trocmé et al. 2003).
 */
const defaults: Record<NeuronName, NeuronModel> = {
  lif: { name: "lif", ...shared, peak: -40, bias: -40 },
  qif: { name: "qif", ...shared, peak: 30, bias: 0 },
  eif: {
    name: "eif",
    ...shared,
    peak: -30,
    bias: -42,
    slope: 2,
    threshold: -40,
  },
};

/** A neuron model by name, or some of its constants (a LIF where none is named). */
export type NeuronChoice = NeuronName | Partial<NeuronModel>;

/**
 * A neuron model with its constants: those given, the defaults for the rest.
 *
 * `lif`: dv/dt = (I - v)/tm; `qif`: dv/dt = (v² + I)/tm; `eif`: dv/dt =
 * (I - v + slope·exp((v - threshold)/slope))/tm, where I holds the synaptic
 * current, the stimulus and the constant bias. A peak given without a bias
 * moves the LIF's bias with it, a slope or threshold the EIF's: both stay at
 * their rheobase. Constants of the first two are those of Kim, Li and
 * Sejnowski (PNAS 116:22811, 2019).
 *
 * @param choice a name, or constants in mV and ms
 * @returns a complete model
 * @throws {RangeError} for an unknown name or a constant out of range
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { neuronModel } from "@spikernn/spikernn/mapping";
 * const fast = neuronModel({ name: "lif", refractory: 0 });
 * assert(fast.peak === -40 && fast.refractory === 0);
 * ```
 */
export function neuronModel(choice: NeuronChoice = "lif"): NeuronModel {
  const given: Partial<NeuronModel> = typeof choice === "string"
    ? { name: choice }
    : choice;
  const name = given.name ?? "lif";
  if (!Object.hasOwn(defaults, name)) {
    throw new RangeError(
      `Cannot use neuron model ${JSON.stringify(name)}: ` +
        `allowed are ${neuronNames.join(", ")}`,
    );
  }
  const model = { ...defaults[name], ...definedOnly(given) };
  if (given.bias === undefined) {
    if (name === "lif") model.bias = model.peak;
    if (name === "eif") model.bias = model.threshold! - model.slope!;
  }
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
  if (model.tauMembrane <= 0) {
    throw new RangeError(
      "Cannot use neuron model " + model.name + ": the membrane time " +
        `constant is ${model.tauMembrane} ms, it must be above 0`,
    );
  }
  if (model.refractory < 0) {
    throw new RangeError(
      "Cannot use neuron model " + model.name + ": the refractory period is " +
        `${model.refractory} ms, it must be 0 or more`,
    );
  }
  if (model.reset >= model.peak) {
    throw new RangeError(
      `Cannot use neuron model ${model.name}: the reset voltage is ` +
        `${model.reset} mV, it must be below the peak of ${model.peak} mV`,
    );
  }
  if (model.name === "eif" && model.slope! <= 0) {
    throw new RangeError(
      `Cannot use neuron model eif: the slope is ${model.slope} mV, ` +
        "it must be above 0",
    );
  }
}

/**
 * A synapse model. `double`: rise `tr` and the unit's decay `td`; `single`:
 * decay alone; `none`: no filter. A double exponential with no rise time is a
 * single one (the original's `tr = 0`).
 *
 * @param kind name of the filter
 * @param rise rise time constant tr in ms, 2 unless told; `double` alone has one
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
  kind: SynapseModel["kind"] = "double",
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
  if (kind !== "double") {
    if (rise) {
      throw new RangeError(
        `Cannot use a rise time of ${rise} ms with the ${kind} synapse: ` +
          "only the double exponential has one",
      );
    }
    return { kind, rise: 0 };
  }
  return rise === 0
    ? { kind: "single", rise: 0 }
    : { kind: "double", rise: rise ?? 2 };
}

/** Options left `undefined` do not overwrite a default. */
function definedOnly<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
