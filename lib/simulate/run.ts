/** What runs of rate and spiking networks share: options, perturbations. */
import type { Backend, RateTrial } from "../backend/types.ts";
import type { SpikingNetwork, SpikingTrial } from "../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { UnitSelection } from "../network/units.ts";
import { withInitialWeights } from "../spiking/convert.ts";
import {
  lesion,
  rateStimulation,
  spikingStimulation,
  type StimulationRequest,
} from "./perturb.ts";
import type { PlaceTrial } from "./trials.ts";

/** What is done to a network that runs; the same for rate and spiking networks. */
export interface Perturbations {
  /** Multiplies the noise of the model; 1 unless told, 0 for none. */
  readonly noiseScale?: number;
  /** Stimulation of chosen units. */
  readonly stimulation?: StimulationRequest | readonly StimulationRequest[];
  /** Units without outgoing weights and readout. */
  readonly lesion?: UnitSelection;
}

/** How a network is run; the same for rate and spiking networks. */
export interface RunOptions extends Perturbations {
  /** Of the stimuli, the noise, the initial state and the coins. */
  readonly seed: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** The network before training, for its recurrent weights. */
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
 * @throws {RangeError} for units that the network does not have
 */
export function perturbedRate(
  network: RateNetwork,
  options: Perturbations & Pick<RunOptions, "initialWeights">,
  stepMs: number,
): PerturbedRate {
  const changed = withoutUnits(network, options);
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
  options: Perturbations & Pick<RunOptions, "initialWeights"> & {
    readonly initialVoltage?: FloatArray;
  },
): PerturbedSpiking {
  const network = { ...spiking, rate: withoutUnits(spiking.rate, options) };
  const requests = [options.stimulation ?? []].flat();
  return {
    network,
    place: (trial, noise) => ({
      inputs: trial.inputs,
      columns: trial.columns,
      noise,
      initialVoltage: options.initialVoltage,
      stimulation: requests.map((request) =>
        spikingStimulation(
          network,
          request,
          (trial.columns - 1) * spiking.stepMs,
        )
      ),
    }),
  };
}

/** The network with its perturbations of weights. */
function withoutUnits(
  network: RateNetwork,
  { initialWeights, lesion: units }:
    & Perturbations
    & Pick<RunOptions, "initialWeights">,
): RateNetwork {
  const weighted = initialWeights
    ? withInitialWeights(network, initialWeights)
    : network;
  return units === undefined ? weighted : lesion(weighted, units);
}
