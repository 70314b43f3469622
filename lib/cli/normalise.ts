/**
 * From what people type to what the command parser takes. Accepted alike are
 * the original's command line (`--gpu 0 --P_inh 0.20 --apply_dale True
 * --decay_taus 4 20`, with or without a command), dashes for underscores, any
 * case, and `--flag=value`; every flag comes out as `--name=value`.
 */
import { nearest } from "../tasks/nearest.ts";
import { UsageError } from "../runs/errors.ts";
import { type Flag, type Flags, fold, namesOf } from "../settings/kinds.ts";

/** A command's name and the arguments after it. */
export interface Routed {
  /** `undefined` if there is no command, only a wish for help or version. */
  readonly command: string | undefined;
  readonly rest: readonly string[];
}

/**
 * Finds the command. Arguments that begin with a flag belong to `train`, as in
 * the original, which has no commands; its `--mode eval` is the command `eval`.
 *
 * @throws {UsageError} for an unknown command or mode
 */
export function route(
  args: readonly string[],
  commands: readonly string[],
): Routed {
  const [first, ...others] = args;
  if (first === undefined || helpWanted([first]) || isVersion(first)) {
    return { command: undefined, rest: args };
  }
  if (fold(first) === "help") {
    return others.length === 0 || others[0].startsWith("-")
      ? { command: undefined, rest: ["--help"] }
      : route([...others, "--help"], commands);
  }
  const named = !first.startsWith("-");
  const command = named ? fold(first) : "train";
  if (!commands.includes(command)) {
    const near = nearest(first, commands);
    throw new UsageError(
      `Cannot run ${JSON.stringify(first)}: the commands are ` +
        commands.join(", ") + (near ? ` (did you mean ${near}?)` : ""),
    );
  }
  const rest = named ? others : args;
  if (command !== "train" && command !== "eval") return { command, rest };
  const { mode, without } = takeMode(rest);
  if (mode === undefined || mode === command) {
    return { command, rest: without };
  }
  if (mode === "eval") return { command: "eval", rest: without };
  throw new UsageError(
    command === "eval" && mode === "train"
      ? "Cannot use --mode train with the command eval: leave one of them out"
      : `Cannot use --mode ${mode}: allowed are train, eval`,
  );
}

/** Whether help is asked for, and how much of it. */
export function helpWanted(
  args: readonly string[],
): "short" | "all" | undefined {
  const asked = (pattern: RegExp) =>
    beforeEscape(args).some((arg) => pattern.test(arg));
  if (asked(/^--help[-_]all$/i)) return "all";
  return asked(/^(--help|-h)$/i) ? "short" : undefined;
}

function isVersion(arg: string): boolean {
  return /^(--version|-v)$/i.test(arg);
}

/**
 * Rewrites a command's arguments: operands stay, flags get their full name and
 * an explicit value.
 *
 * @param operands how many the command takes, at most: where it takes none, what
 *   follows a flag is its value, if only a wrong one
 * @throws {UsageError} for an unknown flag, one that lacks its value, or a value
 *   of several lines
 */
export function normalise(
  args: readonly string[],
  flags: Flags,
  operands = Infinity,
): string[] {
  const names = namesOf(flags);
  const result: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--") return [...result, ...args.slice(i)];
    const [, typed, attached] = flagPattern.exec(arg) ?? [];
    if (typed === undefined) {
      result.push(arg);
      continue;
    }
    const name = names.get(fold(typed));
    if (name === undefined) {
      const negated = names.get(fold(typed).replace(/^no_?/, ""));
      if (
        /^no[-_]?/i.test(typed) && negated && flags[negated].optionalValue &&
        attached === undefined
      ) {
        result.push(assign(negated, "false"));
        continue;
      }
      throw unknown(arg, Object.keys(flags).filter((n) => !flags[n].hidden));
    }
    const taken = valuesAfter(args, i, flags[name], {
      attached,
      operands,
    });
    i += taken.used;
    if (taken.value === "") {
      const next = attached === undefined ? args[i + 1] : undefined;
      const [, word] = flagPattern.exec(next ?? "") ?? [];
      throw new UsageError(
        `Cannot use --${name} without a value: allowed are ` +
          flags[name].allowed +
          (word !== undefined && !names.has(fold(word))
            ? ` (if ${next} is the value: --${name}=${next})`
            : ""),
      );
    }
    if (/[\r\n]/.test(taken.value)) {
      throw new UsageError(
        `Cannot use --${name} ${JSON.stringify(taken.value)}: ` +
          "allowed are values of one line, without line breaks",
      );
    }
    result.push(assign(name, taken.value));
  }
  return result;
}

/** The value of a flag: attached, or the arguments that follow it. */
function valuesAfter(
  args: readonly string[],
  at: number,
  flag: Flag<unknown>,
  { attached, operands }: {
    readonly attached: string | undefined;
    readonly operands: number;
  },
): { value: string; used: number } {
  if (attached !== undefined) return { value: attached, used: 0 };
  const next = args[at + 1];
  if (flag.optionalValue) {
    return next !== undefined &&
        (flag.optionalValue(next) || operands === 0 && !isFlag(next))
      ? { value: next, used: 1 }
      : { value: "true", used: 0 };
  }
  if (next === undefined || isFlag(next)) return { value: "", used: 0 };
  const values = [next];
  while (
    flag.more && at + values.length + 1 < args.length &&
    flag.more(args[at + values.length + 1], values.length)
  ) {
    values.push(args[at + values.length + 1]);
  }
  return { value: values.join(","), used: values.length };
}

/** A name with or without a value; a negative number is none. */
const flagPattern = /^(?:--|-(?=[a-z]))([^=]+)(?:=([^]*))?$/i;

function isFlag(arg: string): boolean {
  return arg === "--" || flagPattern.test(arg);
}

// The parser takes names of one letter as short flags only.
function assign(name: string, value: string): string {
  return `${name.length === 1 ? "-" : "--"}${name}=${value}`;
}

function unknown(arg: string, names: string[]): UsageError {
  const flag = arg.split("=", 1)[0];
  const near = nearest(flag, names);
  return new UsageError(
    `Cannot use ${flag}: there is no such flag` +
      (near ? `, did you mean --${near}?` : ", see --help for those there are"),
  );
}

function takeMode(
  args: readonly string[],
): { mode: string | undefined; without: string[] } {
  const before = beforeEscape(args);
  const at = before.findIndex((arg) => /^--mode(=|$)/i.test(arg));
  if (at < 0) return { mode: undefined, without: [...args] };
  const attached = args[at].includes("=");
  const mode = attached ? args[at].slice("--mode=".length) : args[at + 1];
  if (!mode) {
    throw new UsageError(
      "Cannot use --mode without a value: allowed are train, eval",
    );
  }
  return {
    mode: mode.toLowerCase(),
    without: args.toSpliced(at, attached ? 1 : 2),
  };
}

function beforeEscape(args: readonly string[]): readonly string[] {
  const escape = args.indexOf("--");
  return escape < 0 ? args : args.slice(0, escape);
}
