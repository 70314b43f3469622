/** Pieces of work a second, and other running figures. */

/** Measures speed over about the last ten seconds. */
export class Speed {
  readonly #now: () => number;
  readonly #marks: { time: number; done: number }[] = [];

  /** @param now milliseconds from any start */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Takes note of the pieces done.
   *
   * @returns pieces a second; NaN until half a second has passed
   */
  mark(done: number): number {
    const time = this.#now();
    const marks = this.#marks;
    const last = marks.at(-1);
    if (!last || time - last.time >= 250) marks.push({ time, done });
    while (marks.length > 2 && time - marks[1].time >= 10_000) marks.shift();
    const first = marks[0];
    const seconds = (time - first.time) / 1000;
    return seconds >= 0.5 ? (done - first.done) / seconds : NaN;
  }
}

/** Keeps a course short, by averaging neighbours once it grows too long. */
export class Course {
  readonly #limit: number;
  #numbers: number[] = [];
  #group = 1;
  #sum = 0;
  #count = 0;

  /** @param limit numbers kept at most */
  constructor(limit = 256) {
    this.#limit = limit;
  }

  add(number: number): void {
    this.#sum += number;
    if (++this.#count < this.#group) return;
    this.#numbers.push(this.#sum / this.#count);
    this.#sum = this.#count = 0;
    if (this.#numbers.length >= this.#limit) {
      const pairs = this.#numbers.length >> 1;
      this.#numbers = Array.from(
        { length: pairs },
        (_, i) => (this.#numbers[2 * i] + this.#numbers[2 * i + 1]) / 2,
      );
      this.#group *= 2;
    }
  }

  /** The numbers, oldest first. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }
}
