/** Random choices that can be made again. */
import { numbersFrom } from "../../tests/formats/mutate.ts";

/** Makes choices; the same seed makes the same ones. */
export class Dice {
  readonly #next: (bound: number) => number;

  constructor(seed: number) {
    // Neighbouring seeds must not begin alike.
    const mixed = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b) ^ 0x9e3779b9;
    this.#next = numbersFrom(Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d));
    for (let k = 0; k < 4; k++) this.#next(2);
  }

  /** A whole number from 0 up to, not including, a bound. */
  below(bound: number): number {
    return this.#next(bound);
  }

  /** One of some things. */
  pick<T>(things: readonly T[]): T {
    return things[this.#next(things.length)];
  }

  /** True with a probability of 1 / every. */
  once(every: number): boolean {
    return this.#next(every) === 0;
  }
}

/** The dice of one try of an attack, whatever was tried before. */
export function diceOf(seed: number, index: number): Dice {
  return new Dice(Math.imul(seed, 1_000_003) + index);
}
