import assert from "node:assert/strict";
import { convert } from "../../lib/spiking/convert.ts";
import { simulate, simulateEach } from "../../lib/simulate/simulate.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import {
  simulateRate,
  simulateRateEach,
} from "../../lib/simulate/simulate_rate.ts";
import { withLastColumnTwice } from "../../lib/simulate/columns.ts";
import { fakeBackend, task } from "./spiking_fakes.ts";
import { layerOf, networkOf } from "./networks.ts";

const network = networkOf([layerOf(4, 2, 1)]);
const spiking = convert(network, { scalingFactor: 50 });
const quiet = () => fakeBackend(() => ({ output: 0 }));

Deno.test("simulate() runs a task's conditions in turn", async () => {
  const backend = quiet();
  const runs = await simulate(spiking, { task, trials: 5 }, {
    seed: 1,
    backend,
  });
  assert.deepEqual(runs.map((run) => run.condition), [
    "go",
    "stay",
    "go",
    "stay",
    "go",
  ]);
  const { trials, record } = backend.calls[0];
  assert.deepEqual(record, { outputs: true });
  assert.deepEqual(trials.map(({ columns }) => columns), [21, 21, 21, 21, 21]);
  assert.equal(runs[0].trace.steps, 2000);
  assert.equal(runs[0].trial?.target[19], 1);
  assert.deepEqual(trials.map(({ noise }) => noise.trial), [0, 1, 2, 3, 4]);
  assert.equal(new Set(trials.map(({ noise }) => noise.key)).size, 1);
  assert.equal(backend.closed, 0, "a backend that was given stays open");
});

Deno.test("simulate() gives a trial the same numbers whatever the chunks", async () => {
  const [whole, heavy] = [quiet(), quiet()];
  const request = { task, trials: 70 };
  await simulate(spiking, request, { seed: 7, backend: whole });
  await simulate(spiking, request, {
    seed: 7,
    backend: heavy,
    record: { voltages: 1, currents: 1, rates: 1 },
  });
  const trials = (backend: typeof whole) =>
    backend.calls.flatMap((call) => call.trials);
  assert.deepEqual(whole.calls.map((call) => call.trials.length), [32, 32, 6]);
  assert.deepEqual(trials(heavy), trials(whole));
  const other = quiet();
  await simulate(spiking, request, { seed: 8, backend: other });
  assert.notEqual(trials(other)[0].noise.key, trials(whole)[0].noise.key);
});

Deno.test("simulate() keeps heavy recordings of few trials at a time", async () => {
  const big = convert(networkOf([layerOf(200)]), { scalingFactor: 50 });
  const backend = quiet();
  const each = simulateEach(big, { task, trials: 100 }, {
    seed: 1,
    backend,
    record: { voltages: 1, rates: 1 },
  });
  // 2 × 200 × 2000 × 4 bytes a trial: at most 20 of them in 64 MiB.
  for (let taken = 1; taken <= 100; taken++) {
    assert.equal((await each.next()).done, false);
    // Nothing runs before what has run is taken.
    assert.equal(backend.calls.length, Math.ceil(taken / 20));
  }
  assert.equal((await each.next()).done, true);
  for (const { trials } of backend.calls) assert.equal(trials.length, 20);
});

Deno.test("simulate() takes stimuli as they are", async () => {
  const backend = quiet();
  const inputs = Float32Array.of(1, 2, 3);
  const initialVoltage = Float32Array.of(-65, -60, -55, -50);
  const [run] = await simulate(
    spiking,
    [{ inputs, columns: 3, condition: "mine" }],
    { seed: 1, backend, noiseScale: 0, initialVoltage },
  );
  assert.equal(run.condition, "mine");
  assert.equal(run.trace.steps, 200);
  const [trial] = backend.calls[0].trials;
  assert.equal(trial.inputs, inputs);
  assert.equal(trial.noise.scale, 0);
  assert.equal(trial.initialVoltage, initialVoltage);
});

