/**
 * Simulated trials as a file of Neurodata Without Borders (.nwb): trials one after
 * another on one axis of time, units with their spikes, stimuli, outputs and what
 * else was recorded as time series.
 *
 * Source: NWB format specification 2.9.0, hdmf-common 1.8.0.
 */
import { sha256 } from "../../platform/hash.ts";
import {
  encodeHdf5,
  type Hdf5Dataset,
  type Hdf5Group,
  type Hdf5Value,
} from "../hdf5.ts";
import {
  column,
  dynamicTable,
  identified,
  listEnds,
  type SampleTimes,
  timeSeries,
  typed,
} from "./nwb_objects.ts";
import type { NumberArray } from "../arrays.ts";
import type { TrialsFile } from "./types.ts";

/** What an NWB file says beside the trials. */
export interface NwbSession {
  /** Whose activity it is: the model's name, say. */
  readonly subject: string;
  /** When the session began: ISO 8601 with a zone. */
  readonly start: string;
}

/** What identifies a file as one of this program. */
export const nwbIdentifier = "spikernn-";

/** A network is no animal: NCBI's taxonomy has a number for what was made. */
const syntheticConstruct = "http://purl.obolibrary.org/obo/NCBITaxon_32630";

/**
 * Writes trials as NWB. The same trials and session give the same bytes.
 *
 * @param file the trials, see docs/simulate-files.md
 * @param session whose activity it is, and when
 * @returns the bytes of an HDF5 file
 * @throws {TypeError} if an array that every file has is missing
 */
export async function trialsNwb(
  file: TrialsFile,
  session: NwbSession,
): Promise<Uint8Array<ArrayBuffer>> {
  const about = JSON.stringify(file.about);
  const hash = await sha256(
    JSON.stringify([about, file.texts.conditions, session]),
  );
  const identifier = nwbIdentifier + hash.slice(0, 32);
  const table = new TrialTable(file);
  const spiking = file.arrays.spike_time !== undefined;
  const { task } = file.about as { task?: { name: string } };
  const what = `${
    spiking ? "Spiking" : "Rate"
  } network of ${file.texts.unit_type.length} units, simulated`;
  const root: Hdf5Group = {
    attributes: typed("NWBFile", { nwb_version: "2.9.0" }),
    members: {
      identifier: { value: identifier },
      session_description: {
        value: `${what}: ${
          task ? `trials of the task ${task.name}` : "a stimulus of one's own"
        }`,
      },
      session_start_time: { value: session.start },
      timestamps_reference_time: { value: session.start },
      // The time of writing would make every file another one.
      file_create_date: { value: [session.start] },
      acquisition: {
        members: acquisition(table, initialOutput(file)),
      },
      analysis: { members: {} },
      processing: {
        members: { misc: simulationModule(table, !spiking) },
      },
      stimulus: {
        members: {
          presentation: { members: { stimulus: stimulus(table) } },
          templates: { members: {} },
        },
      },
      intervals: { members: { trials: trials(table) } },
      general: {
        members: {
          experiment_description: {
            value: `${what} by spikernn ${file.about.version}; general/notes ` +
              "says how, as JSON",
          },
          // No lists of words: neo 0.14 reads no file that has any.
          notes: { value: about },
          subject: subject(session.subject),
        },
      },
      ...(spiking && { units: units(table) }),
    },
  };
  return await encodeHdf5(await identified(root, identifier));
}

/** Output of a network that has not fired yet: what a calibration adds. */
function initialOutput({ about }: TrialsFile): number {
  const { calibration } = about as {
    calibration?: { readout?: { offset?: number } };
  };
  return calibration?.readout?.offset ?? 0;
}

/** The trials' arrays, and where they lie in time. */
class TrialTable {
  readonly starts: Float64Array;
  /** Duration of a trial, s. */
  readonly duration: number;
  /** From one trial's start to the next one's, s. */
  readonly period: number;
  readonly #file: TrialsFile;

  constructor(file: TrialsFile) {
    this.#file = file;
    const spiking = this.has("dt_ms");
    const [count, , columns] = this.array("u").shape;
    // A spiking network's stimulus has one column more than there are steps.
    const steps = columns - (spiking ? 1 : 0);
    this.duration = steps * this.number("step_ms") / 1000;
    // Integration steps end in spikes, the last one with the trial: a step
    // further on the next trial starts, so that no spike is of both.
    this.period = this.duration + (spiking ? this.number("dt_ms") / 1000 : 0);
    this.starts = Float64Array.from(
      { length: count },
      (_, i) => i * this.period,
    );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#file.arrays, name);
  }

  array(name: string): NumberArray {
    const found = this.#file.arrays[name];
    if (!found) {
      throw new TypeError(`Cannot write the NWB file: it needs ${name}`);
    }
    return found;
  }

  number(name: string): number {
    return this.array(name).data[0];
  }

  texts(name: string): readonly string[] {
    return this.#file.texts[name] ?? [];
  }

  /** When each trial's samples were taken, the first one `first` ms after its start. */
  times(first: number, stepMs: number, count: number): SampleTimes {
    return {
      starts: this.starts,
      period: this.period,
      first: first / 1000,
      step: stepMs / 1000,
      count,
    };
  }

  /** Trials×rows×samples as (trials·samples)×rows, of the first `count` samples. */
  timeFirst(
    name: string,
    count: number,
  ): { value: Float32Array; shape: readonly number[] } {
    const { data, shape: [trials, rows, samples] } = this.array(name);
    const value = new Float32Array(trials * count * rows);
    for (let trial = 0; trial < trials; trial++) {
      for (let row = 0; row < rows; row++) {
        const from = (trial * rows + row) * samples;
        const to = trial * count * rows + row;
        for (let k = 0; k < count; k++) value[to + k * rows] = data[from + k];
      }
    }
    return { value, shape: [trials * count, rows] };
  }
}

