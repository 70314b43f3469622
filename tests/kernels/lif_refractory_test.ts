/** The refractory period in whole steps, against the test that the original makes. */
import { deepStrictEqual, equal, ok } from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import { refractorySteps } from "../../lib/kernels/lif/types.ts";
import type { SpikingTrace } from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { checkDevice, lifScan } from "../../lib/tfjs/mod.ts";
import { testWith } from "../require.ts";
import { smallNetwork } from "./lif_networks.ts";

/** Multiples of 0.05 ms, and refractory periods in ms. */
const downsamplings = [1, 2, 3, 4, 5, 7, 8, 10, 20, 25, 40, 50, 100];
const periods = [
  ...[0, 0.001, 0.01, 0.05, 0.1, 0.15, 0.3, 0.35, 0.7, 1, 1.1, 1.25, 1.999],
  ...[2, 2.01, 2.03, 2.049, 2.05, 2.5, 2.7, 3, 4, 5, 5.05, 7, 10, 10.1, 20],
];

/** Most frequent of some numbers. */
function mode(numbers: Iterable<number>): number {
  const counts = new Map<number, number>();
  for (const n of numbers) counts.set(n, (counts.get(n) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0][0];
}

/** Steps that the original's test holds back a unit that spiked at each step of 2 s. */
function* literalCounts(ms: number, refractory: number): Generator<number> {
  const dt = ms / 1000;
  const tref = refractory / 1000;
  const near = Math.max(0, Math.floor(refractory / ms) - 2);
  for (let step = 1; step <= 2000 / ms; step++) {
    const tlast = dt * step;
    let after = near + 1;
    while (!(dt * (step + after) > tlast + tref)) after++;
    yield after - 1;
  }
}

Deno.test("refractorySteps() is what dt·i > tlast + tref gives in double precision, most often", () => {
  for (const downsample of downsamplings) {
    for (const refractory of periods) {
      const dt = downsample * 0.05;
      equal(
        refractorySteps(refractory, dt),
        mode(literalCounts(dt, refractory)),
        `dt ${dt}, tref ${refractory}`,
      );
    }
  }
  equal(refractorySteps(2, 0.05), 40);
  equal(refractorySteps(1e12, 0.05, 500), 500);
});

/** Steps and periods that are tried on every backend. */
const cases = [
  { downsample: 25, refractory: 2, steps: 1 },
  { downsample: 1, refractory: 2.03, steps: 40 },
  { downsample: 1, refractory: 2.05, steps: 41 },
  { downsample: 1, refractory: 2, steps: 40 },
  { downsample: 4, refractory: 0.1, steps: 0 },
  { downsample: 1, refractory: 0, steps: 0 },
];

/** One unit that fires whenever it may, and its trial of 0.5 s. */
function eager({ downsample, refractory }: typeof cases[number]) {
  const rate = smallNetwork({ sizes: [1], channels: 1, seed: 1 });
  const network = convert({
    ...rate,
    inputs: [{ ...rate.inputs[0], weights: Float32Array.of(1) }],
    layers: [{ ...rate.layers[0], weights: new Float32Array(1) }],
  }, { scalingFactor: 2, downsample, refractory });
  const trial = {
    inputs: new Float32Array(101).fill(1e5),
    columns: 101,
    noise: { key: 1, trial: 0, scale: 0 },
    initialVoltage: Float32Array.of(-65),
  };
  return { network, trial };
}

function gaps({ spikes }: SpikingTrace): number[] {
  const steps = [...spikes!.steps];
  ok(steps.length > 100, `${steps.length} spikes`);
  return steps.slice(1).map((step, k) => step - steps[k]);
}

Deno.test("units are refractory for as long on every kernel of the CPU", async () => {
  await tf.setBackend("cpu");
  for (const made of cases) {
    const { network, trial } = eager(made);
    const record = { spikes: true };
    const name = JSON.stringify(made);
    const [exact] = simulateReference(network, [trial], record, "float64");
    equal(mode(gaps(exact)), made.steps + 1, name);
    const [plain] = simulateReference(network, [trial], record, "float32");
    deepStrictEqual(new Set(gaps(plain)), new Set([made.steps + 1]), name);
    const [simd] = await simulateSimd(network, [trial], record);
    deepStrictEqual(simd.spikes, plain.spikes, name);
    equal(await scanGap(made), made.steps + 1, name);
  }
});

/** No unit integrates in a trial that is shorter than its refractory period. */
function neverFires({ spikes }: SpikingTrace): void {
  equal(spikes!.steps.length, 0);
}
const endless = { downsample: 1, refractory: 1e12, steps: Infinity };

Deno.test("a refractory period may be longer than every trial", async () => {
  const { network, trial } = eager(endless);
  const record = { spikes: true };
  for (const precision of ["float64", "float32"] as const) {
    neverFires(simulateReference(network, [trial], record, precision)[0]);
  }
  neverFires((await simulateSimd(network, [trial], record))[0]);
});

testWith(
  "webgpu",
  "units are refractory for as long on webgpu",
  async () => {
    await tf.setBackend("webgpu");
    const backend = await openWebGpuBackend();
    for (const made of cases) {
      const { network, trial } = eager(made);
      const name = JSON.stringify(made);
      const [trace] = await backend.simulate(network, [trial], {
        spikes: true,
      });
      deepStrictEqual(new Set(gaps(trace)), new Set([made.steps + 1]), name);
      equal(await scanGap(made), made.steps + 1, name);
    }
    const { network, trial } = eager(endless);
    const [trace] = await backend.simulate(network, [trial], { spikes: true });
    neverFires(trace);
    await checkDevice();
    backend.close();
  },
);

/** The interval between spikes that `lifScan` gives. */
async function scanGap(
  { downsample, refractory }: typeof cases[number],
): Promise<number> {
  const { spikes } = lifScan({
    weights: tf.zeros([1, 1]),
    tauDecay: tf.tensor1d([20]),
    drive: tf.fill([1, 400, 1], 1e5),
    constants: { dt: downsample * 0.05, refractory },
  });
  const at = [...await spikes.data()].flatMap((s, t) => s ? [t] : []);
  return mode(at.slice(1).map((t, k) => t - at[k]));
}
