/** Flags that say how a rate network is mapped to spikes. */
import type { Model, SearchRecord } from "../network/records.ts";
import type {
  Calibration,
  NeuronModel,
  NeuronName,
  SpikingNetwork,
  SynapseModel,
} from "../network/spiking.ts";
import { neuronModels, neuronNames } from "../network/neurons.ts";
import { recordedRise } from "../network/synapses.ts";
import { convert, type ConvertOptions } from "../spiking/convert.ts";
import { coarseStep, oddTimes } from "../spiking/integration.ts";
import { factorOfSearch, mappingOfSearch } from "../spiking/mapped.ts";
import { factorSettings, mappingSettings } from "../spiking/settings.ts";
import { usualMapping } from "../spiking/usual.ts";
import { asUsage, FailureError, UsageError } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";
import type { Reporter } from "./reporter.ts";

/**
 * What to say if flags of the spiking network are given, and none runs.
 *
 * @param alone why there is none: "with --rate the rate network alone is run"
 * @param given names of the flags that were given
 * @returns the remark; nothing if there are no such flags
 */
export function idleMapping(
  alone: string,
  given: ReadonlySet<string>,
): string | undefined {
  const idle = Object.keys({ ...factorSettings, ...mappingSettings })
    .filter((name) => given.has(name)).map((name) => `--${name}`);
  if (idle.length === 0) return undefined;
  return `${alone}, and ${idle.join(", ")} ${
    idle.length > 1 ? "change" : "changes"
  } nothing`;
}

/** How a network is mapped, but for its factor and the step. */
export type Mapping = Omit<ConvertOptions, "scalingFactor" | "stepMs">;

/**
 * The mapping that the flags ask for. What they do not say is as in the search
 * that the model's file holds, if it holds one.
 *
 * @throws {FailureError} if the initial weights are asked for and unknown
 * @throws {UsageError} for constants of the adaptation current with a neuron model
 *   that has none
 */
export function mappingOf(
  flags:
    & Values<typeof mappingSettings>
    & Partial<Values<typeof factorSettings>>,
  model: Model,
): Mapping {
  const searched = model.search?.settings as {
    neuron?: NeuronModel;
    synapse?: SynapseModel;
    dt?: number;
  } | undefined;
  if (flags.use_initial_weights && !model.initial) {
    throw new FailureError(
      "Cannot use the initial weights: the file does not hold them",
    );
  }
  const sameNeuron = flags.model === undefined ||
    flags.model === searched?.neuron?.name;
  const constants: Partial<NeuronModel> = {
    ...(sameNeuron ? searched?.neuron : { name: flags.model }),
    ...(flags.tm !== undefined && { tauMembrane: flags.tm }),
    ...(flags.tref !== undefined && { refractory: flags.tref }),
    ...(flags.tau_w !== undefined && { tauAdaptation: flags.tau_w }),
    ...(flags.b_w !== undefined && { adaptationJump: flags.b_w }),
  };
  checkAdaptation(flags, constants.name ?? usualMapping.neuron);
  const synapse = flags.synapse ?? searched?.synapse?.kind;
  const rise = flags.tr ??
    (flags.synapse === undefined ? recordedRise(searched?.synapse) : undefined);
  return {
    neuron: constants,
    synapse,
    rise,
    downsample: flags.downsample ??
      (searched?.dt && Math.round(searched.dt / usualMapping.integrationStep)),
    initialWeights: flags.use_initial_weights ? model.initial : undefined,
    calibration: calibrationOf(flags, model),
  };
}

function checkAdaptation(
  { tau_w, b_w }: Values<typeof mappingSettings>,
  name: NeuronName,
): void {
  if (neuronModels[name].adapts) return;
  const flag = tau_w !== undefined
    ? `--tau_w ${tau_w}`
    : b_w !== undefined
    ? `--b_w ${b_w}`
    : undefined;
  if (flag === undefined) return;
  const adapting = neuronNames.filter((other) => neuronModels[other].adapts);
  throw new UsageError(
    `Cannot use ${flag} with neuron model ${name}: it has no adaptation ` +
      `current; allowed is --model ${adapting.join(" or ")}`,
  );
}