Deno.test("simulate() perturbs: lesion, stimulation, initial weights", async () => {
  const backend = quiet();
  const initial = networkOf([{
    ...layerOf(4, 2, 1),
    weights: new Float32Array(16).fill(7),
  }]);
  await simulate(spiking, { task }, {
    seed: 1,
    backend,
    lesion: "SST",
    initialWeights: initial,
    stimulation: [
      { kind: "exc", units: "PV", window: { from: 25, to: 50 } },
      { kind: "inh", units: [0], window: { from: 0, to: 1, unit: "steps" } },
    ],
  });
  const { network: given, trials } = backend.calls[0];
  assert.deepEqual([...given.rate.layers[0].weights.slice(0, 4)], [7, 7, 0, 7]);
  assert.equal(given.rate.readout.weights[0][2], 0);
  assert.deepEqual(
    trials[0].stimulation?.map(({ kind, units, from, to }) => [
      kind,
      units,
      from,
      to,
    ]),
    [["exc", [3], 500, 1000], ["inh", [0], 0, 100]],
  );
});

Deno.test("simulate() says what is wrong before it simulates", async () => {
  const cases: [() => Promise<unknown>, string, RegExp][] = [];
  const add = (
    name: string,
    message: RegExp,
    trials: Parameters<typeof simulate>[1],
    options: Partial<Parameters<typeof simulate>[2]> = {},
  ) =>
    cases.push([
      () =>
        simulate(spiking, trials, { seed: 1, backend: quiet(), ...options }),
      name,
      message,
    ]);
  const inputs = new Float32Array(21);
  add("TypeError", /2 channels × 21 columns\), the network has 1 channel/, [
    { inputs: new Float32Array(42), columns: 21 },
  ]);
  add("TypeError", /has 1 column/, [{ inputs, columns: 1 }]);
  add("TypeError", /task fake: it has 2 channels \(a, b\)/, {
    task: { ...task, channels: ["a", "b"] },
  });
  add("RangeError", /mapped for steps of 5 ms, the task's take 20 ms/, {
    task: { ...task, stepMs: 20 },
  });
  add("RangeError", /condition "maybe": task fake has go, stay/, {
    task,
    conditions: ["maybe"],
  });
  add("RangeError", /simulate 0 trials/, { task, trials: 0 });
  add("RangeError", /simulate 0 trials/, []);
  add("RangeError", /stimulus holds NaN/, [
    { inputs: inputs.map(() => NaN), columns: 21 },
  ]);
  const one = [{ inputs, columns: 21 }];
  add("RangeError", /window 50:150 ms.*trial's 0:100 ms/, one, {
    stimulation: { kind: "exc", units: "E", window: { from: 50, to: 150 } },
  });
  add("RangeError", /population/, one, {
    // deno-lint-ignore no-explicit-any
    lesion: "VIP" as any,
  });
  add("RangeError", /noise scaled by -1/, one, { noiseScale: -1 });
  add("RangeError", /record voltages at every 0 steps/, one, {
    record: { voltages: 0 },
  });
  add("TypeError", /start from 3 voltages/, one, {
    initialVoltage: new Float32Array(3),
  });
  add("RangeError", /start unit 1 at NaN mV/, one, {
    initialVoltage: Float32Array.of(0, NaN, 0, 0),
  });
  add("RangeError", /random stream: seed -1/, one, { seed: -1 });
  for (const [run, name, message] of cases) {
    await assert.rejects(run, { name, message });
  }
});

Deno.test("simulate() stops when told, between chunks", async () => {
  const stop = new AbortController();
  const backend = fakeBackend(() => {
    stop.abort();
    return { output: 0 };
  });
  await assert.rejects(
    simulate(spiking, { task, trials: 100 }, {
      seed: 1,
      backend,
      signal: stop.signal,
    }),
    { name: "AbortError" },
  );
  assert.equal(backend.calls.length, 1);
});

