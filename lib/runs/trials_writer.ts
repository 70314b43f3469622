/** Files of simulated trials, written as the trials come; a writer for each format. */
import { countOf } from "../count.ts";
import {
  matValues,
  type NumberArray,
  type TextArray,
} from "../formats/arrays.ts";
import { type FileContent, writeAll } from "../formats/atomic.ts";
import { MatPieces } from "../formats/mat_pieces.ts";
import { NpzPieces } from "../formats/npz_pieces.ts";
import type { TrialsFormat } from "../formats/trials/names.ts";
import { type NwbSession, NwbTrials } from "../formats/trials/nwb.ts";
import type { TrialsFile } from "../formats/trials/types.ts";
import { largestVariable } from "../mat5/begun.ts";
import { matPieces } from "../mat5/writer.ts";
import type { FloatArray } from "../network/types.ts";
import type { OpenFile } from "../platform/file_types.ts";
import {
  CourseColumns,
  type CourseSink,
  type TrialsAhead,
} from "./course_sinks.ts";

/** A file to which trials are written as they come. */
export interface TrialsWriter extends CourseSink {
  /** Whether the file could not be written to. */
  readonly broken: boolean;
  /** Bytes that `end` has to pack or to turn. */
  readonly waiting: number;
  /**
   * Writes what is left, and ends the file.
   *
   * @param file all but what came by `put`
   * @param signal stops it
   */
  end(file: TrialsFile, signal?: AbortSignal): Promise<void>;
  /** Lets go of the file, ended or not. */
  close(): void;
}

/** What is to be written. */
export interface PlannedTrials {
  readonly format: TrialsFormat;
  /** Number of trials that will come. */
  readonly total: number;
  /** What an NWB file says besides. */
  readonly session: NwbSession;
}

/**
 * Writes a file of trials while they come.
 *
 * @param write writes a file by what fills it, and gives its path
 * @param fill runs the trials, and gives all but what went to the writer
 * @returns the path that was written
 * @throws {ModelFileError} if the file cannot be written; what else `fill` throws,
 *   as it is
 */
export async function writeTrials(
  write: (content: FileContent) => Promise<string>,
  { format, total, session }: PlannedTrials,
  fill: (writer: TrialsWriter) => Promise<void>,
): Promise<string> {
  let failed: { readonly error: unknown } | undefined;
  try {
    return await write(async (file) => {
      const writer: TrialsWriter = format === "npz"
        ? new NpzWriter(file, total)
        : format === "mat"
        ? new MatWriter(file, total)
        : new NwbWriter(await NwbTrials.open(file, total), session);
      try {
        await fill(writer);
      } catch (error) {
        if (!writer.broken) failed = { error };
        throw error;
      } finally {
        writer.close();
      }
    });
  } catch (error) {
    throw failed ? failed.error : error;
  }
}

/** All of a file in one list, what was simulated as text. */
function arraysOf(
  { arrays, texts, about }: TrialsFile,
): Record<string, NumberArray | TextArray> {
  return {
    ...arrays,
    ...Object.fromEntries(
      Object.entries(texts).map(([name, texts]) => [name, { texts }]),
    ),
    about: { texts: [JSON.stringify(about)], shape: [] },
  };
}

class NpzWriter implements TrialsWriter {
  readonly #total: number;
  readonly #pieces: NpzPieces;
  readonly waiting = 0;

  constructor(file: OpenFile, total: number) {
    this.#total = total;
    this.#pieces = new NpzPieces(file);
  }

  get broken(): boolean {
    return this.#pieces.broken;
  }

  begin(): void {}

  async put(
    name: string,
    shape: readonly number[],
    data: FloatArray,
  ): Promise<void> {
    if (!this.#pieces.has(name)) {
      await this.#pieces.reserve(name, [this.#total, ...shape]);
    }
    await this.#pieces.append(name, data);
  }

  async end(file: TrialsFile): Promise<void> {
    for (const [name, array] of Object.entries(arraysOf(file))) {
      await this.#pieces.add(name, array);
    }
    await this.#pieces.end();
  }

  close(): void {}
}

class NwbWriter implements TrialsWriter {
  readonly #trials: NwbTrials;
  readonly #session: NwbSession;
  readonly waiting = 0;

  constructor(trials: NwbTrials, session: NwbSession) {
    this.#trials = trials;
    this.#session = session;
  }

  get broken(): boolean {
    return this.#trials.broken;
  }

  begin(ahead: TrialsAhead): void {
    this.#trials.begin(ahead);
  }

  put(name: string, shape: readonly number[], data: FloatArray): void {
    this.#trials.put(name, shape, data);
  }

  async end(file: TrialsFile): Promise<void> {
    await this.#trials.end(file, this.#session);
  }

  close(): void {
    this.#trials.close();
  }
}

/** Bytes of courses up to which a .mat file is made in memory, and packed. */
const mostPacked = 2 ** 28;

/** Few trials are packed once all have come; many are written as they come. */
class MatWriter implements TrialsWriter {
  readonly #file: OpenFile;
  readonly #total: number;
  #courses: CourseColumns | MatPieces;
  #broken = false;

  constructor(file: OpenFile, total: number) {
    this.#file = file;
    this.#total = total;
    this.#courses = new CourseColumns(total);
  }

  get broken(): boolean {
    return this.#broken ||
      this.#courses instanceof MatPieces && this.#courses.broken;
  }

  get waiting(): number {
    return this.#courses.bytes;
  }

  begin({ bytes, largest }: TrialsAhead): void {
    if (largest > largestVariable) {
      const [much, most] = [largest, largestVariable]
        .map((count) => Number((count / 2 ** 30).toFixed(1)));
      throw new RangeError(
        `Cannot keep ${countOf(this.#total, "trial")} in a .mat file: an ` +
          `array would take ${much} GiB, allowed is ${most}; write .npz or ` +
          ".nwb, run fewer trials, or keep less at a larger --every",
      );
    }
    if (bytes > mostPacked) {
      this.#courses = new MatPieces(this.#file, this.#total);
    }
  }

  put(
    name: string,
    shape: readonly number[],
    data: FloatArray,
  ): void | Promise<void> {
    return this.#courses.put(name, shape, data);
  }

  async end(file: TrialsFile, signal?: AbortSignal): Promise<void> {
    const courses = this.#courses;
    const variables = matValues(arraysOf(file));
    if (courses instanceof MatPieces) {
      return await courses.end(variables, signal);
    }
    const all = function* () {
      yield* courses.taken();
      yield* variables;
    };
    for (const piece of matPieces(all())) {
      signal?.throwIfAborted();
      try {
        await writeAll(this.#file, piece);
      } catch (error) {
        this.#broken = true;
        throw error;
      }
    }
  }

  close(): void {}
}
