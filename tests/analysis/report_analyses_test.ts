/** Which analyses a report makes unasked. */
import assert from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { analysesOfReport } from "../../lib/runs/report_analyses.ts";
import { getTask } from "../../lib/tasks/registry.ts";

const small = {
  model: { network: createNetwork({ units: 6, channels: 1 }, randomStream(1)) },
  task: getTask("go-nogo"),
};

Deno.test("analysesOfReport() makes what takes little time, and says why it leaves out what it does", async () => {
  const found = await analysesOfReport(small, { seed: 1 });
  assert.deepEqual(
    found!.made.map(({ name, trials }) => [name, trials]),
    [["trajectories", 20], ["tuning", 20]],
  );
  const [{ name, reason }] = found!.missing;
  assert.equal(name, "timescales");
  assert.match(reason, /run map first/);
  assert.match(found!.others!, /fixed-points/);
});

Deno.test("analysesOfReport() runs no trials of a large network unasked", async () => {
  const task = getTask("dms");
  const network = createNetwork(
    { units: 1500, channels: 2 },
    randomStream(1),
  );
  const found = await analysesOfReport({ model: { network }, task }, {
    seed: 1,
    onEvent: ({ kind }) => assert.notEqual(kind, "simulated"),
  });
  assert.equal(found!.made.length, 0);
  assert.deepEqual(found!.missing.map(({ name }) => name), [
    "trajectories",
    "tuning",
    "timescales",
  ]);
});

Deno.test("analysesOfReport() makes named ones alone, none for none, and refuses others", async () => {
  const found = await analysesOfReport(small, { seed: 1, names: ["weights"] });
  assert.deepEqual(found!.made.map(({ name }) => name), ["weights"]);
  assert.deepEqual(found!.missing, []);
  assert.equal(
    await analysesOfReport(small, { seed: 1, names: ["none"] }),
    undefined,
  );
  await assert.rejects(
    analysesOfReport(small, { seed: 1, names: ["spectra"] }),
    /Cannot analyse "spectra": the analyses are trajectories, /,
  );
});
