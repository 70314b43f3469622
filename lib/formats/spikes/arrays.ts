/** Spikes and trials in named arrays: of `simulate`, or a few of your own. */
import { countOf } from "../../count.ts";
import { ModelFileError } from "../../errors.ts";
import type { SpikeTables, TableColumn, TableColumns } from "./types.ts";

/** Arrays that a file of your own has, for messages. */
const needed = "spike_times (s), spike_units, trials_start and trials_stop (s)";

/** Arrays of a file, each decoded when it is asked for. */
export interface Members {
  /** Number of the first trial and unit in a file of `simulate`. */
  readonly first: 0 | 1;
  /** Names of the arrays. */
  readonly names: readonly string[];
  /** @throws {ModelFileError} if it holds no numbers */
  numbers(name: string): Float64Array;
  /** Sizes. */
  shape(name: string): readonly number[];
  /** Numbers or texts, one a row. */
  column(name: string): TableColumn;
}

/**
 * Reads spikes and trials.
 *
 * @throws {ModelFileError} if an array is missing or of another length than it
 *   should be
 */
export function arrayTables(members: Members): SpikeTables {
  const { names } = members;
  const there = <Got>(get: (name: string) => Got) => (name: string): Got => {
    if (names.includes(name)) return get(name);
    throw new ModelFileError(
      `it has no array ${name}; needed are those of a file of simulate, or ` +
        `${needed}; it holds ${names.slice(0, 12).join(", ") || "nothing"}`,
    );
  };
  const checked = {
    ...{ first: members.first, names },
    numbers: there((name) => members.numbers(name)),
    shape: there((name) => members.shape(name)),
    column: there((name) => members.column(name)),
  };
  return names.includes("spike_trial") ? simulated(checked) : plain(checked);
}

/** A file of `simulate`: times in ms from the start of each trial. */
function simulated(members: Members): SpikeTables {
  const { first } = members;
  const trial = members.numbers("spike_trial").map((number) => number - first);
  const unit = Uint32Array.from(
    members.numbers("spike_unit"),
    (number) => number - first,
  );
  const ms = members.numbers("spike_time");
  const [trials, units] = members.shape("firing_rate");
  const [dt] = members.numbers("dt_ms");
  const duration = members.shape("out")[1] * dt / 1000;
  sameLength({ spike_trial: trial, spike_unit: unit, spike_time: ms });
  // Apart, so that no spike is of two trials.
  const start = Float64Array.from(
    { length: trials },
    (_, i) => 2 * i * duration,
  );
  const column = (name: string): TableColumns =>
    members.names.includes(name) ? { [name]: members.column(name) } : {};
  return {
    units,
    unit,
    time: ms.map((time, k) => start[trial[k]] + time / 1000),
    resolution: dt / 1000,
    start,
    stop: start.map((time) => time + duration),
    trialColumns: {
      condition: members.column("conditions"),
      ...column("correct_strict"),
      ...column("correct_paper"),
      ...column("output_error"),
    },
    unitColumns: {
      ...column("unit_type"),
      ...column("unit_layer"),
      ...column("tau_decay_ms"),
    },
  };
}

/** A file of your own: `trials_NAME` are columns of trials, `units_NAME` of units. */
function plain(members: Members): SpikeTables {
  const time = members.numbers("spike_times");
  const number = members.numbers("spike_units");
  const start = members.numbers("trials_start");
  const stop = members.numbers("trials_stop");
  sameLength({ spike_times: time, spike_units: number });
  sameLength({ trials_start: start, trials_stop: stop });
  const unitColumns = columnsOf(members, "units_");
  const ids = unitColumns.id as readonly number[] | undefined ??
    [...new Set(number)].sort((a, b) => a - b);
  const places = new Map(ids.map((id, place) => [id, place]));
  const unit = Uint32Array.from(number, (id) => {
    const place = places.get(id);
    if (place !== undefined) return place;
    throw new ModelFileError(`its spikes are of a unit ${id}, not in units_id`);
  });
  return {
    units: ids.length,
    unit,
    time,
    start,
    stop,
    trialColumns: columnsOf(members, "trials_", start.length),
    unitColumns,
  };
}

function columnsOf(
  members: Members,
  prefix: string,
  rows?: number,
): TableColumns {
  const columns: Record<string, TableColumn> = {};
  let count = rows;
  for (const name of members.names) {
    const own = name.slice(prefix.length);
    if (!name.startsWith(prefix) || own === "start" || own === "stop") continue;
    const column = members.column(name);
    count ??= column.length;
    if (column.length !== count) {
      throw new ModelFileError(
        `its ${name} has ${countOf(column.length, "row")}, ${count} are needed`,
      );
    }
    columns[own] = column;
  }
  return columns;
}

function sameLength(arrays: Readonly<Record<string, ArrayLike<number>>>): void {
  const [[first, { length }], ...others] = Object.entries(arrays);
  for (const [name, other] of others) {
    if (other.length === length) continue;
    throw new ModelFileError(
      `its ${name} has ${
        countOf(other.length, "number")
      }, ${first} has ${length}`,
    );
  }
}
