/**
 * Simulated trials as a file of Neurodata Without Borders (.nwb): trials one after
 * another on one axis of time, units with their spikes, stimuli, outputs and what
 * else was recorded as time series.
 *
 * Source: NWB format specification 2.9.0, hdmf-common 1.8.0.
 */
import { countOf } from "../../count.ts";
import { sha256 } from "../../platform/hash.ts";
import { encodeHdf5, type Hdf5Group } from "../hdf5.ts";
import { dynamicTable, identified, timeSeries, typed } from "./nwb_objects.ts";
import { acquisition, stimulus } from "./nwb_series.ts";
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

/**
 * Writes trials as NWB. The same trials and session give the same bytes.
 *
 * @param file the trials, see docs/reference/simulate-files.md
 * @param session whose activity it is, and when
 * @param options `spent`: whether what was recorded may be given up as it is written,
 *   so that it is not in memory twice; defaults to false
 * @returns the bytes of an HDF5 file
 * @throws {TypeError} if an array that every file has is missing
 */
export async function trialsNwb(
  file: TrialsFile,
  session: NwbSession,
  { spent = false }: { readonly spent?: boolean } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const about = JSON.stringify(file.about);
  const hash = await sha256(
    JSON.stringify([about, file.texts.conditions, session]),
  );
  const identifier = nwbIdentifier + hash.slice(0, 32);
  const table = new TrialTable(file, spent);
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
