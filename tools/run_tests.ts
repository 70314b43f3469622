/**
 * Runs the tests and the examples of the documentation by `deno test`, told what
 * makes them quick. Arguments are handed on; if they name files, these alone run.
 *
 *     deno run -A tools/run_tests.ts [--filter TEXT] [--junit-path FILE] [PATH …]
 *
 * - Files whose tests are short share a module with their neighbours in a folder:
 *   each module is a worker of its own, which loads the program anew.
 * - What lasts longest comes first, so that nothing runs alone in the end.
 * - More modules run at once than there are processors, since many tests wait for
 *   another process.
 */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * Files that take longer than six seconds on an idle machine, the longest first.
 * Each is a module of its own, or of those that share what takes long.
 */
export const longest: readonly (string | readonly string[])[] = [
  "tests/sweep/slurm_real_test.ts",
  // The lab is built once for them.
  [
    "tests/site/lab_trouble_test.ts",
    "tests/site/lab_test.ts",
    "tests/site/lab_firefox_test.ts",
  ],
  "tests/docs/pages_test.ts",
  "tests/dashboard/page_test.ts",
  // The programs of other runtimes are looked for once.
  [
    "tests/platform/bits_test.ts",
    "tests/platform/bundle_test.ts",
    "tests/platform/sweep_test.ts",
  ],
  "tests/tools/bundle_test.ts",
  "tests/published/checkout_test.ts",
  "tests/cli/permissions_test.ts",
  "tests/published/jsr_test.ts",
  "tests/cli/again_test.ts",
  "tests/notebook/tutorials_test.ts",
  "tests/tasks/sandbox_test.ts",
  "tests/sweep/command_test.ts",
  "tests/export/export_test.ts",
  "tests/tools/attack_test.ts",
  "tests/dashboard/command_test.ts",
  "tests/cli/resume_test.ts",
  "tests/cli/simulate_files_test.ts",
];

/** Most files in a module. */
const most = 15;

/** Files of tests by the modules that they run in, from the root. */
export async function modules(): Promise<string[][]> {
  const tests = (await readdir(join(root, "tests"), { recursive: true }))
    .map((path) => `tests/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith("_test.ts")).sort();
  // A test of this list finds a file that is gone.
  const first = longest.map((paths) =>
    [paths].flat().filter((path) => tests.includes(path))
  ).filter((paths) => paths.length > 0);
  const listed = new Set(first.flat());
  const folders = Map.groupBy(
    tests.filter((path) => !listed.has(path)),
    (path) => path.slice(0, path.lastIndexOf("/") + 1),
  );
  const shared = [...folders.values()].flatMap((paths) => {
    const count = Math.ceil(paths.length / most);
    const parts = Array.from({ length: count }, (): string[] => []);
    paths.forEach((path, k) => parts[k % count].push(path));
    return parts;
  });
  shared.sort((a, b) => b.length - a.length);
  return [...first, ...shared];
}

/** Writes the modules of tests into a folder; gives their paths. */
async function written(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const [k, files] of (await modules()).entries()) {
    // In the order of names; what runs is said by them.
    const number = String(k).padStart(3, "0");
    const about = files.length === 1
      ? files[0]
      : `${dirname(files[0])}_test.ts`;
    const path = join(folder, `${number}_${about.replaceAll("/", "_")}`);
    const imports = files.map((file) =>
      `import ${JSON.stringify(pathToFileURL(join(root, file)).href)};`
    );
    await Deno.writeTextFile(path, imports.join("\n") + "\n");
    paths.push(path);
  }
  return paths;
}

/** What may hold examples: all that stands beside the tests. */
async function documented(): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return ["*.md", "*.ts"].concat(
    entries.filter((entry) =>
      entry.isDirectory() && entry.name !== "tests" &&
      !entry.name.startsWith(".")
    ).map(({ name }) => name),
  );
}

/** Options of `deno test` whose value is the argument after them. */
const valued = new Set(["--filter", "--junit-path", "--reporter"]);

/** Whether arguments of `deno test` name what is to run. */
export function namesFiles(args: readonly string[]): boolean {
  return args.some((arg, k) =>
    !arg.startsWith("-") && !valued.has(args[k - 1])
  );
}

async function main(): Promise<number> {
  const folder = await Deno.makeTempDir({ prefix: "spikernn_tests_" });
  // An interrupt reaches Deno itself, which is waited for.
  Deno.addSignalListener("SIGINT", () => {});
  try {
    const what = namesFiles(Deno.args)
      ? []
      : [...await written(folder), ...await documented()];
    const { code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["test", "--no-prompt", "-A", "--parallel", "--doc", "--no-check"],
        ...[...Deno.args, ...what],
      ],
      cwd: root,
      env: {
        DENO_JOBS: Deno.env.get("DENO_JOBS") ??
          String(Math.ceil(navigator.hardwareConcurrency * 1.5)),
        // Only long runs gain from WebAssembly that is optimised early.
        DENO_V8_FLAGS: "--wasm-tiering-budget=400000000",
      },
    }).spawn().status;
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main());
