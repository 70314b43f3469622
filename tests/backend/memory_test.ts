import { equal, match, ok, throws } from "node:assert/strict";
import {
  checkAddressable,
  trainingBytes,
  type TrainingSize,
  trainingSize,
} from "../../lib/backend/memory.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { train } from "../../lib/train/train.ts";

function one(
  N: number,
  steps: number,
  { batch = 1, workers = 1, connection = 0.2 } = {},
): TrainingSize {
  const entries = N * N;
  const synapses = connection * entries;
  return { sizes: [N], entries, synapses, steps, batch, workers };
}

Deno.test("trainingBytes() is near what runs took", () => {
  // Megabytes at the peak of whole `train` commands.
  const measured: [TrainingSize, number][] = [
    [one(20, 200), 91],
    [one(2000, 200), 749],
    [one(2000, 1000), 764],
    [one(2000, 1000, { workers: 2 }), 836],
    [one(1000, 1000), 395],
    [one(1000, 1000, { batch: 16 }), 501],
    [one(1000, 1000, { batch: 64 }), 522],
    [one(1000, 1000, { batch: 64, workers: 4 }), 974],
    [one(500, 4000, { batch: 16 }), 579],
    [one(1000, 200, { connection: 1 }), 557],
    [one(2000, 200, { connection: 1 }), 1557],
    [one(1000, 200, { connection: 1, batch: 64, workers: 2 }), 872],
    [one(300, 10_000, { workers: 2 }), 359],
  ];
  for (const [size, megabytes] of measured) {
    const told = trainingBytes(size) / 1e6;
    const what = `${JSON.stringify(size)}: ${told}, measured ${megabytes}`;
    ok(told > 0.85 * megabytes, what);
    ok(told < 1.5 * megabytes, what);
  }
});

Deno.test("trainingSize() counts entries and synapses", () => {
  const network = createNetwork(
    { channels: 1, units: [30, 20], connection: 0.5 },
    randomStream(1),
  );
  const size = trainingSize(network, { steps: 10, batch: 2, workers: 1 });
  equal(size.entries, 30 * 30 + 20 * 20 + 30 * 20);
  const [a, b] = network.layers.map(({ mask }) =>
    mask.reduce((sum, there) => sum + there, 0)
  );
  ok(size.synapses > a + b && size.synapses < size.entries);
});

Deno.test("checkAddressable() refuses what WebAssembly cannot address alone", () => {
  checkAddressable(one(2000, 1000));
  checkAddressable(one(2000, 100_000));
  checkAddressable(one(2000, 100_000, { batch: 64 }));
  throws(
    () => checkAddressable(one(2000, 120_000)),
    (error: Error) => {
      ok(error instanceof RangeError);
      match(error.message, /needs 4\.\d GB .* allowed are 4\.3 GB/);
      return true;
    },
  );
  throws(() => checkAddressable(one(30_000, 200)), RangeError);
});

Deno.test("train() refuses before it begins what cannot be held", async () => {
  const task = getTask("go-nogo", { T: 1_000_000 });
  const network = createNetwork(
    { channels: 1, units: 300 },
    randomStream(1),
  );
  let events = 0;
  let thrown: unknown;
  try {
    for await (const _ of train(network, task, { seed: 1, updates: 1 })) {
      events++;
    }
  } catch (error) {
    thrown = error;
  }
  ok(thrown instanceof RangeError, String(thrown));
  match(thrown.message, /^Cannot train 300 units over 1000000 steps on simd/);
  equal(events, 0);
});
