/**
 * How fast the backends were found to be, kept among the models: a hidden folder
 * beside them, in a folder that the command writes to in any case.
 */
import { fileProblem, files } from "../platform/files.ts";
import { may } from "../platform/system.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import type { TimesMemory } from "../backend/choose.ts";
import { ModelFileError } from "../errors.ts";
import { writeAtomic } from "../formats/atomic.ts";

/** Where measurements are looked for. */
export interface TimesPlace {
  /** The folder of a model. */
  readonly folder: string;
  /** Whether new ones are kept there too: where the command writes to it anyway. */
  readonly write: boolean;
}

/** Largest such file that is read, in bytes. */
const largest = 1_000_000;
/** Measurements kept at most; the oldest go. */
const most = 200;

/**
 * The file for a model's folder: `.spikernn/backend_times.json` in the folder
 * `models` that it is in, so that all models share it; else in the folder itself.
 */
export function timesPath(folder: string): string {
  let place = folder;
  for (let at = folder;; at = dirname(at)) {
    if (basename(at) === "models") {
      place = at;
      break;
    }
    if (dirname(at) === at) break;
  }
  return join(place, ".spikernn", "backend_times.json");
}

/**
 * A memory in that file. It is used where the program may read and write it
 * without a question, and never stands in the way: a file that is spoilt or
 * cannot be written costs the time of a new measurement, nothing else.
 */
export function timesMemory({ folder, write }: TimesPlace): TimesMemory {
  const path = timesPath(folder);
  return {
    async recall(name) {
      return (await read(path)).get(name);
    },
    async keep(name, times) {
      if (!write || !mayAll(["read", "write"], path)) return;
      const all = await read(path);
      all.delete(name);
      all.set(name, times);
      const kept = Object.fromEntries([...all].slice(-most));
      try {
        await files.mkdir(dirname(path), { recursive: true });
        await writeAtomic(
          path,
          new TextEncoder().encode(JSON.stringify(kept, null, 1) + "\n"),
        );
      } catch (error) {
        if (!isFileTrouble(error)) throw error;
      }
    },
  };
}

async function read(path: string): Promise<Map<string, unknown>> {
  if (!mayAll(["read"], path)) return new Map();
  try {
    const { isFile, size } = await files.stat(path);
    if (!isFile || size > largest) return new Map();
    const found = JSON.parse(await files.readTextFile(path));
    return new Map(Object.entries(found ?? {}));
  } catch (error) {
    if (error instanceof SyntaxError || isFileTrouble(error)) return new Map();
    throw error;
  }
}

/** Whether a file may be used without the user being asked for it. */
function mayAll(names: readonly ("read" | "write")[], path: string): boolean {
  for (const name of names) {
    // The writing of a file makes another one beside it.
    if (!may(name, dirname(path))) return false;
  }
  return true;
}

function isFileTrouble(error: unknown): boolean {
  return error instanceof ModelFileError ||
    error instanceof Error &&
      (fileProblem(error) !== undefined || /os error/.test(error.message));
}
