/** Every command runs under the least permissions, on a terminal and piped. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { registry } from "../../lib/cli/registry.ts";
import { inFolder } from "../folder.ts";
import { has, testWith } from "../require.ts";
import { type Case, cases, fillFolder, small } from "./permission_cases.ts";
import { onTerminalInTurn, root, spawn, spawnInTurn } from "./spawn.ts";

function allow(
  kinds: readonly string[],
  folder: string,
  reads: readonly string[] = [],
): string[] {
  const own = reads.map((path) => `--allow-read=${root}${path}`);
  return [...own, ...kinds.map((kind) => `--allow-${kind}=${folder}`)];
}

/** The flags that an error says to run deno with. */
function remedyOf(err: string): string[] {
  const [, flags] =
    /^spikernn: .*: the permission was not given, run deno with (.*)$/m
      .exec(err) ?? [];
  ok(flags, err);
  return flags.split(" ");
}

function kindOf(flag: string): string {
  return flag.slice(0, flag.indexOf("="));
}

/** Each command line beside the folder that it is given, of its own. */
async function inFolders(
  use: (
    all: readonly (Case & { folder: string; line: string[] })[],
    parent: string,
  ) => Promise<void>,
): Promise<void> {
  await inFolder(async (parent) => {
    const all = cases.map((one, k) => {
      const folder = join(parent, `${k}`);
      return { ...one, folder, line: one.args(folder) };
    });
    for (const { folder } of all) await fillFolder(folder);
    await use(all, parent);
  });
}

const linesOf = (some: readonly { line: string[] }[]) =>
  some.map(({ line }) => line);

/** Files of the program that points of a sweep are sent to read. */
const program = ["lib", "deno.json"];

Deno.test("every command says which permission it lacks", () =>
  inFolders(async (all, parent) => {
    for (const missing of ["read", "write"] as const) {
      const given = missing === "read" ? "write" : "read";
      const some = all.filter(({ needs }) => needs.includes(missing));
      const ended = await spawnInTurn(
        allow([given], parent, program),
        linesOf(some),
      );
      for (const [k, { code, out, err }] of ended.entries()) {
        equal(code, 1, `${some[k].name} without ${missing}: ${out}${err}`);
        match(err, new RegExp(`^spikernn: .*allow-${missing}`, "m"));
        ok(!err.includes("    at "), err);
      }
    }
  }));

Deno.test("every command says without any permission all that it needs, and runs under that", () =>
  inFolders(async (all) => {
    const ended = await spawnInTurn([], linesOf(all));
    const runs: (typeof all[number] & { remedy: string[]; columns: number })[] =
      [];
    for (const [k, { code, out, err }] of ended.entries()) {
      const { name, needs, reads, says, folder } = all[k];
      if (needs.length === 0) {
        equal(code, 0, `${name}: ${err}`);
        match(out, says);
        ok(!(out + err).includes("\x1b"), "no terminal, no escape sequences");
        continue;
      }
      equal(code, 1, `${name}: ${out}`);
      const remedy = remedyOf(err);
      // A plan, a model or an output may lie in the folder: all are named.
      const named = allow(needs, folder, reads).map(kindOf);
      equal(new Set(remedy.map(kindOf)), new Set(named), name);
      // It runs as one of the tasks below.
      if (name === "demo") continue;
      // Views alone care for columns: those of three commands are all of them.
      const columns = ["train", "map", "perturb"].includes(name) ? 0 : 80;
      runs.push({ ...all[k], remedy, columns });
    }
    // Those in one process have folders of their own: what one lacks no other has.
    const together = Map.groupBy(
      runs,
      ({ remedy, columns }) => `${remedy.map(kindOf).sort()} ${columns}`,
    );
    for (const some of together.values()) {
      const flags = [...new Set(some.flatMap(({ remedy }) => remedy))];
      const [{ columns }] = some;
      const screens = await has("script")
        ? await onTerminalInTurn(flags, linesOf(some), { columns, cores: 1 })
        : (await spawnInTurn(flags, linesOf(some), { cores: 1 })).map((
          { code, out, err },
        ) => ({ code, screen: out + err }));
      for (const [k, { code, screen }] of screens.entries()) {
        equal(code, 0, `${some[k].name}: ${screen}`);
        match(screen, some[k].says);
      }
    }
  }));

