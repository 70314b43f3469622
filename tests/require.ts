/**
 * What a test needs that a machine may lack. A test that needs something says
 * so here; without it the test is skipped with one line that says why, unless
 * SPIKERNN_REQUIRE=all, under which a skip is a failure: all that can be
 * installed must be there. What the machine's owner may not do cannot be.
 */
import { execFileSync } from "node:child_process";

/** Things that tests may need. */
export type Need =
  | "octave"
  | "scipy"
  | "elephant"
  | "statistics"
  | "safetensors"
  | "tensorboard"
  | "nwb"
  | "brian2"
  | "nir"
  | "snntorch"
  | "mount"
  | "setpriv"
  | "chromium"
  | "firefox"
  | "node"
  | "node24"
  | "bun"
  | "poppler"
  | "script"
  | "tmux"
  | "bash"
  | "zsh"
  | "fish"
  | "slurm"
  | "webgpu"
  | "nbclient"
  | "matplotlib";

/** Rights, which no package brings. */
const rights: ReadonlySet<Need> = new Set<Need>(["mount", "setpriv"]);

/**
 * Other runtimes, by npm's packages of them, which bring the programs themselves.
 * Node's are the oldest lines that the library, and its sweeps, promise to run on.
 */
const runtimePackages = {
  node: "node@22",
  node24: "node@24",
  bun: "bun@1.3.14",
} as const;

type Runtime = keyof typeof runtimePackages;

function isRuntime(need: Need): need is Runtime {
  return Object.hasOwn(runtimePackages, need);
}

const runtimes = new Map<Runtime, string>();

/**
 * Path of the program of another runtime, which starts it without npm, whose own
 * start takes longer than most programs run.
 *
 * @throws {Error} with npm's, when it cannot bring the package
 */
export function runtimeProgram(need: Runtime): string {
  const known = runtimes.get(need);
  if (known !== undefined) return known;
  const path = execFileSync("npx", [
    ...["--yes", runtimePackages[need]],
    ...["-e", "console.log(process.execPath)"],
  ], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  runtimes.set(need, path);
  return path;
}

/** Debian's own Python, which has Debian's PyTorch. */
export const debianPython = "/usr/bin/python3";

/** Looks for packages of Python without importing them, which takes seconds. */
const packages = (names: string, python = "python3"): [string, string[]] => [
  python,
  [
    "-c",
    "from importlib.util import find_spec\n" +
    `assert all(map(find_spec, "${names}".split()))`,
  ],
];

const probes: Record<Exclude<Need, Runtime>, [string, string[]]> = {
  octave: ["octave-cli", ["--version"]],
  elephant: packages("elephant"),
  scipy: packages("scipy"),
  // What analyses are held against.
  statistics: packages("scipy sklearn statsmodels"),
  safetensors: packages("safetensors numpy"),
  tensorboard: packages("tensorboard"),
  nwb: packages(
    "pynwb nwbinspector pynapple neo elephant xarray pandas spikeinterface scipy",
  ),
  brian2: packages("brian2"),
  nir: packages("nir"),
  snntorch: packages("torch snntorch nirtorch nir h5py", debianPython),
  // The right to mount a small disk, and to give up the superuser's powers.
  mount: ["sh", [
    "-c",
    "d=$(mktemp -d) && trap 'rmdir \"$d\"' EXIT && " +
    'mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"',
  ]],
  setpriv: ["setpriv", ["--inh-caps=-all", "--bounding-set=-all", "true"]],
  chromium: ["chromium", ["--version"]],
  firefox: ["firefox-esr", ["--version"]],
  poppler: ["pdftoppm", ["-v"]],
  script: ["script", ["--version"]],
  tmux: ["tmux", ["-V"]],
  bash: ["bash", ["--version"]],
  zsh: ["zsh", ["--version"]],
  fish: ["fish", ["--version"]],
  slurm: ["slurmctld", ["-V"]],
  webgpu: ["true", []],
  matplotlib: packages("matplotlib numpy"),
  nbclient: packages("ipykernel nbclient numpy pandas"),
};

// Deno looks for adapters through OpenGL as well, and Mesa's EGL at times breaks
// the process when it ends, after everything has passed.
if (Deno.build.os === "linux" && !Deno.env.has("DENO_WEBGPU_BACKEND")) {
  Deno.env.set("DENO_WEBGPU_BACKEND", "vulkan");
}

const found = new Map<Need, boolean>();

/** Whether the machine has what is needed. */
export async function has(need: Need): Promise<boolean> {
  const known = found.get(need);
  if (known !== undefined) return known;
  let present = false;
  try {
    if (isRuntime(need)) runtimeProgram(need);
    else {
      const [command, args] = probes[need];
      execFileSync(command, args, { stdio: "ignore" });
    }
    present = need !== "webgpu" ||
      await navigator.gpu?.requestAdapter() != null;
  } catch {
    present = false;
  }
  found.set(need, present);
  return present;
}

/**
 * Defines a test that runs only where the machine has `need`.
 *
 * @throws {Error} under SPIKERNN_REQUIRE=all, when it is missing and could be
 *   installed
 */
export function testWith(
  need: Need,
  name: string,
  run: (context: Deno.TestContext) => void | Promise<void>,
): void {
  Deno.test(name, async (context) => {
    if (await has(need)) return await run(context);
    if (Deno.env.get("SPIKERNN_REQUIRE") === "all" && !rights.has(need)) {
      throw new Error(`Cannot run this test: ${need} is missing`);
    }
    console.warn(`skipped: ${name}: ${need} is missing`);
  });
}
