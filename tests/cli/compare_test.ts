/** `compare`, on models that differ in known ways. */
import {
  deepStrictEqual as equal,
  doesNotMatch,
  match,
  ok,
} from "node:assert/strict";
import { join } from "node:path";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { Model } from "../../lib/network/records.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { modelOf } from "../export/models.ts";
import { inFolder } from "../folder.ts";
import { run, runInProcess } from "./in_process.ts";

/** A network that has 12 units, and what is on record of it. */
function made(seed: number, settings: Record<string, unknown> = {}): Model {
  return {
    network: createNetwork({ units: 12, channels: 1 }, randomStream(1)),
    provenance: {
      version: "1",
      seed,
      backend: "simd",
      created: `2026-01-0${seed}T00:00:00Z`,
      settings: { gain: 1.5, ...settings },
    },
  };
}

/** Runs the command on two models; what it prints, and its event. */
async function compared(first: Model, second: Model) {
  return await inFolder(async (folder) => {
    const [a, b] = [join(folder, "a.mat"), join(folder, "b.mat")];
    await writeModel(a, first);
    await writeModel(b, second);
    const { out } = await run(["compare", a, b]);
    const json = await run(["compare", a, b, "--json"]);
    const event = JSON.parse(json.out);
    equal(event.kind, "comparison");
    equal(event.paths, [a, b]);
    return { out, event };
  });
}

Deno.test("compare says that nothing differs, whenever models were saved", async () => {
  const { out, event } = await compared(made(1), {
    ...made(2),
    provenance: { ...made(1).provenance!, created: "2026-02-01T00:00:00Z" },
  });
  match(out, /^the same network: hash of the weights [0-9a-f]{64}\n/);
  match(out, /nothing else on record differs\n$/);
  equal(event.same, true);
  equal([event.differences, event.weights], [[], []]);
});

Deno.test("compare names each setting that differs, and none that does not", async () => {
  const { out, event } = await compared(
    made(1, { lr: 0.01, taus: [4, 20] }),
    made(2, { lr: 0.02, warm_up: 5, taus: [4, 20] }),
  );
  equal(event.same, true);
  equal(event.differences, [
    { name: "--lr", values: [0.01, 0.02] },
    { name: "seed", values: [1, 2] },
    { name: "--warm_up", values: [null, 5] },
  ]);
  match(out, /^A: .*a\.mat\nB: .*b\.mat\n +A +B\n/m);
  match(out, /^--lr +0\.01 +0\.02$/m);
  match(out, /^--warm_up +– +5$/m);
  doesNotMatch(out, /gain|taus/);
});

Deno.test("compare measures how far weights are apart", async () => {
  const first = made(1);
  const [layer] = first.network.layers;
  const weights = Float32Array.from(layer.weights, (weight) => 1.5 * weight);
  const lost = weights.findIndex((weight) => weight > 0);
  weights[lost] = 0;
  const absent = layer.weights.findIndex((weight, k) =>
    weight === 0 && layer.mask[k] === 1
  );
  weights[absent] = 1e-6;
  const { out, event } = await compared(first, {
    ...first,
    network: { ...first.network, layers: [{ ...layer, weights }] },
  });
  equal(event.same, false);
  equal(event.differences, []);
  const [recurrent, ...others] = event.weights;
  equal(recurrent.name, "recurrent");
  equal(recurrent.only, [1, 1]);
  const square = (of: ArrayLike<number>) =>
    Array.from(of).reduce((sum, w) => sum + w * w, 0);
  const change = Math.sqrt(
    square(weights.map((weight, k) => weight - layer.weights[k])) /
      square(layer.weights),
  );
  ok(Math.abs(recurrent.change - change) < 1e-6, `${recurrent.change}`);
  for (const { name, change } of others) equal(change, 0, name);
  match(out, /^two networks: hashes of the weights \w{64} and \w{64}\n/);
  match(out, /^recurrent +\d+(\.\d+)? % +1 +1$/m);
});

Deno.test("compare tells networks of other sizes, and searches, apart", async () => {
  const searched = modelOf({ calibrated: true });
  const { event } = await compared(made(1), searched);
  const of = (name: string) =>
    event.differences.find((one: { name: string }) => one.name === name)
      ?.values;
  equal(of("scaling factor"), [null, 25]);
  equal(of("seed"), [1, null]);
  equal(of("units"), undefined);
  const layers = await compared(made(1), modelOf({ sizes: [7, 5] }));
  equal(
    layers.event.differences[0],
    { name: "task", values: [null, "go-nogo"] },
  );
  ok(
    layers.event.weights.every((one: { name: string; change: unknown }) =>
      one.name !== "recurrent"
    ),
  );
});

Deno.test("compare says of which sizes nothing can be compared", async () => {
  const larger: Model = {
    network: createNetwork({ units: 15, channels: 1 }, randomStream(1)),
  };
  const { out, event } = await compared(made(1), larger);
  for (const { name, change, only } of event.weights) {
    equal([change, only], [null, []], name);
  }
  match(out, /^units +12 +15$/m);
  match(out, /^recurrent +– +– +–$/m);
  match(out, /^–: of other sizes, which are not compared$/m);
});

Deno.test("compare wants two files", async () => {
  const { code, err } = await runInProcess(["compare", "a.mat"]);
  equal(code, 2);
  match(err, /Cannot run compare: A\.mat B\.mat are needed, received 1 of 2/);
  match(
    (await run(["compare"], 2)).err,
    /Cannot run compare: A\.mat B\.mat are missing, see/,
  );
});
