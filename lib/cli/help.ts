/** Help: of the program, and of a command. */
import type { Command } from "./command.ts";
import type { Flag } from "../settings/kinds.ts";
import { pairs } from "../runs/table.ts";

/** The program's name, as it is typed. */
export const programName = "spikernn";

/** Widest line of the help. */
const widest = 100;

/** Help of the program: its commands, one line each. */
export function programHelp(
  commands: readonly (readonly [name: string, brief: string])[],
  columns: number,
): string {
  return [
    "Train rate networks under Dale's principle, map them one-to-one to spiking",
    "networks, and see how well both do their task.",
    "",
    "Usage",
    `  ${programName} COMMAND [FLAGS]`,
    `  ${programName} COMMAND --help`,
    "",
    "Commands",
    ...indent(wrapPairs(commands, columns)),
    "",
    "Arguments that begin with a flag belong to train.",
    "",
  ].join("\n");
}

/** Help of a command. */
export function commandHelp(
  name: string,
  command: Command,
  columns: number,
): string {
  const sections: string[][] = [
    ["Usage", ...command.usage.map((u) => `  ${programName} ${name} ${u}`)],
    wrap(command.description, Math.min(columns, widest)),
  ];
  if (command.operands) {
    const { name, brief } = command.operands;
    sections.push([
      "Arguments",
      ...indent(wrapPairs([[name, brief]], columns)),
    ]);
  }
  for (const [heading, flags] of groups(command)) {
    sections.push([
      heading,
      ...indent(wrapPairs(flags.map(flagPair), columns)),
    ]);
  }
  sections.push([
    "Examples",
    ...command.examples.flatMap(([line, purpose]) => [
      `  ${programName} ${line}`,
      `      ${purpose}`,
    ]),
  ]);
  return sections.map((lines) => lines.join("\n")).join("\n\n") + "\n";
}

function groups(command: Command): [string, [string, Flag<unknown>][]][] {
  const shown = Object.entries(command.flags).filter(([, f]) => !f.hidden);
  const headings = new Set(shown.map(([, flag]) => flag.group ?? "Flags"));
  return [...headings].map((heading) => [
    heading,
    shown.filter(([, flag]) => (flag.group ?? "Flags") === heading),
  ]);
}

function flagPair([name, flag]: [string, Flag<unknown>]): [string, string] {
  const usual = flag.shown && ` (default ${flag.shown})`;
  return [`--${name} ${flag.placeholder}`.trimEnd(), flag.brief + usual];
}

/** Names and texts, the texts wrapped beside the names. */
function wrapPairs(
  entries: readonly (readonly [string, string])[],
  columns: number,
): string[] {
  const left = Math.max(...entries.map(([name]) => name.length));
  const room = Math.max(24, Math.min(columns, widest) - left - 4);
  return pairs(
    entries.flatMap(([name, text]) =>
      wrap(text, room).map((line, i) => [i === 0 ? name : "", line] as const)
    ),
  );
}

/** Breaks a text into lines at its spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => line === "" ? "" : `  ${line}`);
}
