import { ok } from "node:assert/strict";
import { randomStream } from "../../lib/random/stream.ts";
import {
  gather,
  increments,
  NoiseStatistics,
  numbersPerPanel,
  panelUnits,
} from "./noise_statistics.ts";

/** No statistic of about 60 may be this far off. */
const limit = 4.5;

Deno.test("the noise is standard normal and uncorrelated", () => {
  const keys = Array.from({ length: 8 }, (_, seed) => randomStream(seed).key);
  const found = gather(400, keys);
  ok(found.count > 6e6);
  for (const { what, value, sigmas } of found.deviations()) {
    ok(
      Math.abs(sigmas) < limit,
      `${what}: ${value}, ${sigmas} standard errors`,
    );
  }
});

Deno.test("increments have the moments of a normal number, and are uncorrelated", () => {
  const keys = Array.from({ length: 8 }, (_, seed) => randomStream(seed).key);
  const found = gather(400, keys, increments);
  // Their distribution is another one, as bins and tails of so many must show.
  const distribution = /^(chi-square|\|x\| > )/;
  const compared = found.deviations()
    .filter(({ what }) => !distribution.test(what));
  ok(compared.length === 4 + 3 * 19);
  for (const { what, value, sigmas } of compared) {
    ok(
      Math.abs(sigmas) < limit,
      `${what}: ${value}, ${sigmas} standard errors`,
    );
  }
});

Deno.test("gather() notices numbers that are scaled, cut off or correlated", () => {
  const random = randomStream(1);
  const panel = new Float32Array(numbersPerPanel);
  const worst = (change: (x: number, k: number) => number) => {
    const statistics = new NoiseStatistics();
    for (let p = 0; p < 20; p++) {
      for (let k = 0; k < panel.length; k++) {
        panel[k] = change(random.normal(k, p), k);
      }
      statistics.add(panel);
    }
    return Math.max(
      ...statistics.deviations().map(({ sigmas }) => Math.abs(sigmas)),
    );
  };
  ok(worst((x) => x) < limit);
  ok(worst((x) => 1.01 * x) > limit);
  ok(worst((x) => Math.max(-3, Math.min(3, x))) > limit);
  ok(
    worst((x, k) => k % panelUnits ? (x + 0.02 * panel[k - 1]) / 1.0002 : x) >
      limit,
  );
});
