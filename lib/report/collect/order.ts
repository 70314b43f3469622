/** The order in which figures show units: by layer, then by population. */
import { populationsOf, type UnitPopulation } from "../../network/geometry.ts";
import type { Layer, RateNetwork } from "../../network/types.ts";

/** Units of one population of one layer. */
export interface UnitGroup extends UnitPopulation {
  readonly size: number;
}

/** Units of one layer by population, E first; counted within the layer. */
export function layerGroups(layer: Layer, dale: boolean): UnitPopulation[] {
  return populationsOf({ layers: [layer], dale });
}

/** All units in the order in which figures show them. */
export function unitGroups(network: RateNetwork): UnitGroup[] {
  return populationsOf(network).map((population) => ({
    ...population,
    size: population.units.length,
  }));
}
