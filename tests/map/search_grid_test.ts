/** Searches that hand a whole grid to a backend in one go. */
import assert from "node:assert/strict";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import type { Progress } from "../../lib/records/events.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { searchScalingFactor } from "../../lib/map/search.ts";
import { testWith } from "../require.ts";
import { type FakeBackend, task } from "../simulate/spiking_fakes.ts";
import { graded, network, search } from "../simulate/searching.ts";

/** The same backend as one that runs at once what is asked for at once. */
function gathering(backend: FakeBackend): FakeBackend & { most: number } {
  let running = 0;
  const gathers: FakeBackend & { most: number } = {
    ...backend,
    gathers: true,
    most: 0,
    async simulate(network, trials, record) {
      gathers.most = Math.max(gathers.most, ++running);
      await new Promise((resolve) => setTimeout(resolve));
      running--;
      return await backend.simulate(network, trials, record);
    },
  };
  return gathers;
}

Deno.test("searchScalingFactor() asks for a whole grid at once where that is one go", async () => {
  for (const fail of [[], [20, 50]]) {
    const alone = await search({
      backend: graded(fail),
      trials: 40,
      refine: true,
    });
    const backend = gathering(graded(fail));
    const together = await search({ backend, trials: 40, refine: true });
    assert.equal(backend.most, 12);
    // Calls of the grid hold all trials up to the race's first look.
    assert.ok(backend.calls.slice(0, 12).every((c) => c.trials.length === 8));
    assert.deepEqual(together, alone);
  }
});

Deno.test("searchScalingFactor() goes on with what is left of a grid", async () => {
  const whole = await search({ backend: graded() });
  const resume = whole.events.filter((event) => event.kind === "factor")
    .filter((_, k) => k % 3 !== 1);
  const backend = gathering(graded());
  const rest = await search({ backend, resume });
  assert.equal(backend.most, 4);
  assert.equal(backend.calls.length, 4);
  assert.deepEqual(rest, whole);
});

Deno.test("searchScalingFactor() can be stopped in the middle of a grid", async () => {
  const stop = new AbortController();
  const backend = gathering(graded());
  const { simulate } = backend;
  backend.simulate = (network, trials, record) => {
    stop.abort();
    return simulate(network, trials, record);
  };
  const seen: Progress[] = [];
  await assert.rejects(async () => {
    const trials = 5000;
    const options = { seed: 1, trials, factors: [40, 50], backend };
    const events = searchScalingFactor(network, task, {
      ...options,
      signal: stop.signal,
    });
    for await (const event of events) seen.push(event);
  }, { name: "AbortError" });
  // What was found in a go is told even when it is to be the last.
  assert.equal(seen.length, 2);
  assert.equal(backend.calls.length, 2);
});

testWith(
  "webgpu",
  "searchScalingFactor() on webgpu runs a grid in one batch",
  async () => {
    const backend = await openWebGpuBackend();
    const { gpu } = backend;
    const exclusive = gpu.exclusive.bind(gpu);
    let batches = 0;
    gpu.exclusive = (task) => {
      batches++;
      return exclusive(task);
    };
    const short = { ...task, stepMs: 1 };
    const options = { seed: 1, trials: 4, backend, factors: [20, 50, 75] };
    const events = await Array.fromAsync(
      searchScalingFactor(network, short, options),
    );
    assert.equal(batches, 1);
    const found = events.filter((event) => event.kind === "factor");
    assert.deepEqual(found.map(({ factor }) => factor), [20, 50, 75]);
    for (const { factor, score } of found) {
      const twin = convert(network, { scalingFactor: factor, stepMs: 1 });
      const alone = await evaluateSpiking(twin, short, {
        ...options,
        balanced: true,
      });
      assert.deepEqual(score, alone);
    }
    backend.close();
  },
);
