/** Finds run logs and reads what is added to them. */
import { files } from "../platform/files.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { basename, dirname, join } from "../platform/paths.ts";
import { type LogLine, parseLine } from "./log_lines.ts";

/** Name of a run's log in its folder. */
const logName = "run.jsonl";

/** Most logs that are followed, folders that are looked into, and their depth. */
const most = { logs: 16, folders: 1000, depth: 4 } as const;

/** Bytes that are read at a time; a line may not be longer. */
const chunk = 1 << 20;

/**
 * Paths of the run logs in a folder and its subfolders, in the order of their
 * names; if there are too many, the most recently written ones.
 *
 * @param path a folder, or a log itself
 * @throws {Deno.errors.NotFound} if it does not exist
 */
export async function findLogs(path: string): Promise<string[]> {
  if ((await files.stat(path)).isFile) return [path];
  const found: { path: string; time: number }[] = [];
  let left: number = most.folders;

  async function look(folder: string, depth: number): Promise<void> {
    if (left-- <= 0) return;
    for await (const { name, isFile, isDirectory } of files.readDir(folder)) {
      const inner = join(folder, name);
      if (isFile && name === logName) {
        const { mtime } = await files.stat(inner);
        found.push({ path: inner, time: mtime?.getTime() ?? 0 });
      } else if (isDirectory && depth > 0) {
        await look(inner, depth - 1);
      }
    }
  }

  await look(path, most.depth);
  return found.sort((a, b) => b.time - a.time).slice(0, most.logs)
    .map(({ path }) => path).sort();
}

/** A log that is read as it grows. */
export class FollowedLog {
  /** Where it is. */
  readonly path: string;
  /** When it was written to last, in ms since 1970, as of the last reading. */
  writtenAt: number | undefined;
  #offset = 0;
  #rest = new Uint8Array(0);
  #skipping = false;

  constructor(path: string) {
    this.path = path;
  }

  /** What to call it before it says its name. */
  get name(): string {
    return basename(dirname(this.path)) || this.path;
  }

  /**
   * Lines that were added since, a megabyte at a time. Half a line waits for its
   * other half; what is not a line of a log is left out. A file that has become
   * shorter is read from its beginning.
   */
  async *added(): AsyncGenerator<LogLine[]> {
    const file = await files.open(this.path, { read: true });
    try {
      yield* this.#addedTo(file);
    } finally {
      await file.close();
    }
  }

  async *#addedTo(file: OpenFile): AsyncGenerator<LogLine[]> {
    const { size, mtime } = await file.stat();
    this.writtenAt = mtime?.getTime();
    if (size < this.#offset) {
      this.#offset = 0;
      this.#rest = new Uint8Array(0);
      this.#skipping = false;
    }
    await file.seek(this.#offset, 0);
    const buffer = new Uint8Array(chunk);
    for (let read; (read = await file.read(buffer)) !== null;) {
      this.#offset += read;
      const lines = this.#take(buffer.subarray(0, read));
      if (lines.length > 0) yield lines;
    }
  }

  #take(bytes: Uint8Array): LogLine[] {
    const lines: LogLine[] = [];
    let start = 0;
    for (let end; (end = bytes.indexOf(newline, start)) >= 0; start = end + 1) {
      const text = new TextDecoder().decode(
        joined(this.#rest, bytes.subarray(start, end)),
      );
      this.#rest = new Uint8Array(0);
      const line = this.#skipping ? undefined : parseLine(text);
      this.#skipping = false;
      if (line) lines.push(line);
    }
    this.#rest = joined(this.#rest, bytes.subarray(start));
    if (this.#rest.length > chunk) {
      this.#rest = new Uint8Array(0);
      this.#skipping = true;
    }
    return lines;
  }
}

const newline = 10;

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}
