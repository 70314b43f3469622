import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import type { RateTrial } from "../../lib/backend/types.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";

const random = randomStream(5);
const steps = 21;

function trials(count: number): RateTrial[] {
  return Array.from({ length: count }, (_, i) => ({
    inputs: Float32Array.from({ length: 2 * steps }, (_, k) => Math.sin(i + k)),
    target: new Float32Array(steps).fill(i % 2),
    steps,
    noise: { key: random.key, trial: i },
  }));
}

for (const units of [[13], [9, 6]]) {
  Deno.test(`rate sessions of ${units.join("+")} units give the same bits on any number of workers`, async () => {
    const network = createNetwork(
      { channels: 2, units, feedback: 0.2 },
      random.fork("network"),
    );
    const results = [];
    for (const workers of [1, 2, 3]) {
      const backend = await openBackend({ workers });
      const session = await backend.open(network);
      const batch = trials(70);
      const traces = await session.run(batch, { rates: true, states: true });
      const losses = [];
      for (let k = 0; k < 3; k++) {
        const result = await session.update(batch, "l2", {
          learningRate: 0.01,
          clipNorm: 1,
        });
        losses.push([...result.losses], result.gradientNorm);
      }
      const { gradient } = await session.gradient(batch.slice(3), "l1");
      results.push({ traces, losses, gradient, network: session.network() });
      session.close();
      backend.close();
    }
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });
}
