import assert from "node:assert/strict";
import { referenceSession } from "../../lib/backend/rate_reference.ts";
import { openGpuSession } from "../../lib/backend/webgpu_rate.ts";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { simulateOnGpu } from "../../lib/backend/webgpu_spiking.ts";
import {
  knownNetwork,
  knownSpikingNetwork,
  knownTrial,
} from "../../lib/backend/known.ts";
import { testWith } from "../require.ts";
import { withGpu } from "./webgpu_device.ts";

const units = 2000;

testWith(
  "webgpu",
  "2,000 units fit: a rate network and its gradient",
  () =>
    withGpu(async (gpu) => {
      const network = knownNetwork(units);
      const trials = [knownTrial(4, 0)];
      const session = openGpuSession(gpu, network);
      const oracle = referenceSession(network, { precision: "float64" });
      const actual = await session.gradient(trials, "l2");
      const expected = await oracle.gradient(trials, "l2");
      assert.ok(Math.abs(actual.losses[0] - expected.losses[0]) < 1e-4);
      const weights = [actual, expected].map(({ gradient }) =>
        gradient.weights[0]
      );
      let largest = 0;
      let gap = 0;
      for (let k = 0; k < units * units; k++) {
        const g = weights[1][k];
        largest = Math.max(largest, Math.abs(g));
        gap = Math.max(gap, Math.abs(g - weights[0][k]));
      }
      assert.ok(largest > 0);
      assert.ok(gap < 1e-4 * largest, `${gap / largest}`);
      session.close();
    }),
);

testWith(
  "webgpu",
  "2,000 units fit: a spiking network",
  () =>
    withGpu(async (gpu) => {
      const network = knownSpikingNetwork(units);
      const trial = {
        inputs: Float32Array.of(0, 1),
        columns: 2,
        noise: { key: 1, trial: 0, scale: 0 },
        initialVoltage: Float32Array.from(
          { length: units },
          (_, i) => -65 + i % 95,
        ),
      };
      const [[trace]] = await simulateOnGpu(
        gpu,
        [{ network, trials: [trial] }],
        { outputs: true },
      );
      const record = { outputs: true };
      const [expected] = simulateReference(network, [trial], record, "float32");
      assert.deepEqual(trace.spikeCounts, expected.spikeCounts);
      trace.outputs!.forEach((o, k) =>
        assert.ok(Math.abs(o - expected.outputs![k]) < 1e-3)
      );
    }),
);
