import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { runCommandLine } from "../../lib/cli/application.ts";
import {
  defineCommand,
  type Invocation,
  type Registry,
} from "../../lib/cli/command.ts";
import { configFlags, outputFlags } from "../../lib/runs/common_flags.ts";
import {
  FailureError,
  InterruptedError,
  UsageError,
} from "../../lib/runs/errors.ts";
import { numbers, whole } from "../../lib/settings/numbers.ts";
import { oneOf } from "../../lib/settings/kinds.ts";
import { registry as realRegistry } from "../../lib/cli/registry.ts";
import { commandHelp } from "../../lib/cli/help.ts";
import { fakeTerminal } from "./fake_terminal.ts";

const flags = {
  N: whole("number of units", { min: 1, fallback: 200, placeholder: "UNITS" }),
  decay_taus: numbers("decay", {
    least: 1,
    most: 2,
    min: 1,
    fallback: [4, 20],
  }),
  ending: oneOf("how it ends", {
    names: ["well", "usage", "failure", "interrupted", "fault"],
    fallback: "well",
  }),
  ...configFlags,
  ...outputFlags,
};

type Given = typeof flags;

const command = defineCommand({
  usage: ["FILE... [FLAGS]"],
  description: "Says what it was given.",
  flags,
  operands: { name: "FILE", brief: "any", least: 1, most: 2 },
  examples: [["train x", "an example"]],
  run({ flags, given, operands, output }: Invocation<Given>) {
    const { ending } = flags;
    if (ending === "usage") throw new UsageError("Cannot use it: no");
    if (ending === "failure") throw new FailureError("Cannot do it:\n  no");
    if (ending === "interrupted") throw new InterruptedError("Interrupted");
    if (ending === "fault") throw new TypeError("x is undefined");
    output.result(JSON.stringify([
      flags.N,
      flags.decay_taus,
      operands,
      [...given].filter((name) => name !== "config").sort(),
    ]));
    output.event({ kind: "ran", numbers: Float32Array.of(1, NaN) });
    output.note("a remark");
    return Promise.resolve();
  },
});

const registry: Registry = {
  train: {
    brief: "says it",
    load: () => Promise.resolve({ default: command }),
  },
};

async function run(...args: string[]) {
  const terminal = fakeTerminal();
  const code = await runCommandLine(args, registry, terminal);
  return { code, ...terminal.written };
}

Deno.test("runCommandLine() gives a command its flags, defaults and operands", async () => {
  const { code, out, err } = await run("train", "--N", "5", "a", "--quiet");
  equal(code, 0);
  equal(JSON.parse(out), [5, [4, 20], ["a"], ["N", "quiet"]]);
  equal(err, "");
});

Deno.test("runCommandLine() writes remarks to standard error", async () => {
  equal((await run("train", "a")).err, "a remark\n");
});

Deno.test("runCommandLine() writes JSON alone with --json", async () => {
  const { out } = await run("train", "a", "--json");
  equal(out, '{"kind":"ran","numbers":[1,null]}\n');
});

for (
  const [ending, code, message] of [
    ["usage", 2, "Cannot use it: no"],
    ["failure", 1, "Cannot do it: no"],
    ["interrupted", 130, "Interrupted"],
    ["fault", 1, "Cannot go on: TypeError: x is undefined"],
  ] as const
) {
  Deno.test(`runCommandLine() ends with ${code} and one line for a ${ending} error`, async () => {
    const result = await run("train", "a", "--ending", ending);
    equal(result, { code, out: "", err: `spikernn: ${message}\n` });
  });
}

Deno.test("runCommandLine() shows the place of an error with --debug alone", async () => {
  const { err } = await run("train", "a", "--ending", "fault", "--debug");
  match(err, /at .*application_test\.ts/);
});

