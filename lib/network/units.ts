/** Choosing units of a network: by number, or by population. */
import { firstUnits, unitCount, unitTypes } from "./geometry.ts";
import type { RateNetwork } from "./types.ts";

/** Excitatory, inhibitory, somatostatin and parvalbumin (all other inhibitory) units. */
export type PopulationName = "E" | "I" | "SST" | "PV";

/** Names of the populations. */
export const populationNames: readonly PopulationName[] = [
  "E",
  "I",
  "SST",
  "PV",
];

/**
 * A selection of units: a population, or a list of populations and units. Units
 * are 0-based and counted over all layers; a population is that of all layers.
 */
export type UnitSelection =
  | PopulationName
  | readonly (PopulationName | number)[];

/**
 * The units of a selection, ascending and each once.
 *
 * @param network the network whose units they are
 * @param selection populations, and units counted over all layers
 * @returns unit numbers, 0-based
 * @throws {RangeError} for an unknown population, a population that has no
 * units in this network, a unit that it does not have, or an empty selection
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { selectUnits, type RateNetwork } from "@spikernn/spikernn";
 * const network = {
 *   layers: [{ size: 3, inhibitory: Uint8Array.of(0, 1, 1), sstCount: 1 }],
 * } as unknown as RateNetwork;
 * assert(selectUnits(network, ["PV", 0]).join() === "0,2");
 * ```
 */
export function selectUnits(
  network: RateNetwork,
  selection: UnitSelection,
): number[] {
  const parts = typeof selection === "string" ? [selection] : selection;
  const total = unitCount(network);
  const chosen = new Set<number>();
  for (const part of parts) {
    if (typeof part === "number") {
      if (!(Number.isInteger(part) && part >= 0 && part < total)) {
        throw new RangeError(
          `Cannot select unit ${part}: the network has units 0 to ${total - 1}`,
        );
      }
      chosen.add(part);
      continue;
    }
    const members = population(network, part);
    if (members.length === 0) {
      throw new RangeError(
        `Cannot select population ${part}: the network has no such unit`,
      );
    }
    for (const unit of members) chosen.add(unit);
  }
  if (chosen.size === 0) {
    throw new RangeError(
      "Cannot select units: the selection is empty, name units or " +
        `populations (${populationNames.join(", ")})`,
    );
  }
  return [...chosen].sort((a, b) => a - b);
}

function population(network: RateNetwork, name: PopulationName): number[] {
  if (!populationNames.includes(name)) {
    throw new RangeError(
      `Cannot select population ${JSON.stringify(name)}: ` +
        `allowed are ${populationNames.join(", ")}`,
    );
  }
  const first = firstUnits(network);
  return network.layers.flatMap((layer, l) => {
    const { excitatory, inhibitory, sst, pv } = unitTypes(layer);
    const members = { E: excitatory, I: inhibitory, SST: sst, PV: pv }[name];
    return members.map((unit) => first[l] + unit);
  });
}
