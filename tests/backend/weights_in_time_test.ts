/** Weights that change within a trial, on every backend. */
import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type { Backend, RateTrace, RateTrial } from "../../lib/backend/types.ts";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import { modify } from "../../lib/network/modify.ts";
import type { SpikingTrial } from "../../lib/network/spiking.ts";
import type { RateNetwork, WeightsFrom } from "../../lib/network/types.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { smallNetwork, smallTrial } from "../kernels/lif_networks.ts";
import { testWith } from "../require.ts";

const steps = 30;
const network = smallNetwork({ sizes: [14, 9], channels: 2, seed: 3 });
const weak = modify(network, [
  { from: "all", to: "all", kind: "scale", amount: 0.2 },
]);
const mixed = modify(network, [{ from: "all", to: "all", kind: "shuffle" }]);
const changes: WeightsFrom[] = [
  { from: 7, network: weak },
  { from: 12, network: mixed },
  { from: 21 },
];

function rateTrials(count: number, weights?: WeightsFrom[]): RateTrial[] {
  return Array.from({ length: count }, (_, trial) => ({
    inputs: Float32Array.from({ length: 2 * steps }, (_, k) => Math.sin(k)),
    steps,
    noise: { key: 5, trial },
    ...(weights && { weights }),
  }));
}

const record = { states: true, rates: true };

async function runOn(
  backend: Backend,
  of: RateNetwork,
  trials: readonly RateTrial[],
): Promise<RateTrace[]> {
  const session = await backend.open(of);
  try {
    return await session.run(trials, record);
  } finally {
    session.close();
  }
}

Deno.test("a rate network's weights change within the trial, bit for bit as on the reference", async () => {
  for (const workers of [1, 2]) {
    const backend = await openBackend({ name: "simd", workers });
    for (const count of [1, 3, 40]) {
      const trials = rateTrials(count, changes);
      const reference = referenceSession(network, { precision: "float32" });
      assert.deepEqual(
        await runOn(backend, network, trials),
        await reference.run(trials, record),
      );
    }
    // Networks with and without changes go side by side.
    const both = [...rateTrials(2, changes), ...rateTrials(2)];
    assert.deepEqual(await runOn(backend, network, both), [
      ...await runOn(backend, network, both.slice(0, 2)),
      ...await runOn(backend, network, both.slice(2)),
    ]);
    backend.close();
  }
});

Deno.test("weights of the whole trial are those of a network that has them; before they begin nothing is different", async () => {
  const backend = await openBackend();
  for (const count of [1, 3]) {
    const whole = rateTrials(count, [{ from: 0, network: mixed }]);
    assert.deepEqual(
      await runOn(backend, network, whole),
      await runOn(backend, mixed, rateTrials(count)),
    );
    const [plain] = await runOn(backend, network, rateTrials(count));
    const later = rateTrials(count, [{ from: 9, network: mixed }]);
    const [changed] = await runOn(backend, network, later);
    const first = plain.states!.findIndex((x, k) => x !== changed.states![k]);
    assert.equal(first, 9, "of unit 0, and so of all units at once");
    for (let unit = 0; unit < 23; unit++) {
      const row = (trace: RateTrace) =>
        trace.states!.slice(unit * steps, unit * steps + 9);
      assert.deepEqual(row(changed), row(plain));
    }
  }
  backend.close();
});

Deno.test("weights that change are refused where they mean nothing", async () => {
  const backend = await openBackend();
  const session = await backend.open(network);
  const [trial] = rateTrials(1, changes);
  const target = new Float32Array(steps);
  await assert.rejects(session.gradient([{ ...trial, target }], "l2"), {
    name: "RangeError",
    message: /weights change within the trial/,
  });
  const twice = [changes[0], changes[0]];
  await assert.rejects(session.run(rateTrials(1, twice)), {
    name: "RangeError",
    message: /each above the one before/,
  });
  const other = smallNetwork({ sizes: [4], channels: 2, seed: 3 });
  const foreign = rateTrials(1, [{ from: 1, network: other }]);
  await assert.rejects(session.run(foreign), { name: "TypeError" });
  session.close();
  backend.close();
});

// Strong synapses, as no mapping has them, so that much happens.
const spiking = { ...convert(network, { scalingFactor: 50 }), factor: 0.5 };
const spikingRecord = { outputs: true, spikes: true };
const spikingChanges: WeightsFrom[] = [
  { from: 102, network: weak },
  { from: 205, network: mixed },
  { from: 300 },
];

function spikingTrials(count: number, weights?: WeightsFrom[]): SpikingTrial[] {
  return Array.from(
    { length: count },
    (_, k) =>
      smallTrial(spiking, k, {
        columns: 6,
        noise: { key: 99, trial: k },
        weights,
      }),
  );
}

Deno.test("a spiking network's weights change within the trial, bit for bit as on the reference", async () => {
  const backend = await openBackend({ name: "simd", workers: 2 });
  const run = (trials: SpikingTrial[], of = spiking) =>
    backend.simulate(of, trials, spikingRecord);
  const trials = [...spikingTrials(3, spikingChanges), ...spikingTrials(2)];
  const found = await run(trials);
  assert.deepEqual(
    found,
    simulateReference(spiking, trials, spikingRecord, "float32"),
  );
  assert.notDeepEqual(found[0].outputs, found[3].outputs);
  const whole = spikingTrials(2, [{ from: 1, network: mixed }]);
  const twin = { ...spiking, rate: mixed };
  assert.deepEqual(await run(whole), await run(spikingTrials(2), twin));
  // In double precision too, spike by spike, until rounding decides one.
  const [exact] = simulateReference(spiking, whole, spikingRecord, "float64");
  const [same] = simulateReference(
    twin,
    spikingTrials(1),
    spikingRecord,
    "float64",
  );
  assert.deepEqual(exact, same);
  backend.close();
});

testWith(
  "webgpu",
  "weights change within the trial on webgpu as on simd",
  async () => {
    const gpu = await openWebGpuBackend();
    const simd = await openBackend();
    const trials = [...rateTrials(3, changes), ...rateTrials(2)];
    const found = await runOn(gpu, network, trials);
    (await runOn(simd, network, trials)).forEach(({ outputs }, b) =>
      outputs.forEach((o, k) =>
        assert.ok(Math.abs(found[b].outputs[k] - o) < 1e-4, `${b} ${k}`)
      )
    );
    const ready = [...spikingTrials(2, spikingChanges), ...spikingTrials(2)];
    const [a, b] = await Promise.all(
      [gpu, simd].map((backend) =>
        backend.simulate(spiking, ready, spikingRecord)
      ),
    );
    a.forEach((trace, k) => {
      // Rounding differs, so that later spikes may: the first ones are the same.
      const first = b[k].spikes!.steps.findIndex((step) => step >= 150);
      assert.deepEqual(
        trace.spikes!.steps.slice(0, first),
        b[k].spikes!.steps.slice(0, first),
      );
    });
    gpu.close();
    simd.close();
  },
);
