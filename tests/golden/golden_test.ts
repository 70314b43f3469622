/**
 * The bytes that tiny seeded runs leave. With SPIKERNN_GOLDEN=write this test
 * writes down what they are now; the change to tests/data/golden then says what
 * became different.
 */
import { deepStrictEqual as equal } from "node:assert/strict";
import { goldenCheckpoint, goldenRuns, makeGolden } from "./runs.ts";

const folder = new URL("../data/golden/", import.meta.url);

/** Compares a value with the one written down under a name. */
async function compare(name: string, value: unknown): Promise<void> {
  const file = new URL(`${name}.json`, folder);
  if (Deno.env.get("SPIKERNN_GOLDEN") === "write") {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(file, `${JSON.stringify(value, null, 2)}\n`);
  }
  equal(value, JSON.parse(await Deno.readTextFile(file)));
}

for (const name of goldenRuns) {
  Deno.test(`the run ${name} leaves the same bytes as before`, async () => {
    await compare(name, await makeGolden(name));
  });
}

Deno.test("a training leaves the same checkpoint as before", async () => {
  await compare("checkpoint", await goldenCheckpoint());
});
