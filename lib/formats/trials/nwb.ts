/**
 * Simulated trials as a file of Neurodata Without Borders (.nwb): trials one after
 * another on one axis of time, units with their spikes, stimuli, outputs and what
 * else was recorded as time series.
 *
 * Source: NWB format specification 2.9.0, hdmf-common 1.8.0.
 */
import { createHash } from "node:crypto";
import {
  encodeHdf5,
  type Hdf5Attributes,
  type Hdf5Dataset,
  type Hdf5Group,
  type Hdf5Value,
} from "../hdf5.ts";
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

/** Makes the nodes of one file: every object has an id that follows from its path. */
class NwbNodes {
  readonly #identifier: string;

  constructor(identifier: string) {
    this.#identifier = identifier;
  }

  attributes(
    type: string,
    path: string,
    more: Hdf5Attributes = {},
    namespace = "core",
  ): Hdf5Attributes {
    const hash = createHash("sha256").update(`${this.#identifier} ${path}`)
      .digest("hex");
    // A UUID of version 8: of one's own making.
    const id = hash.slice(0, 32).replace(
      /^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/,
      "$1-$2-8$3-8$4-$5",
    );
    return { namespace, neurodata_type: type, object_id: id, ...more };
  }

  column(
    path: string,
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
      attributes: this.attributes(
        more.type ?? "VectorData",
        path,
        { description, ...more.attributes },
        "hdmf-common",
      ),
    };
  }

  ids(path: string, count: number): Hdf5Dataset {
    return {
      value: Int32Array.from({ length: count }, (_, i) => i),
      attributes: this.attributes(
        "ElementIdentifiers",
        path,
        {},
        "hdmf-common",
      ),
    };
  }

  /** An index into a column of lists: where each row's list ends. */
  index(path: string, ends: Uint32Array): Hdf5Dataset {
    const name = path.split("/").at(-1);
    return this.column(
      `${path}_index`,
      `Index for VectorData '${name}'`,
      ends,
      { type: "VectorIndex", attributes: { target: { refersTo: path } } },
    );
  }

  /** Samples in time, the first axis. */
  series(
    path: string,
    { value, shape, times, unit, description, conversion = 1 }: {
      readonly value: Float32Array;
      readonly shape: readonly number[];
      readonly times: SampleTimes;
      readonly unit: string;
      readonly description: string;
      readonly conversion?: number;
    },
  ): Hdf5Group {
    return {
      attributes: this.attributes("TimeSeries", path, {
        description,
        comments: "no comments",
      }),
      members: {
        data: {
          value,
          shape,
          attributes: { conversion, offset: 0, resolution: -1, unit },
        },
        ...timesOf(times),
      },
    };
  }
}

/** When samples were taken: `count` of them in each trial, the first at `first`, s. */
interface SampleTimes {
  readonly starts: Float64Array;
  /** From one trial's start to the next one's, s. */
  readonly period: number;
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

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
  const value = new Float64Array(starts.length * count);
  for (let trial = 0, at = 0; trial < starts.length; trial++) {
    for (let k = 0; k < count; k++) {
      value[at++] = starts[trial] + first + k * step;
    }
  }
  return {
    timestamps: { value, attributes: { interval: 1n, unit: "seconds" } },
  };
}

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
  const identifier = nwbIdentifier +
    createHash("sha256").update(
      JSON.stringify([about, file.texts.conditions, session]),
    ).digest("hex").slice(0, 32);
  const nodes = new NwbNodes(identifier);
  const table = new TrialTable(file);
  const spiking = file.arrays.spike_time !== undefined;
  const { task } = file.about as { task?: { name: string } };
  const what = `${
    spiking ? "Spiking" : "Rate"
  } network of ${file.texts.unit_type.length} units, simulated`;
  const root: Hdf5Group = {
    attributes: nodes.attributes("NWBFile", "/", { nwb_version: "2.9.0" }),
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
        members: acquisition(nodes, table, initialOutput(file)),
      },
      analysis: { members: {} },
      processing: {
        members: { misc: simulationModule(nodes, table, !spiking) },
      },
      stimulus: {
        members: {
          presentation: { members: { stimulus: stimulus(nodes, table) } },
          templates: { members: {} },
        },
      },
      intervals: { members: { trials: trials(nodes, table) } },
      general: {
        members: {
          experiment_description: {
            value: `${what} by spikernn ${file.about.version}; general/notes ` +
              "says how, as JSON",
          },
          // No lists of words: neo 0.14 reads no file that has any.
          notes: { value: about },
          subject: subject(nodes, session.subject),
        },
      },
      ...(spiking && { units: units(nodes, table) }),
    },
  };
  return await encodeHdf5(root);
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

