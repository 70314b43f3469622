import { equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { asUsage } from "../../lib/runs/errors.ts";
import { messageOf } from "../../lib/runs/messages.ts";
import { run } from "./in_process.ts";
import { withSmallModel } from "./with_model.ts";

/** What an engine says of faults of a program. */
const faults: readonly (() => unknown)[] = [
  // deno-lint-ignore no-explicit-any
  () => (undefined as any).rate,
  // deno-lint-ignore no-explicit-any
  () => (null as any).x = 1,
  () => {
    // deno-lint-ignore no-explicit-any
    const { a } = undefined as any;
    return a;
  },
  // deno-lint-ignore no-explicit-any
  () => "a" in (3 as any),
  () => (Object.freeze({ a: 1 }) as { a: number }).a = 2,
  () => Object.defineProperty(Object.freeze({}), "a", { value: 1 }),
  // deno-lint-ignore no-explicit-any
  () => (1n as any) + 1,
  () => Object.keys(undefined as unknown as object),
  () => BigInt("x"),
];

Deno.test("an engine's own errors never pass for messages to people", async () => {
  for (const fault of faults) {
    let thrown: unknown;
    try {
      fault();
    } catch (error) {
      thrown = error;
    }
    ok(thrown instanceof Error);
    ok(messageOf(thrown).startsWith(`Cannot go on: ${thrown.name}: `));
    // Nor for a wrong command line.
    const passed = await asUsage(fault).catch((error: Error) => error) as Error;
    equal(passed.name, thrown.name, "it is no UsageError");
  }
  for (
    const message of [
      "Cannot read the plan a.toml: it is not a JSON object",
      "Cannot convert: the network has no units",
      "Cannot set --N 3",
      "Cannot create the network: N is -1",
    ]
  ) {
    equal(messageOf(new RangeError(message)), message);
  }
});

Deno.test("the system's errors about files are said in words, with the file", async () => {
  const inDeno = (text: string) => new Error(text);
  for (
    const [said, expected] of [
      [
        "Too many levels of symbolic links (os error 40): stat 'a b.mat'",
        'Cannot use "a b.mat": its symbolic links lead in a circle',
      ],
      [
        "File name too long (os error 36): lstat 'x.mat'",
        'Cannot use "x.mat": its name is too long',
      ],
      [
        "ELOOP: too many symbolic links encountered, stat 'a.mat'",
        'Cannot use "a.mat": its symbolic links lead in a circle',
      ],
    ]
  ) {
    equal(messageOf(inDeno(said)), expected);
  }
  await withSmallModel(async (model, folder) => {
    const loop = join(folder, "loop.mat");
    await Deno.symlink("loop.mat", loop);
    match((await run(["eval", loop], 1)).err, /loop\.mat": its symbolic links/);
    match(
      (await run(["eval", `${model}/`], 1)).err,
      /^spikernn: Cannot use .*: a part of its path is a file, not a folder$/m,
    );
  });
});

Deno.test("perturb makes the folder for the changed network before it begins", async () => {
  await withSmallModel(async (model, folder) => {
    const few = ["perturb", model, "--task=go-nogo", "--trials=2", "--seed=1"];
    const save = [...few, "--scale=0.5", "--save"];
    const target = join(folder, "new", "weak.mat");
    await run([...save, target]);
    equal((await readModel(target)).network.layers[0].size, 10);
    match(
      (await run([...save, join(folder, "weak.txt")], 2)).err,
      /Cannot save the changed network in .*weak\.txt: its name must end in \.mat/,
    );
    const { err } = await run([...save, join(model, "weak.mat")], 1);
    match(err, /a part of its path is a file, not a folder/);
  });
});
