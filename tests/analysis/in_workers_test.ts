/** Parts of analyses in threads: the same numbers as in one. */
import assert from "node:assert/strict";
import { currentPower } from "../../lib/analysis/current_power.ts";
import { currentStatistics } from "../../lib/analysis/current_statistics.ts";
import type { SynapticFilter } from "../../lib/analysis/currents.ts";
import { crossTemporal } from "../../lib/analysis/decoding.ts";
import {
  inWorkers,
  shareable,
  sharedTrains,
  spans,
} from "../../lib/analysis/in_workers.ts";
import { meanSynchrony, synchrony } from "../../lib/analysis/synchrony.ts";
import { conditionVariables } from "../../lib/analysis/variables.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { conditionNames, sampleActivity } from "./samples.ts";

const units = 5;
const trials = 6;
const durationMs = 700;
const random = randomStream(8);
const count = 900;
const trains = {
  ...{ trials, units, durationMs },
  trial: Uint32Array.from({ length: count }, (_, k) => Math.floor(k / 150)),
  unit: Uint32Array.from({ length: count }, (_, k) => k % units),
  time: Float64Array.from(
    { length: count },
    (_, k) => 0.05 * Math.round(((k % 150) + random.uniform(k)) * 90),
  ),
  conditions: ["a", "b", "a", "b", "a", "b"],
};
const filter: SynapticFilter = {
  ...{ units, dt: 0.05, kind: "double", rise: 2 },
  decay: [20, 40, 60, 80, 100],
  weights: Float64Array.from(
    { length: units * units },
    (_, k) => random.normal(k),
  ),
};
const window = { from: 100, to: durationMs };
const two = { workers: 2 };

Deno.test("crossTemporal() decodes the same in two threads", async () => {
  const activity = sampleActivity({ units: 6, bins: 5, each: 10 });
  const variables = conditionVariables({
    conditions: conditionNames,
    channels: ["stimulus 1", "stimulus 2"],
  });
  const told: number[] = [];
  const shared = await crossTemporal(activity, variables, {
    ...two,
    progress: (done, total) => {
      assert.equal(total, 5);
      told.push(done);
      return Promise.resolve();
    },
  });
  assert.deepEqual(shared, await crossTemporal(activity, variables));
  assert.equal(told.at(-1), 5);
});

Deno.test("currentStatistics() and currentPower() are the same in two threads", async () => {
  const options = { window, binMs: 10 };
  assert.deepEqual(
    await currentStatistics(filter, trains, { ...options, ...two }),
    await currentStatistics(filter, trains, options),
  );
  const spectrum = { window, segmentMs: 200 };
  const power = await currentPower(filter, trains, spectrum);
  assert.ok(power.density.every((value) => value > 0));
  assert.deepEqual(
    await currentPower(filter, trains, { ...spectrum, ...two }),
    power,
  );
});

Deno.test("synchrony() is the mean over trials that threads share", async () => {
  const parts = spans(trials, 4);
  const found = await inWorkers(
    "synchrony",
    parts.map((span) => ({
      ...{ trains: sharedTrains(trains, 2), window, rise: 2, ...span },
      decay: filter.decay,
    })),
    two,
  );
  assert.equal(
    meanSynchrony(found.flat()),
    synchrony(trains, window, { rise: 2, decay: filter.decay }),
  );
});

Deno.test("inWorkers() hands on what a job throws, in any thread, and stops by its signal", async () => {
  // A class of one trial has no covariance.
  const job = {
    ...{ trials: 2, units: 1, bins: 1, from: 0, to: 1 },
    values: Float64Array.of(1, 2),
    numbers: Uint32Array.of(0, 1),
    folds: Uint8Array.of(0, 1),
    classes: [[0, 1]],
  };
  const message =
    /Cannot fit a discriminant to a class of \d trials?: at least 2/;
  for (const workers of [1, 2]) {
    await assert.rejects(
      inWorkers("decoding", [job, job], { workers }),
      message,
    );
    const signal = AbortSignal.abort();
    await assert.rejects(
      currentStatistics(filter, trains, {
        ...{ window, binMs: 10, workers, signal },
      }),
      { name: "AbortError" },
    );
  }
});

Deno.test("spans() divides as equally as can be, and never into nothing", () => {
  assert.deepEqual(spans(5, 2), [{ from: 0, to: 2 }, { from: 2, to: 5 }]);
  assert.equal(spans(3, 8).length, 3);
  assert.deepEqual(spans(3, 8).at(-1), { from: 2, to: 3 });
});

Deno.test("shareable() copies numbers to memory that threads share", () => {
  const values = Float64Array.of(1, 2, 3);
  assert.equal(shareable(values), values);
  const shared = shareable(values, 2);
  assert.deepEqual([...shared], [1, 2, 3]);
  assert.ok(shared.buffer as ArrayBufferLike instanceof SharedArrayBuffer);
});
