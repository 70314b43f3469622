/** The report of a sweep, written beside its points. */
import { writeAtomic } from "../../formats/atomic.ts";
import { readResults, readSweep } from "../../sweep/folder.ts";
import { sweepReport } from "../../sweep/report.ts";
import { toCsv } from "../../formats/csv.ts";
import { resultsTable, toJson } from "../../sweep/results.ts";
import { join } from "../../platform/paths.ts";
import { surveySweep } from "./run.ts";

/**
 * Writes tables and figures of a sweep into its folder: `report.md`, `report.html`,
 * `results.csv`, `results.json`, and the figure as `.svg` and `.png`.
 *
 * @param folder of a sweep, ended or not
 * @returns paths of the files
 * @throws {ModelFileError} if the folder holds no sweep, or cannot be written
 */
export async function writeSweepReport(folder: string): Promise<string[]> {
  const { name, points } = await readSweep(folder);
  const results = await readResults(folder, points);
  const survey = await surveySweep(folder, points);
  const failed = survey
    .filter(({ state }) => state === "failed" || state === "damaged")
    .map(({ id, reason = "" }) => ({ id, reason }));
  const made = await sweepReport({
    results,
    failed,
    missing: points.length - results.length - failed.length,
  }, { title: name });
  const rows = resultsTable(results);
  const files: Record<string, string | Uint8Array> = {
    "report.md": made.markdown,
    "report.html": made.html,
    "results.csv": toCsv(rows),
    "results.json": toJson(rows),
  };
  if (made.figure) {
    files[`${made.figure.name}.svg`] = made.figure.svg;
    files[`${made.figure.name}.png`] = made.figure.png;
  }
  const paths: string[] = [];
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    await writeAtomic(
      path,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    paths.push(path);
  }
  return paths;
}
