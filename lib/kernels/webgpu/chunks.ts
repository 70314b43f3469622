/** How a long scan is cut into dispatches. */
import type { Gpu } from "./gpu.ts";

/** Steps of a dispatch, where nothing asks for fewer. */
const longest = 1000;

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
  const length = Math.max(Math.min(fit, longest), 1);
  const ranges: [number, number][] = [];
  for (let first = from; first < to; first += length) {
    ranges.push([first, Math.min(first + length, to)]);
  }
  return ranges;
}
