/**
 * The analyses by name, in the order in which they are made. One is loaded when
 * it is asked for.
 */
import type { Analysis } from "./types.ts";

/** What loads an analysis: a line here is all that a new one needs. */
const registry: Readonly<Record<string, () => Promise<Analysis>>> = {
  trajectories: async () => (await import("./trajectories.ts")).default,
  timescales: async () => (await import("./timescales.ts")).default,
  tuning: async () => (await import("./tuning.ts")).default,
  discriminability: async () => (await import("./discriminability.ts")).default,
  decoding: async () => (await import("./decoding.ts")).default,
  "fixed-points": async () => (await import("./fixed_points.ts")).default,
  weights: async () => (await import("./weights.ts")).default,
  currents: async () => (await import("./currents.ts")).default,
  "spike-trains": async () => (await import("./spike_trains.ts")).default,
  silent: async () => (await import("./silent.ts")).default,
  generalisation: async () => (await import("./generalisation.ts")).default,
  psychometric: async () => (await import("./psychometric.ts")).default,
};

/** Names of the analyses. */
export const analysisNames: readonly string[] = Object.keys(registry);

/**
 * Loads analyses by name.
 *
 * @param names of {@linkcode analysisNames}
 * @throws {RangeError} for an unknown name
 */
export function loadAnalyses(names: readonly string[]): Promise<Analysis[]> {
  checkAnalyses(names);
  return Promise.all([...new Set(names)].map((name) => registry[name]()));
}

/**
 * Checks names of analyses.
 *
 * @throws {RangeError} for an unknown one
 */
export function checkAnalyses(names: readonly string[]): void {
  const unknown = names.find((name) => !Object.hasOwn(registry, name));
  if (unknown === undefined) return;
  throw new RangeError(
    `Cannot analyse ${JSON.stringify(unknown)}: the analyses are ` +
      analysisNames.join(", "),
  );
}
