/**
 * WebGPU beside SIMD: updates of rate networks, and trials of a spiking network
 * for several scaling factors at once. On a software adapter the sizes are small:
 * there the times say nothing but that it runs.
 *
 *     deno bench --no-prompt --allow-read=tests/data bench/webgpu_bench.ts
 */
import { openBackend } from "../lib/backend/open.ts";
import { openWebGpuBackend } from "../lib/backend/webgpu.ts";
import { lookingForCard } from "../lib/runs/graphics_card.ts";
import type { Backend } from "../lib/backend/types.ts";
import type { SpikingTrial } from "../lib/network/spiking.ts";
import { convert } from "../lib/spiking/convert.ts";
import { initialNetwork, trainedNetwork } from "./networks.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";
import { randomStream } from "../lib/random/stream.ts";

const task = goNogo();
const random = randomStream(1);
const webgpu = await lookingForCard(
  { note: console.error },
  () => openWebGpuBackend(),
);
const simd = await openBackend({
  name: "simd",
  workers: navigator.hardwareConcurrency,
});
const { name, software } = webgpu.gpu.facts;
console.log(
  `${name}${software ? " (software)" : ""}; simd: ${simd.description}`,
);

const sizes = software
  ? {
    units: [200],
    batches: [1, 16],
    factors: [25, 50],
    trials: 2,
    columns: 21,
  }
  : {
    units: [200, 500, 1000],
    batches: [1, 64, 1024],
    factors: [20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75],
    trials: 100,
    columns: 201,
  };
const often = { n: software ? 2 : 10, warmup: software ? 1 : 3 };

function batchOf(count: number) {
  return Array.from({ length: count }, (_, b) => {
    const { inputs, target } = task.trial(random.fork("trial", b));
    const noise = { key: random.key, trial: b };
    return { inputs, target, steps: task.steps, noise };
  });
}

for (const units of sizes.units) {
  for (const batch of sizes.batches) {
    const trials = batchOf(batch);
    for (const backend of [simd, webgpu] as Backend[]) {
      const session = await backend.open(initialNetwork([units]));
      Deno.bench({
        name: backend.name,
        group: `train/update ${units} units, batch ${batch}`,
        baseline: backend === simd,
        ...often,
        async fn() {
          await session.update(trials, "l2", { learningRate: 0.01 });
        },
      });
    }
  }
}

const rate = await trainedNetwork();
const jobs = sizes.factors.map((scalingFactor) => ({
  network: convert(rate, { scalingFactor }),
  trials: Array.from({ length: sizes.trials }, (_, b): SpikingTrial => {
    const inputs = new Float32Array(sizes.columns);
    if (b % 2 === 0) inputs.fill(1, 50, 75);
    return {
      inputs,
      columns: sizes.columns,
      noise: { key: random.key, trial: b },
    };
  }),
}));
const group = `lif/grid ${sizes.factors.length}x${sizes.trials}, ` +
  `${(sizes.columns - 1) * 5} ms`;
Deno.bench({
  name: "simd",
  group,
  baseline: true,
  ...often,
  async fn() {
    for (const { network, trials } of jobs) {
      await simd.simulate(network, trials, { outputs: true });
    }
  },
});
Deno.bench({
  name: "webgpu",
  group,
  ...often,
  async fn() {
    await webgpu.simulateAll(jobs, { outputs: true });
  },
});
