/** Reading spikes of recordings and simulations, of this program and of others. */
import { ModelFileError } from "../../errors.ts";
import { files, withFile } from "../../platform/files.ts";
import { fileTrouble } from "../atomic.ts";
import { isHdf5 } from "../hdf5.ts";
import { alignedSpikes } from "./align.ts";
import { isMat, matTables } from "./mat.ts";
import { npzTables } from "./npz.ts";
import { nwbTables } from "./nwb.ts";
import type { ReadSpikesOptions, RecordedSpikes } from "./types.ts";

/** Largest .npz file that is read, in bytes: it is whole in memory. */
const largest = 2 ** 31 - 2 ** 16;

/**
 * Reads spikes and trials of a file: NWB (`.nwb`, HDF5) with tables of units
 * and trials, `.npz` or `.mat` of `simulate`, or with arrays of your own:
 * `spike_times` (s), `spike_units`, `trials_start` and `trials_stop` (s),
 * `trials_condition` and other columns `trials_NAME`, and perhaps `units_id`
 * and `units_NAME`.
 *
 * Trials have one duration, by default that of the shortest. The result is what
 * analyses of spikes take.
 *
 * @param path of the file
 * @param options which column tells conditions, and which times are taken
 * @returns spikes by trial, unit and time, with the tables of trials and units
 * @throws {ModelFileError} if the file cannot be read, or a table or column is
 * missing
 * @throws {RangeError} for times that do not follow one another
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { encodeNpz, decodeSpikes } from "@spikernn/spikernn/files";
 * const bytes = encodeNpz({
 *   spike_times: { data: Float64Array.of(0.1, 1.2, 1.3) },
 *   spike_units: { data: Int32Array.of(7, 7, 9) },
 *   trials_start: { data: Float64Array.of(0, 1) },
 *   trials_stop: { data: Float64Array.of(1, 2) },
 *   trials_condition: { texts: ["left", "right"] },
 * });
 * const { trials, units, trial, unit, conditions } = await decodeSpikes(bytes);
 * assert(trials === 2 && units === 2);
 * assert.deepEqual([...trial], [0, 1, 1]);
 * assert.deepEqual([...unit], [0, 0, 1]);
 * assert.deepEqual(conditions, ["left", "right"]);
 * ```
 */
export async function readSpikes(
  path: string,
  options: ReadSpikesOptions = {},
): Promise<RecordedSpikes> {
  try {
    // Of NWB files, which are often large, only the tables are read.
    const tables = await withFile(path, async (file) => {
      const head = new Uint8Array(8);
      await file.read(head);
      return isHdf5(head) ? await nwbTables(file) : undefined;
    });
    if (tables) return alignedSpikes(tables, options);
    const { size } = await files.stat(path);
    if (size > largest) {
      throw new ModelFileError(`it has ${size} bytes, at most ${largest}`);
    }
    return await spikesOf(await files.readFile(path), options);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new ModelFileError(
      `Cannot read spikes from ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/**
 * The same as {@linkcode readSpikes}, of the bytes of a file.
 *
 * @param bytes of an NWB, .npz or .mat file
 * @param options which column tells conditions, and which times are taken
 * @throws {ModelFileError} as `readSpikes` does
 * @throws {RangeError} for times that do not follow one another
 */
export async function decodeSpikes(
  bytes: Uint8Array,
  options: ReadSpikesOptions = {},
): Promise<RecordedSpikes> {
  try {
    return await spikesOf(bytes, options);
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    throw new ModelFileError(`Cannot read spikes: ${error.message}`, {
      cause: error,
    });
  }
}

async function spikesOf(
  bytes: Uint8Array,
  options: ReadSpikesOptions,
): Promise<RecordedSpikes> {
  if (isHdf5(bytes)) return alignedSpikes(await nwbTables(bytes), options);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) {
    return alignedSpikes(npzTables(bytes), options);
  }
  if (isMat(bytes)) return alignedSpikes(matTables(bytes), options);
  throw new ModelFileError("it is neither NWB (HDF5), .npz nor .mat");
}
