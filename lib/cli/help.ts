/** Help: of the program, and of a command. */
import type { Command, Registry } from "./command.ts";
import type { Flag } from "../settings/kinds.ts";
import { pairs } from "../runs/table.ts";
import { denoVersion, installLine } from "../version.ts";

/** The program's name, as it is typed. */
export const programName = "spikernn";

/** Widest line of the help. */
const widest = 100;

/** Widest line of the program's help. */
const usualWidth = 80;

/** Lines of a command's short help, at most. */
const screen = 40;

/** Examples of it, at most. */
const mostExamples = 4;

/** Characters of a flag with its placeholder beside which its text stands. */
const widestName = 26;

/** Characters of a line that a text beside a name has at least. */
const leastRoom = 24;

/** Characters of a flag's text from which its beginning is enough there. */
const longText = 72;

/** How much help, and how wide. */
interface HelpOptions {
  readonly columns: number;
  readonly help: "short" | "all";
}

/** Help of the program: how to begin, and its commands, one line each. */
export function programHelp(commands: Registry, columns: number): string {
  const briefs = Object.entries(commands)
    .map(([name, { brief }]) => [name, brief] as const);
  const width = Math.min(columns, usualWidth);
  return text([
    wrap(
      "Train rate networks under Dale's principle, map them one-to-one to spiking networks, and see how well both do their task.",
      width,
    ),
    [
      "Examples",
      ...exampleLines([
        ["demo", "everything once, in a minute or two"],
        ["train --task go-nogo", "a rate network, under models/"],
        ["map", "its scaling factor: of the newest model"],
        ["eval --spiking", "rate and spiking network side by side"],
      ], columns),
    ],
    ["Commands", ...indent(wrapPairs(briefs, columns))],
    [
      "Installed, in the program's folder, by",
      `  ${installLine}`,
      ...wrap(
        "upgraded by the same with --force, removed by deno uninstall -g spikernn.",
        width,
      ),
      `Not installed, and without Deno: npx --yes deno@${denoVersion} run -A cli.ts COMMAND`,
    ],
    wrap(
      `${programName} help COMMAND says what a command takes. Arguments that begin with a flag belong to train, as in the original.`,
      width,
    ),
  ]);
}

/** Help of a command: on one screen, or all of it. */
export function commandHelp(
  name: string,
  command: Command,
  { columns, help }: HelpOptions,
): string {
  return help === "all"
    ? wholeHelp(name, command, columns)
    : shortHelp(name, command, columns);
}

function shortHelp(name: string, command: Command, columns: number): string {
  const width = Math.min(columns, widest);
  const all = Object.entries(command.flags).filter(([, f]) => !f.hidden);
  const wanted = command.main
    ? command.main.map((flag) => [flag, command.flags[flag]] as const)
    : all;
  const head = [
    wrap(firstSentence(command.description), width),
    [
      "Examples",
      ...exampleLines(command.examples.slice(0, mostExamples), columns),
    ],
    ["Usage", ...usageLines(name, command)],
  ];
  const rest = (left: number) => [
    left > 0
      ? `${programName} ${name} --help-all lists all ${all.length} flags.`
      : `${programName} ${name} --help-all says more.`,
  ];
  // What does not fit on a screen, or is not among the main ones, is left out.
  for (let count = wanted.length;; count--) {
    const shown = wanted.slice(0, count);
    const rows = shown.map(([flag, what]) => shortPair(flag, what));
    const help = text([
      ...head,
      ...rows.length > 0
        ? [["Flags", ...indent(wrapPairs(rows, columns))]]
        : [],
      rest(all.length - count),
    ]);
    if (count === 0 || help.split("\n").length - 1 <= screen) return help;
  }
}

function wholeHelp(name: string, command: Command, columns: number): string {
  return text([
    wrap(command.description, Math.min(columns, widest)),
    ["Examples", ...exampleLines(command.examples, columns)],
    ["Usage", ...usageLines(name, command)],
    ...command.operands ? [operandLines(command.operands, columns)] : [],
    ...groups(command).map(([heading, flags]) => [
      heading,
      ...indent(wrapPairs(flags.map(flagPair), columns)),
    ]),
  ]);
}

function text(sections: readonly (readonly string[])[]): string {
  return sections.map((lines) => lines.join("\n")).join("\n\n") + "\n";
}

function usageLines(name: string, { usage }: Command): string[] {
  return usage.map((form) => `  ${programName} ${name} ${form}`);
}

function operandLines(
  { name, brief }: NonNullable<Command["operands"]>,
  columns: number,
): string[] {
  return ["Arguments", ...indent(wrapPairs([[name, brief]], columns))];
}

/** Command lines to paste, each with what it is for as a comment. */
function exampleLines(
  examples: Command["examples"],
  columns: number,
): string[] {
  const lines = examples.map(([line, purpose]) =>
    [`  ${programName} ${line}`, `# ${purpose}`] as const
  );
  const width = Math.min(columns, widest);
  const fitting = lines.filter(([line, purpose]) =>
    line.length + 2 + purpose.length <= width
  );
  const at = Math.min(
    Math.max(0, ...fitting.map(([line]) => line.length)),
    width - Math.max(0, ...fitting.map(([, purpose]) => purpose.length)) - 2,
  );
  return lines.flatMap(([line, purpose]) =>
    line.length + 2 + purpose.length <= width
      ? [`${line.padEnd(at)}  ${purpose}`]
      : [line, `      ${purpose}`]
  );
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
  return [flagName(name, flag), flag.brief + usual(flag)];
}

/** A flag in a line: of a long text the beginning, which says what it sets. */
function shortPair(name: string, flag: Flag<unknown>): [string, string] {
  const beginning = beginningOf(flag.brief);
  const long = flag.brief.length + usual(flag).length > longText;
  return [
    flagName(name, flag),
    (long ? beginning : flag.brief) + usual(flag),
  ];
}

/** What a long text of a flag begins with: what it sets. */
export function beginningOf(text: string): string {
  return text.split(/(?<=.{16})(?:[:;] | \()/)[0];
}

function flagName(name: string, { placeholder }: Flag<unknown>): string {
  return `--${name} ${placeholder}`.trimEnd();
}

function usual({ shown }: Flag<unknown>): string {
  return shown && ` (default ${shown})`;
}

function firstSentence(description: string): string {
  return /^.*?[.](?= [A-Z]|$)/s.exec(description)?.[0] ?? description;
}

/** Names and texts, the texts wrapped beside the names. */
function wrapPairs(
  entries: readonly (readonly [string, string])[],
  columns: number,
): string[] {
  const left = Math.max(
    ...entries.map(([name]) => name.length).filter((at) => at <= widestName),
  );
  const width = Math.min(columns, widest);
  const room = width - left - 4;
  // In a narrow terminal texts stand below their names.
  if (room < leastRoom) {
    return entries.flatMap(([name, text]) => [
      name,
      ...wrap(text, width - 6).map((line) => `    ${line}`),
    ]);
  }
  return entries.flatMap(([name, text]) => {
    const lines = wrap(text, room);
    // A long name has a line of its own.
    return name.length > left
      ? [name, ...lines.map((line) => " ".repeat(left + 2) + line)]
      : pairs(
        lines.map((
          line,
          i,
        ) => [i === 0 ? name.padEnd(left) : " ".repeat(left), line]),
      );
  });
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
