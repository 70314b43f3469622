/** Disks that are full or must not be written: a clear error, nothing harmed. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { testWith } from "../require.ts";
import { runInProcess } from "./in_process.ts";
import { spawn } from "./spawn.ts";
import { small } from "./with_model.ts";

testWith(
  "mount",
  "train says that the disk is full, and leaves what was there",
  async () => {
    const folder = await Deno.makeTempDir();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=300k", "tmpfs", folder]);
    try {
      const kept = join(folder, "kept.mat");
      await Deno.writeTextFile(kept, "old");
      const { code, err } = await spawn([
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
      ], [
        ...["train", "--N=100", "--n_trials=5", "--eval_trials=2", "--seed=1"],
        ...["--plots=False", "--quiet", "--output_dir", folder],
      ]);
      equal(code, 1);
      match(err, /spikernn: Cannot write .*\.mat": the disk is full/);
      equal(await Deno.readTextFile(kept), "old");
    } finally {
      execFileSync("umount", [folder]);
      await Deno.remove(folder, { recursive: true });
    }
  },
);

testWith(
  "mount",
  "simulate says that the disk is full, and leaves no part of a file",
  async () => {
    const folder = await Deno.makeTempDir();
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", folder]);
    // A .mat file of more than 256 MiB is written as trials come.
    const large = ["--trials=900", "--record=voltages"];
    const few = ["--trials=3"];
    try {
      const runs = [
        ["npz", few],
        ["nwb", few],
        ["mat", few],
        ["mat", large],
      ] as const;
      for (const [ending, trials] of runs) {
        const { code, err } = await runInProcess([
          ...["simulate", small.pathname, "--task=go-nogo", "--factor=50"],
          ...["--seed=1", ...trials],
          ...["--output", join(folder, `a.${ending}`)],
        ]);
        equal(code, 1, err);
        match(err, /^spikernn: Cannot write ".*a\.\w+": the disk is full$/m);
        ok(!/^writing /m.test(err), "it did not wait for all trials");
        equal([...Deno.readDirSync(folder)], [], ending);
      }
    } finally {
      execFileSync("umount", [folder]);
      await Deno.remove(folder, { recursive: true });
    }
  },
);
