/**
 * A MATLAB file written piece by piece, whose large arrays are never whole in memory.
 *
 * MATLAB's arrays have the trials of a number side by side, so that a trial has no
 * place of its own in them. Trials are written one after the other behind the arrays'
 * places, and turned once the last one has come: the file is twice as long until then.
 */
import { singleBeginning } from "../mat5/begun.ts";
import { header } from "../mat5/header.ts";
import { canonicalNaN } from "../mat5/nan.ts";
import type { MatValue } from "../mat5/types.ts";
import { matVariables } from "../mat5/writer.ts";
import type { OpenFile } from "../platform/file_types.ts";
import { writeAll } from "./atomic.ts";

/** An array of which trials come. */
interface Course {
  readonly beginning: Uint8Array;
  /** Numbers of a trial. */
  readonly length: number;
  /** The first trial, until it is known which arrays there are. */
  first: Float32Array | undefined;
  /** Trials that have come. */
  trials: number;
  /** Where the array's variable goes. */
  place: number;
  /** Where its trials wait. */
  waiting: number;
}

/** Bytes of an array that are turned at once. */
const turnedBytes = 2 ** 25;

/** Trials that are turned together, each in its row of the processor's cache. */
const turnedTrials = 16;

/** Writes arrays of single precision, trials first, into an open file. */
export class MatPieces {
  readonly #file: OpenFile;
  readonly #total: number;
  readonly #courses = new Map<string, Course>();
  #laidOut = false;
  #broken = false;
  /** Where what is not turned ends. */
  #end = 0;

  /**
   * @param file that is open for reading and writing, and empty
   * @param total number of trials that will come
   */
  constructor(file: OpenFile, total: number) {
    this.#file = file;
    this.#total = total;
  }

  /** Whether the file could not be written to. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return [...this.#courses.values()]
      .reduce((sum, { length }) => sum + 4 * this.#total * length, 0);
  }

  /**
   * Takes a trial's part of an array, row-major, of the same shape for every trial.
   *
   * @throws {RangeError} if the array would have more than 2 GiB
   */
  async put(
    name: string,
    shape: readonly number[],
    data: ArrayLike<number>,
  ): Promise<void> {
    const columns = columnMajor(data, shape);
    const course = this.#courses.get(name);
    if (!course) {
      this.#courses.set(name, {
        beginning: singleBeginning(name, [this.#total, ...shape]),
        length: columns.length,
        first: columns,
        trials: 1,
        place: 0,
        waiting: 0,
      });
      return;
    }
    await this.#layOut();
    await this.#wait(course, columns);
  }

  /**
   * Turns what has come, and ends the file.
   *
   * @param variables beside the arrays that came by `put`
   * @param signal stops it
   * @throws {TypeError} if an array lacks trials
   */
  async end(
    variables: Iterable<readonly [string, MatValue]>,
    signal?: AbortSignal,
  ): Promise<void> {
    await this.#layOut();
    for (const [name, course] of this.#courses) {
      if (course.trials !== this.#total) {
        throw new TypeError(
          `Cannot write the .mat file: ${name} has ${course.trials} of ` +
            `${this.#total} trials`,
        );
      }
      await this.#turn(course, signal);
    }
    await this.#disk(async () => {
      await this.#file.truncate(this.#end);
      await this.#file.seek(this.#end, 0);
      for (const piece of matVariables(variables)) {
        await writeAll(this.#file, piece);
      }
    });
  }

  /** Gives every array its place, once it is known which there are. */
  async #layOut(): Promise<void> {
    if (this.#laidOut) return;
    this.#laidOut = true;
    const start = header();
    await this.#write(start, 0);
    let at = start.length;
    for (const course of this.#courses.values()) {
      course.place = at;
      const bytes = 4 * this.#total * course.length;
      at += course.beginning.length + 8 * Math.ceil(bytes / 8);
    }
    this.#end = at;
    for (const course of this.#courses.values()) {
      course.waiting = at;
      at += 4 * this.#total * course.length;
      course.trials = 0;
      await this.#wait(course, course.first!);
      course.first = undefined;
    }
  }

  async #wait(course: Course, columns: Float32Array): Promise<void> {
    const at = course.waiting + 4 * course.length * course.trials++;
    await this.#write(bytesOf(canonicalNaN(columns)), at);
  }

  /** Puts the trials of every number side by side. */
  async #turn(
    { beginning, length, place, waiting }: Course,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const total = this.#total;
    await this.#write(beginning, place);
    const most = Math.max(1, Math.floor(turnedBytes / 4 / total));
    const rows = new Float32Array(turnedTrials * Math.min(most, length));
    for (let from = 0; from < length; from += most) {
      signal?.throwIfAborted();
      const count = Math.min(most, length - from);
      const turned = new Float32Array(count * total);
      for (let trial = 0; trial < total; trial += turnedTrials) {
        const together = Math.min(turnedTrials, total - trial);
        for (let k = 0; k < together; k++) {
          this.#read(
            bytesOf(rows.subarray(k * count, (k + 1) * count)),
            waiting + 4 * ((trial + k) * length + from),
          );
        }
        for (let n = 0; n < count; n++) {
          const to = n * total + trial;
          for (let k = 0; k < together; k++) {
            turned[to + k] = rows[k * count + n];
          }
        }
      }
      await this.#write(
        bytesOf(turned),
        place + beginning.length + 4 * from * total,
      );
    }
    const bytes = 4 * length * total;
    const padding = new Uint8Array(-bytes & 7);
    await this.#write(padding, place + beginning.length + bytes);
  }

  #read(into: Uint8Array, position: number): void {
    try {
      this.#file.seekSync(position, 0);
      for (let done = 0; done < into.length;) {
        const read = this.#file.readSync(into.subarray(done));
        if (!read) throw new Error("what was written to it is not there");
        done += read;
      }
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  async #write(bytes: Uint8Array, position: number): Promise<void> {
    await this.#disk(async () => {
      await this.#file.seek(position, 0);
      await writeAll(this.#file, bytes);
    });
  }

  async #disk(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** A trial's numbers, column by column. */
function columnMajor(
  data: ArrayLike<number>,
  [rows, columns = 1]: readonly number[],
): Float32Array {
  if (columns === 1) return Float32Array.from(data);
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = data[row * columns + column];
    }
  }
  return turned;
}
