/** What earlier attempts at a point's training left in its folder. */
import { fileProblem, files } from "../../platform/files.ts";
import { dirname, join } from "../../platform/paths.ts";
import { writeAtomic } from "../../formats/atomic.ts";

/** An attempt that goes on from what others left, or begins. */
export interface Attempt {
  /** The folder of a run to go on with; undefined: training begins. */
  readonly run: string | undefined;
  /** Wall time that went into what it goes on from, s. */
  readonly earlier: number;
}

/** What an attempt writes when it begins. */
interface Begun {
  readonly earlier: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Begins an attempt. Without a checkpoint to go on from, whatever earlier ones
 * left under `models` is removed.
 *
 * @param place folder of the point
 */
export async function beginAttempt(place: string): Promise<Attempt> {
  const file = join(place, "attempt.json");
  const checkpoint = await lastCheckpoint(join(place, "models"));
  const before = checkpoint && await readBegun(file);
  const earlier = before
    ? before.earlier + Math.max(0, (checkpoint.at - before.at) / 1000)
    : 0;
  const begun: Begun = { earlier, at: Date.now() };
  await writeAtomic(file, new TextEncoder().encode(JSON.stringify(begun)));
  return { run: checkpoint && dirname(checkpoint.path), earlier };
}

/** Ends attempts: what interrupted ones saved, nobody needs any more. */
export async function endAttempts(place: string, kept: string): Promise<void> {
  for (const path of await everything(join(place, "models"))) {
    if (path.endsWith(".mat") && path !== kept) await files.remove(path);
  }
  await files.remove(join(place, "attempt.json"));
}

async function lastCheckpoint(
  models: string,
): Promise<{ path: string; at: number } | undefined> {
  let last: { path: string; at: number } | undefined;
  for (const path of await everything(models)) {
    if (!/\.run[/\\][^/\\]+\.safetensors$/.test(path)) continue;
    const at = (await files.stat(path)).mtime?.getTime() ?? 0;
    if (!last || at > last.at) last = { path, at };
  }
  if (last) return last;
  await files.remove(models, { recursive: true }).catch((error) => {
    if (fileProblem(error) !== "NotFound") throw error;
  });
}

async function readBegun(file: string): Promise<Begun | undefined> {
  try {
    const { earlier, at } = JSON.parse(await files.readTextFile(file));
    if (Number.isFinite(earlier) && Number.isFinite(at)) return { earlier, at };
  } catch {
    // Only times are lost with it.
  }
}

async function everything(folder: string): Promise<string[]> {
  try {
    const found: string[] = [];
    for await (const { name, isDirectory } of files.readDir(folder)) {
      const path = join(folder, name);
      found.push(...isDirectory ? await everything(path) : [path]);
    }
    return found;
  } catch (error) {
    if (fileProblem(error) === "NotFound") return [];
    throw error;
  }
}
