/**
 * The objects that files of Neurodata Without Borders are made of: tables with
 * columns, series in time, numbers of objects.
 *
 * Source: NWB format specification 2.9.0, hdmf-common 1.8.0.
 */
import type {
  Hdf5Attributes,
  Hdf5Dataset,
  Hdf5Group,
  Hdf5Value,
} from "../hdf5.ts";
import { sha256 } from "../../platform/hash.ts";

/** Attributes of an object of the format; `identified` gives it its number. */
export function typed(
  type: string,
  more: Hdf5Attributes = {},
  namespace: "core" | "hdmf-common" = "core",
): Hdf5Attributes {
  return { namespace, neurodata_type: type, ...more };
}

/** A column of a table. */
export function column(
  description: string,
  value: Hdf5Value,
  more: {
    readonly shape?: readonly number[];
    readonly attributes?: Hdf5Attributes;
    readonly type?: string;
  } = {},
): Hdf5Dataset {
  return {
    value,
    shape: more.shape,
    attributes: typed(
      more.type ?? "VectorData",
      { description, ...more.attributes },
      "hdmf-common",
    ),
  };
}

/** An index into a column of lists: where each row's list ends. */
export function listEnds(path: string, ends: Uint32Array): Hdf5Dataset {
  const description = `Index for VectorData '${path.split("/").at(-1)}'`;
  return column(description, ends, {
    type: "VectorIndex",
    attributes: { target: { refersTo: path } },
  });
}

export function dynamicTable(
  type: string,
  description: string,
  rows: number,
  columns: Readonly<Record<string, Hdf5Dataset>>,
): Hdf5Group {
  const colnames = Object.keys(columns)
    .filter((name) => !name.endsWith("_index"));
  return {
    attributes: typed(
      type,
      { colnames, description },
      type === "DynamicTable" ? "hdmf-common" : "core",
    ),
    members: {
      id: {
        value: Int32Array.from({ length: rows }, (_, i) => i),
        attributes: typed("ElementIdentifiers", {}, "hdmf-common"),
      },
      ...columns,
    },
  };
}

/** Samples in time, the first axis, which are written as the trials come. */
export function timeSeries(
  { times, unit, description, conversion = 1 }: {
    readonly times: SampleTimes;
    readonly unit: string;
    readonly description: string;
    readonly conversion?: number;
  },
): Hdf5Group {
  return {
    attributes: typed("TimeSeries", { description, comments: "no comments" }),
    members: {
      data: {
        attributes: { conversion, offset: 0, resolution: -1, unit },
      },
      ...timesOf(times),
    },
  };
}

/** A group whose objects have numbers of their own, which follow from their paths. */
export async function identified(
  group: Hdf5Group,
  identifier: string,
  path = "",
): Promise<Hdf5Group> {
  const members: Record<string, Hdf5Group | Hdf5Dataset> = {};
  for (const [name, member] of Object.entries(group.members)) {
    const own = `${path}/${name}`;
    members[name] = "members" in member
      ? await identified(member, identifier, own)
      : { ...member, attributes: await numbered(member, identifier, own) };
  }
  return { members, attributes: await numbered(group, identifier, path) };
}

async function numbered(
  { attributes }: Hdf5Group | Hdf5Dataset,
  identifier: string,
  path: string,
): Promise<Hdf5Attributes | undefined> {
  if (attributes?.neurodata_type === undefined) return attributes;
  // A UUID of version 8: of your own making.
  const object_id = (await sha256(`${identifier} ${path}`)).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
    "$1-$2-8$3-8$4-$5",
  );
  return { ...attributes, object_id };
}

/** When samples were taken: `count` of them in each trial, the first at `first`, s. */
export interface SampleTimes {
  readonly starts: Float64Array;
  /** From one trial's start to the next one's, s. */
  readonly period: number;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Times that are written at once, about. */
const timesTogether = 2 ** 15;

function timesOf(
  { starts, period, first, step, count }: SampleTimes,
): Record<string, Hdf5Dataset> {
  const regular = Math.abs(count * step - period) < step / 1000;
  if (starts.length === 1 || regular) {
    return {
      starting_time: {
        value: Float64Array.of(starts[0] + first),
        shape: [],
        attributes: { rate: 1 / step, unit: "seconds" },
      },
    };
  }
  const together = Math.max(1, Math.floor(timesTogether / count));
  return {
    timestamps: {
      shape: [starts.length * count],
      *value() {
        for (let trial = 0; trial < starts.length; trial += together) {
          const some = starts.subarray(trial, trial + together);
          yield Float64Array.from(
            { length: some.length * count },
            (_, k) => some[Math.floor(k / count)] + first + k % count * step,
          );
        }
      },
      attributes: { interval: 1n, unit: "seconds" },
    },
  };
}
