/** Command lines and the permissions that they need. */
import { join } from "node:path";
import { writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";

/** A command line, and what it may do in a folder that holds `model.mat`. */
export interface Case {
  readonly name: string;
  readonly args: (folder: string) => string[];
  /** Kinds of access to the folder. */
  readonly needs: readonly ("read" | "write")[];
  /** Read besides, from the program's own folder. */
  readonly reads?: readonly string[];
  /** What it says when all is well. */
  readonly says: RegExp;
}

/** What most of them are given. */
export const small = ["--seed", "1", "--task", "go-nogo"];

/** Every command. */
export const cases: readonly Case[] = [
  {
    name: "train",
    args: (folder) => [
      "train",
      ...["--N=10", "--n_trials=3", "--eval_trials=2", "--plots=False"],
      ...small,
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    says: /saved .*\.mat/,
  },
  {
    name: "eval",
    args: (folder) => [
      "eval",
      join(folder, "model.mat"),
      ...small,
      "--trials=4",
    ],
    needs: ["read"],
    says: /strict rule/,
  },
  {
    name: "perturb",
    args: (folder) => [
      "perturb",
      join(folder, "model.mat"),
      ...small,
      ...["--trials=4", "--scale=0.5", "--network=rate"],
    ],
    needs: ["read", "write"],
    says: /saved in /,
  },
  {
    name: "eval --spiking",
    args: (folder) => [
      "eval",
      join(folder, "model.mat"),
      ...small,
      "--trials=4",
      "--spiking",
      "--factor=50",
    ],
    needs: ["read"],
    says: /conversion: /,
  },
  {
    name: "map",
    args: (folder) => [
      "map",
      join(folder, "model.mat"),
      ...small,
      "--trials=2",
      "--factors=40,50",
      "--write_anyway",
    ],
    needs: ["read", "write"],
    says: /scaling factor (40|50): /,
  },
  {
    name: "simulate",
    args: (folder) => [
      "simulate",
      join(folder, "model.mat"),
      ...small,
      "--factor=50",
    ],
    needs: ["read", "write"],
    says: /saved .*model_spiking\.mat/,
  },
  {
    name: "info",
    args: (folder) => ["info", join(folder, "model.mat")],
    needs: ["read"],
    says: /^units +10\b/m,
  },
  {
    name: "plot",
    args: (folder) => [
      "plot",
      join(folder, "model.mat"),
      "raster",
      ...small,
      "--factor=50",
      "--trials=1",
      "--format=png",
    ],
    needs: ["read", "write"],
    says: /saved .*model_raster\.png/,
  },
  {
    name: "report",
    args: (folder) => [
      "report",
      join(folder, "model.mat"),
      ...small,
      ...["--factor=50", "--trials=2", "--analyse=none"],
    ],
    needs: ["read", "write"],
    says: /saved .*model_report\.html/,
  },
  {
    name: "analyse",
    args: (folder) => [
      "analyse",
      join(folder, "model.mat"),
      "trajectories",
      ...small,
      "--factor=50",
      "--trials=2",
    ],
    needs: ["read", "write"],
    says: /saved .*/,
  },
  {
    name: "export",
    args: (folder) => [
      "export",
      join(folder, "model.mat"),
      "--to=nir",
      "--task=go-nogo",
      "--factor=50",
      "--force",
    ],
    needs: ["read", "write"],
    says: /saved .*model\.nir/,
  },
  {
    name: "import",
    args: (folder) => [
      "import",
      join(folder, "net.npz"),
      "--task=go-nogo",
      "--force",
    ],
    needs: ["read", "write"],
    says: /saved .*net\.mat/,
  },
  {
    name: "doctor",
    args: () => ["doctor", "--fast"],
    needs: [],
    says: /gradient +pass/,
  },
  {
    name: "sweep",
    args: (folder) => [
      "sweep",
      join(folder, "plan.toml"),
      "--workers=1",
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    reads: ["lib", "deno.json"],
    says: /1 of 1 point is done/,
  },
  {
    name: "reproduce",
    args: (folder) => [
      "reproduce",
      "S7",
      "--collect",
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    reads: ["lib", "deno.json"],
    says: /saved .*table\.md/,
  },
  { name: "tasks", args: () => ["tasks"], needs: [], says: /go-nogo/ },
  {
    name: "completion",
    args: () => ["completion", "bash"],
    needs: [],
    says: /complete -F _spikernn spikernn/,
  },
  {
    name: "compare",
    args: (folder) => [
      "compare",
      join(folder, "model.mat"),
      join(folder, "model.mat"),
    ],
    needs: ["read"],
    says: /the same network/,
  },
  {
    name: "settings",
    args: () => ["settings", "info"],
    needs: [],
    says: /quiet/,
  },
  {
    name: "tasks show",
    args: () => ["tasks", "show", "xor"],
    needs: [],
    says: /same:\+\+/,
  },
  {
    name: "demo",
    args: (folder) => [
      "demo",
      ...["--N=10", "--n_trials=3", "--trials=2"],
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    says: /Done in/,
  },
];

const plan = `
name = "small"
seeds = [1]
[train]
task = "go-nogo"
N = 20
n_trials = 3
eval_trials = 2
`;

/**
 * Writes the files that they name into a folder. Permissions do not depend on what
 * a network has learned: the model is ten units as they are made.
 */
export async function fillFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await writeModel(join(folder, "model.mat"), {
    network: createNetwork({ units: 10, channels: 1 }, randomStream(1)),
  });
  await Deno.writeTextFile(join(folder, "plan.toml"), plan);
  const net = new URL("../data/pytorch_go_nogo.npz", import.meta.url);
  await Deno.copyFile(net, join(folder, "net.npz"));
}