testWith(
  "script",
  "commands that need no permission run on a terminal",
  async () => {
    const free = cases.filter(({ needs }) => needs.length === 0);
    const lines = free.map(({ args }) => args(""));
    const screens = await onTerminalInTurn([], lines);
    for (const [k, { code, screen }] of screens.entries()) {
      equal(code, 0, `${free[k].name}: ${screen}`);
      match(screen, free[k].says);
    }
  },
);

Deno.test("every command runs piped under the least permissions", () =>
  inFolders(async (all, parent) => {
    const sets = Map.groupBy(
      all.filter(({ name, needs }) =>
        // Those that need none ran piped above.
        needs.length > 0 &&
        // The others that draw run piped as tasks, below.
        !["demo", "plot", "report"].includes(name)
      ),
      ({ needs, reads }) => allow(needs, parent, reads).join(" "),
    );
    for (const [set, some] of sets) {
      // On all cores: workers need no more than the program.
      const ended = await spawnInTurn(set.split(" "), linesOf(some));
      for (const [k, { code, out, err }] of ended.entries()) {
        equal(code, 0, `${some[k].name}: ${err}`);
        match(out, some[k].says);
        ok(!(out + err).includes("\x1b"), "no terminal, no escape sequences");
      }
    }
  }));

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

/** The flags of a task in deno.json. */
function flagsOfTask(name: string): string[] {
  const tasks = manifest.tasks as Record<string, { command: string }>;
  return tasks[name].command.split(" ")
    .filter((word) => /^--(allow-|no-prompt)/.test(word));
}

/** Names of what is in a folder. */
function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("the tasks take what the other tasks made: demo, train, map, eval, report, …", async () => {
  await inFolder(async (cwd) => {
    /** A task's lines in turn, in one process; what they print. */
    const task = async (name: string, ...lines: string[][]) => {
      const all = lines.map((line) => [name, ...line]);
      const ended = await spawnInTurn(flagsOfTask(name), all, {
        cwd,
        // What else computes ran on all cores above.
        cores: name === "report" ? undefined : 1,
      });
      for (const [k, { code, out, err }] of ended.entries()) {
        equal(code, 0, `${all[k].join(" ")}: ${out}${err}`);
        ok(!(out + err).includes("\x1b"), "no terminal, no escape sequences");
      }
      return ended.map(({ out }) => out).join("");
    };
    const few = ["--trials=2", "--seed=1"];
    const tiny = ["--N=10", "--n_trials=3", "--trials=2"];
    const [{ code, screen }] = await has("script")
      ? await onTerminalInTurn(flagsOfTask("demo"), [["demo", ...tiny]], {
        cwd,
        cores: 1,
      })
      : [{ code: 0, screen: await task("demo", tiny) }];
    equal(code, 0, screen);
    const [, model] = /^saved (demo\/models\/.*\.mat)$/m.exec(screen)!;
    equal(names(join(cwd, "demo")), ["models"]);
    const trained = await task("train", [
      ...["--N=10", "--n_trials=3", "--eval_trials=2", "--seed=1"],
      ...["--log_dir", "logs"],
    ]);
    const [, own] = /^saved (models\/.*\.mat)$/m.exec(trained)!;
    const map = ["--factors=40", "--write_anyway", ...few];
    await task(
      "map",
      ["demo/models", "--force", ...map],
      ["models", ...map, "--log_dir", "logs"],
    );
    await task(
      "eval",
      ["demo/models", "--spiking", ...few],
      [own, "--spiking", ...few],
    );
    await task("info", [model]);
    await task("simulate", [model, "--seed=1"]);
    await task("plot", [model, "weights"]);
    await task("report", [model, ...few, "--analyse=none"]);
    equal(names(cwd), ["demo", "logs", "models", "plots"]);
  });
});

