/** Where courses of simulated trials go: into memory, or into a file as they come. */
import type { FloatArray } from "../network/types.ts";
import type { NumberArray } from "../formats/arrays.ts";
import type { NpzPieces } from "../formats/npz_pieces.ts";
import { type MatValue, numeric } from "../mat5/mod.ts";

/** Where courses of trials go, one trial after the other. */
export interface CourseSink {
  /** Takes a trial's part of an array, of the same shape for every trial. */
  put(
    name: string,
    shape: readonly number[],
    data: FloatArray,
  ): void | Promise<void>;
}

/** Keeps courses in memory, each straight in the array of the file. */
export class CourseMemory implements CourseSink {
  readonly #total: number;
  readonly #courses = new Map<
    string,
    NumberArray & { data: Float32Array; next: number }
  >();

  /** @param total number of trials that will come */
  constructor(total: number) {
    this.#total = total;
  }

  put(name: string, shape: readonly number[], data: FloatArray): void {
    let course = this.#courses.get(name);
    if (!course) {
      course = {
        data: new Float32Array(this.#total * data.length),
        shape: [this.#total, ...shape],
        next: 0,
      };
      this.#courses.set(name, course);
    }
    course.data.set(data, course.next);
    course.next += data.length;
  }

  /** The arrays, once all trials have come. */
  arrays(): Record<string, NumberArray> {
    return Object.fromEntries(
      [...this.#courses].map(([name, { data, shape }]) => [
        name,
        { data, shape },
      ]),
    );
  }
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
