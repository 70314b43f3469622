/** How a long scan is cut into dispatches. */
import type { Gpu } from "./gpu.ts";

/** Steps of a dispatch, if nothing asks for fewer. */
export const longestChunk = 1000;

/**
 * Ranges of steps [from, to), in order, each short enough for the device.
 *
 * @param turns turns of all loops of one thread in one step
 */
export function chunks(
  gpu: Pick<Gpu, "capacity">,
  from: number,
  to: number,
  turns: number,
): [number, number][] {
  const fit = Math.floor(gpu.capacity.iterations / turns) - 2;
  return ranges(from, to, Math.max(Math.min(fit, longestChunk), 1));
}

/** Ranges [from, to) of at most `length` steps, in order. */
export function ranges(
  from: number,
  to: number,
  length: number,
): [number, number][] {
  const found: [number, number][] = [];
  for (let first = from; first < to; first += length) {
    found.push([first, Math.min(first + length, to)]);
  }
  return found;
}
