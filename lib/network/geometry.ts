/**
 * How a network is laid out: its units, counted over all layers in their order,
 * its input channels, populations, and steps. Numbers and places only; what
 * weights amount to is in `effective.ts`.
 */
import type { Layer, RateNetwork } from "./types.ts";

/** Number of units of a network, all layers together. */
export function unitCount({ layers }: {
  readonly layers: readonly Pick<Layer, "size">[];
}): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** First unit of each layer; units are counted over the layers in order. */
export function firstUnits({ layers }: Pick<RateNetwork, "layers">): number[] {
  let next = 0;
  return layers.map(({ size }) => (next += size) - size);
}

/** Number of input channels of a network; 0 if it has no input. */
export function channelCount(
  { inputs, layers }: Pick<RateNetwork, "inputs" | "layers">,
): number {
  return inputs.reduce(
    (most, { to, weights }) => Math.max(most, weights.length / layers[to].size),
    0,
  );
}

/**
 * Input weights of all units, units×channels, row-major; projections to one
 * layer add up.
 */
export function inputWeights(network: RateNetwork): Float64Array {
  const channels = channelCount(network);
  const first = firstUnits(network);
  const all = new Float64Array(unitCount(network) * channels);
  for (const { to, weights } of network.inputs) {
    const own = weights.length / network.layers[to].size;
    for (let i = 0; i < network.layers[to].size; i++) {
      for (let c = 0; c < own; c++) {
        all[(first[to] + i) * channels + c] += weights[i * own + c];
      }
    }
  }
  return all;
}

/** Unit numbers of a layer by type; PV are the inhibitory units that are not SST. */
export function unitTypes(
  { inhibitory, sstCount }: Pick<Layer, "inhibitory" | "sstCount">,
): {
  excitatory: number[];
  inhibitory: number[];
  sst: number[];
  pv: number[];
} {
  const types = {
    excitatory: [] as number[],
    inhibitory: [] as number[],
    sst: [] as number[],
    pv: [] as number[],
  };
  inhibitory.forEach((flag, i) => {
    if (!flag) return types.excitatory.push(i);
    types.inhibitory.push(i);
    (types.sst.length < sstCount ? types.sst : types.pv).push(i);
  });
  return types;
}

/** Units of one type in one layer, as figures show them. */
export interface UnitPopulation {
  /** Index of the layer, from 0. */
  readonly layer: number;
  /** `I` stands for all inhibitory units of a layer without SST units. */
  readonly type: "E" | "I" | "PV" | "SST" | "units";
  /** Counted over all layers. */
  readonly units: readonly number[];
}

/**
 * The populations of a network by layer, excitatory units first; without Dale's
 * principle all units of a layer are one. None is empty.
 */
export function populationsOf(
  network: Pick<RateNetwork, "layers" | "dale">,
): UnitPopulation[] {
  const first = firstUnits(network);
  return network.layers.flatMap((layer, l) =>
    typesShown(layer, network.dale)
      .filter(([, units]) => units.length > 0)
      .map(([type, units]) => ({
        layer: l,
        type,
        units: units.map((unit) => first[l] + unit),
      }))
  );
}

function typesShown(
  layer: Layer,
  dale: boolean,
): (readonly [UnitPopulation["type"], readonly number[]])[] {
  if (!dale) {
    return [[
      "units",
      Array.from({ length: layer.size }, (_, i) => i),
    ]];
  }
  const { excitatory, inhibitory, sst, pv } = unitTypes(layer);
  return sst.length > 0
    ? [["E", excitatory], ["PV", pv], ["SST", sst]]
    : [["E", excitatory], ["I", inhibitory]];
}

/** Number of integration steps in one step of the rate network. */
export function stepsPerRateStep(
  { stepMs, dt }: { readonly stepMs: number; readonly dt: number },
): number {
  return Math.round(stepMs / dt);
}
