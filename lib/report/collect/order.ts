/** The order in which figures show units: by layer, then by population. */
import { unitTypes } from "../../network/effective.ts";
import type { Layer, RateNetwork } from "../../network/types.ts";
import type { Population } from "../types.ts";

/** Units of one population of one layer. */
export interface UnitGroup {
  readonly layer: number;
  readonly type: Population;
  /** Units counted over all layers, in the network's order. */
  readonly units: readonly number[];
  readonly size: number;
}

/** Units of one layer by population, E first; counted within the layer. */
export function layerGroups(
  layer: Layer,
  dale: boolean,
): { readonly type: Population; readonly units: readonly number[] }[] {
  const all = Array.from({ length: layer.size }, (_, unit) => unit);
  if (!dale) return [{ type: "units", units: all }];
  const { excitatory, inhibitory, sst, pv } = unitTypes(layer);
  const groups: { type: Population; units: number[] }[] = sst.length > 0
    ? [
      { type: "E", units: excitatory },
      { type: "PV", units: pv },
      { type: "SST", units: sst },
    ]
    : [
      { type: "E", units: excitatory },
      { type: "I", units: inhibitory },
    ];
  return groups.filter(({ units }) => units.length > 0);
}

/** All units in the order in which figures show them. */
export function unitGroups(network: RateNetwork): UnitGroup[] {
  let first = 0;
  return network.layers.flatMap((layer, l) => {
    const groups = layerGroups(layer, network.dale).map(({ type, units }) => ({
      layer: l,
      type,
      units: units.map((unit) => first + unit),
      size: units.length,
    }));
    first += layer.size;
    return groups;
  });
}
