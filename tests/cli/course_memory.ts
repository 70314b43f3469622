/** Courses of simulated trials in memory, row by row: what sinks are held against. */
import type { NumberArray } from "../../lib/formats/arrays.ts";
import type { CourseSink } from "../../lib/runs/course_sinks.ts";

/** Keeps courses in memory. */
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

  begin(): void {}

  put(
    name: string,
    shape: readonly number[],
    data: Float32Array | Float64Array,
  ): void {
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
