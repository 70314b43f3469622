/**
 * Simulated trials as a file of Neurodata Without Borders (.nwb): trials one after
 * another on one axis of time, units with their spikes, stimuli, outputs and what
 * else was recorded as time series.
 *
 * Source: NWB format specification 2.9.0, hdmf-common 1.8.0.
 */
import { countOf } from "../../count.ts";
import { sha256 } from "../../platform/hash.ts";
import type { OpenFile } from "../../platform/file_types.ts";
import { type Hdf5Group, Hdf5Pieces } from "../hdf5.ts";
import { dynamicTable, identified, timeSeries, typed } from "./nwb_objects.ts";
import { acquisition, recorded, stimulus } from "./nwb_series.ts";
import { trials, unitColumns, units } from "./nwb_tables.ts";
import { TrialTable } from "./trial_table.ts";
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

/** What there is to write of a trial. */
interface Course {
  /** From the root of the file. */
  readonly path: string;
  /** Sizes in the file, time first. */
  readonly shape: readonly number[];
  /** A trial's part, time first. */
  readonly rows: (data: ArrayLike<number>) => Float32Array;
}

/** Where what was recorded of the network goes, by its name in other formats. */
const recordings = new Map(
  recorded.map(({ from, name }) => [from, `/acquisition/${name}/data`]),
);

/**
 * Writes trials as NWB, one after the other. The same trials and session give the same
 * bytes.
 */
export class NwbTrials {
  readonly #pieces: Hdf5Pieces;
  readonly #total: number;
  readonly #courses = new Map<string, Course>();
  /** Sizes of what came, trials first. */
  readonly #shapes = new Map<string, readonly number[]>();
  #initialOutput: number | undefined;

  private constructor(pieces: Hdf5Pieces, total: number) {
    this.#pieces = pieces;
    this.#total = total;
  }

  /**
   * @param file that is open for reading and writing, and empty
   * @param total number of trials that will come
   */
  static async open(file: OpenFile, total: number): Promise<NwbTrials> {
    return new NwbTrials(await Hdf5Pieces.open(file), total);
  }

  /** Whether the file could not be written to. */
  get broken(): boolean {
    return this.#pieces.broken;
  }

  /**
   * Is told what will come.
   *
   * @param ahead output of a spiking network before its first step; none for a rate
   *   network
   */
  begin({ initialOutput }: { readonly initialOutput?: number }): void {
    this.#initialOutput = initialOutput;
  }

  /** Writes a trial's part of an array, of the same shape for every trial. */
  put(
    name: string,
    shape: readonly number[],
    data: ArrayLike<number>,
  ): void {
    let course = this.#courses.get(name);
    if (!course) {
      course = this.#courseOf(name, shape);
      this.#courses.set(name, course);
      this.#shapes.set(name, [this.#total, ...shape]);
    }
    this.#pieces.append(course.path, course.rows(data), course.shape);
  }

  /**
   * Writes what is left, and ends the file.
   *
   * @param file all but what came by `put`, see docs/reference/simulate-files.md
   * @param session whose activity it is, and when
   * @throws {TypeError} if something that every file has is missing
   */
  async end(file: TrialsFile, session: NwbSession): Promise<void> {
    await this.#pieces.end(await rootOf(file, this.#shapes, session));
  }

  /** Lets go of the file, ended or not. */
  close(): void {
    this.#pieces.close();
  }

  #courseOf(name: string, shape: readonly number[]): Course {
    const total = this.#total;
    const [rows, columns = 1] = shape;
    if (name === "u") {
      // A spiking network's stimulus has one column more than there are steps.
      const steps = columns - Number(this.#initialOutput !== undefined);
      return {
        path: "/stimulus/presentation/stimulus/data",
        shape: [total * steps, rows],
        rows: (data) => timeFirst(data, { rows, columns, count: steps }),
      };
    }
    if (name === "target") {
      return {
        path: "/processing/misc/target/data",
        shape: [total * rows],
        rows: (data) => Float32Array.from(data),
      };
    }
    if (name === "out") {
      const initial = this.#initialOutput === undefined
        ? []
        : [this.#initialOutput];
      return {
        path: "/acquisition/output/data",
        shape: [total * (rows + initial.length)],
        rows(data) {
          const value = new Float32Array(rows + initial.length);
          value.set(initial);
          value.set(data, initial.length);
          return value;
        },
      };
    }
    const path = recordings.get(name);
    if (path === undefined) {
      throw new TypeError(
        `Cannot write the NWB file: it has no place for ${name}`,
      );
    }
    return {
      path,
      shape: [total * columns, rows],
      rows: (data) => timeFirst(data, { rows, columns, count: columns }),
    };
  }
}

/** Rows×columns as columns×rows, of the first `count` columns. */
function timeFirst(
  data: ArrayLike<number>,
  { rows, columns, count }: { rows: number; columns: number; count: number },
): Float32Array {
  const value = new Float32Array(count * rows);
  for (let row = 0; row < rows; row++) {
    const from = row * columns;
    for (let k = 0; k < count; k++) value[row + k * rows] = data[from + k];
  }
  return value;
}

/** Everything that is in the file. */
async function rootOf(
  file: TrialsFile,
  shapes: ReadonlyMap<string, readonly number[]>,
  session: NwbSession,
): Promise<Hdf5Group> {
  const about = JSON.stringify(file.about);
  const hash = await sha256(
    JSON.stringify([about, file.texts.conditions, session]),
  );
  const identifier = nwbIdentifier + hash.slice(0, 32);
  const table = new TrialTable(file, shapes);
  const spiking = file.arrays.spike_time !== undefined;
  const { task } = file.about as { task?: { name: string } };
  const what = `${spiking ? "Spiking" : "Rate"} network of ${
    countOf(file.texts.unit_type.length, "unit")
  }, simulated`;
  const root: Hdf5Group = {
    attributes: typed("NWBFile", { nwb_version: "2.9.0" }),
    members: {
      identifier: { value: identifier },
      session_description: {
        value: `${what}: ${
          task ? `trials of the task ${task.name}` : "a stimulus of your own"
        }`,
      },
      session_start_time: { value: session.start },
      timestamps_reference_time: { value: session.start },
      // The time of writing would make every file another one.
      file_create_date: { value: [session.start] },
      acquisition: {
        members: acquisition(table),
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
  return await identified(root, identifier);
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

/** What the task wants, and for a rate network its units, which have no spikes. */
function simulationModule(
  table: TrialTable,
  withUnits: boolean,
): Hdf5Group {
  const members: Record<string, Hdf5Group> = {};
  if (table.has("target")) {
    const [, steps] = table.shape("target");
    const step = table.number("step_ms");
    members.target = timeSeries({
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
