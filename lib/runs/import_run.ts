/** A network from the files of another program: the use case behind `import`. */
import { fileProblem, files } from "../platform/files.ts";
import { ModelFileError } from "../errors.ts";
import {
  type ImportedArray,
  type ImportedArrays,
  importNetwork,
} from "../export/import.ts";
import { fileTrouble } from "../formats/atomic.ts";
import {
  decodeNamedArrays,
  type NamedArrays,
} from "../formats/named_arrays.ts";
import { countOf } from "../count.ts";
import { channelCount } from "../network/geometry.ts";
import type { Model } from "../network/records.ts";
import { taskIdentity } from "../tasks/identity.ts";
import { asUsage, UsageError } from "./errors.ts";
import { type ImportSettings, type Place, placesOf } from "./import_flags.ts";
import { openTask } from "./task.ts";

/** Largest file that is read, in bytes. */
const largest = 2 ** 30;

/**
 * Reads the arrays and makes a model of them.
 *
 * @param onRemark called with a sentence about arrays that are not used
 * @throws {ModelFileError} for a file that cannot be read, or lacks an array that
 *   a flag names
 * @throws {UsageError} for arrays that are not a network, or none for the task
 */
export async function importModel(
  file: string | undefined,
  settings: ImportSettings,
  onRemark: (remark: string) => void = () => {},
): Promise<Model> {
  const files = new Map<string, NamedArrays>();
  const arrays: Partial<Record<keyof ImportedArrays, ImportedArray>> = {};
  const unused = new Set<string>();
  for (const [field, place] of placesOf(file, settings)) {
    const known = files.get(place.file);
    const held = known ?? await readArrays(place.file);
    files.set(place.file, held);
    if (!known && place.file === file) held.names.forEach((n) => unused.add(n));
    const array = arrayOf(held, place);
    if (array) arrays[field] = array;
    else if (place.asked) {
      throw new ModelFileError(
        `Cannot import the network: ${place.file} has no array ` +
          `${JSON.stringify(place.name)} for --${field}, it has ${
            listed(held.names)
          }`,
      );
    }
    if (place.file === file) unused.delete(place.name ?? "");
  }
  checkThere(arrays, file, files);
  if (unused.size > 0) {
    const biased = [...unused].some((name) => /bias/i.test(name));
    onRemark(
      `${file}: not used: ${listed([...unused])}` +
        (biased ? " (single units have no bias here)" : ""),
    );
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
      `Cannot import the network for task ${task.name}: w_in has ${
        countOf(channels, "channel")
      }, the task has ${task.channels.length} ` +
        `(${task.channels.join(", ")})`,
    );
  }
  const { name, timing } = task;
  return { network, task: { name, timing, ...await taskIdentity(task) } };
}

/** @throws {ModelFileError} if it holds something else than numbers */
function arrayOf(
  held: NamedArrays,
  { file, name = "" }: Place,
): ImportedArray | undefined {
  try {
    return held.get(name);
  } catch (error) {
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(file)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** @throws {UsageError} if an array is missing without which there is no network */
function checkThere(
  arrays: Partial<ImportedArrays>,
  file: string | undefined,
  files: ReadonlyMap<string, NamedArrays>,
): void {
  const missing = (["w", "w_in", "w_out"] as const)
    .find((field) => !arrays[field]) ??
    (arrays.taus || arrays.taus_gaus ? undefined : "taus");
  if (missing === undefined) return;
  const names = file === undefined ? [] : files.get(file)?.names ?? [];
  throw new UsageError(
    `Cannot import the network: there is no ${missing}` +
      (names.length > 0 ? ` in ${file}, it has ${listed(names)}` : "") +
      `; give its name or its file by --${missing}` +
      (missing === "taus"
        ? " (decay time constants in steps), or --taus_gaus and --decay_taus"
        : ""),
  );
}

/** Names of arrays, for a sentence; the array of a .npy has none. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) =>
    name || "an array without a name"
  );
  return names.length === 0 ? "none" : shown.join(", ") +
    (names.length > 12 ? `, … (${names.length})` : "");
}

async function readArrays(path: string): Promise<NamedArrays> {
  try {
    const { size } = await files.stat(path);
    if (size > largest) {
      throw new ModelFileError(`${size} bytes, at most ${largest}`);
    }
    return decodeNamedArrays(await files.readFile(path), path);
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}
