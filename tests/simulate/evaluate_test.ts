import assert from "node:assert/strict";
import type { RateTrial } from "../../lib/backend/types.ts";
import { DivergedError } from "../../lib/network/diverged.ts";
import { TaskError } from "../../lib/errors.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import {
  evaluateSpiking,
  evaluateTogether,
} from "../../lib/simulate/evaluate_spiking.ts";
import { evaluateTrials } from "../../lib/simulate/evaluate_trials.ts";
import type { SpikingTrial } from "../../lib/network/spiking.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { fakeBackend, network, spikingNetwork } from "./fakes.ts";

/** A rate output that follows the target. */
const follow = (trial: RateTrial) =>
  Float32Array.from(trial.target!.subarray(0, trial.steps - 1));

/** A Go-NoGo output of spikes that is 0.9 from the cue on if there was one. */
function answerCue({ inputs, columns }: SpikingTrial) {
  const outputs = new Float32Array((columns - 1) * 100);
  if (inputs.some((u) => u !== 0)) outputs.fill(0.9, 7500);
  return { outputs, spikeCounts: Uint32Array.of(1, 2, 3, 4, 5) };
}

Deno.test("evaluate() reports both rules, conditions, error and loss", async () => {
  const { backend, asked } = fakeBackend({
    rate: (trial) => follow(trial).map((z) => 1.25 * z),
  });
  const task = getTask("go-nogo");
  const score = await evaluate(network(1), task, {
    seed: 1,
    balanced: true,
    trials: 10,
    backend,
  });
  assert.deepEqual([score.paper.correct, score.strict.correct], [10, 10]);
  const [go, nogo] = score.conditions;
  assert.deepEqual([go.condition, nogo.condition], ["go", "nogo"]);
  assert.deepEqual([go.paper.trials, nogo.paper.trials], [5, 5]);
  assert.deepEqual([go.outputError, nogo.outputError], [0.25, 0]);
  assert.deepEqual([go.meanOutput, nogo.meanOutput], [1.25, 0]);
  // Go: 124 outputs that are 0.25 off; NoGo: none.
  assert.ok(Math.abs(score.loss - Math.sqrt(124) * 0.25 / 2) < 1e-9);
  const { loss } = await evaluate(network(1), task, {
    seed: 1,
    balanced: true,
    trials: 10,
    backend,
    loss: "l1",
  });
  assert.equal(loss, 124 * 0.25 / 2);
  assert.equal(asked.sessionsClosed, 2);
  assert.equal(asked.closed, 0);
});

Deno.test("evaluate() draws conditions at random by default", async () => {
  const { backend } = fakeBackend({ rate: follow });
  const task = getTask("xor");
  const run = (options: object) =>
    evaluate(network(2), task, { seed: 1, trials: 100, backend, ...options });
  const counts = (await run({})).conditions.map(({ paper }) => paper.trials);
  assert.equal(counts.length, 4);
  assert.ok(counts.some((n) => n !== 25));
  const balanced = (await run({ balanced: true })).conditions;
  assert.ok(balanced.every(({ paper }) => paper.trials === 25));
  const one = (await run({ condition: "same:--" })).conditions;
  assert.deepEqual(one.map((c) => c.condition), ["same:--"]);
  const two = await run({ condition: ["same:--", "different:+-"] });
  assert.deepEqual(two.conditions.map((c) => c.paper.trials), [50, 50]);
});

Deno.test("evaluate() gives trial i whatever the number of trials", async () => {
  const task = getTask("mante");
  const run = async (trials: number) => {
    const { backend, asked } = fakeBackend({ rate: follow });
    const done: number[] = [];
    await evaluate(network(4), task, {
      seed: 3,
      trials,
      backend,
      onProgress: (event) => done.push(event.done),
    });
    assert.equal(done.at(-1), trials);
    assert.ok(asked.rateCalls.every((call) => call.trials <= 64));
    return asked.rateTrials;
  };
  const many = await run(150);
  const few = await run(3);
  assert.deepEqual(few, many.slice(0, 3));
  const counters = many.map(({ noise }) => "trial" in noise && noise.trial);
  assert.deepEqual(counters, many.map((_, i) => i));
});

