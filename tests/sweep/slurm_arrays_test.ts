import assert from "node:assert/strict";
import fc from "fast-check";
import { packTasks, planArrays } from "../../lib/sweep/slurm/arrays.ts";

const tasksOf = (count: number) =>
  Array.from({ length: count }, (_, k) => [`p${k}`]);
const empty = { tasks: 0, throttle: 0 };

Deno.test("packTasks() groups points; one that failed before is alone", () => {
  const points = ["a", "b", "c", "d", "e"].map((id) => ({
    id,
    failedBefore: id === "b",
  }));
  assert.deepEqual(packTasks(points, 3), [["a", "c", "d"], ["e"], ["b"]]);
  assert.deepEqual(packTasks([], 3), []);
});

Deno.test("planArrays() cuts tasks into even arrays under the cluster's limit", () => {
  const limits = { arraySize: 1001, jobs: 20_000 };
  const arrays = planArrays(tasksOf(2500), limits, empty, 10_000);
  assert.deepEqual(arrays.map(({ tasks }) => tasks.length), [834, 833, 833]);
  assert.deepEqual(arrays.flatMap(({ tasks }) => tasks), tasksOf(2500));
  assert.ok(arrays.every(({ throttle }) => throttle === undefined));
});

Deno.test("planArrays() shares the throttle between arrays", () => {
  const limits = { arraySize: 10, jobs: 100 };
  const shares = (used: number, throttle: number) =>
    planArrays(tasksOf(30), limits, { tasks: 0, throttle: used }, 50, throttle)
      .map(({ throttle }) => throttle);
  assert.deepEqual(shares(0, 8), [3, 3, 2]);
  assert.deepEqual(shares(4, 8), [2, 1, 1]);
  // An array has one at the least: it would never start.
  assert.deepEqual(shares(8, 8), [1, 1, 1]);
});

Deno.test("planArrays() leaves for later what has no room, without dribbling", () => {
  const limits = { arraySize: 1001, jobs: 200 };
  const planned = (queued: number, waiting: number) =>
    planArrays(tasksOf(waiting), limits, { tasks: queued, throttle: 0 }, 100)
      .reduce((sum, { tasks }) => sum + tasks.length, 0);
  assert.equal(planned(0, 500), 100);
  assert.equal(planned(75, 500), 25);
  assert.equal(planned(76, 500), 0);
  assert.equal(planned(97, 3), 3);
  assert.equal(planned(98, 3), 0);
  assert.equal(planned(100, 0), 0);
});

Deno.test("planArrays() keeps every limit, and takes tasks in their order", () => {
  fc.assert(fc.property(
    fc.nat(300),
    fc.integer({ min: 1, max: 40 }),
    fc.nat(100),
    fc.integer({ min: 1, max: 100 }),
    fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
    (count, arraySize, queued, most, throttle) => {
      const tasks = tasksOf(count);
      const arrays = planArrays(
        tasks,
        { arraySize, jobs: 1000 },
        { tasks: queued, throttle: 0 },
        most,
        throttle,
      );
      const planned = arrays.flatMap(({ tasks }) => tasks);
      assert.deepEqual(planned, tasks.slice(0, planned.length));
      assert.ok(
        arrays.every(({ tasks }) =>
          tasks.length > 0 && tasks.length <= arraySize
        ),
      );
      assert.ok(planned.length === 0 || queued + planned.length <= most);
      if (queued === 0 && count > 0) assert.ok(planned.length > 0);
      if (throttle !== undefined) {
        const sum = arrays.reduce((sum, { throttle }) => sum + throttle!, 0);
        assert.ok(sum <= Math.max(throttle, arrays.length));
      }
    },
  ));
});
