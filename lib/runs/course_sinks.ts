/** Where courses of simulated trials go: into memory, or into a file as they come. */
import type { FloatArray } from "../network/types.ts";
import type { NpzPieces } from "../formats/npz_pieces.ts";
import { writeAll } from "../formats/atomic.ts";
import { MatPieces } from "../formats/mat_pieces.ts";
import { type MatValue, numeric } from "../mat5/mod.ts";
import { matPieces } from "../mat5/writer.ts";
import type { OpenFile } from "../platform/file_types.ts";

/** What is known of trials before the first one. */
export interface TrialsAhead {
  /** Bytes of all that will come. */
  readonly bytes: number;
  /** Output of a spiking network before its first step; undefined for a rate network. */
  readonly initialOutput?: number;
}

/** Where courses of trials go, one trial after the other. */
export interface CourseSink {
  /** Is told what will come. */
  begin?(ahead: TrialsAhead): void;
  /** Takes a trial's part of an array, of the same shape for every trial. */
  put(
    name: string,
    shape: readonly number[],
    data: FloatArray,
  ): void | Promise<void>;
}

/**
 * Keeps courses in memory as MATLAB's arrays, column by column: the trials of a
 * number stand side by side.
 */
export class CourseColumns implements CourseSink {
  readonly #total: number;
  readonly #courses = new Map<
    string,
    {
      data: Float32Array<ArrayBuffer>;
      sizes: readonly number[];
      trial: number;
    }
  >();

  /** @param total number of trials that will come */
  constructor(total: number) {
    this.#total = total;
  }

  put(name: string, shape: readonly number[], data: FloatArray): void {
    const total = this.#total;
    let course = this.#courses.get(name);
    if (!course) {
      course = {
        data: new Float32Array(total * data.length),
        sizes: [total, ...shape],
        trial: 0,
      };
      this.#courses.set(name, course);
    }
    const [rows, columns = 1] = shape;
    for (let column = 0; column < columns; column++) {
      let to = course.trial + total * rows * column;
      for (let row = 0; row < rows; row++, to += total) {
        course.data[to] = data[row * columns + column];
      }
    }
    course.trial++;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return [...this.#courses.values()]
      .reduce((sum, { data }) => sum + data.byteLength, 0);
  }

  /**
   * Gives the arrays away, each when it is asked for: the one before it is
   * empty from then on.
   */
  *taken(): Generator<readonly [string, MatValue]> {
    for (const [name, { data, sizes }] of this.#courses) {
      this.#courses.delete(name);
      yield [name, numeric(data, sizes)];
      // Its memory is free at once, not when it is collected.
      data.buffer.transfer(0);
    }
  }
}

/** Writes courses into a .npz file as they come. */
export class CourseFile implements CourseSink {
  readonly #total: number;
  readonly #pieces: NpzPieces;

  /**
   * @param total number of trials that will come
   * @param pieces the file
   */
  constructor(total: number, pieces: NpzPieces) {
    this.#total = total;
    this.#pieces = pieces;
  }

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
}

/** Bytes of courses up to which a .mat file is made in memory, and packed. */
const mostPacked = 2 ** 28;

/**
 * Writes courses into a .mat file: few of them packed once all have come, many of them
 * as they come and as they are.
 */
export class CourseMat implements CourseSink {
  readonly #file: OpenFile;
  readonly #total: number;
  #courses: CourseColumns | MatPieces;
  #broken = false;

  /**
   * @param file that is open for reading and writing, and empty
   * @param total number of trials that will come
   */
  constructor(file: OpenFile, total: number) {
    this.#file = file;
    this.#total = total;
    this.#courses = new CourseColumns(total);
  }

  begin({ bytes }: TrialsAhead): void {
    if (bytes <= mostPacked) return;
    this.#courses = new MatPieces(this.#file, this.#total);
  }

  /** Whether the file could not be written to. */
  get broken(): boolean {
    return this.#broken ||
      this.#courses instanceof MatPieces && this.#courses.broken;
  }

  /** Bytes of all arrays. */
  get bytes(): number {
    return this.#courses.bytes;
  }

  put(
    name: string,
    shape: readonly number[],
    data: FloatArray,
  ): void | Promise<void> {
    return this.#courses.put(name, shape, data);
  }

  /** Writes what is left, and what else is in the file. */
  async end(
    variables: Iterable<readonly [string, MatValue]>,
  ): Promise<void> {
    const courses = this.#courses;
    if (courses instanceof MatPieces) return await courses.end(variables);
    const all = function* () {
      yield* courses.taken();
      yield* variables;
    };
    for (const piece of matPieces(all())) {
      try {
        await writeAll(this.#file, piece);
      } catch (error) {
        this.#broken = true;
        throw error;
      }
    }
  }
}