Deno.test("evaluate() hands on the noise's scale", async () => {
  const { backend, asked } = fakeBackend({ rate: follow });
  await evaluate(network(1), getTask("go-nogo"), {
    seed: 1,
    trials: 2,
    noiseScale: 0,
    backend,
  });
  for (const { noise } of asked.rateTrials) {
    assert.ok("key" in noise && noise.scale === 0);
  }
});

Deno.test("evaluate() refuses outputs that diverged", async () => {
  let trials = 0;
  const { backend, asked } = fakeBackend({
    rate(trial) {
      const outputs = follow(trial);
      if (trials++ === 7) outputs[3] = NaN;
      return outputs;
    },
  });
  await assert.rejects(
    evaluate(network(1), getTask("go-nogo"), {
      seed: 1,
      backend,
      condition: "go",
    }),
    new DivergedError(
      "Cannot evaluate the network: its output 3 in trial 7 (go) is NaN, " +
        "finite numbers are needed",
    ),
  );
  assert.equal(asked.sessionsClosed, 1);
});

Deno.test("evaluate() and evaluateSpiking() refuse what does not fit", async () => {
  const { backend } = fakeBackend({ rate: follow, spiking: answerCue });
  const task = getTask("go-nogo");
  const runs = [
    (options: object) =>
      evaluate(network(1), task, { seed: 1, backend, ...options }),
    (options: object) =>
      evaluateSpiking(spikingNetwork(1, 5), task, {
        seed: 1,
        backend,
        ...options,
      }),
  ];
  for (const run of runs) {
    for (const trials of [0, -1, 1.5, NaN]) {
      await assert.rejects(run({ trials }), RangeError);
    }
    await assert.rejects(run({ noiseScale: -1 }), RangeError);
    await assert.rejects(run({ seed: -1 }), RangeError);
    await assert.rejects(
      run({ condition: "Go" }),
      new TaskError(
        'Cannot evaluate condition "Go": task go-nogo has go, nogo',
      ),
    );
    await assert.rejects(run({ condition: "go", balanced: true }), RangeError);
    await assert.rejects(run({ condition: [] }), RangeError);
    await assert.rejects(
      run({ signal: AbortSignal.abort() }),
      { name: "AbortError" },
    );
  }
  await assert.rejects(
    evaluate(network(2), task, { seed: 1, backend }),
    new TypeError(
      "Cannot evaluate the network on task go-nogo: it has 2 input " +
        "channels, the task has 1 (cue)",
    ),
  );
  await assert.rejects(
    evaluateSpiking(spikingNetwork(1, 20), task, { seed: 1, backend }),
    /mapped for steps of 20 ms, the task's take 5 ms/,
  );
});

Deno.test("evaluateTrials() records the last trial's rates alone", async () => {
  const { backend, asked } = fakeBackend({ rate: follow });
  const session = await backend.open(network(1));
  const trials = [];
  for await (
    const evaluated of evaluateTrials(session, getTask("go-nogo"), {
      random: randomStream(1),
      trials: 66,
      ratesOfLast: true,
    })
  ) trials.push(evaluated);
  assert.deepEqual(
    asked.rateCalls.map(({ trials, rates }) => [trials, rates]),
    [[64, false], [1, false], [1, true]],
  );
  assert.deepEqual(trials.map(({ index }) => index), [...Array(66).keys()]);
  assert.ok(trials.slice(0, -1).every(({ trace }) => !trace.rates));
  assert.equal(trials.at(-1)!.trace.rates!.length, 200);
});

