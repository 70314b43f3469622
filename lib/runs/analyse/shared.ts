/** What analyses share: which networks there are, which groups of units. */
import type { Activity } from "../../analysis/activity.ts";
import type { SharedWorkOptions } from "../../analysis/in_workers.ts";
import type { AnalysisContext, NetworkName } from "./types.ts";

/** Names of the networks at the beginning of a title. */
export const titles: Readonly<Record<NetworkName, string>> = {
  rate: "Rate",
  spiking: "Spiking",
};

/** Activity of the networks that there are, the rate network first. */
export function networksOf(
  { rate, spiking }: Pick<AnalysisContext, "rate" | "spiking">,
): { readonly network: NetworkName; readonly activity: Activity }[] {
  return [
    ...(rate ? [{ network: "rate" as const, activity: rate }] : []),
    ...(spiking ? [{ network: "spiking" as const, activity: spiking }] : []),
  ];
}

/** What is thrown if there is no activity at all. */
export function noActivity(analysis: string): RangeError {
  return new RangeError(
    `Cannot analyse ${analysis}: there is no activity of any network`,
  );
}

/** How the work of an analysis is shared. */
export function threadsOf(
  { backend, signal }: Pick<AnalysisContext, "backend" | "signal">,
): SharedWorkOptions {
  return { workers: backend?.workers ?? 1, signal };
}

/** Some units with a name. */
export interface UnitSet {
  /** "all", "layer 2", "E", "layer 2 E". */
  readonly name: string;
  /** Units, counted over all layers. */
  readonly units: readonly number[];
}

/** All units, and those of each layer if there are several. */
export function groupsOf(
  { populations }: Pick<AnalysisContext, "populations">,
): UnitSet[] {
  const layers = [...new Set(populations.map(({ layer }) => layer))];
  const unitsOf = (layer: number) =>
    populations.filter((population) => population.layer === layer)
      .flatMap(({ units }) => units).sort((a, b) => a - b);
  const all = layers.flatMap(unitsOf);
  return [
    { name: "all", units: all },
    ...(layers.length > 1
      ? layers.map((layer) => ({
        name: `layer ${layer + 1}`,
        units: unitsOf(layer),
      }))
      : []),
  ];
}

/** The populations of units by name, with their layer if there are several. */
export function populationSets(
  { populations }: Pick<AnalysisContext, "populations">,
): UnitSet[] {
  const several = new Set(populations.map(({ layer }) => layer)).size > 1;
  return populations.map(({ layer, type, units }) => ({
    name: several ? `layer ${layer + 1} ${type}` : type,
    units,
  }));
}

/** The populations that are not all units, or a layer, under another name. */
export function furtherPopulations(
  context: Pick<AnalysisContext, "populations">,
): UnitSet[] {
  const known = new Set(groupsOf(context).map(({ units }) => units.join()));
  return populationSets(context).filter(({ units }) =>
    !known.has(units.join())
  );
}

/** Name of the population of each unit, counted over all layers. */
export function populationOf(
  context: Pick<AnalysisContext, "populations">,
): string[] {
  const names: string[] = [];
  for (const { name, units } of populationSets(context)) {
    for (const unit of units) names[unit] = name;
  }
  return names;
}
