import assert from "node:assert/strict";
import { knownSpikingNetwork, knownStimulus } from "../../lib/backend/known.ts";
import { openBackend } from "../../lib/backend/open.ts";
import { simdSession } from "../../lib/backend/rate_simd.ts";
import type { RateSession } from "../../lib/backend/types.ts";
import { openWebGpuBackend } from "../../lib/backend/webgpu.ts";
import { withFallback } from "../../lib/backend/webgpu_fallback.ts";
import { openGpuSession } from "../../lib/backend/webgpu_rate.ts";
import { BackendError } from "../../lib/errors.ts";
import { DeviceFailure } from "../../lib/kernels/webgpu/failures.ts";
import { randomNetwork, randomTrial } from "../kernels/webgpu_networks.ts";
import { withGpu } from "../kernels/webgpu_device.ts";
import { testWith } from "../require.ts";

const network = randomNetwork({ sizes: [24], channels: 1 });
const adam = { learningRate: 0.01 };

/** Update number k of a session. */
function update(session: RateSession, k: number) {
  const trials = [
    randomTrial(network, 20, 2 * k),
    randomTrial(network, 20, 2 * k + 1),
  ];
  return session.update(trials, "l2", adam);
}

testWith(
  "webgpu",
  "a session whose device is lost goes on with simd from its last good state, with one warning",
  async () => {
    const webgpu = await openWebGpuBackend();
    const warnings: string[] = [];
    const backend = withFallback(webgpu, {
      open: () => openBackend({ name: "simd" }),
      warn: (message) => warnings.push(message),
    });
    const [session, other] = [
      await backend.open(network),
      await backend.open(network),
    ];
    const undisturbed = simdSession(network);
    for (let k = 0; k < 2; k++) {
      await update(session, k);
      await update(undisturbed, k);
    }
    webgpu.gpu.device.destroy();
    for (let k = 2; k < 4; k++) {
      const [actual, expected] = [
        await update(session, k),
        await update(undisturbed, k),
      ];
      assert.ok(Math.abs(actual.losses[0] - expected.losses[0]) < 1e-4);
    }
    await update(other, 0);
    assert.equal(session.optimiser().updates, 4);
    assert.equal(other.optimiser().updates, 1);
    const [actual, expected] = [session, undisturbed].map((s) =>
      s.network().layers[0].weights
    );
    expected.forEach((w, k) => assert.ok(Math.abs(actual[k] - w) < 1e-4));
    assert.equal(backend.name, "simd");
    // What a model file will say of where it was computed.
    assert.match(backend.description, /^webgpu \(.+\), then simd/);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0],
      /^Cannot go on with the GPU: .* was lost .*; going on with simd.* from the last good state$/,
    );
    for (const open of [session, other]) open.close();
    backend.close();
  },
);

testWith(
  "webgpu",
  "a session whose device is lost throws a BackendError where no warning is wanted",
  () =>
    withGpu(async (gpu) => {
      const session = openGpuSession(gpu, network);
      await update(session, 0);
      gpu.device.destroy();
      await assert.rejects(update(session, 1), DeviceFailure);
      // The last good state is still there.
      assert.equal(session.optimiser().updates, 1);
    }, {}),
);

testWith(
  "webgpu",
  "spiking trials on a device that is lost are run by simd, with one warning",
  async () => {
    const webgpu = await openWebGpuBackend();
    const warnings: string[] = [];
    const backend = withFallback(webgpu, {
      open: () => openBackend({ name: "simd" }),
      warn: (message) => warnings.push(message),
    });
    const spiking = knownSpikingNetwork(20);
    const trials = [{
      inputs: knownStimulus(4),
      columns: 4,
      noise: { key: 5, trial: 0, scale: 0 },
    }];
    const [before] = await backend.simulate(spiking, trials, {});
    webgpu.gpu.device.destroy();
    const found = await Promise.all(
      [0, 1].map(() => backend.simulate(spiking, trials, {})),
    );
    for (const [after] of found) {
      assert.deepEqual(after.spikeCounts, before.spikeCounts);
    }
    assert.equal(warnings.length, 1);
    backend.close();
  },
);

