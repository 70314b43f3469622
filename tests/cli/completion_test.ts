/** `completion`: what the shells themselves complete by the scripts. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { join } from "node:path";
import { completionScript, type Shell } from "../../lib/cli/completion.ts";
import { listCommands } from "../../lib/cli/listed.ts";
import { registry } from "../../lib/cli/registry.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
import { run } from "./in_process.ts";

/** Words typed so far, the last of them in the making, and what there is for it. */
const cases: [words: string[], completions: string[]][] = [
  [["tr"], ["train"]],
  [["he"], ["help"]],
  [["help", "pl"], ["plot"]],
  [["train", "--ac"], ["--act"]],
  // Without a command flags are those of train.
  [["--ac"], ["--act"]],
  [["train", "--act", ""], [
    ...["clipped_relu", "lif", "retanh", "sigmoid", "softplus"],
  ]],
  [["train", "--act=so"], ["softplus"]],
  [["train", "--apply_dale", "F"], ["False"]],
  [["train", "--task", "x"], ["xor", "xor-original"]],
  [["train", "--output_dir", "in"], ["inner"]],
  [["plot", "model.mat", "ra"], ["raster", "rates"]],
  [["plot", "--format", "p"], ["pdf", "png"]],
  [["info", "mo"], ["model.mat"]],
  [["map", "--refine", "mo"], ["model.mat"]],
  [["map", "--trials", "10", "mo"], ["model.mat"]],
  [["compare", "mo"], ["model.mat"]],
  [["compare", "model.mat", "mo"], ["model.mat"]],
  [["tasks", "show", "xo"], ["xor", "xor-original"]],
  [["completion", ""], ["bash", "fish", "zsh"]],
];

/** How a shell is asked: a script that prints a line for each case. */
const asking: Readonly<
  Record<Shell, (words: readonly string[]) => string>
> = {
  // It takes = for a word of its own.
  bash: (words) => {
    const split = words.flatMap((word) => word.split(/(?<==)|(?==)/));
    return `COMP_WORDS=(spikernn ${quoted(split)}); ` +
      `COMP_CWORD=${split.length}; _spikernn; echo "\${COMPREPLY[@]}"`;
  },
  zsh: (words) =>
    `words=(spikernn ${quoted(words)}); CURRENT=${words.length + 1}; ` +
    `want=$words[CURRENT]; _spikernn; print`,
  fish: (words) =>
    `complete -C '${
      ["spikernn", ...words].join(" ")
    }' | cut -f1 | tr '\\n' ' '; echo`,
};

/** The functions of zsh's completion, which would show what these print. */
const zshFunctions = `
compdef() { :; }
show() { print -rl -- "$@" | grep -- "^$want" | tr '\\n' ' '; }
compadd() { shift; show "$@"; }
_describe() { show "\${(@)\${(@P)2}%%:*}"; }
compset() { want=\${cur#*=}; }
_files() {
  case $1 in
    -g) show *.mat(N) ;;
    -/) show *(/N) ;;
    *) show *(N) ;;
  esac
}
`;

const programs: Readonly<Record<Shell, string[]>> = {
  bash: ["bash", "--norc"],
  zsh: ["zsh", "-f"],
  fish: ["fish", "--no-config"],
};

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(" ");
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  testWith(
    shell,
    `${shell} completes commands, flags, values, models and folders`,
    () =>
      inFolder(async (folder) => {
        await Deno.mkdir(join(folder, "inner"));
        for (const name of ["model.mat", "more.txt"]) {
          await Deno.writeTextFile(join(folder, name), "");
        }
        const script = completionScript(shell, await listCommands(registry));
        const text = [
          ...(shell === "zsh" ? [zshFunctions] : []),
          script,
          ...cases.map(([words]) => asking[shell](words)),
        ].join("\n");
        const [program, ...args] = programs[shell];
        const path = join(folder, ".script");
        await Deno.writeTextFile(path, text);
        const { stdout, stderr } = await new Deno.Command(program, {
          args: [...args, path],
          cwd: folder,
        }).output();
        const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
        equal(new TextDecoder().decode(stderr), "");
        for (const [k, [words, expected]] of cases.entries()) {
          const found = (lines[k] ?? "").trim().split(/\s+/)
            // fish puts files of another ending behind, and says the flag again.
            .map((word) => word.replace(/\/$|^--act=/g, ""))
            .filter((word) => word !== "more.txt");
          equal([...new Set(found)].sort(), [...expected].sort(), `${words}`);
        }
      }),
  );
}

Deno.test("completion prints a script for a known shell", async () => {
  const { out } = await run(["completion", "Bash"]);
  equal(out, completionScript("bash", await listCommands(registry)));
  const { err } = await run(["completion", "csh"], 2);
  equal(
    err,
    'spikernn: Cannot complete in the shell "csh": allowed are bash, zsh, fish\n',
  );
});

Deno.test("descriptions of flags end where a part of the text ends", async () => {
  const script = completionScript("fish", await listCommands(registry));
  const descriptions = [...script.matchAll(/ -d '([^']*)'/g)].map(([, d]) => d);
  for (const text of descriptions) {
    const opened = text.split("(").length;
    equal(text.split(")").length, opened, text);
  }
  ok(descriptions.includes("steps beyond the factor, all or some"));
  ok(descriptions.includes("what the network is written as"));
});