function subject(nodes: NwbNodes, id: string): Hdf5Group {
  return {
    attributes: nodes.attributes("Subject", "/general/subject"),
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
  nodes: NwbNodes,
  table: TrialTable,
  initialOutput: number,
): Record<string, Hdf5Group> {
  const spiking = table.has("dt_ms");
  const step = table.number(spiking ? "dt_ms" : "step_ms");
  const series: Record<string, Hdf5Group> = {
    output: spiking
      ? spikingOutput(nodes, table, initialOutput)
      : rateOutput(nodes, table),
  };
  for (const { from, name, ...more } of recorded) {
    if (!table.has(from)) continue;
    const count = table.array(from).shape[2];
    const sample = spiking ? table.number("sample_ms") : step;
    series[name] = nodes.series(`/acquisition/${name}`, {
      ...table.timeFirst(from, count),
      // A rate network's course begins with its initial state.
      times: table.times(spiking ? sample : 0, sample, count),
      ...more,
    });
  }
  return series;
}

/** One output a step, from the second on. */
function rateOutput(nodes: NwbNodes, table: TrialTable): Hdf5Group {
  const { data, shape: [trials, samples] } = table.array("out");
  const step = table.number("step_ms");
  return nodes.series("/acquisition/output", {
    value: data as Float32Array,
    shape: [trials * samples],
    times: table.times(step, step, samples),
    unit: "dimensionless",
    description: "Output of the network",
  });
}

/** The output at a trial's start, which is known, and after every integration step. */
function spikingOutput(
  nodes: NwbNodes,
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
  return nodes.series("/acquisition/output", {
    value,
    shape: [trials * count],
    times: table.times(0, table.number("dt_ms"), count),
    unit: "dimensionless",
    description: "Output of the network: at the start of a trial, then after " +
      "every integration step",
  });
}

function stimulus(nodes: NwbNodes, table: TrialTable): Hdf5Group {
  const step = table.number("step_ms");
  const steps = Math.round(table.duration * 1000 / step);
  const channels = table.texts("channel_names");
  return nodes.series("/stimulus/presentation/stimulus", {
    ...table.timeFirst("u", steps),
    times: table.times(0, step, steps),
    unit: "dimensionless",
    description: "Stimulus, one column a channel" +
      (channels.length > 0 ? `: ${channels.join(", ")}` : ""),
  });
}

/** What the task wants, and for a rate network its units, which have no spikes. */
function simulationModule(
  nodes: NwbNodes,
  table: TrialTable,
  withUnits: boolean,
): Hdf5Group {
  const path = "/processing/misc";
  const members: Record<string, Hdf5Group> = {};
  if (table.has("target")) {
    const { data, shape: [trials, steps] } = table.array("target");
    const step = table.number("step_ms");
    members.target = nodes.series(`${path}/target`, {
      value: data as Float32Array,
      shape: [trials * steps],
      times: table.times(0, step, steps),
      unit: "dimensionless",
      description: "Output that the task wants",
    });
  }
  if (withUnits) {
    members.network_units = dynamicTable(
      nodes,
      `${path}/network_units`,
      "DynamicTable",
      "Units of the network",
      table.texts("unit_type").length,
      unitColumns(nodes, `${path}/network_units`, table),
    );
  }
  return {
    attributes: nodes.attributes("ProcessingModule", path, {
      description: "What the task wants of the network, and of which units " +
        "it is made",
    }),
    members,
  };
}

function dynamicTable(
  nodes: NwbNodes,
  path: string,
  type: string,
  description: string,
  rows: number,
  columns: Readonly<Record<string, Hdf5Dataset>>,
): Hdf5Group {
  const names = Object.keys(columns).filter((name) => !name.endsWith("_index"));
  const namespace = type === "DynamicTable" ? "hdmf-common" : "core";
  return {
    attributes: nodes.attributes(
      type,
      path,
      { colnames: names, description },
      namespace,
    ),
    members: { id: nodes.ids(`${path}/id`, rows), ...columns },
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

function trials(nodes: NwbNodes, table: TrialTable): Hdf5Group {
  const path = "/intervals/trials";
  const columns: Record<string, Hdf5Dataset> = {};
  const add = (name: string, description: string, value: Hdf5Value) => {
    columns[name] = nodes.column(`${path}/${name}`, description, value);
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
    nodes,
    path,
    "TimeIntervals",
    "Trials, each a simulation of its own",
    table.starts.length,
    columns,
  );
}

function unitColumns(
  nodes: NwbNodes,
  path: string,
  table: TrialTable,
): Record<string, Hdf5Dataset> {
  const taus = table.array("tau_decay_ms").data;
  return {
    unit_type: nodes.column(
      `${path}/unit_type`,
      "Excitatory (E), inhibitory (I, or PV and SST), or neither (mixed)",
      table.texts("unit_type"),
    ),
    layer: nodes.column(
      `${path}/layer`,
      "Layer of the network, from 0",
      Int32Array.from(table.array("unit_layer").data),
    ),
    tau_decay: nodes.column(
      `${path}/tau_decay`,
      "Synaptic decay time constant, s",
      Float64Array.from(taus, (ms) => ms / 1000),
    ),
    lesioned: nodes.column(
      `${path}/lesioned`,
      "Whether the unit is without outgoing synapses and readout (1) or not (0)",
      table.array("lesioned").data,
    ),
  };
}

function units(nodes: NwbNodes, table: TrialTable): Hdf5Group {
  const path = "/units";
  const count = table.texts("unit_type").length;
  const { times, ends } = spikesByUnit(table, count);
  const end = table.starts.at(-1)! + table.duration;
  return dynamicTable(
    nodes,
    path,
    "Units",
    "Units of the network with their spikes",
    count,
    {
      spike_times: nodes.column(
        `${path}/spike_times`,
        "Spike times, s",
        times,
        {
          attributes: { resolution: table.number("dt_ms") / 1000 },
        },
      ),
      spike_times_index: nodes.index(`${path}/spike_times`, ends),
      obs_intervals: nodes.column(
        `${path}/obs_intervals`,
        "Time in which the unit was simulated: all trials, s",
        Float64Array.from({ length: 2 * count }, (_, k) => k % 2 * end),
        { shape: [count, 2] },
      ),
      obs_intervals_index: nodes.index(
        `${path}/obs_intervals`,
        Uint32Array.from({ length: count }, (_, unit) => unit + 1),
      ),
      ...unitColumns(nodes, path, table),
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