function subject(id: string): Hdf5Group {
  return {
    attributes: typed("Subject"),
    members: {
      subject_id: { value: id },
      description: { value: "a simulated network, no animal" },
      species: { value: syntheticConstruct },
      sex: { value: "U" },
      age: { value: "P0D", attributes: { reference: "birth" } },
    },
  };
}

/** What was recorded of the network, by its name in other formats. */
const recorded = [
  {
    from: "voltages",
    name: "membrane_potential",
    unit: "volts",
    conversion: 1e-3,
    description: "Membrane potential of every unit (columns), in mV; +30 mV " +
      "where a unit spikes",
  },
  {
    from: "currents",
    name: "synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description: "Synaptic current of every unit (columns), in mV: times the " +
      "membrane's resistance, as the model adds it",
  },
  {
    from: "excitatory_currents",
    name: "excitatory_synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description:
      "Current through excitatory synapses of every unit (columns), " +
      "in mV: times the membrane's resistance, as the model adds it",
  },
  {
    from: "inhibitory_currents",
    name: "inhibitory_synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description:
      "Current through inhibitory synapses of every unit (columns), " +
      "in mV: times the membrane's resistance, as the model adds it",
  },
  {
    from: "rates",
    name: "filtered_spikes",
    unit: "Hz",
    description: "Filtered spike train of every unit (columns)",
  },
  {
    from: "x",
    name: "state",
    unit: "dimensionless",
    description: "State x of every unit (columns) of the rate network",
  },
  {
    from: "r",
    name: "rate",
    unit: "dimensionless",
    description: "Rate r of every unit (columns) of the rate network",
  },
];

function acquisition(
  table: TrialTable,
  initialOutput: number,
): Record<string, Hdf5Group> {
  const spiking = table.has("dt_ms");
  const step = table.number(spiking ? "dt_ms" : "step_ms");
  const series: Record<string, Hdf5Group> = {
    output: spiking ? spikingOutput(table, initialOutput) : rateOutput(table),
  };
  for (const { from, name, ...more } of recorded) {
    if (!table.has(from)) continue;
    const count = table.array(from).shape[2];
    const sample = spiking ? table.number("sample_ms") : step;
    series[name] = timeSeries({
      ...table.timeFirst(from, count),
      // A rate network's course begins with its initial state.
      times: table.times(spiking ? sample : 0, sample, count),
      ...more,
    });
  }
  return series;
}

/** One output a step, from the second on. */
function rateOutput(table: TrialTable): Hdf5Group {
  const { data, shape: [trials, samples] } = table.array("out");
  const step = table.number("step_ms");
  return timeSeries({
    value: data as Float32Array,
    shape: [trials * samples],
    times: table.times(step, step, samples),
    unit: "dimensionless",
    description: "Output of the network",
  });
}

/** The output at a trial's start, which is known, and after every integration step. */
function spikingOutput(
  table: TrialTable,
  initial: number,
): Hdf5Group {
  const { data, shape: [trials, samples] } = table.array("out");
  const count = samples + 1;
  const value = new Float32Array(trials * count);
  for (let trial = 0; trial < trials; trial++) {
    value[trial * count] = initial;
    value.set(
      data.subarray(trial * samples, (trial + 1) * samples),
      trial * count + 1,
    );
  }
  return timeSeries({
    value,
    shape: [trials * count],
    times: table.times(0, table.number("dt_ms"), count),
    unit: "dimensionless",
    description: "Output of the network: at the start of a trial, then after " +
      "every integration step",
  });
}

function stimulus(table: TrialTable): Hdf5Group {
  const step = table.number("step_ms");
  const steps = Math.round(table.duration * 1000 / step);
  const channels = table.texts("channel_names");
  return timeSeries({
    ...table.timeFirst("u", steps),
    times: table.times(0, step, steps),
    unit: "dimensionless",
    description: "Stimulus, one column a channel" +
      (channels.length > 0 ? `: ${channels.join(", ")}` : ""),
  });
}

/** What the task wants, and for a rate network its units, which have no spikes. */
function simulationModule(
  table: TrialTable,
  withUnits: boolean,
): Hdf5Group {
  const members: Record<string, Hdf5Group> = {};
  if (table.has("target")) {
    const { data, shape: [trials, steps] } = table.array("target");
    const step = table.number("step_ms");
    members.target = timeSeries({
      value: data as Float32Array,
      shape: [trials * steps],
      times: table.times(0, step, steps),
      unit: "dimensionless",
      description: "Output that the task wants",
    });
  }
  if (withUnits) {
    members.network_units = dynamicTable(
      "DynamicTable",
      "Units of the network",
      table.texts("unit_type").length,
      unitColumns(table),
    );
  }
  return {
    attributes: typed("ProcessingModule", {
      description: "What the task wants of the network, and of which units " +
        "it is made",
    }),
    members,
  };
}

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
  ["output_error", "Mean |output - target| over the window of the strict rule"],
  ["mean_output", "Mean output over the window of the strict rule"],
  ["reach", "Value that a correct output goes beyond; NaN if none is due"],
  ["within", "Value that a correct output stays below; NaN if one is due"],
] as const;

function trials(table: TrialTable): Hdf5Group {
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

function unitColumns(
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

function units(table: TrialTable): Hdf5Group {
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
