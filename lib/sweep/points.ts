/** From a plan to its points. */
import { createHash } from "node:crypto";
import { partOf, type Plan, type Settings } from "./plan.ts";
import type { Point } from "./types.ts";

/** Names of folders stay below what file systems and people can take. */
const longestSlug = 80;

/**
 * The points of a plan: every combination of the grid's values, for each of the
 * listed points, with every seed. The seeds of a combination follow one
 * another, and the last setting of the grid changes fastest.
 *
 * @param plan the plan
 * @returns the points; equal ones occur once
 */
export function sweepPoints(plan: Plan): Point[] {
  const points = new Map<string, Point>();
  for (const listed of plan.points) {
    for (const chosen of combinations(plan.grid)) {
      const varied = { ...listed, ...chosen };
      for (const seed of plan.seeds) {
        const point = pointOf(plan, varied, seed);
        points.set(point.id, point);
      }
    }
  }
  return [...points.values()];
}

function pointOf(plan: Plan, varied: Settings, seed: number): Point {
  const { trials, analyse, analysisFiles, perturb } = plan;
  const of = (part: "train" | "map") =>
    Object.entries(varied).map(([key, value]) => ({ ...partOf(key), value }))
      .filter((setting) => setting.part === part)
      .map(({ name, value }) => [name, value]);
  const train = { ...plan.train, ...Object.fromEntries(of("train")), seed };
  const map = plan.map && { ...plan.map, ...Object.fromEntries(of("map")) };
  const hash = createHash("sha256")
    .update(JSON.stringify(
      sorted({ train, map, trials, analyse, analysisFiles, perturb }),
    ))
    .digest("hex").slice(0, 8);
  const slug = [...Object.entries(varied), ["seed", seed] as const]
    .map(([key, value]) => `${plain(partOf(key).name)}-${plain(value)}`)
    .join("_").slice(0, longestSlug);
  return {
    id: `${slug}-${hash}`,
    varied,
    train,
    ...(map ? { map } : {}),
    ...(analyse ? { analyse } : {}),
    ...(analysisFiles ? { analysisFiles } : {}),
    ...(perturb ? { perturb } : {}),
  };
}

function* combinations(grid: Plan["grid"]): Generator<Settings> {
  const [first, ...rest] = Object.entries(grid);
  if (!first) {
    yield {};
    return;
  }
  const [key, values] = first;
  for (const value of values) {
    for (const others of combinations(Object.fromEntries(rest))) {
      yield { [key]: value, ...others };
    }
  }
}

/** The same whatever order settings were written in. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

function plain(value: unknown): string {
  const text = Array.isArray(value) ? value.join("+") : String(value);
  // Of a file's path, its name says enough.
  return text.split(/[/\\]/).at(-1)!.replace(/[^\w.+]/g, "") || "none";
}
