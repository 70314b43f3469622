/** What an attack is, and what came of it. */

/** How an attack is run. */
export interface AttackOptions {
  /** How many times. */
  readonly count: number;
  /** Of all its random choices. */
  readonly seed: number;
  /** When to end before `count` is reached, by `performance.now()`. */
  readonly until: number;
}

/** What came of an attack. */
export interface Outcome {
  /** How many times it was really run. */
  readonly tried: number;
  /** What happened and was right, by kind: read, refused, resumed, … */
  readonly held: Readonly<Record<string, number>>;
  /** What did not hold, one line each: enough to make it happen again. */
  readonly broken: readonly string[];
  /** Why it could not be run here, if it could not. */
  readonly skipped?: string;
}

/** One kind of attack. */
export interface Attack {
  readonly name: string;
  /** What is done, and what must hold, in one line. */
  readonly what: string;
  /** What is counted. */
  readonly unit: string;
  /** How many it should survive; a longer run reaches it. */
  readonly wanted: number;
  /** How many are run if nothing else is said: some minutes on one machine. */
  readonly usual: number;
  run(options: AttackOptions): Promise<Outcome>;
}

/** Gathers what comes of an attack. */
export class Tally {
  #tried = 0;
  readonly #held: Record<string, number> = {};
  readonly #broken: string[] = [];

  /** One try that went as it must. */
  held(kind: string): void {
    this.#tried++;
    this.add(kind);
  }

  /** Something that is counted beside the tries. */
  add(kind: string, count = 1): void {
    this.#held[kind] = (this.#held[kind] ?? 0) + count;
  }

  /** One try that did not. */
  broke(what: string): void {
    this.#tried++;
    this.#broken.push(what);
  }

  /** What came of all of it. */
  get outcome(): Outcome {
    return { tried: this.#tried, held: this.#held, broken: this.#broken };
  }
}
