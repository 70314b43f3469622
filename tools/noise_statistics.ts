/**
 * Tests the noise on many numbers and prints every statistic with its deviation
 * in standard errors; docs/how-it-works/noise.md records a run.
 *
 *   deno run tools/noise_statistics.ts [numbers, which default to 1e9] [increments]
 *
 * `increments` tests the noise of spiking units, whose bins and tails are not
 * those of a normal number.
 */
import { randomStream } from "../lib/random/stream.ts";
import {
  gather,
  increments,
  numbersPerPanel,
} from "../tests/kernels/noise_statistics.ts";

const numbers = Number(Deno.args[0] ?? 1e9);
if (!(numbers >= numbersPerPanel)) {
  throw new RangeError(
    `Cannot test ${
      Deno.args[0]
    } numbers: at least ${numbersPerPanel} are needed`,
  );
}
const panels = Math.ceil(numbers / numbersPerPanel);
const keys = Array.from({ length: 64 }, (_, seed) => randomStream(seed).key);
const found = gather(
  panels,
  keys,
  Deno.args[1] === "increments" ? increments : undefined,
);
console.log(`${found.count} numbers, largest ${found.largest}`);
for (const { what, value, sigmas } of found.deviations()) {
  console.log(`${what}: ${value.toPrecision(8)}, ${sigmas.toFixed(2)} sigma`);
}