Deno.test("simulate() asks a sandboxed task for a chunk at once", async () => {
  const asked: number[] = [];
  const remote = {
    ...task,
    trials(requests: Parameters<NonNullable<typeof task.trials>>[0]) {
      asked.push(requests.length);
      return Promise.resolve(
        requests.map(({ random, condition }) => task.trial(random, condition)),
      );
    },
  };
  const [near, far] = [quiet(), quiet()];
  await simulate(spiking, { task, trials: 40 }, { seed: 1, backend: near });
  await simulate(spiking, { task: remote, trials: 40 }, {
    seed: 1,
    backend: far,
  });
  assert.deepEqual(asked, [32, 8]);
  assert.deepEqual(
    far.calls.map((call) => call.trials),
    near.calls.map((call) => call.trials),
  );
});

Deno.test("simulateRate() gives the same stimuli and perturbations", async () => {
  const backend = quiet();
  const options = { seed: 3, backend, lesion: "SST" } as const;
  const runs = await simulateRate(network, { task, trials: 40 }, {
    ...options,
    noiseScale: 0.5,
    stimulation: { kind: "inh", units: "PV", window: { from: 25, to: 50 } },
  });
  const twins = await simulate(spiking, { task, trials: 40 }, options);
  assert.equal(runs.length, 40);
  assert.deepEqual(
    runs.map((run) => run.trial),
    twins.map((run) => run.trial),
  );
  assert.equal(backend.opened[0].readout.weights[0][2], 0);
  const [trial] = backend.rateTrials;
  const inhibits = { units: [3], from: 5, to: 10, amount: -1 };
  assert.deepEqual(trial.stimulation, [inhibits]);
  assert.equal(trial.steps, 20);
  assert.ok("key" in trial.noise && trial.noise.scale === 0.5);
  const pulse = (from: number) => ({
    kind: "exc" as const,
    units: "E" as const,
    window: { from, to: from + 5 },
  });
  const several = quiet();
  await simulateRate(network, { task, trials: 1 }, {
    seed: 1,
    backend: several,
    stimulation: [pulse(0), pulse(50)],
  });
  assert.deepEqual(
    [several.rateTrials[0].stimulation!].flat().map(({ from }) => from),
    [0, 10],
  );
});

Deno.test("withLastColumnTwice() lets the last column go on", () => {
  const u = Float32Array.of(1, 2, 3, 4, 5, 6);
  assert.deepEqual(
    [...withLastColumnTwice(u, 2, 3)],
    [1, 2, 3, 3, 4, 5, 6, 6],
  );
});

Deno.test("simulate() is called with a task as evaluate() is", async () => {
  const backend = quiet();
  const options = { seed: 1, backend };
  const request = { task, trials: 3, conditions: ["go"] };
  const [old, now] = [
    await simulate(spiking, request, options),
    await simulate(spiking, task, { ...options, trials: 3, condition: "go" }),
  ];
  assert.deepEqual(now, old);
  assert.deepEqual(now.map(({ condition }) => condition), ["go", "go", "go"]);
  const each = simulateRateEach(network, task, { ...options, trials: 2 });
  assert.deepEqual(
    (await Array.fromAsync(each)).map(({ condition }) => condition),
    ["go", "stay"],
  );
  const stimulus = { inputs: new Float32Array(21), columns: 21 };
  await assert.rejects(
    simulate(spiking, [stimulus], { ...options, trials: 3 }),
    { name: "RangeError", message: /trials or conditions of stimuli/ },
  );
});

Deno.test("evaluate() and evaluateSpiking() take perturbations", async () => {
  const backend = fakeBackend(() => ({ output: 0 }));
  const stimulation = {
    kind: "exc",
    units: [3],
    window: { from: 25, to: 50 },
  } as const;
  const options = { seed: 1, trials: 2, backend, lesion: "SST", stimulation };
  await evaluate(network, task, { ...options, lesion: "SST" });
  assert.equal(backend.opened[0].readout.weights[0][2], 0);
  assert.equal([backend.rateTrials[0].stimulation!].flat()[0].from, 5);
  await evaluateSpiking(spiking, task, { ...options, lesion: "SST" });
  const [{ network: twin, trials }] = backend.calls;
  assert.equal(twin.rate.readout.weights[0][2], 0);
  assert.equal(trials[0].stimulation?.[0].from, 500);
});
