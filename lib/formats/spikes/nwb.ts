/** Spikes and trials of an NWB file, whoever wrote it. */
import { countOf } from "../../count.ts";
import { ModelFileError } from "../../errors.ts";
import type { OpenFile } from "../../platform/file_types.ts";
import { type Hdf5File, readHdf5 } from "../hdf5.ts";
import { finiteTimes } from "./arrays.ts";
import type { SpikeTables, TableColumn, TableColumns } from "./types.ts";

/**
 * Reads the tables of units and trials.
 *
 * @param source an NWB file (HDF5): its bytes, or the file, open for reading
 * @throws {ModelFileError} if it is damaged, or has no units with spikes or no
 *   trials
 */
export function nwbTables(
  source: Uint8Array | OpenFile,
): Promise<SpikeTables> {
  return readHdf5(source, (file) => {
    const units = tableOf(file, "units", "table of units").columns;
    const ids = file.shape("units/id")[0];
    if (
      file.kind("units/spike_times") !== "dataset" ||
      file.kind("units/spike_times_index") !== "dataset"
    ) {
      throw new ModelFileError("its units have no spike times");
    }
    const time = finiteTimes(
      "units/spike_times",
      Float64Array.from(file.numbers("units/spike_times"), Number),
    );
    const ends = Array.from(file.numbers("units/spike_times_index"), Number);
    const unit = new Uint32Array(time.length);
    if (ends.length !== ids || (ends.at(-1) ?? 0) !== time.length) {
      throw new ModelFileError(
        `it has ${countOf(ids, "unit")} and ${
          countOf(time.length, "spike time")
        }, but ` +
          `${ends.length} ends of lists up to ${ends.at(-1)}`,
      );
    }
    ends.forEach((end, u) => unit.fill(u, u === 0 ? 0 : ends[u - 1], end));
    const trials = tableOf(file, "intervals/trials", "table of trials");
    const resolution = Number(
      file.attribute("units/spike_times", "resolution") ?? 0,
    );
    return {
      units: ids,
      unit,
      time,
      resolution: resolution > 0 ? resolution : undefined,
      start: times(trials.columns, "start_time"),
      stop: times(trials.columns, "stop_time"),
      trialColumns: withoutTimes(trials.columns),
      unitColumns: units,
      unread: trials.unread,
    };
  });
}

/** The columns of a table that have one number or text a row. */
function tableOf(file: Hdf5File, path: string, what: string): {
  readonly columns: TableColumns;
  readonly unread: Readonly<Record<string, string>>;
} {
  if (file.kind(path) !== "group" || file.kind(`${path}/id`) !== "dataset") {
    const tables = file.names("intervals");
    throw new ModelFileError(
      `it has no ${what} (${path})` +
        (tables.length > 0 ? `; its intervals: ${tables.join(", ")}` : ""),
    );
  }
  const [rows] = file.shape(`${path}/id`);
  const columns: Record<string, TableColumn> = {};
  const unread: Record<string, string> = {};
  for (const name of file.names(path)) {
    const own = `${path}/${name}`;
    if (
      name === "id" || name.endsWith("_index") || file.kind(own) !== "dataset"
    ) continue;
    // A list a row, or numbers of other tables' rows.
    const isList = file.kind(`${own}_index`) !== undefined;
    const shape = isList ? [] : file.shape(own);
    const column = shape.length === 1 && shape[0] === rows
      ? columnOf(file, own)
      : undefined;
    if (column) columns[name] = column;
    else unread[name] = `its ${own} is not one number or text a row`;
  }
  return { columns, unread };
}

/** A column; undefined if it holds something else than numbers and texts. */
function columnOf(file: Hdf5File, path: string): TableColumn | undefined {
  try {
    return file.isText(path)
      ? file.texts(path)
      : Array.from(file.numbers(path), Number);
  } catch (error) {
    if (error instanceof ModelFileError) return undefined;
    throw error;
  }
}

function times(columns: TableColumns, name: string): Float64Array {
  const values = columns[name];
  if (values?.every((value) => typeof value === "number")) {
    return Float64Array.from(values as readonly number[]);
  }
  throw new ModelFileError(`its trials have no times ${name}`);
}

function withoutTimes(columns: TableColumns): TableColumns {
  return Object.fromEntries(
    Object.entries(columns).filter(([name]) =>
      name !== "start_time" && name !== "stop_time"
    ),
  );
}
