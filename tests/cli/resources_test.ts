/** Folders that commands write to. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { join } from "node:path";
import { prepareFolder } from "../../lib/cli/resources.ts";
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
