/** What a point of a sweep measures of its network once that is evaluated. */
import type { Backend } from "../../backend/types.ts";
import type { CsvCell } from "../../formats/csv.ts";
import { writeAtomic } from "../../formats/atomic.ts";
import type { Model } from "../../network/records.ts";
import { files } from "../../platform/files.ts";
import { join } from "../../platform/paths.ts";
import { finished } from "../../records/finished.ts";
import { mappedNetwork } from "../../spiking/mapped.ts";
import type { Point } from "../../sweep/types.ts";
import type { Task } from "../../tasks/types.ts";
import { analyse } from "../analyse/analyse.ts";
import { columnText, keptFiles, scalarColumns } from "../analyse/files.ts";
import { usualTrials } from "../analyse/settings.ts";
import {
  type EffectColumn,
  effectMeasures,
  effectRow,
  perturbModel,
} from "../perturb.ts";
import { perturbedSettings } from "../perturb_flags.ts";
import { measurePoints } from "../perturb_measures.ts";
import { checkPerturbation, gridOf, pointText } from "../perturb_points.ts";
import { flagValues } from "./settings.ts";

/** A network that is done, and where its trials run. */
export interface Measured {
  readonly model: Model;
  readonly task: Task;
  readonly seed: number;
  readonly backend: Backend;
}

/** Numbers by the names of columns; null if there is none. */
type Columns = Record<string, number | null>;

/**
 * Makes the analyses of a point; those that the network does not allow are left
 * out.
 *
 * @param folder of the point, which keeps tables and arrays under `analysis/` if
 *   it asks for that
 * @returns the columns; undefined if it asks for no analysis
 */
export async function analysesOf(
  { analyse: names, analysisFiles }: Point,
  { model, task, seed, backend }: Measured,
  folder: string,
): Promise<Columns | undefined> {
  if (!names) return undefined;
  const twin = model.search && mappedNetwork(model);
  const { results } = await finished(
    analyse({ model, task, twin, backend }, {
      analyses: names,
      leaveOut: true,
      // Tables have intervals, columns have none.
      intervals: analysisFiles === true,
      seed,
    }),
  );
  if (analysisFiles) {
    const place = join(folder, "analysis");
    await files.mkdir(place, { recursive: true });
    for (const [name, result] of Object.entries(results)) {
      for (const file of keptFiles(name, result)) {
        await writeAtomic(join(place, file.name), file.bytes);
      }
    }
  }
  return scalarColumns(results);
}

/**
 * Perturbs the network of a point and its spiking twin: every effect beside the
 * intact network, and the numbers of the analyses asked for. Classes that the
 * network lacks, and networks whose numbers stop being finite, have no columns.
 *
 * @returns the columns; undefined if it asks for no perturbation
 * @throws {RangeError} for a window that the trial does not have
 */
export async function perturbationsOf(
  { perturb }: Point,
  { model, task, seed, backend }: Measured,
): Promise<Columns | undefined> {
  if (!perturb) return undefined;
  const columns: Columns = {};
  const spiking = model.search && mappedNetwork(model);
  for (const settings of perturb) {
    const flags = flagValues(perturbedSettings, settings);
    checkPerturbation(flags);
    const { points } = gridOf(flags, model.network, seed);
    if (points.length === 0) continue;
    const twin = flags.network === "rate" ? undefined : spiking;
    const rate = flags.network !== "spiking";
    if (!rate && !twin) continue;
    const of = { model, task, twin, points, seed, backend };
    const events = perturbModel({ ...of, rate, trials: flags.trials });
    for await (const event of events) {
      if (event.kind === "intact") {
        const { network, score: { strict, outputError } } = event;
        columns[columnOf([network, "intact", "strict"])] = strict.value;
        columns[columnOf([network, "intact", "output_error"])] =
          Number.isFinite(outputError) ? outputError : null;
      }
      if (event.kind !== "effect") continue;
      const { network, point } = event.effect;
      const row = effectRow(event.effect);
      for (const name of effectMeasures) {
        const column = columnOf([network, pointText(point), name]);
        const value = numberOf(row, name);
        if (value !== undefined) columns[column] = value;
      }
    }
    if (!flags.measure) continue;
    const measures = flags.measure.map((name) => name.toLowerCase());
    const measured = measurePoints({
      ...of,
      measures,
      trials: usualTrials,
      // Columns have no intervals.
      intervals: false,
    });
    for await (const { point, results } of measured) {
      const what = point ? pointText(point) : "intact";
      for (const [name, value] of Object.entries(scalarColumns(results))) {
        columns[columnOf([what, name])] = value;
      }
    }
  }
  return columns;
}

/** Columns of rates of the other kind of network are none. */
function numberOf(
  row: Readonly<Record<EffectColumn, CsvCell>>,
  name: EffectColumn,
): number | undefined {
  const value = row[name];
  return typeof value === "number" ? value : undefined;
}

/** The name of a column: `perturb_spiking_scale_I_to_E_0.5_strict`. */
function columnOf(parts: readonly string[]): string {
  return columnText(["perturb", ...parts]);
}
