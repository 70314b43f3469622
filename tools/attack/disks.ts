/** Disks that are full or fail: nothing that was there is harmed, nothing is told wrongly. */
import { join } from "node:path";
import { readModel } from "../../lib/formats/model_file.ts";
import { inFolder } from "../../tests/folder.ts";
import { has } from "../../tests/require.ts";
import { type Dice, diceOf } from "./dice.ts";
import { type Ended, filesIn, run, words } from "./process.ts";
import { type Attack, Tally } from "./types.ts";

let made: Promise<Uint8Array> | undefined;

/** A small model, as it was before the disk failed; it is made once. */
function smallModel(): Promise<Uint8Array> {
  return made ??= inFolder(async (folder) => {
    const { code, err } = await run(words(folder, [
      ...["train", "--preset=paper", "--N=20", "--n_trials=2", "--seed=1"],
      ...["--eval_trials=2", "--plots=False", `--output_dir=${folder}`],
    ]));
    if (code !== 0) throw new Error(`Cannot make a model: ${err}`);
    const [path] = filesIn(folder).filter((path) => path.endsWith(".mat"));
    return await Deno.readFile(path);
  });
}

/** A training, or the mapping of a model in the folder. */
function work(dice: Dice, folder: string): string[] {
  if (dice.once(3)) {
    return [
      ...["map", join(folder, "model.mat"), "--task=go-nogo", "--trials=2"],
      ...["--factors=30,40,50", "--seed=1"],
    ];
  }
  return [
    ...["train", "--preset=paper", `--N=${10 + dice.below(90)}`, "--seed=1"],
    ...["--n_trials=20", "--eval_freq=5", "--eval_trials=2"],
    ...["--loss_threshold=1e-9", `--output_dir=${folder}`],
    ...["--plots=" + (dice.once(4) ? "True" : "False")],
    ...(dice.once(2) ? [`--log_dir=${folder}/logs`] : []),
  ];
}

/**
 * Checks what is left: the files that were there are as they were, or whole in a
 * new form; a run that ended well saved a model that can be read; one that did
 * not says so in a line.
 */
async function check(
  folder: string,
  old: Uint8Array,
  { code, out, err }: Ended,
): Promise<string> {
  const kept = await Deno.readFile(join(folder, "kept.mat"));
  if (!kept.every((byte, k) => byte === old[k])) throw new Error("kept.mat");
  for (const path of filesIn(folder)) {
    if (path.endsWith(".mat")) await readModel(path);
  }
  if (code !== 0 && !/^spikernn: Cannot /m.test(err)) {
    throw new Error(`exit code ${code} without a line that says why`);
  }
  const [, saved] = /saved (\S+\.mat)/.exec(`${out}\n${err}`) ?? [];
  if (saved !== undefined) await readModel(saved);
  else if (code === 0) throw new Error("no model is named");
  return code === 0 ? "ended well" : "said what failed";
}

async function attempt(
  tally: Tally,
  label: string,
  run_: () => Promise<string>,
): Promise<void> {
  try {
    tally.held(await run_());
  } catch (error) {
    tally.broke(`${label}: ${(error as Error).message}`);
  }
}

/** Small disks. */
export const fullDisks: Attack = {
  name: "full-disk",
  what: "disks of random size that fill up: old files whole, no false word",
  unit: "runs",
  wanted: 200,
  usual: 30,
  async run({ count, seed, until }) {
    const tally = new Tally();
    if (!await has("mount")) {
      return { ...tally.outcome, skipped: "no right to mount a disk" };
    }
    const old = await smallModel();
    for (let index = 0; index < count && performance.now() < until; index++) {
      const dice = diceOf(seed, index);
      const size = Math.ceil(old.length / 512) + dice.below(400);
      const folder = await Deno.makeTempDir();
      const mounted = await run(
        ["mount", "-t", "tmpfs", "-o", `size=${size}k`, "tmpfs", folder],
      );
      try {
        await attempt(tally, `try ${index} (seed ${seed})`, async () => {
          if (mounted.code !== 0) throw new Error(mounted.err);
          await Deno.writeFile(join(folder, "kept.mat"), old);
          const args = work(dice, folder);
          if (args[0] === "map") {
            await Deno.writeFile(join(folder, "model.mat"), old);
          }
          const ended = await run(words(folder, args));
          return await check(folder, old, {
            ...ended,
            out: args[0] === "map" ? `saved ${args[1]}` : ended.out,
          });
        });
      } finally {
        await run(["umount", folder]);
        await Deno.remove(folder, { recursive: true });
      }
    }
    return tally.outcome;
  },
};

/** System calls that fail, and how. */
const calls = ["fsync", "rename", "linkat", "ftruncate", "unlink", "mkdir"]
  .concat("renameat2", "fdatasync", "link", "flock", "pwrite64");
const troubles = ["ENOSPC", "EIO", "EROFS", "EACCES", "ESTALE", "EDQUOT"];

/** Disks whose system calls fail. */
export const failingDisks: Attack = {
  name: "failing-disk",
  what: "system calls that fail by strace: old files whole, no false word",
  unit: "runs",
  wanted: 200,
  usual: 30,
  async run({ count, seed, until }) {
    const tally = new Tally();
    const strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null"];
    const works = await run([...strace, "true"]).catch(() => ({ code: 1 }));
    if (works.code !== 0) {
      return { ...tally.outcome, skipped: "strace does not work here" };
    }
    const old = await smallModel();
    for (let index = 0; index < count && performance.now() < until; index++) {
      const dice = diceOf(seed, index);
      const call = dice.pick(calls);
      const trouble = dice.pick(troubles);
      const when = `${1 + dice.below(4)}${dice.once(2) ? "+" : ""}`;
      const how = `inject=${call}:error=${trouble}:when=${when}`;
      await attempt(
        tally,
        `try ${index} (seed ${seed}), ${how}`,
        () =>
          inFolder(async (folder) => {
            await Deno.writeFile(join(folder, "kept.mat"), old);
            await Deno.writeFile(join(folder, "model.mat"), old);
            const args = work(dice, folder);
            const ended = await run([
              ...[...strace, "-e", `trace=${call}`, "-e", how],
              ...words(folder, args),
            ]);
            return await check(folder, old, {
              ...ended,
              out: args[0] === "map" ? `saved ${args[1]}` : ended.out,
            });
          }),
      );
    }
    return tally.outcome;
  },
};
