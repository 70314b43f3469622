/** Threads that share a trial give what one thread gives. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { openTeam } from "../../lib/backend/team.ts";
import { mostTasks } from "../../lib/backend/team_tasks.ts";
import { BackendError } from "../../lib/errors.ts";
import type { KernelTask } from "../../lib/kernels/rate_scan/tasks.ts";
import { caseShapes, randomNetwork, randomTrials } from "./rate_networks.ts";

/** Gradients and parameters of a case's updates, one trial each. */
async function updates(
  shape: Parameters<typeof randomNetwork>[0],
  workers: number,
  count: number,
) {
  const backend = await openBackend({ workers });
  const session = await backend.open(randomNetwork(shape));
  const trials = randomTrials({ ...shape, batch: count });
  const results = [];
  for (const trial of trials) {
    results.push(
      await session.update([trial], shape.loss, { learningRate: 0.03 }),
    );
  }
  const stimulated = {
    ...trials[0],
    stimulation: { units: [0], from: 0, to: shape.steps, amount: 1 },
  };
  const found = [
    results,
    await session.gradient([trials[0]], shape.loss),
    await session.gradient([stimulated], shape.loss),
    session.network(),
    session.optimiser(),
  ];
  session.close();
  backend.close();
  return found;
}

Deno.test("a trial of several layers has the same bits on any number of workers", async () => {
  const shapes = caseShapes({ layers: 4, units: 40, steps: 150, batch: 1 })
    .filter(({ sizes }) => sizes.length > 1);
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const alone = await updates(shape, 1, 60);
      assert.deepEqual(await updates(shape, 2, 60), alone);
      assert.deepEqual(await updates(shape, 4, 60), alone);
    }),
    { numRuns: 12, seed: 20190612 },
  );
});

Deno.test("threads see memory that grows between trials", async () => {
  const shape = {
    ...(fc.sample(
      caseShapes({ layers: 2, units: 40, steps: 30, batch: 1 })
        .filter(({ sizes }) => sizes.length > 1),
      { numRuns: 1, seed: 4 },
    )[0]),
    sizes: [40, 36],
  };
  const found = [];
  for (const workers of [1, 2]) {
    const backend = await openBackend({ workers });
    const session = await backend.open(randomNetwork(shape));
    const losses: number[] = [];
    for (const steps of [20, 30, 3000, 9000, 25]) {
      const [trial] = randomTrials({ ...shape, steps });
      for (let k = 0; k < 20; k++) {
        const options = { learningRate: 0.001 };
        losses.push(
          (await session.update([trial], "l2", options)).losses[0],
        );
        if (steps > 30) break;
      }
    }
    found.push({ losses, network: session.network() });
    session.close();
    backend.close();
  }
  assert.deepEqual(found[1], found[0]);
  assert.ok(found[0].losses.every(Number.isFinite));
});

/** Tasks in a row, each of which writes noise to a place of its own. */
function noiseTasks(
  team: ReturnType<typeof openTeam>,
  count: number,
): { tasks: KernelTask[]; at: number[] } {
  const { memory } = team;
  const ids = memory.store(Uint32Array.of(1, 2, 3, 4));
  const at = Array.from({ length: count }, () => memory.allocate(16 * 4));
  const tasks = at.map((to, task): KernelTask => ({
    calls: [{ name: "singleNoise", values: [to, 4, ids, 4, task, 9, 1, 1] }],
    after: task > 0 ? [task - 1] : [],
  }));
  return { tasks, at };
}

Deno.test("a team runs every task once it may, whatever their number", () => {
  const team = openTeam(3);
  for (const count of [1, 7, 400, mostTasks, mostTasks + 1]) {
    const mark = team.memory.mark;
    const { tasks, at } = noiseTasks(team, count);
    for (const to of at) team.memory.floats(to, 16).fill(0);
    team.run(tasks);
    for (const [task, to] of at.entries()) {
      assert.notEqual(team.memory.floats(to, 16)[0], 0, `task ${task}`);
    }
    team.memory.release(mark);
  }
  team.close();
});

Deno.test("a team goes on in a larger memory, with what it held", async () => {
  const team = openTeam(3);
  const found: Float32Array[][] = [];
  const sizes: number[] = [];
  let before: number | undefined;
  for (const mebibytes of [0, 80, 0, 300]) {
    const mark = team.memory.mark;
    // Tasks write beyond what the memory before had room for.
    team.memory.allocate(mebibytes * 2 ** 20);
    const { tasks, at } = noiseTasks(team, 40);
    do {
      for (const to of at) team.memory.floats(to, 16).fill(0);
      team.run(tasks);
      found.push(at.map((to) => team.memory.floats(to, 16).slice()));
      await new Promise((resolve) => setTimeout(resolve, 1));
    } while (!team.isComplete);
    sizes.push(team.memory.run.memory.buffer.byteLength / 2 ** 20);
    team.memory.release(mark);
    before ??= team.memory.store(Uint32Array.of(20190612));
    assert.deepEqual([...team.memory.words(before, 1)], [20190612]);
  }
  assert.deepEqual(sizes, [64, 128, 128, 512]);
  for (const rows of found) assert.deepEqual(rows, found[0]);
  team.close();
});

Deno.test("a team whose task fails says so, and goes no further", () => {
  const team = openTeam(2);
  const { tasks } = noiseTasks(team, 3);
  const outside: KernelTask = {
    calls: [{ name: "totals", values: [2 ** 31, 1000, 4, 16, 0] }],
    after: [1],
  };
  const failing = [...tasks, outside, { calls: [], after: [3] }];
  assert.throws(() => team.run(failing), BackendError);
  assert.throws(() => team.run(tasks), BackendError);
  team.close();
});