Deno.test("one of several models that may not be written stops none, and all permissions are said", async () => {
  await inFolder(async (folder) => {
    await fillFolder(folder);
    const other = join(folder, "other");
    await Deno.mkdir(other);
    const model = join(folder, "model.mat");
    await Deno.copyFile(model, join(other, "b.mat"));
    const args = [
      "map",
      model,
      other,
      ...small,
      "--trials=2",
      "--factors=40",
      "--write_anyway",
      "--workers=1",
    ];
    const { code, out, err } = await spawn(
      [`--allow-read=${folder}`, `--allow-write=${other}`],
      args,
    );
    equal(code, 1, err);
    match(out, /scaling factor 40/);
    match(err, /model\.mat: Cannot write .*: the permission was not given$/m);
    equal(err.match(/run deno with/g)?.length, 1, err);
    const all = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    equal(remedyOf(err), all);
    equal((await spawn(all, args)).code, 0);
  });
});

Deno.test("train says all that its flags need: models, figures, logs, page, a task's file, settings", async () => {
  await inFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    const readable = [
      path("models"),
      path("plots"),
      path("c.toml"),
      path("t.ts"),
      path("logs"),
    ];
    const args = [
      ...["train", `--output_dir=${folder}`, `--config=${path("c.toml")}`],
      ...[`--task=${path("t.ts")}`, `--log_dir=${path("logs")}`, "--dashboard"],
    ];
    const all = [
      `--allow-read=${readable.join(",")}`,
      `--allow-write=${["models", "plots", "logs"].map(path).join(",")}`,
      "--allow-net=127.0.0.1",
    ];
    equal(remedyOf((await spawn([], args)).err), all);
    // One that is lacking changes nothing about those that are named.
    await Deno.writeTextFile(path("c.toml"), "N = 10\n");
    const { err } = await spawn([`--allow-read=${path("c.toml")}`], args);
    equal(remedyOf(err), all);
  });
});

Deno.test("every command is tried under its permissions, and every command's task has a set", () => {
  const commands = Object.keys(registry).sort();
  const tasks = Object.keys(manifest.tasks);
  equal(
    Object.keys(manifest.permissions).sort(),
    commands.filter((name) => tasks.includes(name)),
  );
  const tried = new Set(cases.map(({ name }) => name.split(" ")[0]));
  // Serves until it is stopped: below, and in its own tests.
  tried.add("dashboard");
  equal([...tried].sort(), commands);
});

Deno.test("dashboard needs read and net, and says what it lacks", async () => {
  await inFolder(async (folder) => {
    const given = {
      net: "--allow-net=127.0.0.1",
      read: `--allow-read=${folder}`,
    };
    for (const missing of ["net", "read"] as const) {
      const { [missing]: _, ...rest } = given;
      const { code, err } = await spawn(Object.values(rest), [
        "dashboard",
        folder,
      ]);
      equal(code, 1, err);
      match(err, new RegExp(`^spikernn: .*allow-${missing}`, "m"));
      ok(!err.includes("    at "), err);
    }
  });
});

Deno.test("no command gets network, environment, programs or native code", () => {
  const { permissions } = manifest as unknown as {
    permissions: Record<string, Record<string, string[]>>;
  };
  for (
    const [name, { read: _r, write: _w, sys, ...rest }] of Object.entries(
      permissions,
    )
  ) {
    equal(rest, name === "dashboard" ? { net: ["127.0.0.1"] } : {}, name);
    // Facts about the machine, where points share it.
    const known = ["sweep", "reproduce"].includes(name)
      ? ["hostname", "systemMemoryInfo"]
      : [];
    for (const fact of sys ?? []) ok(known.includes(fact), `${name}: ${fact}`);
  }
});

Deno.test("every command has a task, with the permissions of the set of its name", () => {
  const sets: Record<string, Record<string, string[]>> = manifest.permissions;
  for (const name of Object.keys(registry)) {
    ok(name in manifest.tasks, `there is no task ${name}`);
    const flags = flagsOfTask(name).filter((flag) =>
      flag.startsWith("--allow")
    );
    const set = Object.entries(sets[name] ?? {}).map(([what, places]) =>
      `--allow-${what}=${places}`
    );
    equal(flags.toSorted(), set.toSorted(), name);
  }
});
