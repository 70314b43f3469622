/** Synapses whose rise and decay time constants are equal, or nearly so. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import type { SpikingTrace } from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { testWith } from "../require.ts";
import { smallNetwork } from "./lif_networks.ts";

/** td/tr - 1; 0 is an alpha function. */
const differences = [0, 1e-12, 1e-9, 1e-6, 1e-4, 0.01, 0.011, 0.05, 0.099];

/** Unconnected units at a constant input, so that spikes are the same in both precisions. */
function made(difference: number) {
  const rate = smallNetwork({
    sizes: [8],
    channels: 1,
    seed: 3,
    taus: [2 * (1 + difference)],
  });
  const network = convert({
    ...rate,
    layers: [{ ...rate.layers[0], weights: new Float32Array(64) }],
  }, { scalingFactor: 2, stepMs: 1 });
  const trial = {
    inputs: new Float32Array(400).fill(8),
    columns: 400,
    noise: { key: 1, trial: 0, scale: 0 },
  };
  return { network, trial };
}

const record = { outputs: true, spikes: true };

/** Largest difference between outputs, of the largest output. */
function distance(got: SpikingTrace, exact: SpikingTrace): number {
  deepStrictEqual(got.spikeCounts, exact.spikeCounts);
  let [largest, far] = [0, 0];
  exact.outputs!.forEach((o, k) => {
    largest = Math.max(largest, Math.abs(o));
    far = Math.max(far, Math.abs(got.outputs![k] - o));
  });
  ok(largest > 1);
  return far / largest;
}

Deno.test("simd and reference bear rise and decay time constants that are alike, to single precision", async () => {
  for (const difference of [...differences, ...differences.map((d) => -d)]) {
    const { network, trial } = made(difference);
    const [exact] = simulateReference(network, [trial], record, "float64");
    const [plain] = simulateReference(network, [trial], record, "float32");
    const [simd] = await simulateSimd(network, [trial], record);
    deepStrictEqual(simd, plain, `${difference}`);
    const far = distance(simd, exact);
    ok(far < 5e-6, `td = tr·(1 + ${difference}): ${far}`);
  }
});

testWith("webgpu", "webgpu bears an alpha function", async () => {
  const backend = await openWebGpuBackend();
  const { network, trial } = made(0);
  const [exact] = simulateReference(network, [trial], record, "float64");
  const [found] = await backend.simulate(network, [trial], record);
  ok(distance(found, exact) < 1e-4);
  backend.close();
});

Deno.test("an alpha function comes as late on average, and smooths as much, as the single exponential", () => {
  const rate = smallNetwork({ sizes: [1], channels: 1, seed: 3, taus: [20] });
  const tau = 100;
  const moments = (["alpha", "single"] as const).map((synapse) => {
    const network = convert({
      ...rate,
      layers: [{ ...rate.layers[0], weights: new Float32Array(1) }],
    }, { scalingFactor: 2, synapse });
    // Drawn above the peak, it fires once and then no more.
    const [{ rates, spikes }] = simulateReference(
      network,
      [{
        inputs: new Float32Array(400).fill(0),
        columns: 400,
        noise: { key: 1, trial: 0, scale: 0 },
        initialVoltage: Float64Array.of(0),
      }],
      { rates: 1, spikes: true },
      "float64",
    );
    deepStrictEqual([...spikes!.steps], [1]);
    const dt = network.dt;
    let [area, mean, square] = [0, 0, 0];
    rates!.forEach((r, k) => {
      area += r * dt / 1000;
      mean += r * dt / 1000 * k * dt;
      square += (r / 1000) ** 2 * dt;
    });
    return { area, mean, square };
  });
  for (const { area, mean, square } of moments) {
    ok(Math.abs(area - 1) < 2e-3, `area ${area}`);
    ok(Math.abs(mean / tau - 1) < 2e-3, `${mean} ms late`);
    ok(Math.abs(square * 2 * tau - 1) < 3e-3, `square ${square}`);
  }
});
