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
export const runtimeCommands = {
  node: ["npx", "--yes", "node@22"],
  node24: ["npx", "--yes", "node@24"],
  bun: ["npx", "--yes", "bun@1.3.14"],
} as const;

/** Debian's own Python, which has Debian's PyTorch. */
export const debianPython = "/usr/bin/python3";

const probes: Record<Need, [string, string[]]> = {
  octave: ["octave-cli", ["--version"]],
  elephant: ["python3", ["-c", "import elephant.spike_train_correlation"]],
  scipy: ["python3", ["-c", "import scipy.io"]],
  // scikit-learn, SciPy, statsmodels: what analyses are held against.
  statistics: ["python3", ["-c", "import scipy, sklearn, statsmodels"]],
  safetensors: ["python3", ["-c", "import safetensors.numpy"]],
  tensorboard: [
    "python3",
    ["-c", "import tensorboard.backend.event_processing.event_accumulator"],
  ],
  nwb: ["python3", [
    "-c",
    "from importlib.util import find_spec\n" +
    "names = 'pynwb nwbinspector pynapple neo elephant xarray pandas " +
    "spikeinterface scipy'\nassert all(map(find_spec, names.split()))",
  ]],
  brian2: ["python3", ["-c", "import brian2"]],
  nir: ["python3", ["-c", "import nir"]],
  snntorch: [debianPython, [
    "-c",
    "from importlib.util import find_spec\n" +
    "assert all(map(find_spec, 'torch snntorch nirtorch nir h5py'.split()))",
  ]],
  // The right to mount a small disk, and to give up the superuser's powers.
  mount: ["sh", [
    "-c",
    "d=$(mktemp -d) && trap 'rmdir \"$d\"' EXIT && " +
    'mount -t tmpfs -o size=64k tmpfs "$d" && umount "$d"',
  ]],
  setpriv: ["setpriv", ["--inh-caps=-all", "--bounding-set=-all", "true"]],
  chromium: ["chromium", ["--version"]],
  firefox: ["firefox-esr", ["--version"]],
  node: ["npx", [...runtimeCommands.node.slice(1), "--version"]],
  node24: ["npx", [...runtimeCommands.node24.slice(1), "--version"]],
  bun: ["npx", [...runtimeCommands.bun.slice(1), "--version"]],
  poppler: ["pdftoppm", ["-v"]],
  script: ["script", ["--version"]],
  tmux: ["tmux", ["-V"]],
  bash: ["bash", ["--version"]],
  zsh: ["zsh", ["--version"]],
  fish: ["fish", ["--version"]],
  slurm: ["slurmctld", ["-V"]],
  webgpu: ["true", []],
  matplotlib: ["python3", ["-c", "import matplotlib, numpy"]],
  nbclient: ["python3", ["-c", "import ipykernel, nbclient, numpy, pandas"]],
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
    const [command, args] = probes[need];
    execFileSync(command, args, { stdio: "ignore" });
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
