/** Programs of people who use the package, and running them from a folder of theirs. */
import { ok } from "node:assert/strict";

/** Trains one layer and three on two workers, and maps them. */
export const training = (name: string) => `
import {
  createNetwork,
  finished,
  getTask,
  openBackend,
  presets,
  randomStream,
  searchScalingFactor,
  train,
} from "${name}";
const backend = await openBackend({ workers: 2 });
for (const units of [[10], [8, 8, 8]]) {
  const task = getTask("go-nogo");
  const { network, training } = presets.paper;
  const start = createNetwork(
    { channels: 1, units, ...network },
    randomStream(1),
  );
  const { model } = await finished(train(start, task, {
    ...{ ...training, updates: 10, evalEvery: 10, evalTrials: 4, seed: 1 },
    backend,
  }));
  const { search } = await finished(searchScalingFactor(model.network, task, {
    ...{ trials: 4, seed: 1, factors: [30, 50], backend },
  }));
  console.log(units.length, [30, 50].includes(search.chosen));
}
backend.close();
`;

/** Imports every entry that is small, and uses something of it. */
export const smallEntries = (name: string) => `
import { createNetwork, randomStream } from "${name}";
import * as analysis from "${name}/analysis";
import { decodeModel, encodeModel } from "${name}/files";
import { plateau } from "${name}/mapping";
import { effectiveWeights } from "${name}/network";
import { goNogo } from "${name}/tasks";
const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
export const sizes: number[] = [
  decodeModel(encodeModel({ network })).network.layers[0].size,
  effectiveWeights(network, 0).length,
  goNogo().steps,
];
export const functions: unknown[] = [plateau, analysis];
if (import.meta.main) console.log(...sizes);
`;

/**
 * Imports the smallest entries, whose types are soon checked, and fails that check
 * unless they have types.
 */
export const fewEntries = (name: string) => `
import { effectiveWeights } from "${name}/network";
import { goNogo } from "${name}/tasks";
export const steps: number = goNogo().steps;
export const of: (network: never, layer: number) => ArrayLike<number> =
  effectiveWeights;
// @ts-expect-error It is a number.
export const text: string = goNogo().steps;
`;

/** Imports the others too, with all that draws and TensorFlow.js. */
export const everyEntry = (name: string) => `
import * as report from "${name}/report";
import { sweepPlan, sweepPoints } from "${name}/sweep";
import { rateScan } from "${name}/tfjs";
${smallEntries(name)}
functions.push(report, rateScan, sweepPoints(sweepPlan({ seeds: [1] })));
`;

/** What both print. */
export const entriesPrint = "8 64 200\n";

/** A test of what modules would print. */
export const testOf = (modules: readonly string[]): string =>
  modules.map((module, k) =>
    `import { sizes as sizes${k} } from "./${module}";
     Deno.test("${module}", () => {
       if (sizes${k}.join(" ") !== "${entriesPrint.trim()}") throw sizes${k};
     });`
  ).join("\n");

/** A task file; the name that it imports the package by. */
export const taskFile = (name: string) => `
import { defineTask } from "${name}";
export default defineTask({
  name: "hold",
  description: "Hold the sign of a pulse.",
  timing: { T: 60 },
  channels: ["pulse"],
  conditions: ["up", "down"],
  layout: ({ T }) => ({ stimuli: { pulse: [10, 20] }, response: [30, T] }),
  trial({ condition, channel, target, timing }) {
    const sign = condition === "up" ? 1 : -1;
    channel("pulse").fill(sign, 10, 20);
    target.fill(sign, 30, timing.T);
  },
});
`;

/** Runs Deno in a folder; it must succeed. Returns what it printed. */
export async function deno(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    signal: AbortSignal.timeout(600_000),
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  ok(code === 0, `deno ${args.join(" ")}\n${out}${err}`);
  return out;
}
