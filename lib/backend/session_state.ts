/** What a session holds as vectors, as networks and optimiser states; on all backends. */
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { OptimiserState, RateParameters } from "./types.ts";
import {
  parametersOf,
  unflatten,
  type WiredNetwork,
  withParameters,
} from "./wiring.ts";

/** A network with a session's own copies of what callers could change later. */
export function ownCopy(network: RateNetwork): RateNetwork {
  const { weights, between, readout, bias, tausGaus } = parametersOf(network);
  const copies = (list: readonly FloatArray[]) => list.map((v) => v.slice());
  return withParameters(network, {
    weights: copies(weights),
    between: copies(between),
    readout: copies(readout),
    bias,
    tausGaus: copies(tausGaus),
  });
}

/** The network with the parameters of a session's vector. */
export function trainedNetwork(
  wired: WiredNetwork,
  network: RateNetwork,
  parameters: FloatArray,
): RateNetwork {
  const base = parametersOf(network);
  return withParameters(network, unflatten(wired, network, parameters, base));
}

/** The optimiser's state from a session's vectors. */
export function optimiserState(
  wired: WiredNetwork,
  network: RateNetwork,
  { first, second, updates }: {
    readonly first: FloatArray;
    readonly second: FloatArray;
    readonly updates: number;
  },
): OptimiserState {
  return {
    first: unflatten(wired, network, first),
    second: unflatten(wired, network, second),
    updates,
  };
}

/** Which entries have moments, for `wire`: they stay synapses whatever their weight. */
export function entriesWithMoments(
  network: RateNetwork,
  state: OptimiserState | undefined,
): ((matrix: number, entry: number) => boolean) | undefined {
  if (state === undefined) return undefined;
  const layers = network.layers.length;
  const of = (moments: RateParameters, matrix: number) =>
    matrix < layers
      ? moments.weights[matrix]
      : moments.between[matrix - layers];
  return (matrix, entry) =>
    of(state.first, matrix)[entry] !== 0 ||
    of(state.second, matrix)[entry] !== 0;
}
