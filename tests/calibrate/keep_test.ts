/** Which steps of a calibration are kept. */
import assert from "node:assert/strict";
import { calibrate } from "../../lib/calibrate/calibrate.ts";
import { decide, tryCalibration } from "../../lib/calibrate/keep.ts";
import type { Calibration } from "../../lib/network/spiking.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";
import { fakeBackend, task } from "../simulate/spiking_fakes.ts";

const spiking = convert(networkOf([layerOf(4, 2)]), { scalingFactor: 50 });

/** A calibration that says by its offset which one it is. */
const named = (offset: number): Calibration => ({
  readout: { gainExcitatory: 1, gainInhibitory: 1, offset },
});

/**
 * Networks that are right in the shares given: of the trials at the model's
 * noise, and at one and a half times it.
 */
function backendOf(
  shares: Readonly<Record<number, { usual: number; noisy: number }>>,
) {
  return fakeBackend((network, { inputs, noise }) => {
    const share = shares[network.calibration?.readout?.offset ?? 0];
    const right = noise.scale === 1.5 ? share.noisy : share.usual;
    const wanted = inputs.some((u) => u > 0) ? 1 : 0;
    // Of every 100 trials as many are right as the share says, spread over them.
    const place = 2 * (37 * noise.trial % 50) +
      Math.floor(noise.trial / 50) % 2;
    return { output: place < 100 * right ? wanted : 1 - wanted };
  });
}

async function decided(
  before: { usual: number; noisy: number },
  after: { usual: number; noisy: number },
  trials = 100,
) {
  const backend = backendOf({ 0: before, 1: after });
  const validation = { seed: 1, trials, backend };
  const [first, second] = [
    await tryCalibration(spiking, task, {}, validation),
    await tryCalibration(spiking, task, named(1), validation),
  ];
  return await decide(spiking, task, {
    before: first,
    after: second,
    validation,
  });
}

Deno.test("decide() keeps what is better beyond chance", async () => {
  const before = { usual: 0.8, noisy: 0.5 };
  const kept = await decided(before, { usual: 0.9, noisy: 0.5 });
  assert.ok(kept.kept);
  assert.equal(kept.p, 2 * 0.5 ** 10);
  assert.deepEqual(
    kept.robustness.map(({ name, before, after }) => [
      name,
      before,
      after,
    ]),
    [
      ["noise ×0.5", 0.8, 0.9],
      ["noise ×1.5", 0.5, 0.5],
      ["5 % of synapses cut", 0.8, 0.9],
    ],
  );
  // 2 of 100 may be chance, 8 of 400 are not.
  assert.ok((await decided(before, { usual: 0.82, noisy: 0.5 })).kept);
  assert.ok(!(await decided(before, { usual: 0.81, noisy: 0.5 })).kept);
  assert.ok(!(await decided(before, { usual: 0.7, noisy: 0.9 })).kept);
  assert.ok(!(await decided(before, before)).kept, "no better");
});

Deno.test("decide() leaves out what is better and more fragile", async () => {
  const found = await decided(
    { usual: 0.9, noisy: 0.85 },
    { usual: 1, noisy: 0.05 },
  );
  assert.ok(!found.kept);
  const [half, more, cut] = found.robustness;
  assert.deepEqual([half.worse, more.worse, cut.worse], [false, true, false]);
  // Halfway, after 50 trials, there is no doubt left.
  assert.deepEqual([more.before, more.after], [0.86, 0.06]);
  assert.ok(more.p < 1e-6);
});

Deno.test("evaluateSpiking() takes several strengths of the noise in turn", async () => {
  const scales: number[] = [];
  const backend = fakeBackend((_, { noise }) => {
    scales.push(noise.scale!);
    return { output: 0 };
  });
  await evaluateSpiking(spiking, task, {
    seed: 1,
    trials: 7,
    balanced: true,
    noiseScale: [0.5, 1, 2],
    backend,
  });
  // Two conditions: each gets every strength.
  assert.deepEqual(scales, [0.5, 0.5, 1, 1, 2, 2, 0.5]);
  for (const noiseScale of [[], [1, -1], [NaN]]) {
    await assert.rejects(
      evaluateSpiking(spiking, task, { seed: 1, noiseScale, backend }),
      RangeError,
    );
  }
});

Deno.test("calibrate() refuses a rate network that fails its task, but by force", async () => {
  const backend = fakeBackend(() => ({ output: 0 }));
  const options = {
    seed: 1,
    trials: 2,
    validation: 2,
    steps: ["readout"],
    backend,
  } as const;
  await assert.rejects(
    calibrate(spiking, task, options).next(),
    (error) =>
      error instanceof RangeError &&
      /right in 50 % of 100 trials .* learn the task anew/.test(error.message),
  );
  assert.equal(backend.calls.length, 0, "before anything is fitted");
  const events = calibrate(spiking, task, { ...options, force: true });
  const { value } = await events.next();
  assert.ok("kind" in value && value.kind === "calibrated");
});
