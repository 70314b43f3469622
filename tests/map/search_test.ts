import assert from "node:assert/strict";
import type { Progress } from "../../lib/records/events.ts";
import { defaultFactors } from "../../lib/network/scaling_factor.ts";
import { searchScalingFactor } from "../../lib/map/search.ts";
import {
  type FakeBackend,
  fakeBackend,
  task,
} from "../simulate/spiking_fakes.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";
import { graded, network, search } from "../simulate/searching.ts";

Deno.test("searchScalingFactor() runs a trial more for those who want to look", async () => {
  const spiking = (examples: boolean) => {
    const asked: unknown[] = [];
    const silent = fakeBackend((_, trial) => {
      asked.push(trial.inputs.some((u) => u > 0));
      return { output: 0 };
    });
    const spikes = { steps: Uint32Array.of(20), units: Uint32Array.of(3) };
    const backend: FakeBackend = {
      ...silent,
      async simulate(network, trials, record) {
        const traces = await silent.simulate(network, trials, record);
        return traces.map((trace) =>
          record.spikes ? { ...trace, spikes } : trace
        );
      },
    };
    return { asked, backend, examples, factors: [20, 50], trials: 2 };
  };
  const plain = spiking(false);
  const seen = spiking(true);
  const without = await search(plain);
  const { events, record } = await search(seen);
  assert.deepEqual(record, without.record);
  assert.equal(plain.asked.length, 4);
  assert.equal(seen.asked.length, 6);
  for (const event of without.events) assert.ok(!("example" in event));
  for (const event of events.slice(0, 2)) {
    assert.ok(event.kind === "factor" && event.example);
    assert.equal(event.example.condition, task.conditions[0]);
    // The 20th step of 0.05 ms.
    assert.deepEqual(event.example.times, Float32Array.of(1));
    assert.deepEqual(event.example.units, Uint32Array.of(3));
    assert.deepEqual(event.example.populations, [
      { type: "E", units: [0, 1] },
      { type: "PV", units: [3] },
      { type: "SST", units: [2] },
    ]);
  }
});

Deno.test("defaultFactors() are the paper's, and for lif its own", () => {
  assert.deepEqual(
    defaultFactors("sigmoid"),
    [20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75],
  );
  for (const activation of ["softplus", "clipped_relu"] as const) {
    assert.deepEqual(
      defaultFactors(activation),
      [4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26],
    );
  }
  // Its rates are firing rates, in units of 50 Hz.
  assert.deepEqual(defaultFactors("lif"), [50]);
});

Deno.test("searchScalingFactor() tries every factor, then says what it found", async () => {
  const backend = graded();
  const { events, record } = await search({ backend });
  assert.deepEqual(
    events.map((event) => event.kind),
    [...Array(12).fill("factor"), "mapped"],
  );
  events.slice(0, 12).forEach((event, k) => {
    assert.ok(event.kind === "factor");
    assert.deepEqual([event.done, event.total], [k + 1, 12]);
    assert.equal(event.factor, 20 + 5 * k);
    assert.equal(event.score.paper.trials, 8);
  });
  assert.deepEqual(record.factors, defaultFactors("sigmoid"));
  assert.equal(record.chosen, 50);
  assert.equal(record.select, "strict");
  assert.deepEqual(record.plateau, [35, 40, 45, 50, 55, 60, 65, 70]);
  assert.equal(record.failures, undefined);
  assert.equal(backend.closed, 0);
  assert.deepEqual(JSON.parse(JSON.stringify(record.settings)), {
    task: "fake",
    seed: 1,
    trials: 8,
    allTrials: false,
    neuron: {
      name: "lif",
      tauMembrane: 10,
      refractory: 2,
      reset: -65,
      peak: -40,
      bias: -40,
    },
    synapse: { kind: "double", rise: 2 },
    stepMs: 5,
    dt: 0.05,
    initialWeights: false,
    backend: "fake",
  });
});

Deno.test("searchScalingFactor() takes the first of equals by the paper's rule", async () => {
  const { record } = await search({ backend: graded(), select: "paper" });
  assert.equal(record.chosen, 20);
  assert.equal(record.select, "paper");
});

Deno.test("searchScalingFactor() tries all factors on the same trials and noise", async () => {
  const backend = graded();
  await search({ backend, trials: 50, factors: [20, 50, 70] });
  const byFactor = new Map<unknown, unknown[]>();
  for (const { network, trials } of backend.calls) {
    const list = byFactor.get(network.factor) ?? [];
    list.push(...trials);
    byFactor.set(network.factor, list);
  }
  assert.deepEqual([...byFactor.keys()], [20, 50, 70]);
  const [first, ...others] = byFactor.values();
  assert.equal(first.length, 50);
  for (const other of others) assert.deepEqual(other, first);
});

Deno.test("searchScalingFactor() does not depend on the order of factors", async () => {
  const factors = [20, 45, 70, 50];
  const forth = await search({ backend: graded(), factors });
  const back = await search({
    backend: graded(),
    factors: factors.toReversed(),
  });
  assert.deepEqual(back.record.scores.toReversed(), forth.record.scores);
  assert.equal(back.record.chosen, forth.record.chosen);
});

