/** Spikes of files: of simulate, of others, and of files that lack something. */
import {
  deepStrictEqual as equal,
  match,
  ok,
  rejects,
} from "node:assert/strict";
import { join } from "node:path";
import { binSpikes } from "../../lib/analysis/binning.ts";
import { ModelFileError } from "../../lib/errors.ts";
import { encodeHdf5, type Hdf5Group } from "../../lib/formats/hdf5.ts";
import {
  encodeNpy,
  encodeNpz,
  npyOf,
  type NpzEntry,
} from "../../lib/formats/npz.ts";
import { encodeZip } from "../../lib/formats/npz/zip.ts";
import { decodeSpikes, readSpikes } from "../../lib/formats/spikes/read.ts";
import {
  cell,
  char,
  encodeMat,
  type MatValue,
  numeric,
} from "../../lib/mat5/mod.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";
import { npyOf as npyOfType } from "./npy.ts";

const original = new URL("../data/gonogo_original.mat", import.meta.url);

Deno.test("readSpikes() reads the same spikes from all formats of simulate", async () => {
  await inFolder(async (folder) => {
    const names = ["a.npz", "a.nwb", "a.mat"];
    const paths = names.map((name) => join(folder, name));
    for (const path of paths) {
      await run([
        ...["simulate", original.pathname, "--task=go-nogo", "--factor=50"],
        ...["--trials=3", "--seed=1", "--output", path],
      ]);
    }
    const [npz, nwb, mat] = await Promise.all(
      paths.map((path) => readSpikes(path)),
    );
    equal([npz.trials, npz.units, npz.durationMs], [3, 200, 1000]);
    ok(npz.time.length > 1000);
    // Units of one time may follow one another in another order.
    const listed = ({ trial, unit, time }: typeof npz) =>
      [...time.keys()]
        .map((k) => [trial[k], time[k], unit[k]])
        .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
    equal(listed(nwb), listed(npz), "to the last bit");
    equal(nwb.durationMs, npz.durationMs);
    equal(nwb.conditions, ["go", "nogo", "go"]);
    equal(npz.conditions, nwb.conditions);
    equal(npz.unitColumns.unit_type, nwb.unitColumns.unit_type);
    equal(npz.trialColumns.correct_strict, nwb.trialColumns.correct_strict);
    equal(binSpikes(nwb, 10), binSpikes(npz, 10));
    // MATLAB counts from 1.
    const { unit_layer, ...columns } = npz.unitColumns;
    equal(mat.unitColumns.unit_layer, unit_layer.map((l) => Number(l) + 1));
    equal({ ...mat, unitColumns: { ...mat.unitColumns, unit_layer } }, {
      ...npz,
      unitColumns: { ...columns, unit_layer },
    });
  });
});

const matOf = (values: Readonly<Record<string, MatValue>>) =>
  encodeMat(new Map(Object.entries(values)));

/** A small file of your own. */
const own: Readonly<Record<string, NpzEntry>> = {
  spike_times: { data: Float64Array.of(1.3, 0.1, 1.2, 9) },
  spike_units: { data: Int32Array.of(9, 7, 7, 7) },
  trials_start: { data: Float64Array.of(0, 1) },
  trials_stop: { data: Float64Array.of(1, 2) },
  trials_condition: { data: Int32Array.of(1, 2) },
  trials_cue: { data: Float64Array.of(0.05, NaN) },
  units_id: { data: Int32Array.of(9, 7, 3) },
  units_area: { texts: ["V1", "V1", "PFC"] },
};

const npzOf = (changes: Readonly<Record<string, NpzEntry | undefined>>) =>
  encodeNpz(
    Object.fromEntries(
      Object.entries({ ...own, ...changes })
        .filter((entry): entry is [string, NpzEntry] => entry[1] !== undefined),
    ),
  );

