import assert from "node:assert/strict";
import { currentStatistics } from "../../lib/analysis/current_statistics.ts";
import {
  synapticCurrents,
  synapticFilter,
} from "../../lib/analysis/currents.ts";
import type { SpikeTrains } from "../../lib/analysis/activity.ts";
import {
  prepareNetwork,
  prepareTrial,
} from "../../lib/backend/spiking_network.ts";
import { simulateTrial64 } from "../../lib/kernels/lif/reference.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { SpikingNetwork } from "../../lib/network/spiking.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { CourseMemory } from "../cli/course_memory.ts";
import { SpikingGatherer } from "../../lib/runs/simulated.ts";
import { perturbedSpiking } from "../../lib/simulate/run.ts";
import { simulate, simulateEach } from "../../lib/simulate/simulate.ts";
import { convert, type ConvertOptions } from "../../lib/spiking/convert.ts";

const units = 20;

function twinOf(options: Partial<ConvertOptions> = {}): SpikingNetwork {
  const network = createNetwork({ units, channels: 1 }, randomStream(3));
  return convert(network, {
    scalingFactor: 25,
    calibration: {
      units: {
        bias: Float64Array.from({ length: units }, (_, i) => i % 3),
        gain: Float64Array.from({ length: units }, (_, i) => 1 + i / 40),
      },
    },
    ...options,
  });
}

function trainsOf(
  spikes: { readonly steps: Uint32Array; readonly units: Uint32Array },
  steps: number,
  dt: number,
): SpikeTrains {
  return {
    trials: 1,
    units,
    durationMs: steps * dt,
    trial: new Uint32Array(spikes.units.length),
    unit: spikes.units,
    time: Float64Array.from(spikes.steps, (step) => step * dt),
    conditions: ["go"],
  };
}

for (
  const [name, options] of Object.entries<Partial<ConvertOptions>>({
    "double exponential": {},
    "single exponential": { synapse: "single" },
    "alpha function": { synapse: "alpha" },
    "no filter": { synapse: "none" },
    "coarser steps": { downsample: 2 },
    "rise as long as decay": { rise: 20 },
  })
) {
  Deno.test(`synapticCurrents() add up to the current of the model: ${name}`, () => {
    const base = createNetwork({
      units,
      channels: 1,
      ...(name.startsWith("rise") && { taus: [4] as const }),
    }, randomStream(3));
    const twin = name.startsWith("rise")
      ? convert(base, { scalingFactor: 25, ...options })
      : twinOf(options);
    const columns = 41;
    const network = prepareNetwork(twin);
    // Without a filter a current lasts one step.
    const every = name === "no filter" ? 1 : Math.round(1 / twin.dt);
    const trace = simulateTrial64(
      network,
      prepareTrial(network, {
        inputs: new Float32Array(columns).fill(2),
        columns,
        noise: { key: 7, trial: 0 },
      }, 0),
      { outputs: false, spikes: true, voltages: 0, currents: every, rates: 0 },
    );
    const spikes = trainsOf(trace.spikes!, trace.steps, twin.dt);
    assert.ok(spikes.time.length > 50);
    const { samples, excitatory, inhibitory } = synapticCurrents(
      synapticFilter(twin),
      spikes,
      0,
      every * twin.dt,
    );
    assert.equal(samples, trace.steps / every);
    const largest = Math.max(...Array.from(trace.currents!, Math.abs));
    assert.ok(largest > 0.1);
    trace.currents!.forEach((current, at) => {
      const sum = excitatory[at] + inhibitory[at];
      assert.ok(
        Math.abs(sum - current) < 1e-10 * largest,
        `sample ${at}: ${sum} is not ${current}`,
      );
    });
    assert.ok(
      excitatory.every((mv) => mv >= 0) && excitatory.some((mv) => mv > 0),
    );
    assert.ok(
      inhibitory.every((mv) => mv <= 0) && inhibitory.some((mv) => mv < 0),
    );
  });
}

Deno.test("synapticCurrents() add up to what simulate() records, in single precision", async () => {
  const twin = twinOf();
  const columns = 41;
  const [{ trace }] = await simulate(twin, [
    { inputs: new Float32Array(columns).fill(1), columns },
  ], { seed: 2, record: { spikes: true, currents: 20 } });
  const { excitatory, inhibitory } = synapticCurrents(
    synapticFilter(twin),
    trainsOf(trace.spikes!, trace.steps, twin.dt),
    0,
  );
  const largest = Math.max(...Array.from(trace.currents!, Math.abs));
  trace.currents!.forEach((current, at) =>
    assert.ok(
      Math.abs(excitatory[at] + inhibitory[at] - current) < 1e-4 * largest,
    )
  );
});