Deno.test("searchScalingFactor() maps as it is told", async () => {
  const backend = graded();
  const initialWeights = networkOf([{
    ...layerOf(4, 2, 1),
    weights: new Float32Array(16).fill(7),
  }]);
  const { record } = await search({
    backend,
    factors: [50],
    neuron: "qif",
    synapse: "single",
    refractory: 1,
    downsample: 2,
    initialWeights,
  });
  const [{ network: mapped }] = backend.calls;
  assert.equal(mapped.neuron.name, "qif");
  assert.equal(mapped.neuron.refractory, 1);
  assert.equal(mapped.synapse.kind, "single");
  assert.equal(mapped.dt, 0.1);
  assert.equal(mapped.rate.layers[0].weights[0], 7);
  assert.equal(record.settings.initialWeights, true);
});

Deno.test("searchScalingFactor() refines between the best and its better neighbour", async () => {
  const { events, record } = await search({
    backend: graded(),
    factors: [20, 40, 56, 75],
    refine: true,
  });
  // 56 is off by 0.11, 40 by 0.25; then 48 is off by 0.04, 52 by 0.04, …
  assert.deepEqual(record.factors, [20, 40, 56, 75, 48, 52, 50]);
  assert.equal(record.chosen, 50);
  assert.ok(events.every((event) => !("total" in event) || event.total === 7));
});

Deno.test("searchScalingFactor() reports a failed factor and goes on", async () => {
  const { events, record } = await search({
    backend: graded([50, 55]),
    factors: [45, 50, 55, 60],
  });
  assert.deepEqual(
    events.map((event) => event.kind),
    ["factor", "factorFailed", "factorFailed", "factor", "mapped"],
  );
  const failed = events[1];
  assert.ok(failed.kind === "factorFailed");
  assert.match(failed.error, /factor 50 is out of memory/);
  assert.deepEqual([failed.done, failed.total], [2, 4]);
  assert.deepEqual(record.factors, [45, 60]);
  assert.equal(record.chosen, 45);
  assert.deepEqual(record.failures, [
    { factor: 50, message: "factor 50 is out of memory" },
    { factor: 55, message: "factor 55 is out of memory" },
  ]);
});

Deno.test("searchScalingFactor() takes outputs that are no numbers for a failure", async () => {
  const backend = fakeBackend((spiking) => ({
    output: spiking.factor === 20 ? NaN : 0,
  }));
  const { record } = await search({ backend, factors: [20, 50] });
  assert.deepEqual(record.factors, [50]);
  assert.equal(record.failures?.[0].factor, 20);
});

Deno.test("searchScalingFactor() fails where every factor does", async () => {
  await assert.rejects(
    search({ backend: graded([45, 50]), factors: [45, 50] }),
    /factor 45 is out of memory/,
  );
});

Deno.test("searchScalingFactor() goes on where it was stopped", async () => {
  const whole = await search({ backend: graded(), trials: 40, refine: true });
  const stop = new AbortController();
  const seen: Progress[] = [];
  await assert.rejects(async () => {
    for await (
      const event of searchScalingFactor(network, task, {
        seed: 1,
        trials: 40,
        backend: graded(),
        refine: true,
        signal: stop.signal,
      })
    ) {
      seen.push(event);
      // All factors have run 12 trials, and some 18.
      if (seen.length === 20) stop.abort();
    }
  }, { name: "AbortError" });
  const done = seen.filter((event) => event.kind === "factor");
  const backend = graded();
  const options = { trials: 40, refine: true };
  const rest = await search({ ...options, backend, resume: done });
  assert.deepEqual(rest, whole);
  // The first 12 trials of each are known.
  const { calls } = backend;
  assert.ok(calls.slice(0, 5).every(({ trials }) => trials.length < 12));
});

Deno.test("searchScalingFactor() does not take scores of another size", async () => {
  const few = await search({ backend: graded(), factors: [50], trials: 4 });
  const backend = graded();
  await search({
    backend,
    factors: [50],
    resume: [{ factor: 50, score: few.record.scores[0] }],
  });
  assert.equal(backend.calls.length, 1);
});

Deno.test("searchScalingFactor() says what is wrong at once", async () => {
  const bad: [Parameters<typeof search>[0], string, RegExp][] = [
    [{ factors: [] }, "RangeError", /no scaling factors/],
    [{ factors: [0] }, "RangeError", /a scaling factor of 0/],
    [{ factors: [20, -5] }, "RangeError", /a scaling factor of -5/],
    [{ factors: [20, 20] }, "RangeError", /20 is given twice/],
    [{ trials: 0 }, "RangeError", /simulate 0 trials/],
    // deno-lint-ignore no-explicit-any
    [{ select: "best" as any }, "RangeError", /allowed are strict, paper/],
    // deno-lint-ignore no-explicit-any
    [{ neuron: "hh" as any }, "RangeError", /allowed are lif, qif, eif/],
    [{ seed: 0.5 }, "RangeError", /seed 0.5/],
  ];
  for (const [options, name, message] of bad) {
    const backend = graded();
    await assert.rejects(search({ backend, ...options }), { name, message });
    assert.equal(backend.calls.length, 0);
  }
  await assert.rejects(
    Array.fromAsync(
      searchScalingFactor(network, { ...task, channels: ["a", "b"] }, {
        seed: 1,
        backend: graded(),
      }),
    ),
    { name: "TypeError", message: /2 channels \(a, b\), the network has 1/ },
  );
});
