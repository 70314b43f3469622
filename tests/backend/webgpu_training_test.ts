import assert from "node:assert/strict";
import { knownNetwork } from "../../lib/backend/known.ts";
import { simdSession } from "../../lib/backend/rate_simd.ts";
import type { RateSession, RateTrial } from "../../lib/backend/types.ts";
import { openGpuSession } from "../../lib/backend/webgpu_rate.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { withGpu } from "../kernels/webgpu_device.ts";
import { testWith } from "../require.ts";

const usualSteps = 25;
const noise = randomStream(3).fork("noise").key;

/** Go-NoGo in short: a pulse of 2 on every other trial asks for 1 after it, else 0. */
function trial(number: number, steps = usualSteps): RateTrial {
  const go = number % 2 === 0;
  return {
    steps,
    inputs: Float32Array.from(
      { length: steps },
      (_, t) => go && t >= 5 && t < 15 ? 2 : 0,
    ),
    target: Float32Array.from(
      { length: steps },
      (_, t) => go && t >= 15 ? 1 : 0,
    ),
    noise: { key: noise, trial: number },
  };
}

function trials(from: number, count: number, steps?: number): RateTrial[] {
  return Array.from({ length: count }, (_, b) => trial(from + b, steps));
}

/** Mean loss and share of correct trials, on trials never trained on. */
async function evaluate(session: RateSession) {
  const fresh = trials(10_000, 40);
  const { losses } = await session.gradient(fresh, "l2");
  const traces = await session.run(fresh);
  const correct = traces.filter(({ outputs }, b) => {
    const answer = outputs.slice(17);
    return b % 2 === 0
      ? Math.max(...answer) > 0.7
      : Math.max(...answer.map(Math.abs)) < 0.3;
  });
  return {
    loss: losses.reduce((a, b) => a + b) / fresh.length,
    performance: correct.length / fresh.length,
  };
}

testWith(
  "webgpu",
  "a short training run on webgpu reaches what it reaches on simd",
  () =>
    withGpu(async (gpu) => {
      const network = knownNetwork(40);
      const sessions = [openGpuSession(gpu, network), simdSession(network)];
      const before = await evaluate(sessions[0]);
      for (const session of sessions) {
        for (let update = 0; update < 260; update++) {
          await session.update(trials(4 * update, 4), "l2", {
            learningRate: 0.02,
          });
        }
      }
      const [webgpu, simd] = await Promise.all(sessions.map(evaluate));
      assert.ok(simd.performance > 0.95, `simd: ${simd.performance}`);
      assert.ok(Math.abs(webgpu.performance - simd.performance) <= 0.05);
      assert.ok(Math.abs(webgpu.loss / simd.loss - 1) < 0.1);
      assert.ok(webgpu.loss < before.loss / 2);
    }),
);

testWith(
  "webgpu",
  "updates on webgpu may have longer trials than those before, as on simd",
  () =>
    withGpu(async (gpu) => {
      const network = knownNetwork(40);
      const sessions = [openGpuSession(gpu, network), simdSession(network)];
      const [webgpu, simd] = await Promise.all(sessions.map(async (session) => {
        const losses: number[] = [];
        for (const [update, steps] of [18, 18, 25, 25, 18].entries()) {
          const result = await session.update(
            trials(4 * update, 4, steps),
            "l2",
            { learningRate: 0.002 },
          );
          losses.push(...result.losses);
        }
        return losses;
      }));
      assert.equal(simd.length, 20);
      simd.forEach((loss, k) =>
        assert.ok(Math.abs(webgpu[k] / loss - 1) < 1e-3, `${k}: ${webgpu[k]}`)
      );
    }),
);
