/** What is there of a figure's networks, from the folder of their sweep. */
import { join } from "node:path";
import { openBackend } from "../../backend/open.ts";
import { readModel } from "../../formats/model_file.ts";
import { getTask } from "../../tasks/registry.ts";
import { pointFolder, readFailure, readResults } from "../folder.ts";
import type { PointResult } from "../types.ts";
import type { ConditionPoints } from "./points.ts";
import { type PopulationRates, populationRates } from "./populations.ts";
import type { Reproduced } from "./report.ts";
import type { FigurePlan } from "./types.ts";

/**
 * Gathers results and failures of a figure's points; for figure S3 also runs
 * the mapped networks on Go trials.
 *
 * @param plan of the figure
 * @param byCondition its points
 * @param folder of the sweep that has them
 * @throws {ModelFileError} if a file cannot be read
 */
export async function collectReproduced(
  plan: FigurePlan,
  byCondition: readonly ConditionPoints[],
  folder: string,
): Promise<Reproduced> {
  const failed: { id: string; reason: string }[] = [];
  const results = await Promise.all(
    byCondition.map(async ({ condition, points }) => ({
      condition,
      results: await readResults(
        folder,
        points,
        (id, reason) => failed.push({ id, reason }),
      ),
    })),
  );
  const done = results.flatMap(({ results }) => results);
  const ids = new Set([...done, ...failed].map(({ id }) => id));
  const all = byCondition.flatMap(({ points }) => points);
  for (const { id } of all.filter((point) => !ids.has(point.id))) {
    const reason = await readFailure(folder, id);
    if (reason !== undefined) failed.push({ id, reason });
  }
  return {
    byCondition: results,
    failed,
    missing: all.length - done.length - failed.length,
    ...(plan.populations && { populations: await populations(done, folder) }),
  };
}

async function populations(
  results: readonly PointResult[],
  folder: string,
): Promise<PopulationRates[]> {
  const backend = await openBackend();
  try {
    const rates: PopulationRates[] = [];
    for (const { id, model, seed, trained, spiking } of results) {
      if (!trained || !spiking) continue;
      const read = await readModel(join(pointFolder(folder, id), model));
      rates.push(
        await populationRates(read, getTask("go-nogo"), { seed, backend }),
      );
    }
    return rates;
  } finally {
    backend.close();
  }
}
