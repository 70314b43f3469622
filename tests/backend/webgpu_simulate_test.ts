import assert from "node:assert/strict";
import {
  knownSpikingKey,
  knownSpikingNetwork,
  knownStimulus,
} from "../../lib/backend/known.ts";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import { DivergedError } from "../../lib/network/diverged.ts";
import type { SpikingTrial } from "../../lib/network/spiking.ts";
import { testWith } from "../require.ts";

const network = knownSpikingNetwork(20);

function trial(number: number): SpikingTrial {
  return {
    inputs: knownStimulus(4),
    columns: 4,
    noise: { key: knownSpikingKey, trial: number },
  };
}

testWith(
  "webgpu",
  "simulate() on webgpu shares a batch between calls made at once",
  async () => {
    const backend = await openWebGpuBackend();
    const { gpu } = backend;
    const exclusive = gpu.exclusive.bind(gpu);
    let batches = 0;
    gpu.exclusive = (task) => {
      batches++;
      return exclusive(task);
    };
    const networks = [20, 40, 60].map((factor) => ({ ...network, factor }));
    const record = { outputs: true };
    const together = await Promise.all(
      networks.map((own, k) =>
        backend.simulate(own, [trial(k), trial(9)], record)
      ),
    );
    assert.equal(batches, 1);
    for (const [k, own] of networks.entries()) {
      const alone = await backend.simulate(own, [trial(k), trial(9)], record);
      assert.deepEqual(alone, together[k]);
    }
    assert.equal(batches, 4);
    backend.close();
  },
);

testWith(
  "webgpu",
  "simulate() on webgpu gives an error to the call whose it is",
  async () => {
    const backend = await openWebGpuBackend();
    // Weights beyond single precision once divided by this.
    const endless = { ...network, factor: 1e-38 };
    const [fine, wrong, diverged] = await Promise.allSettled([
      backend.simulate(network, [trial(0)], {}),
      backend.simulate(
        network,
        [{ ...trial(1), inputs: new Float32Array(3) }],
        {},
      ),
      backend.simulate(endless, [trial(2)], {}),
    ]);
    assert.equal(fine.status, "fulfilled");
    assert.ok(wrong.status === "rejected" && wrong.reason instanceof TypeError);
    assert.ok(diverged.status === "rejected");
    assert.ok(
      diverged.reason instanceof DivergedError,
      String(diverged.reason),
    );
    assert.match(diverged.reason.message, /trial 0 \(number 2 /);
    backend.close();
  },
);
