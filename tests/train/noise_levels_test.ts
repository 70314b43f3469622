import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import type {
  Backend,
  RateParameters,
  RateSession,
} from "../../lib/backend/types.ts";
import { parametersOf } from "../../lib/backend/wiring.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import {
  decodeCheckpoint,
  encodeCheckpoint,
} from "../../lib/train/checkpoint.ts";
import { meets } from "../../lib/train/criteria.ts";
import type { TrainingState } from "../../lib/records/training_state.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import { Stages, stagesOf } from "../../lib/train/stages.ts";
import { TrainingTrials } from "../../lib/train/trials.ts";
import { checkResumes, follow } from "./follow.ts";

const task = getTask("go-nogo");
const rule = {
  loss: 1,
  performance: 0.9,
  trials: 0,
  rule: "paper",
  batch: 1,
} as const;
/** Met by every evaluation. */
const easy = { loss: 1e6, performance: -1, trials: 0 };

function evaluation(update: number, met: boolean) {
  return { update, performance: met ? 1 : 0, strict: 1, loss: 0.5 };
}

function run(options: Partial<TrainOptions>) {
  const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
  const all = { seed: 1, updates: 20, evalEvery: 3, evalTrials: 4, ...options };
  return follow(network, task, all);
}

const levels = (noiseLevels: number[]) =>
  stagesOf(task, { curriculum: [], noiseLevels });

Deno.test("Stages goes on where the criteria are met, and never back", () => {
  const stages = new Stages(levels([1, 2, 4]), rule);
  const seen: number[] = [];
  for (const met of [false, true, false, true, false, true]) {
    assert(!stages.done);
    seen.push(stages.current.noise);
    const verdict = stages.take(evaluation(seen.length, met));
    assert.equal(verdict, met ? "met" : undefined);
  }
  assert.deepEqual(seen, [1, 1, 2, 2, 4, 4]);
  assert(stages.done);
  assert.equal(stages.current.noise, 4);
  assert.equal(stages.firstMet, 2);
});

Deno.test("Stages stands after earlier evaluations where it stood before", () => {
  const records = [true, false, true].map((met, i) => evaluation(i + 1, met));
  const again = new Stages(levels([1, 3, 5]), rule, records);
  assert.equal(again.current.noise, 5);
  assert.equal(again.firstMet, 1);
  assert(!again.done);
});

Deno.test("train() goes through the levels of noise, one an evaluation that meets the rule", async () => {
  const { evaluated, reason, update, firstMet } = await run({
    noiseLevels: [1, 2, 4],
    stopping: easy,
  });
  assert.deepEqual(
    evaluated.map(({ update, noiseLevel }) => [update, noiseLevel]),
    [[2, 1], [5, 2], [8, 4]],
  );
  assert.deepEqual([reason, update, firstMet], ["criterion", 8, 2]);
  assert.deepEqual(evaluated.map(({ last }) => last), [
    undefined,
    undefined,
    true,
  ]);
});

Deno.test("train() without the last level met ends at its limit, with the network that met one last", async () => {
  const options = { stopping: easy, checkpoints: true };
  const whole = await run({ ...options, noiseLevels: [1, 2, 4], updates: 7 });
  const { reason, update, firstMet, kept } = whole;
  assert.deepEqual([reason, update, firstMet, kept], ["limit", 7, 2, 5]);
  assert(whole.evaluated.every(({ last }) => last === undefined));
  const short = await run({ ...options, noiseLevels: [1, 2] });
  assert.equal(short.reason, "criterion");
  assert.equal(short.kept, undefined);
  assert.deepEqual(whole.model.network, short.model.network);
  const { outcome, ...training } = whole.model.training!;
  const { outcome: ended, ...shortly } = short.model.training!;
  assert.deepEqual(training, shortly);
  assert.deepEqual(outcome, { ...ended, reason: "limit" });
  assert.deepEqual(whole.model.trial, short.model.trial);

  // What is kept is kept by checkpoints too.
  const { name, timing } = task;
  for (const state of whole.states) {
    const { state: resume } = decodeCheckpoint(encodeCheckpoint({
      state,
      seed: 1,
      task: { name, timing, fingerprint: "" },
      settings: {},
    }));
    assert.deepEqual(resume, state);
    const rest = await run({
      ...options,
      noiseLevels: [1, 2, 4],
      updates: 7,
      resume,
    });
    assert.equal(rest.kept, 5);
    assert.deepEqual(rest.model.network, whole.model.network);
    assert.deepEqual(rest.model.training, whole.model.training);
  }

  const never = await run({
    stopping: { ...easy, performance: 1 },
    updates: 3,
  });
  assert.deepEqual([never.reason, never.kept], ["limit", undefined]);
});

Deno.test("train() makes the updates of a level with its noise", async () => {
  const never = { stopping: { ...easy, performance: 1 }, updates: 3 };
  const usual = await run(never);
  assert.deepEqual(
    (await run({ ...never, noiseLevels: [1] })).losses,
    usual.losses,
  );
  const still = await run({ ...never, noiseLevels: [0] });
  assert.notDeepEqual(still.losses, usual.losses);

  const trials = new TrainingTrials(task, {
    seed: 1,
    batch: 2,
    updates: 5,
    answerShare: 0,
  });
  const [once] = await trials.ofUpdate(3);
  const [twice] = await trials.ofUpdate(3, 2);
  assert("key" in once.noise && "key" in twice.noise);
  assert.deepEqual(twice, { ...once, noise: { ...once.noise, scale: 2 } });
});

