import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { searchScalingFactor } from "../../lib/map/search.ts";
import { fakeBackend, task } from "./spiking_fakes.ts";

const file = new URL("../data/gonogo_original.mat", import.meta.url);

Deno.test("the record of a search survives the model file, failures too", async () => {
  const model = decodeModel(readFileSync(file));
  const backend = fakeBackend((spiking) => {
    if (spiking.factor === 20) throw new Error("out of memory");
    return { output: 0, spikes: () => 1 };
  });
  const events = await Array.fromAsync(
    searchScalingFactor(model.network, task, {
      seed: 1,
      trials: 4,
      factors: [20, 45, 50],
      backend,
    }),
  );
  const last = events.at(-1);
  assert.ok(last?.kind === "mapped");
  const search = decodeModel(encodeModel({ ...model, search: last.search }))
    .search;
  assert.deepEqual(search, last.search);
  assert.deepEqual(search?.failures, [
    { factor: 20, message: "out of memory" },
  ]);
});
