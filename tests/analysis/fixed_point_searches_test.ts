import assert from "node:assert/strict";
import { findFixedPointsAt } from "../../lib/analysis/fixed_point_searches.ts";
import { Ends, inOrder } from "../../lib/analysis/descents.ts";
import { findFixedPoints } from "../../lib/analysis/fixed_points.ts";
import {
  descend,
  type Descent,
} from "../../lib/analysis/levenberg_marquardt.ts";
import {
  type RateDynamics,
  synapsesOf,
  VectorField,
} from "../../lib/analysis/rate_dynamics.ts";
import { solveLeastSquares } from "../../lib/kernels/least_squares/reference.ts";
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

Deno.test("inOrder() ends every descent where it ends when they are made one by one", () => {
  const system = synapsesOf(dynamics);
  const bounds = { near: 1e-4, fixed: 2e-20 * units, slow: 2e-6 * units };
  for (const drive of drives) {
    const begin = (start: Float64Array) =>
      descend(new VectorField(dynamics, drive, system), start, {
        ...bounds,
        spread: 1,
      });
    const alone = new Ends(bounds);
    for (const start of starts) {
      const steps = begin(start);
      let end: Descent | undefined;
      while (end === undefined) {
        const { done, value } = steps.next();
        if (done) end = value;
        else if ("problem" in value) solveLeastSquares(system, value.problem);
        else if (alone.isKnown(value.at)) {
          end = { ...value.at, state: value.at.state.slice() };
        }
      }
      alone.add(end);
    }
    const beside = new Ends(bounds);
    const counts = [...inOrder(system, starts, begin, beside)];
    assert.equal(counts.at(-1), starts.length);
    assert.deepEqual(beside.all, alone.all);
  }
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
  const { signal } = stopped;
  for (const workers of [1, 2]) {
    await assert.rejects(
      findFixedPointsAt(dynamics, drives, starts, { workers, signal }),
      { name: "AbortError" },
    );
  }
});

Deno.test("programs of workers are those that their sources build", async () => {
  for (const program of workerPrograms) {
    assert.equal(
      await buildProgram(program),
      await Deno.readTextFile(programPath(program)),
    );
  }
});
