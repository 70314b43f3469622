/** Where courses of simulated trials go: into memory, or into a file as they come. */
import type { FloatArray } from "../network/types.ts";
import { type MatValue, numeric } from "../mat5/mod.ts";

/** What is known of trials before the first one. */
export interface TrialsAhead {
  /** Bytes of all that will come. */
  readonly bytes: number;
  /** Bytes of the largest array. */
  readonly largest: number;
  /** Output of a spiking network before its first step; undefined for a rate network. */
  readonly initialOutput?: number;
}

/** Where courses of trials go, one trial after the other. */
export interface CourseSink {
  /**
   * Is told what will come.
   *
   * @throws {RangeError} if that is too much
   */
  begin(ahead: TrialsAhead): void | Promise<void>;
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
export class CourseColumns {
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