Deno.test("decodeSpikes() reads a MATLAB file of your own as it reads an .npz", async () => {
  const row = (...values: number[]) =>
    numeric(Float64Array.from(values), [1, values.length]);
  const column = (values: number[]) =>
    numeric(Float64Array.from(values), [values.length, 1]);
  const values: Record<string, MatValue> = {
    spike_times: row(1.3, 0.1, 1.2, 9),
    spike_units: column([9, 7, 7, 7]),
    trials_start: column([0, 1]),
    trials_stop: column([1, 2]),
    trials_condition: cell([char("left"), char("right")]),
    units_id: row(9, 7, 3),
    units_unit_type: cell([char("E"), char("I"), char("E")], [3, 1]),
  };
  const fromMat = await decodeSpikes(matOf(values));
  equal(fromMat.conditions, ["left", "right"]);
  equal(fromMat.unitColumns.unit_type, ["E", "I", "E"]);
  const texts = { texts: ["left", "right"] };
  const fromNpz = await decodeSpikes(npzOf({
    ...{ trials_condition: texts, trials_cue: undefined },
    ...{ units_area: undefined, units_unit_type: { texts: ["E", "I", "E"] } },
  }));
  equal(fromMat, fromNpz);
  for (
    const [changed, says] of [
      [{ trials_stop: column([1]) }, /trials_stop has 1 number, trials_start/],
      [
        { spike_times: char("now") },
        /its spike_times cannot be read: received/,
      ],
      [
        { trials_condition: cell([column([1, 2]), char("b")]) },
        /cannot be read/,
      ],
      [{ spike_units: undefined }, /it has no array spike_units/],
    ] as const
  ) {
    const all: Record<string, MatValue | undefined> = { ...values, ...changed };
    const there = Object.entries(all)
      .filter((entry): entry is [string, MatValue] => entry[1] !== undefined);
    await rejects(decodeSpikes(encodeMat(new Map(there))), (error: Error) => {
      equal(error.name, "ModelFileError");
      match(error.message, says);
      return true;
    });
  }
  // Damaged in the middle, and of the format that is HDF5.
  await rejects(decodeSpikes(matOf(values).subarray(0, 200)), {
    name: "ModelFileError",
  });
  const later = new TextEncoder().encode("MATLAB 7.3 MAT-file".padEnd(600));
  await rejects(decodeSpikes(later), /HDF5/);
});

Deno.test("decodeSpikes() reads arrays of your own, units by the table's order", async () => {
  const read = await decodeSpikes(npzOf({}));
  equal([read.trials, read.units], [2, 3]);
  equal([...read.trial], [0, 1, 1]);
  equal([...read.unit], [1, 1, 0]);
  equal([...read.time].map((ms) => Math.round(1e6 * ms) / 1e6), [
    100,
    200,
    300,
  ]);
  equal(read.conditions, ["1", "2"]);
  equal(read.unitColumns.area, ["V1", "V1", "PFC"]);
  const aligned = await decodeSpikes(npzOf({}), { align: "cue" });
  equal([aligned.trials, aligned.durationMs], [1, 950]);
  equal(aligned.trialColumns.condition, [1]);
});

/** A file of `simulate` with one spike, in which a number is another. */
function simulatedWith(changes: Readonly<Record<string, number>>): Uint8Array {
  const spike = { spike_trial: 1, spike_unit: 2, spike_time: 10, ...changes };
  return encodeNpz({
    ...Object.fromEntries(
      Object.entries(spike)
        .map(([name, number]) => [name, { data: Float64Array.of(number) }]),
    ),
    firing_rate: { data: new Float64Array(6), shape: [2, 3] },
    dt_ms: { data: Float64Array.of(5), shape: [] },
    out: { data: new Float64Array(20), shape: [2, 10] },
    conditions: { texts: ["go", "nogo"] },
  });
}

Deno.test("decodeSpikes() leaves out columns that it cannot take, and says so", async () => {
  const bytes = encodeZip(
    [
      ...Object.entries(own).map(([name, entry]) =>
        [`${name}.npy`, npyOf(entry)] as const
      ),
      ["trials_info.npy", npyOfType("|O", new Float64Array(2))],
      ["units_place.npy", encodeNpy(new Float64Array(6), [3, 2])],
    ],
    true,
  );
  const { remarks, ...read } = await decodeSpikes(bytes);
  equal(read, await without(npzOf({})));
  match(remarks[0], /its trials_info cannot be read: received Python objects/);
  match(remarks[1], /its units_place is 3×2, one value a row is needed/);
  equal(remarks.length, 2);
  const simulated = await decodeSpikes(simulatedWith({}));
  equal([...simulated.unit, ...simulated.trial, ...simulated.time], [2, 1, 10]);
});

/** What is read of a file, without its remarks. */
async function without(bytes: Uint8Array) {
  const { remarks: _, ...read } = await decodeSpikes(bytes);
  return read;
}

Deno.test("decodeSpikes() remarks on trials without a start, and on spikes of another clock", async () => {
  const floats = (...data: number[]) => ({ data: Float64Array.from(data) });
  const remarksOf = async (changes: Parameters<typeof npzOf>[0]) =>
    (await decodeSpikes(npzOf(changes))).remarks;
  equal(await remarksOf({ trials_start: floats(0, NaN) }), [
    "1 of 2 trials are left out: they have no start",
  ]);
  equal(await remarksOf({ spike_times: floats(1300, 100, 1200, 9000) }), [
    "none of its 4 spikes is in a trial: are times of spikes and trials in " +
    "seconds, and of one clock?",
  ]);
  equal(await remarksOf({}), []);
});

