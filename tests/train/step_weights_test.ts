import assert from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { stepWeights } from "../../lib/train/step_weights.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import { train } from "../../lib/train/train.ts";

const task = getTask("go-nogo");
const trialOf = (condition: string) => task.trial(randomStream(1), condition);
const sum = (numbers: Float32Array) => numbers.reduce((a, b) => a + b, 0);

Deno.test("stepWeights() gives the answer its share, and are 1 on average", () => {
  const { from, to } = task.windows.strict;
  const weights = stepWeights(trialOf("go"), task, 0.8);
  assert.equal(weights.length, task.steps - 1);
  assert(Math.abs(sum(weights) / weights.length - 1) < 1e-5);
  // Steps count from 0, weights from step 1.
  const answer = weights.subarray(from - 1, to - 1);
  assert(Math.abs(sum(answer) / weights.length - 0.8) < 1e-5);
  assert.equal(new Set(answer).size, 1);
  assert.equal(new Set(weights).size, 2);
  assert(answer[0] > weights[0]);
});

Deno.test("stepWeights() are alike where no answer is due, or nothing else", () => {
  const alike = new Float32Array(task.steps - 1).fill(1);
  assert.deepEqual(stepWeights(trialOf("nogo"), task, 0.8), alike);
  for (const strict of [{ from: 0, to: task.steps }, { from: 9, to: 9 }]) {
    const { steps } = task;
    const windows = { ...task.windows, strict };
    assert.deepEqual(
      stepWeights(trialOf("go"), { steps, windows }, 0.8),
      alike,
    );
  }
});

async function run(options: Partial<TrainOptions>) {
  const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
  const losses: number[] = [];
  const evaluations: number[] = [];
  const all = { seed: 1, updates: 4, batch: 4, evalTrials: 4, ...options };
  for await (const event of train(network, task, all)) {
    if (event.kind === "trained") losses.push(event.loss);
    if (event.kind === "evaluated") evaluations.push(event.score.loss);
    if (event.kind === "stopped") {
      return { losses, evaluations, network: event.model.network };
    }
  }
  throw new Error("did not stop");
}

Deno.test("train() weighs the answer as it is told, and evaluates without", async () => {
  const plain = await run({});
  assert.deepEqual(await run({ answerShare: 0 }), plain);
  const weighted = await run({ answerShare: 0.9 });
  assert.notDeepEqual(weighted.network, plain.network);
  // An untrained output is near 0: it misses the answer of a Go trial alone.
  assert(weighted.losses[0] > plain.losses[0]);
  // The first evaluation comes after two updates, which changed little.
  const [with_, without] = [weighted.evaluations[0], plain.evaluations[0]];
  assert(Math.abs(with_ - without) < 0.05 * without, `${with_}, ${without}`);
});

Deno.test("train() refuses a share that is none", async () => {
  for (const answerShare of [-0.1, 1, NaN]) {
    await assert.rejects(run({ answerShare }), {
      name: "RangeError",
      message: /answerShare is .*, allowed: numbers of 0 or more and below 1/,
    });
  }
});
