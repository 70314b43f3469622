/** Bundles in the formats that have no `await` at their top level. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { saveTrials } from "../../lib/entry/files.ts";
import { convert, createNetwork, getTask, randomStream } from "../../mod.ts";
import { runtimeProgram, testWith } from "../require.ts";
import { inFolder } from "../folder.ts";

const at = (path: string) => new URL(`../../${path}`, import.meta.url).href;

/** Two trials on two workers, and a model as bytes; gives its result to `done`. */
const program = `
import { convert, createNetwork, evaluate, getTask, openBackend, randomStream }
  from ${JSON.stringify(at("mod.ts"))};
import { decodeModel, encodeModel, saveTrials }
  from ${JSON.stringify(at("lib/entry/files.ts"))};
export async function save(path: string): Promise<void> {
  const network = createNetwork({ channels: 2, units: 8 }, randomStream(1));
  const spiking = convert(network, { scalingFactor: 50 });
  const options = { seed: 1, trials: 3, record: ["rates"] } as const;
  await saveTrials(path, spiking, getTask("xor"), options);
}
export async function main(): Promise<unknown> {
  const start = createNetwork({ channels: 2, units: 8 }, randomStream(1));
  const { network } = decodeModel(encodeModel({ network: start }));
  const backend = await openBackend({ workers: 2 });
  const options = { seed: 1, trials: 2, backend };
  const { strict } = await evaluate(network, getTask("xor"), options);
  backend.close();
  return [strict.trials, network.layers[0].size];
}
(globalThis as { done?: (found: unknown) => void }).done?.(main());
`;

async function run(command: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command[0], {
    args: command.slice(1),
    signal: AbortSignal.timeout(600_000),
  }).output();
  ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

async function bundled(folder: string, format: string): Promise<string> {
  const source = join(folder, "program.ts");
  await writeFile(source, program);
  // Node takes a file of this ending for what require() takes.
  const path = join(folder, `${format}.cjs`);
  await run([
    ...[Deno.execPath(), "bundle", "--quiet", "--platform", "browser"],
    ...["--config", new URL(at("deno.json")).pathname],
    ...["--format", format, "--external", "h5wasm", "--output", path, source],
  ]);
  return path;
}

testWith(
  "node",
  "Node's require() takes the library as one file, which saves the same bytes",
  () =>
    inFolder(async (folder) => {
      const path = await bundled(folder, "cjs");
      const [theirs, ours] = ["theirs.npz", "ours.npz"].map((name) =>
        join(folder, name)
      );
      const main = `const there = require(${JSON.stringify(path)});
        there.save(${JSON.stringify(theirs)}).then(there.main)
          .then((found) => console.log(JSON.stringify(found)))`;
      const out = await run([runtimeProgram("node"), "-e", main]);
      equal(JSON.parse(out), [2, 8]);
      const network = createNetwork({ channels: 2, units: 8 }, randomStream(1));
      const spiking = convert(network, { scalingFactor: 50 });
      const options = { seed: 1, trials: 3, record: ["rates"] } as const;
      await saveTrials(ours, spiking, getTask("xor"), options);
      ok((await readFile(ours)).equals(await readFile(theirs)), "other bytes");
    }),
);

Deno.test("the library as one classic script runs where no module does", () =>
  inFolder(async (folder) => {
    const script = await Deno.readTextFile(await bundled(folder, "iife"));
    const { promise, resolve } = Promise.withResolvers<unknown>();
    // A function's body has no top level at which it could wait.
    new Function("globalThis", script)(
      Object.assign(Object.create(globalThis), { done: resolve }),
    );
    equal(await promise, [2, 8]);
  }));
