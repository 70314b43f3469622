/**
 * Times of training and evaluating rate networks on the default backend, one
 * worker unless the name says otherwise:
 *
 *   deno bench -A bench/train_bench.ts
 *
 * Before the table stands what the times mean in GFLOP/s, counting two
 * operations a synapse that exists and step for the forward scan, two for the
 * backward one and two for the gradient by its weight; nothing else.
 */
import { openBackend } from "../lib/backend/open.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { reportFlops } from "./flops.ts";
import {
  goNogoTrials,
  initialNetwork,
  synapseCount,
  trainedNetwork,
} from "./networks.ts";

const backend = await openBackend();
const steps = 199;
// The network must stay what its name says, however often it is updated.
const adam = { learningRate: 1e-12 };
let trial = 0;

/** Fresh trials, as training makes them. */
function fresh(count: number) {
  trial += count;
  return goNogoTrials(trial, count);
}

async function bench(
  name: string,
  flops: number,
  run: () => Promise<unknown>,
): Promise<void> {
  Deno.bench(name, { warmup: 20 }, async () => {
    await run();
  });
  await reportFlops(name, flops, run);
}

async function benchUpdate(
  name: string,
  network: RateNetwork,
  batch: number,
  on = backend,
): Promise<void> {
  const session = await on.open(network);
  const flops = 6 * synapseCount(network) * steps * batch;
  await bench(name, flops, () => session.update(fresh(batch), "l2", adam));
}

const initial = initialNetwork([200]);
const trained = await trainedNetwork();
await benchUpdate("train/update N=200 T=200 batch=1", initial, 1);
await benchUpdate("train/update N=200 T=200 batch=1 trained", trained, 1);
await benchUpdate("train/update N=200 T=200 batch=16", initial, 16);
const layered = initialNetwork([200, 200, 200]);
await benchUpdate("train/update N=3x200 T=200 batch=1", layered, 1);
await benchUpdate(
  "train/update N=3x200 T=200 batch=1, 2 workers",
  layered,
  1,
  await openBackend({ workers: 2 }),
);
const session = await backend.open(trained);
await bench(
  "evaluate/rate N=200 trials=100",
  2 * synapseCount(trained) * steps * 100,
  () => session.run(fresh(100)),
);
