/** Which steps of a calibration are kept. */
import assert from "node:assert/strict";
import { calibrate } from "../../lib/calibrate/calibrate.ts";
import { noiseGoal } from "../../lib/calibrate/goal.ts";
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
      // Where it was better by then, the network before it did not run on.
      ["noise ×0.5", undefined, 0.9],
      ["noise ×1.5", 0.5, 0.5],
      ["5 % of synapses cut", undefined, 0.9],
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
  assert.ok(more.p! < 1e-6);
});

Deno.test("decide() asks nothing of a disturbed network in place of one that is right by chance", async () => {
  const better = { usual: 1, noisy: 0.05 };
  const chance = await decided({ usual: 0.75, noisy: 0.75 }, better);
  assert.ok(chance.kept);
  assert.deepEqual(chance.robustness, []);
  assert.ok(!(await decided({ usual: 0.85, noisy: 0.75 }, better)).kept);
});

Deno.test("decide() runs the disturbed network before a step no further than it must", async () => {
  const of = async (after: number) => {
    const backend = backendOf({
      0: { usual: 0.8, noisy: 0.5 },
      1: { usual: 1, noisy: after },
    });
    const validation = { seed: 1, trials: 100, backend };
    const [before, tuned] = [
      await tryCalibration(spiking, task, {}, validation),
      await tryCalibration(spiking, task, named(1), validation),
    ];
    const done = backend.calls.length;
    const found = await decide(spiking, task, {
      ...{ before, after: tuned, validation },
    });
    assert.ok(found.kept);
    const fresh = backend.calls.slice(done);
    const run = (offset: number) =>
      fresh.filter(({ network }) =>
        (network.calibration?.readout?.offset ?? 0) === offset
      ).reduce((sum, { trials }) => sum + trials.length, 0);
    return { before: run(0), after: run(1), checks: found.robustness };
  };
  const perfect = await of(1);
  assert.deepEqual([perfect.before, perfect.after], [0, 3 * 50]);
  assert.deepEqual(
    perfect.checks.map(({ before, p, worse }) => [before, p, worse]),
    Array(3).fill([undefined, undefined, false]),
  );
  const good = await of(0.9);
  assert.equal(good.after, 3 * 50);
  assert.ok(good.before > 0 && good.before < 3 * 50);
});

/** Networks that are right in the shares given, by the strength of the noise. */
async function decidedOver(
  before: Readonly<Record<number, number>>,
  after: Readonly<Record<number, number>>,
) {
  const shares = [before, after];
  const backend = fakeBackend((network, { inputs, noise }) => {
    const own = shares[network.calibration?.readout?.offset ?? 0];
    const wanted = inputs.some((u) => u > 0) ? 1 : 0;
    const right = noise.trial % 8 / 8 < own[noise.scale!];
    return { output: right ? wanted : 1 - wanted };
  });
  const validation = { seed: 1, trials: 100, noise: [0.5, 1, 1.5, 2], backend };
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

Deno.test("decide() compares over all strengths of the noise that are the goal", async () => {
  const fine = { 0.5: 1, 1: 1, 1.5: 1 };
  const found = await decidedOver({ ...fine, 2: 0 }, { ...fine, 2: 1 });
  // At the model's own noise there is nothing to gain.
  assert.ok(found.kept);
  assert.ok(found.p < 0.001);
  assert.deepEqual(found.robustness.map(({ name }) => name), [
    ...["noise ×1", "noise ×0.5", "noise ×1.5", "5 % of synapses cut"],
  ]);
  const worse = await decidedOver(
    { ...fine, 2: 0 },
    { ...fine, 1: 0.75, 2: 1 },
  );
  assert.ok(!worse.kept && worse.p < 0.05);
  assert.deepEqual(
    worse.robustness.filter(({ worse }) => worse).map(({ name }) => name),
    ["noise ×1", "5 % of synapses cut"],
  );
});

Deno.test("noiseGoal(): robust goes beyond twice the noise; several strengths are a goal of their own", () => {
  const of = (goal: "accurate" | "robust", noise: readonly number[]) =>
    noiseGoal(goal, { noise });
  assert.deepEqual(of("accurate", [1]).held, [1]);
  assert.deepEqual(of("accurate", [2]).held, [1]);
  assert.deepEqual(of("accurate", [0.5, 2]).held, [0.5, 2]);
  const { tuned, held } = of("robust", [1]);
  assert.ok(Math.max(...tuned) > Math.max(...held));
  assert.deepEqual([Math.min(...held), Math.max(...held)], [0.5, 2]);
  assert.deepEqual(of("robust", [3]), {
    ...{ tuned: [3], judged: [[0.5], [2]], held },
  });
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