testWith(
  "webgpu",
  "a batch that does not fit is cut up until it does",
  async () => {
    const trials = Array.from(
      { length: 22 },
      (_, b) => randomTrial(network, 2, b),
    );
    const whole: { losses: Float64Array; weights: ArrayLike<number> }[] = [];
    const attempts = [0, 0];
    // Histories of 24 trials fit, the sums of 16: what was planned fails once.
    for (const [k, capacity] of [{}, { bufferBytes: 12 * 24 * 16 }].entries()) {
      await withGpu(async (gpu) => {
        const exclusive = gpu.exclusive.bind(gpu);
        gpu.exclusive = (task) => {
          attempts[k]++;
          return exclusive(task);
        };
        const session = openGpuSession(gpu, network);
        const { losses, gradient } = await session.gradient(trials, "l1");
        whole.push({ losses, weights: gradient.weights[0] });
      }, capacity);
    }
    assert.deepEqual(attempts, [1, 2]);
    const largest = Math.max(...Array.from(whole[0].weights, Math.abs));
    Array.from(whole[0].weights).forEach((g, k) =>
      assert.ok(Math.abs(g - whole[1].weights[k]) < 1e-4 * largest)
    );
    whole[0].losses.forEach((loss, b) =>
      assert.ok(Math.abs(loss - whole[1].losses[b]) < 1e-5)
    );
  },
);

testWith(
  "webgpu",
  "spiking trials that do not fit at once are run in turn",
  async () => {
    const spiking = knownSpikingNetwork(5);
    const columns = 60;
    const trials = Array.from({ length: 4 }, (_, trial) => ({
      inputs: knownStimulus(columns),
      columns,
      noise: { key: 5, trial },
    }));
    const found: unknown[] = [];
    const attempts = [0, 0];
    // The states of five trials fit, the stimuli of two: what was planned fails.
    for (const [k, capacity] of [{}, { bufferBytes: 700 }].entries()) {
      const backend = await openWebGpuBackend({ capacity });
      const { gpu } = backend;
      const exclusive = gpu.exclusive.bind(gpu);
      gpu.exclusive = (task) => {
        attempts[k]++;
        return exclusive(task);
      };
      found.push(await backend.simulate(spiking, trials, {}));
      backend.close();
    }
    assert.deepEqual(attempts, [1, 3]);
    assert.deepEqual(found[1], found[0]);
  },
);

testWith(
  "webgpu",
  "a network that is too large for the device is a device failure",
  () =>
    withGpu((gpu) => {
      assert.throws(() => openGpuSession(gpu, network), DeviceFailure);
      return Promise.resolve();
    }, { bufferBytes: 1000 }),
);

testWith(
  "webgpu",
  "a kernel that does not compile, or is given the wrong buffers, is an error",
  async () => {
    const faulty: { code: string; type?: string; message: RegExp }[] = [
      {
        code: "@compute @workgroup_size(1) fn main() { x[0] = 1.0; }",
        type: "array<f32, 100>",
        message: /Cannot compute on .*buffer/,
      },
      {
        code: "fn main( {",
        message: /Cannot compile the kernel faulty .*line 2/,
      },
      {
        code: "@compute @workgroup_size(1) fn main() { x[0] = y; }",
        message: /Cannot compile the kernel faulty/,
      },
    ];
    for (const { code, type = "array<f32>", message } of faulty) {
      await withGpu(async (gpu) => {
        const source = {
          label: "faulty",
          bindings: [
            { name: "x", type, access: "read_write" } as const,
          ],
          code,
        };
        const buffer = gpu.buffer(16);
        await assert.rejects(
          gpu.exclusive(async () => {
            gpu.run([{
              kernel: gpu.kernel(source),
              buffers: [buffer],
              workgroups: [1],
            }]);
            return await gpu.read([{ buffer, bytes: 16 }]);
          }),
          (error: Error) =>
            error instanceof BackendError &&
            !(error instanceof DeviceFailure) &&
            message.test(error.message.replaceAll("\n", " ")),
        );
      }, {});
    }
  },
);
