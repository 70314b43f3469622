/** A network from the files of another program: the use case behind `import`. */
import { fileProblem, files } from "../platform/files.ts";
import { ModelFileError } from "../errors.ts";
import {
  type ImportedArray,
  type ImportedArrays,
  importNetwork,
} from "../export/import.ts";
import { fileTrouble } from "../formats/atomic.ts";
import { decodeNpy, decodeNpz } from "../formats/npz.ts";
import { decodeSafeTensors } from "../formats/safetensors.ts";
import { channelCount } from "../network/geometry.ts";
import type { Model } from "../network/records.ts";
import { taskIdentity } from "../tasks/identity.ts";
import { asUsage, UsageError } from "./errors.ts";
import { type ImportSettings, placesOf } from "./import_flags.ts";
import { openTask } from "./task.ts";

/** Largest file that is read, in bytes. */
const largest = 2 ** 30;

/**
 * Reads the arrays and makes a model of them.
 *
 * @throws {ModelFileError} for a file that cannot be read, or lacks an array that
 *   a flag names
 * @throws {UsageError} for arrays that are not a network, or none for the task
 */
export async function importModel(
  file: string | undefined,
  settings: ImportSettings,
): Promise<Model> {
  const files = new Map<string, ReadonlyMap<string, ImportedArray>>();
  const arrays: Partial<Record<keyof ImportedArrays, ImportedArray>> = {};
  for (const [field, place] of placesOf(file, settings)) {
    const held = files.get(place.file) ?? await readArrays(place.file);
    files.set(place.file, held);
    const array = held.get(place.name ?? "");
    if (array) arrays[field] = array;
    else if (place.asked) {
      throw new ModelFileError(
        `Cannot import the network: ${place.file} has no array ` +
          `${JSON.stringify(place.name)} for --${field}, it has ${
            [...held.keys()].join(", ") || "none"
          }`,
      );
    }
  }
  const [min, max] = settings.decay_taus ?? [];
  const network = await asUsage(() =>
    importNetwork(arrays as ImportedArrays, {
      activation: settings.act,
      dale: settings.apply_dale,
      weights: settings.weights,
      bounds: settings.decay_taus && [min, max],
      sst: settings.som_N,
    })
  );
  if (settings.task === undefined) return { network };
  using opened = await openTask(settings);
  const { task } = opened;
  const channels = channelCount(network);
  if (task.channels.length !== channels) {
    throw new UsageError(
      `Cannot import the network for task ${task.name}: w_in has ${channels} ` +
        `channels, the task has ${task.channels.length} ` +
        `(${task.channels.join(", ")})`,
    );
  }
  const { name, timing } = task;
  return { network, task: { name, timing, ...await taskIdentity(task) } };
}

async function readArrays(
  path: string,
): Promise<ReadonlyMap<string, ImportedArray>> {
  try {
    const { size } = await files.stat(path);
    if (size > largest) {
      throw new ModelFileError(`${size} bytes, at most ${largest}`);
    }
    const bytes = await files.readFile(path);
    if (/\.safetensors$/i.test(path)) return decodeSafeTensors(bytes).tensors;
    if (/\.npy$/i.test(path)) return new Map([["", decodeNpy(bytes)]]);
    if (/\.npz$/i.test(path)) return decodeNpz(bytes);
    throw new ModelFileError("its name must end in .npz, .npy or .safetensors");
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}
