/** How threads share a block of trials: the faster of two ways, by what they take. */
import { median } from "../arithmetic/median.ts";

/**
 * Units: each thread moves units of its own, and all meet after every step.
 * Trials: each runs some of the trials, and waits for the others once.
 */
export type Sharing = "units" | "trials";

/** Runs of the other way in a row that make an attempt. */
const attempt = 3;

/** Runs that say what a way takes at present. */
const recent = 5;

/** Runs until the next attempt: after a change, and at most. */
const rests = { first: 8, most: 256 };

/**
 * The present way is left for an attempt at once if it takes more than the other
 * one did, times this.
 */
const slower = 1.25;

/**
 * Chooses between the two ways, of which the bits are the same. By units is
 * faster where each thread has a core and the cores are near each other, by half
 * where they are not, and much slower where others take a core. It changes while
 * a network is trained, so the other way is tried now and then.
 */
export class BlockSharing {
  #present: Sharing = "trials";
  /** Runs left of an attempt with the other way. */
  #attempt = 0;
  /** Runs until the next attempt, and after it if it fails. */
  #left = 0;
  #rest: number = rests.first;
  /** What the latest runs of each took, newest last. */
  readonly #times: Record<Sharing, number[]> = { units: [], trials: [] };

  get #other(): Sharing {
    return this.#present === "trials" ? "units" : "trials";
  }

  /** The way for the next run. */
  next(): Sharing {
    if (this.#attempt > 0) return this.#other;
    if (this.#left > 0) {
      this.#left--;
      return this.#present;
    }
    this.#attempt = attempt;
    this.#times[this.#other] = [];
    return this.#other;
  }

  /**
   * Takes in what a run took.
   *
   * @param time in any unit that makes runs comparable
   */
  took(sharing: Sharing, time: number): void {
    const times = this.#times[sharing];
    times.push(time);
    if (times.length > recent) times.shift();
    if (sharing === this.#present) {
      const { length } = this.#times[this.#other];
      if (length > 0 && times.length === recent && this.#isSlower(slower)) {
        this.#left = 0;
      }
      return;
    }
    if (this.#attempt === 0 || --this.#attempt > 0) return;
    if (this.#isSlower(1)) {
      this.#present = this.#other;
      this.#rest = rests.first;
    } else {
      this.#rest = Math.min(2 * this.#rest, rests.most);
    }
    this.#left = this.#rest;
  }

  /** Whether the present way takes more than the other one, times a factor. */
  #isSlower(factor: number): boolean {
    return this.#usual(this.#present) > factor * this.#usual(this.#other);
  }

  #usual(sharing: Sharing): number {
    const times = this.#times[sharing];
    return times.length === 0 ? Infinity : median(times);
  }
}
