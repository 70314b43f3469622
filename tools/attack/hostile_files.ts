/** Reads hostile files of a format, many of them, in this process. */
import { join } from "node:path";
import { inFolder } from "../../tests/folder.ts";
import { diceOf } from "./dice.ts";
import { faultOf, type HostileFormat } from "./formats/format.ts";
import { type AttackOptions, type Outcome, Tally } from "./types.ts";

/** Longest time for one file, ms: others may use the machine too. */
const longest = 10_000;

/** Most memory that one file may add to the process, bytes. */
const most = 700e6;

/** What a run over files says as it goes. */
export interface FilesOptions extends AttackOptions {
  /** Number of the first file; others follow. */
  readonly first?: number;
  /** Whether a file that broke a reader is kept; true by default. */
  readonly keep?: boolean;
  /** Called before each file, so that a watcher knows which one hangs. */
  readonly before?: (index: number) => void;
}

/**
 * Makes files from their numbers and reads each: it is read, or refused with an
 * error meant for people, in bounded time and memory.
 *
 * @returns how many were read and refused; what broke a reader, with the number
 *   by which the file is made again and the path of a copy
 */
export function attackFiles(
  key: string,
  format: HostileFormat,
  { count, seed, until, first = 0, keep = true, before }: FilesOptions,
): Promise<Outcome> {
  return inFolder(async (folder) => {
    const { make, read } = await format.prepare(folder);
    const tally = new Tally();
    const seen = new Set<string>();
    let slowest = 0;
    for (let index = first; index < first + count; index++) {
      if (performance.now() > until) break;
      before?.(index);
      const bytes = make(diceOf(seed, index));
      const resident = Deno.memoryUsage().rss;
      const start = performance.now();
      let fault: string | undefined;
      let kind = "read";
      try {
        await read(bytes);
      } catch (error) {
        kind = "refused";
        fault = faultOf(error);
      }
      const milliseconds = performance.now() - start;
      slowest = Math.max(slowest, milliseconds);
      const grown = Deno.memoryUsage().rss - resident;
      if (milliseconds > longest) fault ??= `${milliseconds.toFixed(0)} ms`;
      if (grown > most) fault ??= `${(grown / 1e6).toFixed(0)} MB more`;
      if (fault === undefined) tally.held(kind);
      else {
        // Of a fault, one file is kept.
        const kept = !keep || seen.has(fault) || seen.size > 40
          ? ""
          : `, kept as ${keepFile(key, index, bytes)}`;
        seen.add(fault);
        tally.broke(`${key} file ${index} (seed ${seed}): ${fault}${kept}`);
      }
      // Failed zlib streams and files are let go of in turns of the event loop.
      if (index % 16 === 0) await new Promise((done) => setTimeout(done, 0));
      if (index % 256 === 0) (globalThis as { gc?: () => void }).gc?.();
    }
    tally.add("slowest ms", Math.round(slowest));
    return tally.outcome;
  });
}

function keepFile(key: string, index: number, bytes: Uint8Array): string {
  const folder = Deno.makeTempDirSync({ prefix: "attack-" });
  const path = join(folder, `${key}-${index}.bin`);
  Deno.writeFileSync(path, bytes);
  return path;
}