Deno.test("train() resumed between two levels gives the same bits", async () => {
  const options = { noiseLevels: [1, 2, 4], stopping: easy, checkpoints: true };
  assert.equal(await checkResumes((resume) => run({ ...options, resume })), 4);
});

Deno.test("train() refuses levels of noise that are none", async () => {
  for (const noiseLevels of [[], [1, -1], [NaN]]) {
    await assert.rejects(run({ noiseLevels }), {
      name: "RangeError",
      message: /noiseLevels is \[.*\], allowed: 1 to 20 numbers of 0 or more/,
    });
  }
});

Deno.test("meets() counts performance by the rule asked for", () => {
  const record = { update: 5, performance: 1, strict: 0.8, loss: 0.5 };
  assert(meets(record, rule));
  assert(!meets(record, { ...rule, rule: "strict" }));
  assert(meets({ ...record, strict: 0.95 }, { ...rule, rule: "strict" }));
  assert(!meets({ ...record, strict: NaN }, { ...rule, rule: "strict" }));
  assert(!meets(record, { ...rule, loss: 0.5 }));
  // Trials are counted from 0: update 5 with 2 trials each ends with trial 9.
  assert(meets(record, { ...rule, trials: 8, batch: 2 }));
  assert(!meets(record, { ...rule, trials: 9, batch: 2 }));
});

Deno.test("train() stops by the rule asked for", async () => {
  const least = { stopping: { ...easy, performance: 1 - 1e-9 } };
  // A network of 20 untrained units is right in no more than half the trials.
  const stopped = await run({ ...least, updates: 3, criterion: "strict" });
  assert.equal(stopped.reason, "limit");
  await assert.rejects(run({ criterion: "loose" as "strict" }), {
    message: /criterion is loose, allowed: strict, paper/,
  });
});

Deno.test("Stages says when what was learned is lost, three times at most", () => {
  const verdicts = (performances: readonly number[], loss = 0.5) => {
    const stages = new Stages(levels([1, 2, 4]), rule);
    const found = performances.map((performance, update) =>
      stages.take({ update, performance, strict: 0, loss })
    );
    return { found, step: stages.step };
  };
  // The rule asks for 0.9: below 0.45, twice in a row, all is lost.
  assert.deepEqual(verdicts([0.1, 0.1, 0.1]).found, [
    ...[undefined, undefined, undefined],
  ]);
  assert.deepEqual(verdicts([1, 0.4, 0.5, 0.4, 0.4, 0.4]), {
    found: ["met", undefined, undefined, undefined, "lost", undefined],
    step: 0.5,
  });
  const hopeless = verdicts([1, ...new Array(10).fill(0)]);
  assert.equal(hopeless.found.filter((each) => each === "lost").length, 3);
  assert.equal(hopeless.step, 0.125);
});

/** A backend on which no network survives updates with the usual step. */
async function fragile(step: number): Promise<Backend> {
  const backend = await openBackend();
  return {
    ...backend,
    async open(network) {
      const session = await backend.open(network);
      return {
        ...sessionOf(session),
        async update(trials, loss, adam) {
          const isStrong = "key" in trials[0].noise &&
            trials[0].noise.scale === 2;
          const result = await session.update(trials, loss, adam);
          if (isStrong && adam.learningRate >= step) {
            session.set(withoutOutput(session.network()));
          }
          return result;
        },
      };
    },
  };
}

/** A session's methods as functions of their own. */
function sessionOf(session: RateSession): RateSession {
  return {
    run: (trials, record) => session.run(trials, record),
    gradient: (trials, loss) => session.gradient(trials, loss),
    update: (trials, loss, adam) => session.update(trials, loss, adam),
    network: () => session.network(),
    optimiser: () => session.optimiser(),
    set: (parameters) => session.set(parameters),
    restore: (state) => session.restore(state),
    close: () => session.close(),
  };
}

/** The parameters of a network whose output is far from every target. */
function withoutOutput(network: RateNetwork): RateParameters {
  return { ...parametersOf(network), bias: -100 };
}

Deno.test("train() goes back where stronger noise has destroyed what was learned", async () => {
  const options: Partial<TrainOptions> = {
    noiseLevels: [1, 2],
    // Untrained networks are right where nothing is to be answered.
    stopping: { loss: 1e6, performance: 0.1, trials: 0 },
    learningRate: 0.01,
    updates: 30,
    evalTrials: 10,
    checkpoints: true,
  };
  const usual = async (resume?: TrainingState) =>
    await run({ ...options, resume, backend: await fragile(0.004) });
  const { evaluated, reason, update, model } = await usual();
  assert.deepEqual(
    evaluated.map(({ update, returned }) => [update, returned]),
    [
      [2, undefined],
      [5, undefined],
      [8, { to: 2, learningRate: 0.005 }],
      [11, undefined],
      [14, { to: 2, learningRate: 0.0025 }],
      [17, undefined],
    ],
  );
  assert.deepEqual([reason, update], ["criterion", 17]);
  assert(model.network.readout.bias > -1);
  // A run that goes on from a checkpoint goes back likewise.
  assert.equal(await checkResumes(usual), 7);
  const last = await run({ ...options, backend: await fragile(0) });
  assert.deepEqual([last.reason, last.update, last.kept], ["limit", 30, 2]);
  const returns = last.evaluated.filter(({ returned }) => returned);
  assert.deepEqual(returns.map(({ update }) => update), [8, 14, 20]);
});
