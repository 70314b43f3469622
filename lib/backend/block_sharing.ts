/** How threads share a block of trials: the fastest of three ways, by what they take. */
import { median } from "../arithmetic/median.ts";

/**
 * Units: each thread moves units of its own, and all meet after every step.
 * Trials: each runs some of the trials, and waits for the others once. Alone: one
 * thread does it all.
 */
export type Sharing = "units" | "trials" | "alone";

const ways: readonly Sharing[] = ["units", "trials", "alone"];

/** Runs of another way in a row that make an attempt. */
const attempt = 3;

/** Runs that say what a way takes at present. */
const recent = 5;

/** Runs until the next attempt: after a change, and at most. */
const rests = { first: 8, most: 128 };

/**
 * The present way is left for an attempt at once if it takes more than another one
 * did, times this.
 */
const slower = 1.25;

/**
 * Chooses between the ways, of which the bits are the same. By units is the fastest
 * where each thread has a core and the cores are near each other, by trials where
 * they are not, and one thread alone where others take the cores. That changes while
 * a network is trained, so the other ways are tried in turn now and then.
 */
export class BlockSharing {
  #present: Sharing = "alone";
  #tried: Sharing = "alone";
  /** Runs left of the attempt. */
  #attempt = 0;
  /** Runs until the next attempt, and after it if it fails. */
  #left = 0;
  #rest: number = rests.first;
  /** What the latest runs of each took, newest last. */
  readonly #times: Record<Sharing, number[]> = {
    units: [],
    trials: [],
    alone: [],
  };

  /** The way for the next run. */
  next(): Sharing {
    if (this.#attempt > 0) return this.#tried;
    if (this.#left > 0) {
      this.#left--;
      return this.#present;
    }
    this.#try(this.#after(this.#tried));
    return this.#tried;
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
      const better = times.length === recent
        ? ways.find((way) => this.#isSlower(way, slower))
        : undefined;
      if (better !== undefined && this.#attempt === 0) this.#try(better);
      return;
    }
    if (this.#attempt === 0 || --this.#attempt > 0) return;
    if (this.#isSlower(sharing, 1)) {
      this.#present = sharing;
      this.#rest = rests.first;
    } else {
      this.#rest = Math.min(2 * this.#rest, rests.most);
    }
    this.#left = this.#rest;
  }

  /** The way after one that is not the present one. */
  #after(way: Sharing): Sharing {
    const next = ways[(ways.indexOf(way) + 1) % ways.length];
    return next === this.#present ? this.#after(next) : next;
  }

  #try(way: Sharing): void {
    this.#tried = way;
    this.#attempt = attempt;
    this.#times[way] = [];
  }

  /** Whether the present way takes more than another one did, times a factor. */
  #isSlower(than: Sharing, factor: number): boolean {
    const [present, other] = [this.#times[this.#present], this.#times[than]];
    return than !== this.#present && other.length > 0 &&
      (present.length === 0 || median(present) > factor * median(other));
  }
}
