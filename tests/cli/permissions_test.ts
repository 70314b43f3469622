/** Every command runs under the least permissions, on a terminal and piped. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { testWith } from "../require.ts";
import { onTerminal, spawn } from "./spawn.ts";

/** A command line, and what it may do in a folder that holds `model.mat`. */
interface Case {
  readonly name: string;
  readonly args: (folder: string) => string[];
  /** Kinds of access to the folder. */
  readonly needs: readonly ("read" | "write")[];
  /** What it says when all is well. */
  readonly says: RegExp;
}

const small = ["--seed", "1", "--task", "go-nogo"];

const cases: Case[] = [
  {
    name: "train",
    args: (folder) => [
      "train",
      "--N=20",
      "--n_trials=30",
      "--eval_trials=5",
      ...small,
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    says: /saved .*\.mat/,
  },
  {
    name: "eval",
    args: (folder) => ["eval", join(folder, "model.mat"), ...small],
    needs: ["read"],
    says: /strict rule/,
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
    says: /200/,
  },
  {
    name: "plot",
    args: (folder) => [
      "plot",
      join(folder, "model.mat"),
      "weights",
      "raster",
      ...small,
      "--factor=50",
      "--trials=1",
      "--format=png",
    ],
    needs: ["read", "write"],
    says: /saved .*model_weights\.png\r?\nsaved .*model_raster\.png/,
  },
  {
    name: "report",
    args: (folder) => [
      "report",
      join(folder, "model.mat"),
      ...small,
      "--factor=50",
      "--trials=2",
    ],
    needs: ["read", "write"],
    says: /saved .*model_report\.html/,
  },
  { name: "tasks", args: () => ["tasks"], needs: [], says: /go-nogo/ },
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
      "--n_trials=20",
      "--trials=2",
      "--output_dir",
      folder,
    ],
    needs: ["read", "write"],
    says: /Done in/,
  },
];

async function withModel(
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const model = new URL("../data/gonogo_original.mat", import.meta.url);
    await Deno.copyFile(model, join(folder, "model.mat"));
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function allow(kinds: readonly string[], folder: string): string[] {
  return kinds.map((kind) => `--allow-${kind}=${folder}`);
}

for (const { name, args, needs, says } of cases) {
  Deno.test(`${name} needs ${needs.join(" and ") || "no permission"}, and says what it lacks`, async () => {
    await withModel(async (folder) => {
      for (const missing of needs) {
        const rest = needs.filter((kind) => kind !== missing);
        const { code, err, out } = await spawn(
          allow(rest, folder),
          args(folder),
        );
        equal(code, 1, `${missing}: ${out}${err}`);
        match(err, new RegExp(`^spikernn: .*allow-${missing}`, "m"));
        ok(!err.includes("    at "), err);
      }
      const { code, out, err } = await spawn(
        allow(needs, folder),
        args(folder),
      );
      equal(code, 0, err);
      match(out, says);
      ok(!(out + err).includes("\x1b"), "no terminal, no escape sequences");
    });
  });

  testWith("script", `${name} runs on a terminal under the same`, async () => {
    await withModel(async (folder) => {
      for (const columns of [80, 0]) {
        const { code, screen } = await onTerminal(
          allow(needs, folder),
          args(folder),
          { columns },
        );
        equal(code, 0, screen);
        match(screen, says);
        await Deno.remove(join(folder, "models"), { recursive: true })
          .catch(() => {});
        const model = new URL("../data/gonogo_original.mat", import.meta.url);
        await Deno.copyFile(model, join(folder, "model.mat"));
      }
    });
  });
}

Deno.test("the tasks' flags and the permission sets say the same", () => {
  const { tasks, permissions } = manifest as unknown as {
    tasks: Record<string, { command: string } | string>;
    permissions: Record<string, Record<string, string[]>>;
  };
  for (const [name, set] of Object.entries(permissions)) {
    const task = tasks[name];
    const command = typeof task === "string" ? task : task.command;
    const flags = command.split(" ").filter((word) =>
      word.startsWith("--allow-")
    );
    equal(
      flags.sort(),
      Object.entries(set).map(([kind, what]) =>
        `--allow-${kind}=${what.join(",")}`
      ).sort(),
      name,
    );
    ok(command.includes("--no-prompt"), name);
  }
});

Deno.test("no command gets network, environment, programs or native code", () => {
  const { permissions } = manifest as unknown as {
    permissions: Record<string, Record<string, unknown>>;
  };
  for (const [name, set] of Object.entries(permissions)) {
    const kinds = Object.keys(set).filter((kind) =>
      !["read", "write"].includes(kind)
    );
    if (name !== "dashboard") equal(kinds, [], name);
  }
});
