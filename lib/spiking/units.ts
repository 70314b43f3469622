/** Choosing units of a network: by number, or by population. */
import type { RateNetwork } from "../network/types.ts";

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
 * Which units: a population, or a list of populations and of units. Units are
 * 0-based and counted over all layers; a population is that of all layers.
 */
export type UnitSelection =
  | PopulationName
  | readonly (PopulationName | number)[];

/** Number of units of a network, all layers together. */
export function unitCount(network: RateNetwork): number {
  return network.layers.reduce((sum, layer) => sum + layer.size, 0);
}

/** First unit of each layer; units are counted over the layers in order. */
export function firstUnits({ layers }: RateNetwork): number[] {
  let next = 0;
  return layers.map(({ size }) => (next += size) - size);
}

/**
 * The units that a selection names, ascending and each once.
 *
 * @param network the network whose units they are
 * @param selection populations, and units counted over all layers
 * @returns unit numbers, 0-based
 * @throws {RangeError} for an unknown population, a population that has no
 *   units in this network, a unit that it does not have, or an empty selection
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
  const members: number[] = [];
  let unit = 0;
  for (const layer of network.layers) {
    let inhibitoryBefore = 0;
    for (let i = 0; i < layer.size; i++, unit++) {
      const inhibitory = layer.inhibitory[i] !== 0;
      const sst = inhibitory && inhibitoryBefore < layer.sstCount;
      if (inhibitory) inhibitoryBefore++;
      const belongs = {
        E: !inhibitory,
        I: inhibitory,
        SST: sst,
        PV: inhibitory && !sst,
      }[name];
      if (belongs) members.push(unit);
    }
  }
  return members;
}
