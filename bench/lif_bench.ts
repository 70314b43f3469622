/**
 * Times of spiking simulation on the default backend:
 *
 *   deno bench -A bench/lif_bench.ts
 *
 * The network is a trained Go-NoGo network of 200 units at a scaling factor of
 * 50, where units fire 8 times a second; the grid is the whole search over 12
 * factors with 100 trials each, by two workers.
 */
import { openBackend } from "../lib/backend/open.ts";
import { convert } from "../lib/spiking/convert.ts";
import { searchScalingFactor } from "../lib/map/search.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";
import { trainedNetwork } from "./networks.ts";

const network = await trainedNetwork();
const task = goNogo();
const one = await openBackend();
const two = await openBackend({ workers: 2 });
const columns = task.steps + 1;
const inputs = new Float32Array(columns).fill(1, 50, 75);
const stepMs = task.stepMs;

async function benchTrials(
  name: string,
  trials: number,
  options: Partial<Parameters<typeof convert>[1]> = {},
): Promise<void> {
  const spiking = convert(network, { scalingFactor: 50, stepMs, ...options });
  let next = 0;
  const run = () =>
    one.simulate(
      spiking,
      Array.from({ length: trials }, () => ({
        inputs,
        columns,
        noise: { key: 1, trial: next++ },
      })),
      { outputs: true },
    );
  // Compiled code is there after some runs.
  for (let k = 0; k < 5; k++) await run();
  Deno.bench(name, async () => {
    await run();
  });
}

await benchTrials("lif/trial N=200 1s", 1);
await benchTrials("lif/trials N=200 1s x4", 4);
await benchTrials("lif/trial N=200 1s single", 1, { synapse: "single" });
await benchTrials("lif/trial N=200 1s qif", 1, { neuron: "qif" });
await benchTrials("lif/trial N=200 1s eif", 1, { neuron: "eif" });
await benchTrials("lif/trial N=200 1s alif", 1, { neuron: "alif" });

Deno.bench("lif/grid 12x100", { n: 1, warmup: 0 }, async () => {
  const options = { seed: 1, trials: 100, backend: two };
  for await (const _ of searchScalingFactor(network, task, options));
});
