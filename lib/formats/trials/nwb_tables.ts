/** Tables of an NWB file: trials and units. */
import type { Hdf5Dataset, Hdf5Group, Hdf5Value } from "../hdf5.ts";
import { column, dynamicTable, listEnds } from "./nwb_objects.ts";
import type { TrialTable } from "./trial_table.ts";

/** Columns of trials beside their times: name, in other formats, what it is. */
const trialColumns = [
  [
    "correct_strict",
    "Whether the trial is correct by the strict rule (1) or not (0)",
  ],
  [
    "correct_paper",
    "Whether the trial is correct by the paper's rule (1) or not (0)",
  ],
  ["output_error", "Mean |output - target| over the strict window"],
  ["mean_output", "Mean output over the strict window"],
  ["reach", "Value that a correct output goes beyond; NaN if none is due"],
  ["within", "Value that a correct output stays below; NaN if one is due"],
] as const;

export function trials(table: TrialTable): Hdf5Group {
  const columns: Record<string, Hdf5Dataset> = {};
  const add = (name: string, description: string, value: Hdf5Value) => {
    columns[name] = column(description, value);
  };
  const after = (ms: number) => table.starts.map((start) => start + ms / 1000);
  add("start_time", "Start of the trial, s", after(0));
  add("stop_time", "End of the trial, s", after(table.duration * 1000));
  add("condition", "Condition of the trial", table.texts("conditions"));
  for (const [name, description] of trialColumns) {
    if (!table.has(name)) continue;
    const { data } = table.array(name);
    // What none of the trials has is no column.
    if (data.every(Number.isNaN)) continue;
    add(name, description, data);
  }
  for (const rule of ["strict", "paper"] as const) {
    if (!table.has(`${rule}_window_ms`)) continue;
    const [from, to] = table.array(`${rule}_window_ms`).data;
    const whose = `the window of the ${
      rule === "paper" ? "paper's" : rule
    } rule`;
    add(`${rule}_start_time`, `Start of ${whose}, s`, after(from));
    add(`${rule}_stop_time`, `End of ${whose}, s`, after(to));
  }
  table.texts("stimulus_names").forEach((stimulus, k) => {
    const name = stimulus.replace(/[^A-Za-z0-9]+/g, "_");
    const [from, to] = table.array("stimulus_windows_ms").data
      .subarray(2 * k, 2 * k + 2);
    add(`${name}_start_time`, `Start of ${stimulus}, s`, after(from));
    add(`${name}_stop_time`, `End of ${stimulus}, s`, after(to));
  });
  return dynamicTable(
    "TimeIntervals",
    "Trials, each a simulation of its own",
    table.starts.length,
    columns,
  );
}

export function unitColumns(
  table: TrialTable,
): Record<string, Hdf5Dataset> {
  const taus = table.array("tau_decay_ms").data;
  return {
    unit_type: column(
      "Excitatory (E), inhibitory (I, or PV and SST), or neither (mixed)",
      table.texts("unit_type"),
    ),
    layer: column(
      "Layer of the network, from 0",
      Int32Array.from(table.array("unit_layer").data),
    ),
    tau_decay: column(
      "Synaptic decay time constant, s",
      Float64Array.from(taus, (ms) => ms / 1000),
    ),
    lesioned: column(
      "Whether the unit is without outgoing synapses and readout (1) or not (0)",
      table.array("lesioned").data,
    ),
  };
}

export function units(table: TrialTable): Hdf5Group {
  const count = table.texts("unit_type").length;
  const { times, ends } = spikesByUnit(table, count);
  const end = table.starts.at(-1)! + table.duration;
  return dynamicTable(
    "Units",
    "Units of the network with their spikes",
    count,
    {
      spike_times: column("Spike times, s", times, {
        attributes: { resolution: table.number("dt_ms") / 1000 },
      }),
      spike_times_index: listEnds("/units/spike_times", ends),
      obs_intervals: column(
        "Time in which the unit was simulated: all trials, s",
        Float64Array.from({ length: 2 * count }, (_, k) => k % 2 * end),
        { shape: [count, 2] },
      ),
      obs_intervals_index: listEnds(
        "/units/obs_intervals",
        Uint32Array.from({ length: count }, (_, unit) => unit + 1),
      ),
      ...unitColumns(table),
    },
  );
}

/** Spike times in seconds, unit by unit, and where each unit's end. */
function spikesByUnit(
  table: TrialTable,
  count: number,
): { times: Float64Array; ends: Uint32Array } {
  const trial = table.array("spike_trial").data;
  const unit = table.array("spike_unit").data;
  const time = table.array("spike_time").data;
  const ends = new Uint32Array(count);
  for (const u of unit) ends[u]++;
  for (let u = 1; u < count; u++) ends[u] += ends[u - 1];
  const next = new Uint32Array(count);
  next.set(ends.subarray(0, count - 1), 1);
  const times = new Float64Array(time.length);
  for (let k = 0; k < time.length; k++) {
    times[next[unit[k]]++] = table.starts[trial[k]] + time[k] / 1000;
  }
  return { times, ends };
}
