/** What runs of rate and spiking networks share: options, perturbations. */
import type { Backend } from "../backend/types.ts";
import type { RateNetwork } from "../network/types.ts";
import { withInitialWeights } from "../spiking/convert.ts";
import { lesion, type StimulationRequest } from "./perturb.ts";
import type { PreparedTrial } from "./requests.ts";
import type { UnitSelection } from "../network/units.ts";

/** How a network is run; the same for rate and spiking networks. */
export interface RunOptions {
  /** Of the stimuli, the noise, the initial state and the coins. */
  readonly seed: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Multiplies the noise of the model; 1 unless told, 0 for none. */
  readonly noiseScale?: number;
  /** Stimulation of chosen units. A rate network takes one at most. */
  readonly stimulation?: StimulationRequest | readonly StimulationRequest[];
  /** Units without outgoing weights and readout. */
  readonly lesion?: UnitSelection;
  /** The network before training, for its recurrent weights. */
  readonly initialWeights?: RateNetwork;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** A trial and what a network made of it. */
export interface Run<Trace> extends PreparedTrial {
  /** What the trial gave. */
  readonly trace: Trace;
}

/** The network with its perturbations of weights. */
export function perturbed(
  network: RateNetwork,
  options: RunOptions,
): RateNetwork {
  const weighted = options.initialWeights
    ? withInitialWeights(network, options.initialWeights)
    : network;
  return options.lesion === undefined
    ? weighted
    : lesion(weighted, options.lesion);
}

/** The stimulations of a run, none, one or several. */
export function stimulations(
  options: RunOptions,
): readonly StimulationRequest[] {
  const { stimulation } = options;
  if (!stimulation) return [];
  return "kind" in stimulation ? [stimulation] : stimulation;
}

/** @throws {RangeError} for a factor of the noise that is not 0 or more */
export function checkRun({ noiseScale = 1 }: RunOptions): void {
  if (!(Number.isFinite(noiseScale) && noiseScale >= 0)) {
    throw new RangeError(
      `Cannot simulate with noise scaled by ${noiseScale}: ` +
        "it must be 0 or more",
    );
  }
}