Deno.test("decodeSpikes() says what a file of arrays lacks", async () => {
  const floats = (...data: number[]) => ({ data: Float64Array.from(data) });
  const objects = encodeZip(
    Object.entries(own).map(([name, entry]) =>
      [
        `${name}.npy`,
        name === "trials_condition"
          ? npyOfType("|O", new Float64Array(2))
          : npyOf(entry),
      ] as const
    ),
    true,
  );
  const wrong: [Uint8Array, RegExp, object?][] = [
    [
      npzOf({
        ...{ spike_times: floats(), spike_units: floats() },
        ...{ units_id: undefined, units_area: undefined },
      }),
      /it has no units/,
    ],
    [objects, /its trials_condition cannot be read: received Python objects/],
    [
      npzOf({ spike_times: floats(1, NaN, 2, 3) }),
      /its spike_times holds NaN at position 1, finite/,
    ],
    [
      npzOf({ spike_units: floats(9, 7, 7, Infinity) }),
      /its spike_units holds Infinity at position 3/,
    ],
    [
      npzOf({ spike_units: { texts: ["a", "b", "c", "d"] } }),
      /its spike_units cannot be read: received elements of type U1/,
    ],
    [
      npzOf({ units_id: { data: Int32Array.of(9, 7, 9) } }),
      /its units_id holds 9 twice/,
    ],
    [
      npzOf({ units_id: { texts: ["a", "b", "c"] } }),
      /its units_id holds the text "a", numbers are needed/,
    ],
    [
      simulatedWith({ spike_unit: 3 }),
      /spike_unit holds 3, allowed are 0 to 2/,
    ],
    [simulatedWith({ spike_trial: -1 }), /spike_trial holds -1, allowed are 0/],
    [simulatedWith({ spike_time: NaN }), /spike_time holds NaN at position 0/],
    [new Uint8Array(30), /neither NWB \(HDF5\), \.npz nor \.mat/],
    [
      npzOf({ spike_units: undefined }),
      /no array spike_units; needed .* spike_times/,
    ],
    [
      npzOf({ trials_stop: floats(1) }),
      /trials_stop has 1 number, trials_start has 2/,
    ],
    [
      npzOf({ spike_times: floats(1) }),
      /spike_units has 4 numbers, spike_times has 1/,
    ],
    [npzOf({ trials_cue: floats(1) }), /trials_cue has 1 row, 2 are needed/],
    [
      npzOf({ units_id: { data: Int32Array.of(9, 3) }, units_area: undefined }),
      /a unit 7, not in/,
    ],
    [
      npzOf({ trials_condition: undefined }),
      /no column condition .* name one of cue/,
    ],
    [npzOf({}), /no column onset of times.* condition, cue/, {
      align: "onset",
    }],
    [
      npzOf({
        trials_start: floats(),
        trials_stop: floats(),
        trials_condition: floats(),
        trials_cue: floats(),
      }),
      /table of trials is empty/,
    ],
  ];
  for (const [bytes, message, options] of wrong) {
    await rejects(decodeSpikes(bytes, options), (error: Error) => {
      ok(error instanceof ModelFileError, `${error}`);
      ok(message.test(error.message), error.message);
      return true;
    });
  }
  await rejects(decodeSpikes(npzOf({}), { fromMs: 5, toMs: 5 }), RangeError);
  await rejects(decodeSpikes(npzOf({ trials_stop: floats(1, 0.5) })), {
    name: "RangeError",
    message: /from 0 to -500 ms .* trial 1 \(from 0\) ends there/,
  });
  await rejects(
    readSpikes("nowhere.nwb"),
    /from "nowhere\.nwb": it does not exist/,
  );
});

Deno.test("decodeSpikes() says what an NWB file lacks", async () => {
  const table = (columns: Hdf5Group["members"]): Hdf5Group => ({
    members: { id: { value: Int32Array.of(0, 1) }, ...columns },
  });
  const units = table({
    spike_times: { value: Float64Array.of(0.5, 1.5) },
    spike_times_index: { value: Uint8Array.of(1, 2) },
  });
  const trials = table({
    start_time: { value: Float64Array.of(0, 1) },
    stop_time: { value: Float64Array.of(1, 2) },
  });
  const file = (members: Hdf5Group["members"]) => encodeHdf5({ members });
  const good = await decodeSpikes(
    await file({ units, intervals: { members: { trials } } }),
  );
  equal(good.conditions, ["all", "all"], "one condition is all that is known");
  equal([...good.time], [500, 500]);
  const short = {
    ...units.members,
    spike_times_index: { value: Uint8Array.of(1, 1) },
  };
  const wrong: [Hdf5Group["members"], RegExp][] = [
    [{}, /no table of units \(units\)/],
    [{ units: table({}) }, /units have no spike times/],
    [
      { units: { members: short } },
      /2 spike times, but 2 ends of lists up to 1/,
    ],
    [{ units }, /no table of trials \(intervals\/trials\)$/],
    [
      { units, intervals: { members: { epochs: trials } } },
      /no table of trials .* its intervals: epochs/,
    ],
    [
      { units, intervals: { members: { trials: table({}) } } },
      /trials have no times start_time/,
    ],
  ];
  for (const [members, message] of wrong) {
    await rejects(decodeSpikes(await file(members)), (error: Error) => {
      ok(error instanceof ModelFileError, `${error}`);
      ok(message.test(error.message), error.message);
      return true;
    });
  }
});