/**
 * The calibration that the file records, where the network is mapped as it was
 * for it: fitted for one factor and one model, it suits no other.
 */
function calibrationOf(
  flags:
    & Values<typeof mappingSettings>
    & Partial<Values<typeof factorSettings>>,
  { search }: Model,
): Calibration | undefined {
  const record = search?.calibration;
  const { model, synapse, tr, tref, tm, tau_w, b_w, downsample } = flags;
  const asSearched = [model, synapse, tr, tref, tm, tau_w, b_w, downsample]
    .every((flag) => flag === undefined) &&
    `${knownFactor(flags, { search })}` === `${record?.factor}` &&
    flags.use_initial_weights === (search?.settings.initialWeights === true);
  return asSearched && !flags.uncalibrated ? record?.calibration : undefined;
}

/**
 * The network of a model, mapped; a step that is coarse for its synapses gets a
 * remark.
 *
 * @throws {UsageError} for a mapping that is not allowed
 */
export async function toSpiking(
  model: Model,
  options: ConvertOptions,
  output: Reporter,
): Promise<SpikingNetwork> {
  const spiking = await asUsage(() => convert(model.network, options));
  for (const remark of [coarseStep(spiking), oddTimes(spiking)]) {
    if (remark) output.note(remark);
  }
  return spiking;
}

/**
 * Refuses flags by which a network would be mapped otherwise than its recorded
 * search mapped it: what is fitted at the factor found there suits no other mapping.
 *
 * @param path of the model, for the message
 * @throws {UsageError} if units, synapses, step or weights would be others
 */
export async function checkAsSearched(
  path: string,
  model: Model & { readonly search: SearchRecord },
  flags: Values<typeof mappingSettings>,
): Promise<void> {
  const searched = mappingOfSearch(model.search, model.initial);
  const asked = mappingOf(flags, model);
  const kindOf = (options: Partial<ConvertOptions>) => {
    const { neuron, synapse, dt } = convert(model.network, {
      ...options,
      stepMs: searched.stepMs,
      scalingFactor: searched.scalingFactor,
      calibration: undefined,
      initialWeights: undefined,
    });
    return { neuron, synapse, dt };
  };
  const [now, then] = await asUsage(() => [kindOf(asked), kindOf(searched)]);
  const others = [
    ["neuron model", now.neuron, then.neuron],
    ["synapses", now.synapse, then.synapse],
    ["integration step", now.dt, then.dt],
    [
      "initial weights",
      flags.use_initial_weights || Boolean(searched.initialWeights),
      Boolean(searched.initialWeights),
    ],
  ].filter(([, now, then]) => JSON.stringify(now) !== JSON.stringify(then))
    .map(([what]) => what);
  if (others.length === 0) return;
  throw new UsageError(
    `Cannot go on from the factor in ${path} with another ` +
      `${others.join(", ")} than it was searched with (${then.neuron.name}, ` +
      `${then.synapse.kind}, steps of ${then.dt} ms): leave these flags out, or ` +
      "search again by --force",
  );
}

/**
 * The scaling factor to use, or one for each layer; `undefined` if none was
 * searched and none is given.
 */
export function knownFactor(
  { factor, single_factor }: Partial<Values<typeof factorSettings>>,
  { search }: Pick<Model, "search">,
): number | readonly number[] | undefined {
  if (factor !== undefined || !search) return factor;
  return single_factor ? search.chosen : factorOfSearch(search);
}

/**
 * The scaling factor to use, or one for each layer.
 *
 * @throws {UsageError} if none was searched and none is given
 */
export function factorOf(
  flags: Values<typeof factorSettings>,
  model: Model,
): number | readonly number[] {
  const chosen = knownFactor(flags, model);
  if (chosen === undefined) {
    throw new UsageError(
      "Cannot map the network: no scaling factor has been searched yet, " +
        "run map first or pass --factor",
    );
  }
  return chosen;
}
