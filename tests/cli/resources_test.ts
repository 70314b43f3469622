/** Folders that commands write to. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { prepareFolder } from "../../lib/runs/resources.ts";
import { lockFolder } from "../../lib/formats/lock.ts";
import { inFolder } from "../folder.ts";
import { has } from "../require.ts";

Deno.test("prepareFolder() removes what a killed run left, and nothing else", async () => {
  await inFolder(async (folder) => {
    const left = (
      hours: number,
      name = `.spikernn-${crypto.randomUUID()}.tmp`,
    ) => {
      const path = join(folder, name);
      Deno.writeTextFileSync(path, "half");
      const then = new Date(Date.now() - hours * 3_600_000);
      Deno.utimeSync(path, then, then);
      return name;
    };
    const stale = left(2);
    const fresh = left(0.5);
    const others = [
      left(2, ".spikernn-mine.tmp"),
      left(2, "model.mat"),
      left(2, `x.spikernn-${crypto.randomUUID()}.tmp`),
    ];
    const linked = `.spikernn-${crypto.randomUUID()}.tmp`;
    await Deno.symlink("model.mat", join(folder, linked));
    const kept = [fresh, ...others, linked];
    // Only the superuser can make a file that is another user's.
    if (await has("setpriv") && Deno.uid() === 0) {
      const foreign = left(2);
      await Deno.chown(join(folder, foreign), 12_345, 12_345);
      kept.push(foreign);
    }
    await prepareFolder(folder);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    equal(names.sort(), kept.sort(), `${stale} is gone, the others are not`);
  });
});

Deno.test("prepareFolder() removes folders of killed runs that kept nothing, and no other", async () => {
  await inFolder(async (folder) => {
    const then = new Date(Date.now() - 2 * 3_600_000);
    const run = async (name: string, files: readonly string[], old = true) => {
      const path = join(folder, name);
      await Deno.mkdir(path);
      for (const file of files) {
        await Deno.writeTextFile(join(path, file), "{}");
      }
      if (old) await Deno.utime(path, then, then);
      return path;
    };
    const half = `.spikernn-${crypto.randomUUID()}.tmp`;
    await run("killed.run", ["lock.json"]);
    await run("sooner.run", []);
    await run("writing.run", ["lock.json", half]);
    await run("kept.run", ["lock.json", "checkpoint_2.safetensors"]);
    await run("theirs.run", ["notes.txt"]);
    await run("young.run", ["lock.json"], false);
    await run("folder", []);
    const used = await run("used.run", []);
    await using _lock = await lockFolder(used);
    await Deno.utime(used, then, then);
    await prepareFolder(folder);
    equal(
      [...Deno.readDirSync(folder)].map(({ name }) => name).sort(),
      ["folder", "kept.run", "theirs.run", "used.run", "young.run"],
    );
  });
});
