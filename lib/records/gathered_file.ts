/** A file that grows by small pieces, which are written together. */
import { fileProblem, files } from "../platform/files.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { ModelFileError } from "../errors.ts";

/** Milliseconds after which what was gathered is written. */
const patience = 1000;

/** Bytes or characters that are gathered before they are written. */
const gathered = 64_000;

/** A new file, being written: texts, or bytes. */
export class GatheredFile<T extends string | Uint8Array> {
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #clock: () => number;
  #pending: T[] = [];
  #size = 0;
  #written: number;

  private constructor(path: string, file: OpenFile, clock: () => number) {
    this.#path = path;
    this.#file = file;
    this.#clock = clock;
    this.#written = clock();
  }

  /**
   * Creates the file.
   *
   * @param clock milliseconds from any start
   * @throws {Deno.errors.AlreadyExists} if it exists
   */
  static async create<T extends string | Uint8Array>(
    path: string,
    clock: () => number,
  ): Promise<GatheredFile<T>> {
    const file = await files.open(path, { write: true, createNew: true });
    return new GatheredFile(path, file, clock);
  }

  /** Adds a piece: for those who follow at once, or with others in a second. */
  async add(piece: T, { atOnce }: { atOnce: boolean }): Promise<void> {
    this.#pending.push(piece);
    this.#size += piece.length;
    const due = this.#clock() - this.#written >= patience;
    if (atOnce || due || this.#size >= gathered) await this.flush();
  }

  /** Writes what was gathered. */
  async flush(): Promise<void> {
    this.#written = this.#clock();
    const bytes = joined(this.#pending);
    this.#pending = [];
    this.#size = 0;
    for (let at = 0; at < bytes.length;) {
      at += await this.#file.write(bytes.subarray(at));
    }
  }

  /**
   * Writes what was gathered and closes the file.
   *
   * @throws {Error} if it cannot be written, or another file or none stands in
   *   its place by now: systems write on to a removed file without a word
   */
  async close(): Promise<void> {
    try {
      await this.flush();
      if (!await this.#isThere()) {
        throw new ModelFileError(
          `Cannot write ${JSON.stringify(this.#path)}: it was removed or ` +
            "replaced while it was being written",
        );
      }
    } finally {
      this.#file.close();
    }
  }

  async #isThere(): Promise<boolean> {
    try {
      const [ours, named] = [
        await this.#file.stat(),
        await files.lstat(this.#path),
      ];
      return ours.ino === named.ino && ours.dev === named.dev;
    } catch (error) {
      // Who may only write cannot ask.
      return fileProblem(error) === "NotCapable";
    }
  }
}

const encoder = new TextEncoder();

/** All pieces in one; texts are encoded together, which costs once. */
function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  if (pieces.every((piece) => typeof piece === "string")) {
    return encoder.encode(pieces.join(""));
  }
  const parts = pieces as readonly Uint8Array[];
  const bytes = new Uint8Array(
    parts.reduce((sum, { length }) => sum + length, 0),
  );
  let end = 0;
  for (const part of parts) {
    bytes.set(part, end);
    end += part.length;
  }
  return bytes;
}
