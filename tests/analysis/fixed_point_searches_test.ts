import assert from "node:assert/strict";
import { findFixedPointsAt } from "../../lib/analysis/fixed_point_searches.ts";
import { findFixedPoints } from "../../lib/analysis/fixed_points.ts";
import type { RateDynamics } from "../../lib/analysis/rate_dynamics.ts";
import { randomStream } from "../../lib/random/stream.ts";
import {
  buildProgram,
  programPath,
  workerPrograms,
} from "../../tools/build_workers.ts";

const random = randomStream(7);
const units = 12;
const numbers = (name: string, count: number, sd: number) => {
  const normals = random.fork(name);
  return Float64Array.from(
    { length: count },
    (_, k) => sd * normals.normal(k, 0),
  );
};
const dynamics: RateDynamics = {
  units,
  weights: numbers("weights", units * units, 3),
  taus: new Float64Array(units).fill(20),
  activation: "softplus",
  readout: numbers("readout", units, 1),
  bias: 0,
};
const drives = ["a", "b", "c"].map((name) => numbers(name, units, 1));
const starts = Array.from(
  { length: 30 },
  (_, k) => numbers(`start ${k}`, units, 2),
);

Deno.test("findFixedPointsAt() finds the same with any number of workers", async () => {
  const one: number[] = [];
  const alone = await findFixedPointsAt(dynamics, drives, starts, {
    onProgress: (done, total) => {
      assert.equal(total, 90);
      one.push(done);
    },
  });
  assert.equal(one.at(-1), 90);
  let last = 0;
  const shared = await findFixedPointsAt(dynamics, drives, starts, {
    workers: 2,
    onProgress: (done) => last = done,
  });
  assert.equal(last, 90);
  assert.deepEqual(shared, alone);
  assert.deepEqual(
    await findFixedPoints(dynamics, drives[1], starts),
    alone[1],
  );
});

Deno.test("findFixedPointsAt() refuses what does not fit before any worker starts, and stops when told", async () => {
  await assert.rejects(
    findFixedPointsAt(dynamics, [drives[0], new Float64Array(2)], starts, {
      workers: 2,
    }),
    /the drive has 2 numbers, the network has 12 units/,
  );
  const stopped = new AbortController();
  const search = findFixedPointsAt(dynamics, drives, starts, {
    workers: 2,
    signal: stopped.signal,
  });
  stopped.abort();
  await assert.rejects(search, { name: "AbortError" });
});

Deno.test("programs of workers are those that their sources build", async () => {
  for (const program of workerPrograms) {
    assert.equal(
      await buildProgram(program),
      await Deno.readTextFile(programPath(program)),
    );
  }
});