Deno.test("runCommandLine() says what is wrong with arguments, in one line, code 2", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["train", "a", "--N", "0"],
      /Cannot use --N "0": allowed are whole numbers of 1 or more/,
    ],
    [
      ["train", "a", "--N", "5", "--N", "6"],
      /Cannot use --N twice: received 5 and 6/,
    ],
    [
      ["train", "a", "b", "c"],
      /Cannot use the argument "c": train takes 2 at most/,
    ],
    [["train"], /Cannot run train: FILE is missing, see spikernn train --help/],
    [["train", "a", "--endign", "well"], /did you mean --ending\?/],
    [["train", "a", "--ending", "badly"], /allowed are well, usage/],
    [["tarin"], /did you mean train\?/],
    [["train", "a", "--config", "/nonexistent.toml"], /there is no such file/],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await run(...args);
    equal([code, out], [2, ""], args.join(" "));
    match(err, message);
    equal(err.trimEnd().split("\n").length, 1, err);
    ok(err.startsWith("spikernn: "));
  }
});

Deno.test("runCommandLine() prints help on standard output", async () => {
  const { code, out } = await run("train", "--nonsense", "--help");
  equal(code, 0);
  match(out, /--N UNITS +number of units \(default 200\)/);
  match(out, /^Examples\n {2}spikernn train x +# an example$/m);
  equal(await run("--help"), await run());
  equal(await run("help"), await run());
  equal(await run("help", "train"), await run("train", "--help"));
  match((await run("help", "tarin")).err, /did you mean train\?/);
  match((await run("-h")).out, /train +says it/);
  match((await run("--version")).out, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("runCommandLine() takes settings from a file; flags win over it", async () => {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    await Deno.writeTextFile(path, "N = 7\ndecay-taus = [5, 30] # steps\n");
    const { out } = await run("train", "a", "--config", path, "--N=9");
    equal(JSON.parse(out), [9, [5, 30], ["a"], ["N", "decay_taus"]]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("runCommandLine() names the line of what is wrong in a settings file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".toml" });
  try {
    const cases: [string, RegExp][] = [
      [
        "# units\nN = 5\nendign = 'well'\n",
        /line 3: there is no setting "endign", did you mean ending\?/,
      ],
      ["\nN = 0\n", /line 2: N is 0, allowed are whole numbers of 1 or more/],
      ["N = 5\nN = 6\n", /line 2, column \d+: /],
      ["N = 5\n\nn = 6\n", /line 3: N is set twice/],
      [
        "[train]\nN = 5\n",
        /line 1: settings stand by themselves, not in tables such as \[train\]/,
      ],
      ["N = \n", /line 1, column \d+: /],
      ["N = [5]\n", /line 1: N is \[5\]/],
      ["config = 'x'\n", /line 1: there is no setting "config"/],
    ];
    for (const [source, message] of cases) {
      await Deno.writeTextFile(path, source);
      const { code, err } = await run("train", "a", "--config", path);
      equal(code, 2, source);
      match(err, message);
      equal(err.trimEnd().split("\n").length, 1, err);
    }
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("every command has help with examples that name it, and no flag without a text", async () => {
  for (const [name, { load }] of Object.entries(realRegistry)) {
    const { default: command } = await load();
    ok(command.examples.length > 0, name);
    for (const [line] of command.examples) {
      ok(line.startsWith(name), `${name}: ${line}`);
    }
    for (
      const [flag, { brief, hidden, allowed }] of Object.entries(command.flags)
    ) {
      ok(hidden || (brief && allowed), `${name} --${flag}`);
    }
  }
});

Deno.test("every command's help fits on a screen, examples first; --help-all has every flag", async () => {
  for (const [name, { load }] of Object.entries(realRegistry)) {
    const { default: command } = await load();
    const help = (help: "short" | "all") =>
      commandHelp(name, command, { columns: 80, help });
    const lines = help("short").trimEnd().split("\n");
    ok(lines.length <= 40, `${name}: ${lines.length} lines`);
    // A command line is not broken.
    const wide = lines.filter((line) => !line.startsWith("  spikernn"))
      .filter((line) => line.length > 80);
    equal(wide, [], name);
    ok(lines.indexOf("Examples") < lines.indexOf("Usage"), name);
    // It begins with a whole sentence, not with one up to an abbreviation.
    const intro = lines.slice(0, lines.indexOf("Examples")).join(" ").trim();
    match(intro, /^[A-Z][^()]*(\([^()]*\)[^()]*)*\.$/, name);
    for (const main of command.main ?? []) ok(command.flags[main], main);
    for (const [flag, { hidden }] of Object.entries(command.flags)) {
      equal(new RegExp(`^  --${flag}\\b`, "m").test(help("all")), !hidden);
    }
  }
});
