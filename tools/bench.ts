/**
 * Times the kernels, by `deno bench`; or compares the times of this checkout with
 * those of another commit:
 *
 *   deno task bench [options of deno bench]
 *   deno task bench --compare REF [--only TEXT] [--seconds S] [--json]
 *
 * REF is checked out into a temporary folder, and the cases of this checkout
 * (bench/cases.ts) are run on the library of both, in turn. A case takes S
 * seconds (3); `--only` takes those whose names have the text in them, long ones
 * too.
 */
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { BenchCase } from "../bench/cases.ts";
import { peakFlops } from "../bench/peak.ts";
import { compareCase, type Compared, comparedTable } from "./bench/compare.ts";
import { importsAsIn } from "./bench/moved.ts";

const root = new URL("..", import.meta.url);

/** Files of bench/ that make up the cases. */
const caseFiles = ["cases.ts", "networks.ts"];

/** Networks that they read. */
const caseData = ["bench/go_nogo_50.mat", "tests/data/gonogo_original.mat"];

/** What the library of another commit takes: documentation is most of a checkout. */
const caseNeeds = ["lib", "bench", "deno.json"];

/** What is wrong with the arguments, or with the other checkout. */
class BenchError extends Error {}

async function git(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args,
    cwd: root,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (success) return text(stdout);
  throw new BenchError(`git ${args[0]} says "${text(stderr)}"`);
}

/** The cases on the library of a checkout, by name. */
async function casesIn(folder: URL): Promise<Map<string, BenchCase>> {
  const { rateCases, spikingCases } = await import(
    new URL("bench/cases.ts", folder).href
  ) as typeof import("../bench/cases.ts");
  const all = [...rateCases, ...spikingCases];
  return new Map(all.map((each) => [each.name, each]));
}

/** Compares all cases that are asked for, and gives each as it is done. */
async function* comparison(
  ref: string,
  { only, seconds }: { only?: string; seconds: number },
): AsyncGenerator<Compared> {
  const here = await casesIn(root);
  const wanted = [...here.values()].filter(({ name, isLong }) =>
    only === undefined ? !isLong : name.includes(only)
  );
  if (wanted.length === 0) {
    throw new BenchError(
      `Cannot compare: no case has "${only}" in its name, there are ` +
        [...here.keys()].join("; "),
    );
  }
  const commit = await git("rev-parse", "--verify", `${ref}^{commit}`)
    .catch((error: Error) => {
      throw new BenchError(
        `Cannot compare with "${ref}": it is not a commit of this repository ` +
          `(${error.message}); name a commit, a branch or a tag`,
      );
    });
  const folder = await Deno.makeTempDir({ prefix: "spikernn_bench_" });
  const other = join(folder, "checkout");
  const interrupted = () => {
    new Deno.Command("git", {
      args: ["worktree", "remove", "--force", other],
      cwd: root,
    }).outputSync();
    Deno.removeSync(folder, { recursive: true });
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", interrupted);
  try {
    await git("worktree", "add", "--no-checkout", "--detach", other, commit);
    await git("-C", other, "checkout", commit, "--", ...caseNeeds);
    for (const file of caseFiles) {
      const text = await Deno.readTextFile(new URL(`bench/${file}`, root));
      await Deno.writeTextFile(
        join(other, "bench", file),
        await importsAsIn(other, text),
      );
    }
    for (const file of caseData) {
      await Deno.mkdir(dirname(join(other, file)), { recursive: true });
      await Deno.copyFile(new URL(file, root), join(other, file));
    }
    const there = await casesIn(pathToFileURL(`${other}/`))
      .catch((error: Error) => {
        throw new BenchError(
          `Cannot compare with "${ref}": its library lacks what the cases of ` +
            `this checkout use (${error.message}); name a later commit`,
        );
      });
    for (const each of wanted) {
      const compared = await compareCase(there.get(each.name)!, each, {
        seconds,
      }).catch((error: Error) => {
        if (!(error instanceof RangeError)) throw error;
        console.error(`${each.name}: not in ${ref} (${error.message})`);
      });
      if (compared) yield compared;
    }
  } finally {
    Deno.removeSignalListener("SIGINT", interrupted);
    await git("worktree", "remove", "--force", other).catch(() => {});
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

async function compare(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      compare: { type: "string" },
      only: { type: "string" },
      seconds: { type: "string", default: "3" },
      json: { type: "boolean", default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0 && Number.isFinite(seconds))) {
    throw new BenchError(
      `Cannot compare: --seconds is ${values.seconds}, allowed are numbers above 0`,
    );
  }
  const ref = values.compare!;
  const peak = peakFlops();
  const all: Compared[] = [];
  for await (const each of comparison(ref, { only: values.only, seconds })) {
    all.push(each);
    if (!values.json) {
      console.error(`${each.name}: ${each.ratio.toFixed(2)} times ${ref}`);
    }
  }
  const load = loadavg()[0];
  if (values.json) {
    const { hardwareConcurrency: cores } = navigator;
    const machine = { cores, load, peakGflops: peak / 1e9 };
    console.log(JSON.stringify({ compared: ref, machine, cases: all }));
    return;
  }
  console.log(comparedTable(all, ref));
  console.log(
    `\n${navigator.hardwareConcurrency} cores, load ${load.toFixed(1)}; ` +
      `products and sums in registers: ${
        (peak / 1e9).toFixed(1)
      } GFLOP/s a core`,
  );
}

/** `deno bench`, as it is without a comparison. */
async function bench(args: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["bench", "--no-prompt", "--allow-read", ...args, "bench/"],
    cwd: root,
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}

if (import.meta.main) {
  const isCompare = Deno.args.some((arg) => /^--compare(=|$)/.test(arg));
  if (!isCompare) Deno.exit(await bench(Deno.args));
  try {
    await compare(Deno.args);
  } catch (error) {
    const isUsage = error instanceof BenchError ||
      `${(error as { code?: unknown }).code}`.startsWith("ERR_PARSE_ARGS");
    if (!isUsage) throw error;
    console.error(
      `${(error as Error).message}\n` +
        "deno task bench --compare REF [--only TEXT] [--seconds S] [--json]",
    );
    Deno.exit(2);
  }
}