Deno.test("synapticCurrents() says what is wrong", () => {
  const filter = synapticFilter(twinOf());
  const none = { steps: new Uint32Array(), units: new Uint32Array() };
  const spikes = trainsOf(none, 4000, 0.05);
  assert.throws(() => synapticCurrents(filter, spikes, 0, 0.07), {
    name: "RangeError",
    message:
      "Cannot sample currents every 0.07 ms: a multiple of the integration " +
      "step of 0.05 ms is needed",
  });
  assert.throws(() => synapticCurrents(filter, spikes, 1), /there are 1/);
  assert.throws(
    () => synapticCurrents(filter, { ...spikes, units: 3 }, 0),
    { name: "TypeError" },
  );
});

Deno.test("currentStatistics(): balance, correlation and lag of currents that are known", async () => {
  // Unit 0 excites unit 2; unit 1 fires 5 ms after it each time and inhibits
  // unit 2 half as strongly.
  const size = 3;
  const weights = new Float64Array(size * size);
  weights[0 * size + 2] = 1;
  weights[1 * size + 2] = -0.5;
  const random = randomStream(1);
  const times = Array.from(
    { length: 40 },
    (_, k) => 20 * k + 50 + 10 * random.uniform(k),
  );
  const spikes = times.flatMap((time) => [[0, time], [1, time + 5]])
    .sort((a, b) => a[1] - b[1]);
  const found = await currentStatistics(
    {
      units: size,
      dt: 0.05,
      kind: "double",
      rise: 2,
      decay: [20, 20, 20],
      weights,
    },
    {
      trials: 1,
      units: size,
      durationMs: 1000,
      trial: new Uint32Array(spikes.length),
      unit: Uint32Array.from(spikes, ([unit]) => unit),
      time: Float64Array.from(
        spikes,
        ([, time]) => Math.round(time / 0.05) * 0.05,
      ),
      conditions: ["go"],
    },
    { window: { from: 100, to: 900 }, binMs: 10 },
  );
  assert.ok(Math.abs(found.balance[2] - 2) < 0.02);
  assert.equal(found.lag[2], 5);
  assert.ok(found.correlation[2] > 0.99);
  assert.ok(
    Number.isNaN(found.balance[0]) && Number.isNaN(found.correlation[0]),
  );
  // Bins hold the same current as the window.
  const inWindow = found.excitatory.subarray(2 * 100 + 10, 2 * 100 + 90)
    .reduce((sum, mv) => sum + mv / 80, 0);
  assert.ok(Math.abs(inWindow - found.meanExcitatory[2]) < 1e-9);
  await assert.rejects(
    currentStatistics(
      synapticFilter(twinOf()),
      trainsOf(
        { steps: new Uint32Array(), units: new Uint32Array() },
        4000,
        0.05,
      ),
      { window: { from: 0, to: 30 }, binMs: 10 },
    ),
    /it must be longer than the lags/,
  );
});

Deno.test("files of simulated trials hold both currents, of the lesioned network as it ran", async () => {
  const twin = twinOf();
  const columns = 41;
  const stimuli = [{ inputs: new Float32Array(columns).fill(1), columns }];
  for (const lesion of [undefined, "I"] as const) {
    const run = { seed: 2, lesion };
    const every = 40;
    const courses = new CourseMemory(1);
    const gatherer = new SpikingGatherer(twin, courses, undefined, {
      filter: synapticFilter(perturbedSpiking(twin, run).network),
      every,
    });
    const record = { outputs: true, spikes: true, currents: every };
    for await (const trial of simulateEach(twin, stimuli, { ...run, record })) {
      await gatherer.add(trial);
    }
    const { currents, excitatory_currents, inhibitory_currents } = courses
      .arrays();
    assert.deepEqual(excitatory_currents.shape, [1, units, 100]);
    const largest = Math.max(...Array.from(currents.data, Math.abs));
    currents.data.forEach((mv, at) => {
      const sum = excitatory_currents.data[at] + inhibitory_currents.data[at];
      assert.ok(Math.abs(sum - mv) < 1e-3 * largest);
    });
    assert.equal(inhibitory_currents.data.some((mv) => mv < 0), !lesion);
  }
});
