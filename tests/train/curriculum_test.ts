/** Easier tasks before the one that is to be learned. */
import assert from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { shorterDelays } from "../../lib/tasks/curriculum.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import { presets } from "../../lib/train/presets.ts";
import { Stages, stagesOf } from "../../lib/train/stages.ts";
import { checkResumes, follow } from "./follow.ts";

const task = getTask("xor", { T: 80, stim_on: 10, stim_dur: 10, delay: 20 });
const lessons = (delays: number[]) =>
  shorterDelays(task, delays).map((timing) => getTask("xor", timing));
/** Met by every evaluation. */
const easy = { loss: 1e6, performance: -1, trials: 0 };

function run(options: Partial<TrainOptions>, stopAt?: number) {
  const network = createNetwork({ channels: 2, units: 20 }, randomStream(1));
  const all = { seed: 1, updates: 20, evalEvery: 3, evalTrials: 4, ...options };
  return follow(network, task, all, stopAt);
}

Deno.test("shorterDelays() shortens the trial as much as the delay", () => {
  assert.deepEqual(shorterDelays(task, [0, 5, 20, 30]), [
    { ...task.timing, delay: 0, T: 60 },
    { ...task.timing, delay: 5, T: 65 },
  ]);
  assert.deepEqual(shorterDelays(getTask("go-nogo"), [0, 5]), []);
  assert.deepEqual(shorterDelays(task, []), []);
});

Deno.test("train() begins with the easier tasks, and counts the task's own evaluations", async () => {
  const { evaluated, reason, update, firstMet, model } = await run({
    curriculum: lessons([0, 5]),
    noiseLevels: [1, 2],
    stopping: easy,
  });
  const seen = evaluated.map(({ update, lesson, example }) => {
    const { target, outputs, rates, stimuli } = example;
    assert.equal(outputs.length, target.length - 1);
    assert.equal(rates.length, 20 * target.length);
    assert.equal(stimuli![1].from, target.length - 40, "of this delay");
    return [update, lesson, target.length];
  });
  assert.deepEqual(seen, [
    [2, 1, 60],
    [5, 2, 65],
    [8, undefined, 80],
    [11, undefined, 80],
  ]);
  assert.deepEqual([reason, update, firstMet], ["criterion", 11, 8]);
  assert.deepEqual(model.task, { name: "xor", timing: task.timing });
  assert.deepEqual(
    model.training!.evaluations
      .map(({ update, noiseLevel, lesson }) => [update, noiseLevel, lesson]),
    [[2, 1, 1], [5, 1, 2], [8, 1, undefined], [11, 2, undefined]],
  );
});

Deno.test("train() makes the updates of a lesson on its task", async () => {
  const never = { stopping: { ...easy, performance: 1 }, updates: 4 };
  const [easier] = lessons([5]);
  const network = createNetwork({ channels: 2, units: 20 }, randomStream(1));
  const options = { seed: 1, evalEvery: 3, evalTrials: 4, ...never };
  const { losses: alone } = await follow(network, easier, options);
  const { losses } = await run({ ...never, curriculum: [easier] });
  assert.deepEqual(losses, alone);
  assert.notDeepEqual((await run(never)).losses, alone);
});

Deno.test("train() resumed within a curriculum gives the same bits", async () => {
  const options = {
    curriculum: lessons([0, 5]),
    stopping: easy,
    checkpoints: true,
  };
  assert.equal(await checkResumes((resume) => run({ ...options, resume })), 4);
});

Deno.test("train() that ends within a lesson has met nothing", async () => {
  const curriculum = lessons([5]);
  const options = { curriculum, stopping: { ...easy, performance: 1 } };
  const limit = await run({ ...options, updates: 6 });
  const { reason, firstMet, kept, model } = limit;
  assert.deepEqual([reason, firstMet, kept], ["limit", undefined, undefined]);
  assert.equal(model.trial!.target.length, 80, "a trial of the task itself");
  const interrupted = await run(options, 6);
  assert.equal(interrupted.reason, "interrupted");
  assert.deepEqual(interrupted.model.network, model.network);
  // Met in the lesson alone is not met.
  const left = await run({ curriculum, stopping: easy, updates: 4 });
  assert.deepEqual([left.reason, left.firstMet, left.kept], [
    "limit",
    undefined,
    undefined,
  ]);
});

Deno.test("train() refuses a curriculum of another kind", async () => {
  for (const name of ["mante", "dms"]) {
    await assert.rejects(run({ curriculum: [getTask(name)] }), {
      name: "TypeError",
      message: new RegExp(`^Cannot train on task xor after ${name}: `),
    });
  }
});

Deno.test("Stages judges a lesson by its own task", () => {
  const [easier] = lessons([5]);
  const strict = { ...easier, stopping: { ...easy, loss: 1 } };
  const both = stagesOf({ ...task, stopping: { ...easy, loss: 5 } }, {
    curriculum: [strict],
    noiseLevels: [1],
  });
  const stages = new Stages(both, { rule: "paper", batch: 1 });
  const record = { update: 2, performance: 1, strict: 1, loss: 3 };
  assert(!stages.take(record));
  assert.equal(stages.current.lesson, 1);
  assert(!stages.take({ ...record, loss: 0.5 }));
  assert.equal(stages.current.lesson, undefined);
  assert(stages.take(record));
  assert(stages.done);
});

Deno.test("presets learn a short delay first, the paper's does not", () => {
  const delays = Object.entries(presets).map(([name, { delays }]) =>
    [name, delays] as const
  );
  assert.deepEqual(Object.fromEntries(delays), {
    robust: [10],
    fast: [10],
    paper: [],
  });
});
