/** From spikes on one axis of time to spikes of trials. */
import { countOf } from "../../count.ts";
import { ModelFileError } from "../../errors.ts";
import type {
  ReadSpikesOptions,
  RecordedSpikes,
  SpikeTables,
  TableColumns,
} from "./types.ts";

/** By how much a time may lie outside a trial, ms: sums of seconds round. */
const slack = 1e-6;

/** Times that are this close to a multiple of the resolution, in parts of it, are one. */
const onGrid = 1e-3;

/**
 * Cuts spikes into trials. A spike that is in several trials is in each of them.
 *
 * @param tables what a file holds
 * @param options which trials and times
 * @throws {ModelFileError} if there are no trials or units, a column is missing, or a
 *   trial has no time
 * @throws {RangeError} for times that do not follow one another
 */
export function alignedSpikes(
  tables: SpikeTables,
  options: ReadSpikesOptions,
): RecordedSpikes {
  const { start, trialColumns, unitColumns, units } = tables;
  if (start.length === 0) {
    throw new ModelFileError("its table of trials is empty");
  }
  if (units === 0) {
    throw new ModelFileError("it has no units: neither spikes nor a table");
  }
  const all = conditionsOf(tables, options.condition, start.length);
  const zero = options.align === undefined
    ? start
    : timesOf(tables, options.align);
  const timeName = options.align ?? "start";
  const kept = [...zero.keys()].filter((i) => Number.isFinite(zero[i]));
  if (kept.length === 0) {
    throw new ModelFileError(`no trial has a time ${timeName}`);
  }
  const { from, to } = spanOf(tables, zero, kept, options);
  const order = sortedByTime(tables.time);
  const sorted = Float64Array.from(order, (k) => tables.time[k]);
  const trial: number[] = [];
  const unit: number[] = [];
  const time: number[] = [];
  for (const [i, row] of kept.entries()) {
    const first = zero[row] + (from - slack) / 1000;
    for (let k = lowerBound(sorted, first); k < sorted.length; k++) {
      const ms = exact(sorted[k] - zero[row], tables.resolution);
      if (ms > to + slack) break;
      trial.push(i);
      unit.push(tables.unit[order[k]]);
      time.push(Math.min(to - from, Math.max(0, ms - from)));
    }
  }
  const rows = (columns: TableColumns): TableColumns =>
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        kept.map((row) => values[row]) as typeof values,
      ]),
    );
  const without = start.length - kept.length;
  return {
    trials: kept.length,
    units,
    durationMs: to - from,
    trial: Uint32Array.from(trial),
    unit: Uint32Array.from(unit),
    time: Float64Array.from(time),
    conditions: kept.map((row) => all[row]),
    trialColumns: rows(trialColumns),
    unitColumns,
    remarks: [
      ...tables.remarks ?? [],
      ...without === 0 ? [] : [
        `${without} of ${
          countOf(start.length, "trial is", "trials are")
        } left out: they have no ` +
        timeName,
      ],
      ...time.length > 0 || sorted.length === 0 ? [] : [
        `none of its ${countOf(sorted.length, "spike")} is in a trial: are ` +
        "times of spikes and trials in seconds, and of one clock?",
      ],
    ],
  };
}

/** Seconds as ms; on the grid on which the file's times lie, if they do. */
function exact(seconds: number, resolution: number | undefined): number {
  if (resolution) {
    const steps = Math.round(seconds / resolution);
    if (Math.abs(seconds / resolution - steps) < onGrid) {
      return steps * (resolution * 1000);
    }
  }
  return seconds * 1000;
}

function conditionsOf(
  { trialColumns: columns, unread }: SpikeTables,
  asked: string | undefined,
  trials: number,
): string[] {
  const name = asked ?? "condition";
  if (Object.hasOwn(columns, name)) return columns[name].map(String);
  checkRead(unread, name);
  const there = Object.keys(columns).join(", ");
  if (asked === undefined && there === "") {
    // One condition is all that can be told.
    return new Array<string>(trials).fill("all");
  }
  throw new ModelFileError(
    `its table of trials has no column ${name} of conditions; name one of ` +
      (there || "none"),
  );
}

/** @throws {ModelFileError} if there is a column that could not be read */
function checkRead(unread: SpikeTables["unread"], name: string): void {
  if (unread && Object.hasOwn(unread, name)) {
    throw new ModelFileError(unread[name]);
  }
}

function timesOf(
  { trialColumns: columns, unread }: SpikeTables,
  name: string,
): Float64Array {
  checkRead(unread, name);
  const values = columns[name];
  if (values?.every((value) => typeof value === "number")) {
    return Float64Array.from(values as readonly number[]);
  }
  const numbers = Object.keys(columns)
    .filter((other) => typeof columns[other][0] === "number");
  throw new ModelFileError(
    `its table of trials has no column ${name} of times in s; name one of ` +
      (numbers.join(", ") || "none"),
  );
}

/** Beginning and end of all trials, ms from the time that they are counted from. */
function spanOf(
  { stop }: SpikeTables,
  zero: Float64Array,
  kept: readonly number[],
  { fromMs = 0, toMs }: ReadSpikesOptions,
): { from: number; to: number } {
  const lengths = kept.map((row) => stop[row] - zero[row]);
  const shortest = lengths.reduce(
    (least, length) => Math.min(least, length),
    Infinity,
  );
  // As it was before seconds were added.
  const to = toMs ?? Math.round(shortest * 1e9) / 1e6;
  if (!(Number.isFinite(fromMs) && Number.isFinite(to) && fromMs < to)) {
    throw new RangeError(
      `Cannot take spikes from ${fromMs} to ${to} ms of each trial: the end ` +
        "must come after the start" +
        (toMs === undefined
          ? `; trial ${
            kept[lengths.findIndex((length) => !(length > shortest))]
          } (from 0) ends there: leave it out, or give the end`
          : ""),
    );
  }
  return { from: fromMs, to };
}

function sortedByTime(time: Float64Array): Uint32Array {
  const order = Uint32Array.from(time, (_, k) => k);
  return order.sort((a, b) => time[a] - time[b]);
}

/** The first place whose value is not below a bound. */
function lowerBound(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