Deno.test("evaluateSpiking() reports scores, and rates by population in Hz", async () => {
  const { backend, asked } = fakeBackend({ spiking: answerCue });
  const score = await evaluateSpiking(
    spikingNetwork(1, 5),
    getTask("go-nogo"),
    { seed: 1, trials: 8, balanced: true, backend },
  );
  assert.deepEqual([score.paper.value, score.strict.value], [1, 1]);
  assert.ok(Number.isNaN(score.loss));
  assert.ok(Math.abs(score.conditions[0].outputError - 0.1) < 1e-6);
  // One spike or more a unit in a trial of 1 s: units 0 and 2 are excitatory,
  // 1 and 3 SST, 4 PV.
  assert.deepEqual(score.rates, {
    excitatory: 2,
    inhibitory: 11 / 3,
    sst: 3,
    pv: 5,
  });
  assert.equal(asked.closed, 0);
});

Deno.test("evaluateSpiking() gives one column more, a copy of the last", async () => {
  const { backend, asked } = fakeBackend({
    spiking: ({ columns }) => ({
      outputs: new Float32Array((columns - 1) * 100),
      spikeCounts: new Uint32Array(5),
    }),
  });
  const task = getTask("mante");
  await evaluateSpiking(spikingNetwork(4, 5), task, {
    seed: 1,
    trials: 1,
    condition: "context2:++",
    backend,
  });
  const [{ inputs, columns }] = asked.spikingTrials;
  assert.equal(columns, 501);
  assert.equal(inputs.length, 4 * 501);
  const lastColumn = [0, 1, 2, 3].map((c) => inputs[c * 501 + 500]);
  assert.deepEqual(lastColumn, [0, 0, 0, 1]);
});

Deno.test("evaluate() and evaluateSpiking() use the same trials", async () => {
  const { backend, asked } = fakeBackend({
    rate: follow,
    spiking: ({ columns }) => ({
      outputs: new Float32Array((columns - 1) * 400),
      spikeCounts: new Uint32Array(5),
    }),
  });
  const task = getTask("dms");
  const options = { seed: 9, trials: 40, backend };
  await evaluate(network(2), task, options);
  const spiking = await evaluateSpiking(spikingNetwork(2, 20), task, options);
  assert.equal(spiking.rates!.excitatory, 0);
  asked.spikingTrials.forEach(({ inputs }, i) => {
    const rows = [0, 1].map((c) => inputs.subarray(c * 201, c * 201 + 200));
    assert.deepEqual(
      Float32Array.from(rows.flatMap((row) => [...row])),
      asked.rateTrials[i].inputs,
    );
  });
  assert.ok(asked.spikingCalls.every((trials) => trials <= 32));
});

Deno.test("evaluateTogether() runs no more trials than are enough", async () => {
  const { backend, asked } = fakeBackend({ spiking: answerCue });
  const seen: number[] = [];
  const [found] = await evaluateTogether(
    [spikingNetwork(1, 5)],
    getTask("go-nogo"),
    {
      seed: 1,
      balanced: true,
      trials: 100,
      backend,
      enough: ([{ strict }]) => {
        assert.equal(strict.correct, strict.trials);
        seen.push(strict.trials);
        return strict.trials >= 60;
      },
    },
  );
  assert.deepEqual(seen, [32, 64]);
  assert.deepEqual(asked.spikingCalls, [32, 32]);
  assert.ok(found.status === "fulfilled");
  assert.equal(found.value.strict.trials, 64);
});

Deno.test("evaluateSpiking() bounds what it holds at once", async () => {
  const { backend, asked } = fakeBackend({
    spiking: ({ columns }) => ({
      outputs: new Float32Array((columns - 1) * 100),
      spikeCounts: new Uint32Array(5),
    }),
  });
  const task = getTask("go-nogo", { T: 60_000 });
  await evaluateSpiking(spikingNetwork(1, 5), task, {
    seed: 1,
    trials: 4,
    backend,
  });
  assert.deepEqual(asked.spikingCalls, [2, 2]);
});

Deno.test("evaluateSpiking() refuses outputs that diverged", async () => {
  const { backend } = fakeBackend({
    spiking: () => ({
      outputs: new Float32Array(20000).fill(Infinity),
      spikeCounts: new Uint32Array(5),
    }),
  });
  await assert.rejects(
    evaluateSpiking(spikingNetwork(1, 5), getTask("go-nogo"), {
      seed: 1,
      backend,
    }),
    DivergedError,
  );
});
