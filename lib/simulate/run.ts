/** What runs of rate and spiking networks share: options, perturbations. */
import type { NoiseScale } from "./noise_levels.ts";
import type { Backend, RateTrial } from "../backend/types.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { UnitSelection } from "../network/units.ts";
import { withInitialWeights } from "../spiking/convert.ts";
import type { Task } from "../tasks/types.ts";
import {
  type Modification,
  type ModificationClock,
  type ModifiedNetwork,
  withModifications,
} from "./modifications.ts";
import {
  lesion,
  rateStimulation,
  spikingStimulation,
  type StimulationRequest,
} from "./perturb.ts";
import type { PlaceTrial } from "./trials.ts";
import { usualMapping } from "../spiking/usual.ts";

/**
 * Perturbations of a network that runs; the same for rate and spiking networks.
 */
export interface Perturbations {
  /**
   * Multiplies the noise of the model; 0 for none. Several factors take turns,
   * each for as many trials as the task has conditions. Defaults to 1.
   */
  readonly noiseScale?: NoiseScale;
  /** Stimulation of chosen units. */
  readonly stimulation?: StimulationRequest | readonly StimulationRequest[];
  /** Units without outgoing weights and readout. */
  readonly lesion?: UnitSelection;
  /** Synapses between classes of units that are scaled, cut or shuffled. */
  readonly modifications?: readonly Modification[];
}

/** What changes a network's weights. */
type WeightOptions = Perturbations & Pick<RunOptions, "initialWeights">;

/** Options of running a network; the same for rate and spiking networks. */
export interface RunOptions extends Perturbations {
  /** Seed of the stimuli, the noise, the initial state and the stimulation. */
  readonly seed: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Network before training, whose recurrent weights are used instead. */
  readonly initialWeights?: RateNetwork;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** A trial for a rate network that is not perturbed. */
export const placeRate: PlaceTrial<RateTrial> = (
  { inputs, columns, trial },
  noise,
) => ({ inputs, steps: columns, target: trial?.target, noise });

/** A network with its perturbations: what to open, and how to place its trials. */
export interface PerturbedRate {
  readonly network: RateNetwork;
  readonly place: PlaceTrial<RateTrial>;
}

/**
 * A rate network with its perturbations.
 *
 * @param network stays as it is
 * @param stepMs duration of a step, for windows in ms
 * @param task for the epochs of its trials
 * @throws {RangeError} for units and synapses that the network does not have
 */
export function perturbedRate(
  network: RateNetwork,
  options: WeightOptions,
  stepMs: number,
  task?: Task,
): PerturbedRate {
  const clock = {
    stepMs,
    dt: usualMapping.integrationStep,
    kernelStep: stepMs,
    task,
  };
  const { network: changed, weights } = changedWeights(network, options, clock);
  const requests = [options.stimulation ?? []].flat();
  return {
    network: changed,
    place: (trial, noise) => ({
      ...placeRate(trial, noise),
      ...(requests.length > 0 && {
        stimulation: requests.map((request) =>
          rateStimulation(changed, request, trial.columns, stepMs)
        ),
      }),
      ...(weights && { weights: weights(trial.columns * stepMs) }),
    }),
  };
}

/** A spiking network with its perturbations: what to run, and how to place its trials. */
export interface PerturbedSpiking {
  readonly network: SpikingNetwork;
  readonly place: PlaceTrial<SpikingTrial>;
}

/** A spiking network with its perturbations; as {@linkcode perturbedRate}. */
export function perturbedSpiking(
  spiking: SpikingNetwork,
  options: WeightOptions & { readonly initialVoltage?: FloatArray },
  task?: Task,
): PerturbedSpiking {
  const { stepMs, dt } = spiking;
  const clock = { stepMs, dt, kernelStep: dt, task };
  const { network: rate, weights } = changedWeights(
    spiking.rate,
    options,
    clock,
  );
  const network = rate === spiking.rate ? spiking : { ...spiking, rate };
  const requests = [options.stimulation ?? []].flat();
  return {
    network,
    place: ({ inputs, columns }, noise) => {
      const durationMs = (columns - 1) * stepMs;
      return {
        inputs,
        columns,
        noise,
        initialVoltage: options.initialVoltage,
        stimulation: requests.map((request) =>
          spikingStimulation(network, request, durationMs)
        ),
        ...(weights && { weights: weights(durationMs) }),
      };
    },
  };
}

/** The network with its perturbations of weights. */
function changedWeights(
  network: RateNetwork,
  { initialWeights, lesion: units, modifications = [] }: WeightOptions,
  clock: ModificationClock,
): ModifiedNetwork {
  const weighted = initialWeights
    ? withInitialWeights(network, initialWeights)
    : network;
  const finish = (of: RateNetwork) =>
    units === undefined ? of : lesion(of, units);
  return modifications.length === 0
    ? { network: finish(weighted) }
    : withModifications(weighted, modifications, clock, finish);
}
