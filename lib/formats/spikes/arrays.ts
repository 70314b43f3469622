/** Spikes and trials in named arrays: of `simulate`, or a few of your own. */
import { firstNotFinite } from "../../arithmetic/finite.ts";
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
  const [trials, units] = members.shape("firing_rate");
  const trial = placesOf(members, "spike_trial", trials);
  const unit = placesOf(members, "spike_unit", units);
  const ms = finiteOf(members, "spike_time");
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

/** Numbers of trials or units, from 0; there are `count` of them. */
function placesOf(members: Members, name: string, count: number): Uint32Array {
  const { first } = members;
  return Uint32Array.from(members.numbers(name), (number) => {
    const place = number - first;
    if (Number.isInteger(place) && place >= 0 && place < count) return place;
    throw new ModelFileError(
      `its ${name} holds ${number}, allowed are ${first} to ` +
        `${first + count - 1}`,
    );
  });
}

/** @throws {ModelFileError} if a number is NaN or infinite */
function finiteOf(members: Members, name: string): Float64Array {
  return finiteTimes(name, members.numbers(name));
}

/**
 * Numbers that all have to be finite.
 *
 * @throws {ModelFileError} if one is not
 */
export function finiteTimes(name: string, numbers: Float64Array): Float64Array {
  const bad = firstNotFinite(numbers);
  if (bad < 0) return numbers;
  throw new ModelFileError(
    `its ${name} holds ${
      numbers[bad]
    } at position ${bad}, finite numbers are ` +
      "needed",
  );
}

/** A file of your own: `trials_NAME` are columns of trials, `units_NAME` of units. */
function plain(members: Members): SpikeTables {
  const time = finiteOf(members, "spike_times");
  const number = finiteOf(members, "spike_units");
  const start = members.numbers("trials_start");
  const stop = members.numbers("trials_stop");
  sameLength({ spike_times: time, spike_units: number });
  sameLength({ trials_start: start, trials_stop: stop });
  const units = columnsOf(members, "units_");
  const ids = idsOf(units, number);
  const places = new Map(ids.map((id, place) => [id, place]));
  const unit = Uint32Array.from(number, (id) => {
    const place = places.get(id);
    if (place !== undefined) return place;
    throw new ModelFileError(`its spikes are of a unit ${id}, not in units_id`);
  });
  const trials = columnsOf(members, "trials_", start.length);
  return {
    units: ids.length,
    unit,
    time,
    start,
    stop,
    trialColumns: trials.columns,
    unitColumns: units.columns,
    unread: trials.unread,
    remarks: [...Object.values(trials.unread), ...Object.values(units.unread)]
      .map((why) => `a column is left out: ${why}`),
  };
}

/** Numbers of the units: those of the table, or those that have spikes. */
function idsOf(units: Columns, spikes: Float64Array): readonly number[] {
  if (units.unread.id !== undefined) throw new ModelFileError(units.unread.id);
  const ids = units.columns.id;
  if (!ids) return [...new Set(spikes)].sort((a, b) => a - b);
  const text = ids.find((id) => typeof id === "string");
  if (text !== undefined) {
    throw new ModelFileError(
      `its units_id holds the text ${JSON.stringify(text)}, numbers are needed`,
    );
  }
  const twice = (ids as readonly number[])
    .find((id, place) => ids.indexOf(id as never) !== place);
  if (twice === undefined) return ids as readonly number[];
  throw new ModelFileError(`its units_id holds ${twice} twice`);
}

/** Columns of a table, and why others could not be read, by their names. */
interface Columns {
  readonly columns: TableColumns;
  readonly unread: Readonly<Record<string, string>>;
}

function columnsOf(members: Members, prefix: string, rows?: number): Columns {
  const columns: Record<string, TableColumn> = {};
  const unread: Record<string, string> = {};
  let count = rows;
  for (const name of members.names) {
    const own = name.slice(prefix.length);
    if (!name.startsWith(prefix) || own === "start" || own === "stop") continue;
    let column: TableColumn;
    try {
      column = members.column(name);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      unread[own] = error.message;
      continue;
    }
    const shape = typeof column[0] === "number" ? members.shape(name) : [];
    if (shape.filter((size) => size !== 1).length > 1) {
      unread[own] = `its ${name} is ${shape.join("×")}, one value a row is ` +
        "needed";
      continue;
    }
    count ??= column.length;
    if (column.length !== count) {
      throw new ModelFileError(
        `its ${name} has ${countOf(column.length, "row")}, ${count} are needed`,
      );
    }
    columns[own] = column;
  }
  return { columns, unread };
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
