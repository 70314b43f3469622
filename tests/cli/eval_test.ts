/** `eval` of several models. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import type { Score } from "../../lib/network/scores.ts";
import { inFolder } from "../folder.ts";
import { run } from "./in_process.ts";
import { small } from "./with_model.ts";

const shared = ["--task=go-nogo", "--seed=1", "--trials=10"];

Deno.test("eval of a folder has a line for each model, and their mean", async () => {
  await inFolder(async (folder) => {
    const [first, second] = ["a.mat", "b.mat"].map((name) =>
      join(folder, name)
    );
    await Deno.copyFile(small, first);
    await Deno.copyFile(small, second);
    const spiking = ["--spiking", "--factor=50"];
    const { out } = await run(["eval", folder, ...shared, ...spiking]);
    const lines = out.trimEnd().split("\n");
    equal(lines.length, 5);
    for (const [k, path] of [first, second].entries()) {
      ok(lines[k].startsWith(`${path}: go-nogo, strict rule, rate `), lines[k]);
      match(lines[k], /, spiking [\d.]+ % \[.*\], scaling factor 50, conver/);
    }
    equal(
      lines[2],
      "2 models, 10 trials each, seed 1; by the strict rule:",
    );
    // The same network twice, on the same trials.
    const alone = await run(["eval", first, ...shared, ...spiking, "--json"]);
    const [rate, twin] = alone.out.split("\n").slice(0, 2)
      .map((line) => JSON.parse(line).score.strict.value);
    const expected = (value: number) => {
      const percent = `${Number((100 * value).toFixed(1))} %`;
      return `${percent} on average, least ${percent}; ` +
        `${value >= 0.95 ? 2 : 0} of 2 at 95 % or more`;
    };
    equal(lines.slice(3), [
      `rate networks: ${expected(rate)}`,
      `spiking networks: ${expected(twin)}`,
    ]);
  });
});

Deno.test("eval evaluates a network with changed synapses, and says what was changed", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.mat");
    await Deno.copyFile(small, path);
    const strict = async (...more: string[]) => {
      const { out } = await run(["eval", path, ...shared, "--json", ...more]);
      const { score, modified } = JSON.parse(out.split("\n")[0]);
      return [score.strict.value, modified];
    };
    equal(await strict(), [1, undefined]);
    equal(await strict("--from=E", "--scale=1"), [1, "scale E to all, 1"]);
    const [value, modified] = await strict("--from=I", "--cut=1");
    ok(value < 1);
    equal(modified, "cut I to all, 1, seed 1");
    equal(
      (await strict("--scale=0", "--window=0:5"))[1],
      "scale all to all, 0, in 0 to 5 ms",
    );
    const spiking = ["--spiking", "--factor=50"];
    const cut = ["--from=E", "--to=I", "--scale=0"];
    const { out } = await run(["eval", path, ...shared, ...spiking, ...cut]);
    match(out, /^modified: scale E to I, 0$/m);
    const refuse = async (message: RegExp, ...more: string[]) =>
      match((await run(["eval", path, ...shared, ...more], 2)).err, message);
    await refuse(/--from alone/, "--from=E");
    await refuse(/population SST/, "--from=SST", "--scale=0");
    const { out: passing } = await run([
      ...["eval", path, ...shared, ...spiking, "--from=I", "--cut=1"],
      "--window=0:300",
    ]);
    match(passing, /^modified: cut I to all, 1, seed 1, in 0 to 300 ms$/m);
    match(passing, /^conversion: not judged/m);
    await refuse(/the window 0:9999999 ms/, "--cut=1", "--window=0:9999999");
  });
});

Deno.test("eval evaluates a network under lesions, stimulation and other noise, and says so", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "a.mat");
    await Deno.copyFile(small, path);
    /** By the strict rule, of the trials that are to be answered. */
    const answered = async (...more: string[]) => {
      const { out } = await run(["eval", path, ...shared, "--json", ...more]);
      const { score, modified } = JSON.parse(out.split("\n")[0]);
      const go = (score as Score).conditions
        .find(({ condition }) => condition === "go");
      return [go!.strict.value, modified];
    };
    equal(await answered("--noise=1"), [1, undefined]);
    equal(await answered("--lesion", "E", "I"), [0, "lesion E, I"]);
    const [inhibited, said] = await answered(
      ...["--stim=inh", "--stim_units=E", "--stim_window=250:1000"],
      "--noise=0",
    );
    ok(inhibited < 1);
    equal(said, "stimulate E (inh), 250 to 1000 ms; noise times 0");
    const spiking = ["--spiking", "--factor=50"];
    const { out } = await run([
      ...["eval", path, ...shared, ...spiking, "--lesion", "3", "7"],
    ]);
    match(out, /^modified: lesion 3, 7$/m);
    const refuse = async (message: RegExp, ...more: string[]) =>
      match((await run(["eval", path, ...shared, ...more], 2)).err, message);
    await refuse(/population SST/, "--lesion=SST");
    await refuse(/population SST/, ...spiking, "--lesion=SST");
    await refuse(/--stim_units without --stim/, "--stim_units=E");
    for (
      const more of [
        ["--noise=2"],
        ["--stim=exc", "--stim_units=E", "--stim_window=0:50"],
      ]
    ) {
      const { out } = await run(["eval", path, ...shared, ...spiking, ...more]);
      match(out, /^conversion: not judged/m);
    }
  });
});

Deno.test("eval goes on after a file that it cannot read, and fails in the end", async () => {
  await inFolder(async (folder) => {
    const bad = join(folder, "bad.mat");
    await Deno.writeTextFile(bad, "no model");
    const good = join(folder, "good.mat");
    await Deno.copyFile(small, good);
    const { out, err } = await run(["eval", bad, good, ...shared], 1);
    equal(out.split("\n").length, 2, "one line, and no mean of one model");
    match(out, /good\.mat: go-nogo, strict rule [\d.]+ %/);
    match(err, /^spikernn: .*bad\.mat: Cannot read/m);
    match(err, /^spikernn: Cannot evaluate 1 of 2 models, see above$/m);
    const { out: events } = await run(
      ["eval", bad, good, ...shared, "--json"],
      1,
    );
    equal(
      events.trimEnd().split("\n").map((line) => JSON.parse(line))
        .map(({ kind, path }) => [kind, path]),
      [["failed", bad], ["evaluation", good]],
    );
  });
});

Deno.test("eval of a folder without models says so", async () => {
  await inFolder(async (folder) => {
    const { err } = await run(["eval", folder], 1);
    match(err, /Cannot find models in the folder .*: it holds no \.mat files/);
  });
});

Deno.test("eval says which flags change nothing without --spiking", async () => {
  await inFolder(async (folder) => {
    const model = join(folder, "a.mat");
    await Deno.copyFile(small, model);
    const few = ["eval", model, "--task=go-nogo", "--seed=1", "--trials=2"];
    const mapping = ["--factor=50", "--tref=1"];
    const idle = /without --spiking .* --factor, --tref change nothing/;
    match((await run([...few, ...mapping])).err, idle);
    ok(!idle.test((await run([...few, ...mapping, "--spiking"])).err));
    ok(!(await run(few)).err.includes("nothing"));
  });
});
