/** Disks that are full or must not be written: a clear error, nothing harmed. */
import { deepStrictEqual as equal, match } from "node:assert/strict";
import { join } from "node:path";
import { spawn } from "./spawn.ts";

Deno.test("train says that the disk is full, and leaves what was there", async (t) => {
  const folder = await Deno.makeTempDir();
  const mount = (command: string, args: string[]) =>
    new Deno.Command(command, { args, stderr: "null" }).output()
      .catch(() => ({ success: false }));
  const { success } = await mount("mount", [
    ...["-t", "tmpfs", "-o", "size=300k", "tmpfs", folder],
  ]);
  try {
    await t.step({
      name: "on a small tmpfs",
      // Mounting is the superuser's right; a container may lack it.
      ignore: !success,
      async fn() {
        const kept = join(folder, "kept.mat");
        await Deno.writeTextFile(kept, "old");
        const { code, err } = await spawn([
          `--allow-read=${folder}`,
          `--allow-write=${folder}`,
        ], [
          ...[
            "train",
            "--N=100",
            "--n_trials=5",
            "--eval_trials=2",
            "--seed=1",
          ],
          ...["--plots=False", "--quiet", "--output_dir", folder],
        ]);
        equal(code, 1);
        match(err, /spikernn: Cannot write .*\.mat": the disk is full/);
        equal(await Deno.readTextFile(kept), "old");
      },
    });
  } finally {
    if (success) await mount("umount", [folder]);
    await Deno.remove(folder, { recursive: true });
  }
});
