/** The spiking network that a model's search recorded. */
import type { Model, SearchRecord } from "../network/records.ts";
import type {
  NeuronModel,
  SpikingNetwork,
  SynapseModel,
} from "../network/spiking.ts";
import { recordedRise } from "../network/synapses.ts";
import { getTask, tasks } from "../tasks/registry.ts";
import { convert, type ConvertOptions } from "./convert.ts";
import { usualMapping } from "./usual.ts";

/**
 * The scaling factor that a search chose: one for each layer if they were
 * searched and did better, else the one for all.
 *
 * @param search the record
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { type SearchRecord } from "@spikernn/spikernn";
 * import { factorOfSearch } from "@spikernn/spikernn/mapping";
 * const record = { chosen: 50 } as SearchRecord;
 * assert(factorOfSearch(record) === 50);
 * ```
 */
export function factorOfSearch(
  { chosen, layers }: SearchRecord,
): number | readonly number[] {
  return layers?.kept ? layers.factors : chosen;
}

/**
 * The mapping of a recorded search, as options of `convert`: factor, neuron and
 * synapse models, integration step and calibration.
 *
 * @param search the record
 * @param initial the network before training, if the search used its weights
 * @returns the options; values that the record lacks have their defaults
 */
export function mappingOfSearch(
  search: SearchRecord,
  initial?: Model["initial"],
): ConvertOptions {
  const { settings, calibration } = search;
  const recorded = settings as {
    neuron?: NeuronModel;
    synapse?: SynapseModel;
    stepMs?: number;
    dt?: number;
    initialWeights?: boolean;
  };
  return {
    scalingFactor: calibration?.factor ?? factorOfSearch(search),
    stepMs: recorded.stepMs,
    neuron: recorded.neuron,
    synapse: recorded.synapse?.kind,
    rise: recordedRise(recorded.synapse),
    downsample: recorded.dt &&
      Math.round(recorded.dt / usualMapping.integrationStep),
    initialWeights: recorded.initialWeights ? initial : undefined,
    calibration: calibration?.calibration,
  };
}

/**
 * The spiking network of a model, as its search recorded it: with the chosen
 * factor, the neuron and synapse models of the search and, if there is one, the
 * calibration.
 *
 * @param model a model that has been searched
 * @returns the spiking network
 * @throws {RangeError} for a model that has not been searched
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, evaluateSpiking, getTask, mappedNetwork, type Model, randomStream,
 *   searchScalingFactor,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * let model: Model = { network };
 * const options = { seed: 1, factors: [40, 50], trials: 2 };
 * for await (const event of searchScalingFactor(network, task, options)) {
 *   if (event.kind === "mapped") model = { network, task, search: event.search };
 * }
 * const spiking = mappedNetwork(model);
 * const score = await evaluateSpiking(spiking, task, { seed: 2, trials: 4 });
 * assert(score.strict.trials === 4);
 * ```
 */
export function mappedNetwork(model: Model): SpikingNetwork {
  if (!model.search) {
    throw new RangeError(
      "Cannot map the network: the model holds no scaling factor, one that " +
        "has been searched is needed",
    );
  }
  const mapping = mappingOfSearch(model.search, model.initial);
  return convert(model.network, {
    ...mapping,
    stepMs: mapping.stepMs ?? usualStep(model),
  });
}

/**
 * Duration of a step, ms, of a network that another program has mapped: its
 * task's if that is built in.
 */
function usualStep({ task }: Model): number | undefined {
  return task && Object.hasOwn(tasks, task.name)
    ? getTask(task.name).stepMs
    : undefined;
}
