import assert from "node:assert/strict";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import type {
  LossName,
  RateParameters,
  RateTrial,
} from "../../lib/backend/types.ts";
import { openGpuSession } from "../../lib/backend/webgpu_rate.ts";
import type { Gpu } from "../../lib/kernels/webgpu/gpu.ts";
import type { FloatArray, RateNetwork } from "../../lib/network/types.ts";
import { testWith } from "../require.ts";
import { withGpu } from "./webgpu_device.ts";
import { givenNoise, randomNetwork, randomTrial } from "./webgpu_networks.ts";

/** Largest difference in units of the largest expected number. */
function relativeGap(actual: FloatArray, expected: FloatArray): number {
  assert.equal(actual.length, expected.length);
  let largest = 0;
  let gap = 0;
  for (let k = 0; k < expected.length; k++) {
    largest = Math.max(largest, Math.abs(expected[k]));
    const difference = Math.abs(actual[k] - expected[k]);
    // NaN must not pass as a small difference.
    if (!(difference <= gap)) gap = difference;
  }
  return gap / Math.max(largest, 1e-30);
}

function assertClose(
  what: string,
  actual: FloatArray,
  expected: FloatArray,
  tolerance: number,
): void {
  const gap = relativeGap(actual, expected);
  assert.ok(gap <= tolerance, `${what}: ${gap} from the reference`);
}

function assertParametersClose(
  actual: RateParameters,
  expected: RateParameters,
  tolerance: number,
): void {
  const lists = ["weights", "between", "readout", "tausGaus"] as const;
  for (const list of lists) {
    expected[list].forEach((values, l) => {
      if (values.every((value) => value === 0)) {
        assert.ok(actual[list][l].every((value) => value === 0), list);
      } else {
        assertClose(`${list} ${l}`, actual[list][l], values, tolerance);
      }
    });
  }
  assertClose(
    "bias",
    Float32Array.of(actual.bias),
    Float64Array.of(expected.bias),
    tolerance,
  );
}

/** Compares runs and gradients with the float64 reference. */
async function compare(
  gpu: Gpu,
  network: RateNetwork,
  trials: readonly RateTrial[],
  loss: LossName,
): Promise<void> {
  const session = openGpuSession(gpu, network);
  const oracle = referenceSession(network, { precision: "float64" });
  const record = { states: true, rates: true };
  const [traces, expected] = await Promise.all([
    session.run(trials, record),
    oracle.run(trials, record),
  ]);
  for (const [b, trace] of traces.entries()) {
    assertClose(`outputs ${b}`, trace.outputs, expected[b].outputs, 1e-5);
    assertClose(`states ${b}`, trace.states!, expected[b].states!, 1e-5);
    assertClose(`rates ${b}`, trace.rates!, expected[b].rates!, 1e-5);
  }
  const actual = await session.gradient(trials, loss);
  const wanted = await oracle.gradient(trials, loss);
  assertClose("losses", actual.losses, wanted.losses, 1e-5);
  assertParametersClose(actual.gradient, wanted.gradient, 1e-4);
  session.close();
  oracle.close();
}

testWith(
  "webgpu",
  "rate scan in WGSL agrees with the float64 reference over shapes and activations",
  () =>
    withGpu(async (gpu) => {
      const shapes = [
        { sizes: [20], channels: 2, activation: "sigmoid" },
        { sizes: [33], channels: 1, activation: "clipped_relu", seed: 2 },
        { sizes: [17], channels: 4, activation: "softplus", seed: 3 },
        {
          sizes: [13],
          channels: 2,
          dale: false,
          activation: "retanh",
          seed: 4,
        },
        { sizes: [1], channels: 1, taus: [7], seed: 5 },
        { sizes: [9, 14, 6], channels: 2, read: [1, 2], seed: 6 },
        { sizes: [11, 5, 8], channels: 1, feedback: true, seed: 7 },
        { sizes: [6, 70], channels: 1, read: [0, 1], feedback: true, seed: 8 },
        { sizes: [15], channels: 2, activation: "lif", seed: 10 },
      ] as const;
      for (const [k, shape] of shapes.entries()) {
        const network = randomNetwork(shape);
        const steps = [41, 30, 2, 37, 12, 23, 19, 16, 18][k];
        const trials = [0, 1, 2].map((b) => randomTrial(network, steps, b));
        await compare(gpu, network, trials, k % 2 ? "l1" : "l2");
      }
    }),
);

testWith(
  "webgpu",
  "rate scan in WGSL takes trials of all kinds in one batch",
  () =>
    withGpu(async (gpu) => {
      const network = randomNetwork({ sizes: [12, 7], channels: 2 });
      const weights = Float32Array.from({ length: 29 }, (_, k) => k % 4);
      await compare(gpu, network, [
        randomTrial(network, 30, 0),
        randomTrial(network, 20, 1),
        randomTrial(network, 30, 2, givenNoise(network, 30, 2)),
        { ...randomTrial(network, 30, 3), lossWeights: weights },
        {
          ...randomTrial(network, 30, 4),
          stimulation: { units: [2, 14], from: 5, to: 12, amount: 0.7 },
        },
        randomTrial(network, 30, 5, { key: 3, trial: 9, scale: 0 }),
      ], "l2");
    }),
);

testWith(
  "webgpu",
  "rate scan in WGSL gives the same cut into chunks and batches, and without workgroup storage",
  async () => {
    const network = randomNetwork({ sizes: [70], channels: 1, seed: 8 });
    const trials = [0, 1, 2, 3, 4].map((b) => randomTrial(network, 25, b));
    for (
      const capacity of [
        { iterations: 600 },
        { batchBytes: 60_000 },
        { workgroupStorage: 256 },
      ]
    ) {
      await withGpu((gpu) => compare(gpu, network, trials, "l2"), capacity);
    }
  },
);

testWith(
  "webgpu",
  "update() in WGSL follows the reference over updates and gives its state back",
  () =>
    withGpu(async (gpu) => {
      const network = randomNetwork({ sizes: [16, 8], channels: 1, seed: 9 });
      const session = openGpuSession(gpu, network);
      const oracle = referenceSession(network, { precision: "float64" });
      for (let k = 0; k < 4; k++) {
        const trials = [0, 1].map((b) => randomTrial(network, 20, 2 * k + b));
        const adam = { learningRate: 0.01, ...(k > 1 && { clipNorm: 0.05 }) };
        const actual = await session.update(trials, "l2", adam);
        const expected = await oracle.update(trials, "l2", adam);
        assertClose("losses", actual.losses, expected.losses, 1e-4);
        assert.ok(
          Math.abs(actual.gradientNorm / expected.gradientNorm - 1) < 1e-3,
        );
        if (k === 2) {
          const state = session.optimiser();
          assert.equal(state.updates, 3);
          session.restore(state);
        }
      }
      const [actual, expected] = [session.network(), oracle.network()];
      expected.layers.forEach((layer, l) => {
        assertClose("weights", actual.layers[l].weights, layer.weights, 1e-3);
        assertClose("taus", actual.layers[l].tausGaus, layer.tausGaus, 1e-3);
      });
      assertClose(
        "between",
        actual.between[0].weights,
        expected.between[0].weights,
        1e-3,
      );
      assertClose(
        "readout",
        actual.readout.weights[0],
        expected.readout.weights[0],
        2e-3,
      );
      session.close();
    }),
);
