/** Running one command from its arguments to its exit code. */
import {
  ArgumentParseError,
  buildApplication,
  buildCommand,
  run as runStricli,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import type { Command, Invocation, Registry } from "./command.ts";
import { exitCodes } from "../runs/errors.ts";
import { allowedText, fallbacks, type Flags } from "../settings/kinds.ts";
import { programName } from "./help.ts";
import { exitCodeOf, messageOf } from "../runs/messages.ts";
import { sharedNeeds, together, withRemedy } from "../runs/needs.ts";
import { normalise } from "./normalise.ts";
import { Output } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** A command that was called. */
export interface Started {
  readonly name: string;
  readonly command: Command;
  /** All commands, for those that tell of others. */
  readonly commands: Registry;
  readonly terminal: Terminal;
  /** Whether an error is shown with its place in the program. */
  readonly debug: boolean;
}

/**
 * Runs a command.
 *
 * @param args its arguments, as typed
 * @param started the command, and where it writes
 * @returns the exit code
 */
export async function runCommand(
  args: readonly string[],
  started: Started,
): Promise<number> {
  const { name, command, terminal } = started;
  const inputs = normalise(args, command.flags, command.operands?.most ?? 0);
  const application = buildApplication(stricliCommand(started), {
    name,
    scanner: { allowArgumentEscapeSequence: true },
    localization: { text: texts(name) },
    determineExitCode: exitCodeOf,
  });
  const process: { exitCode?: number; stdout: Stream; stderr: Stream } = {
    stdout: { write: (text) => terminal.out(text) },
    stderr: { write: (text) => terminal.err(text) },
  };
  await runStricli(application, inputs, { process });
  const code = process.exitCode ?? 0;
  // The parser's own codes are negative: arguments it could not take.
  return code < 0 ? exitCodes.usage : code;
}

interface Stream {
  write(text: string): void;
}

function stricliCommand(started: Started) {
  const { command } = started;
  const flags = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [name, {
      kind: "parsed" as const,
      brief: flag.brief,
      optional: true as const,
      parse(text: string) {
        const value = flag.parse(text);
        // The parser shows this message after the flag and what was received.
        if (value === undefined) throw new RangeError(allowedText(flag, text));
        return value;
      },
    }]),
  );
  const oneLetter = Object.keys(flags).filter((name) => name.length === 1);
  const { operands } = command;
  return buildCommand<Record<string, unknown>, string[]>({
    async func(received, ...given) {
      const settings = Object.fromEntries(
        Object.entries(received).filter(([, value]) => value !== undefined),
      );
      await runWith(started, settings, given);
    },
    parameters: {
      flags,
      aliases: Object.fromEntries(oneLetter.map((name) => [name, name])),
      positional: {
        kind: "array",
        parameter: {
          parse: String,
          brief: operands?.brief ?? "",
          placeholder: operands?.name ?? "argument",
        },
        minimum: operands?.least ?? 0,
        maximum: operands?.most ?? 0,
      },
    },
    docs: { brief: started.name },
  });
}

async function runWith(
  { command, commands, terminal, debug }: Started,
  received: Readonly<Record<string, unknown>>,
  operands: readonly string[],
): Promise<void> {
  let invocation = invocationOf(command, received, operands);
  let output: Output | undefined;
  try {
    if (typeof received.config === "string") {
      // Loaded only where a settings file is used.
      const { readConfig } = await import("../runs/config.ts");
      const read = await readConfig(received.config, command.flags);
      invocation = invocationOf(command, { ...read, ...received }, operands);
    }
    const { quiet, json } = invocation.flags;
    output = new Output(terminal, {
      quiet: quiet === true,
      json: json === true,
    });
    await command.run({ ...invocation, output, commands });
  } catch (error) {
    if (debug && error instanceof Error) output?.problem(error.stack ?? "");
    output?.conclude(true);
    throw withRemedy(
      error,
      () =>
        together(
          command.needs?.(invocation) ?? {},
          sharedNeeds(invocation.flags),
        ),
    );
  }
  output.conclude(false);
}

function invocationOf(
  command: Command,
  settings: Readonly<Record<string, unknown>>,
  operands: readonly string[],
): Omit<Invocation<Flags>, "output" | "commands"> {
  return {
    flags: { ...fallbacks(command.flags), ...settings },
    given: new Set(Object.keys(settings)),
    operands,
  };
}

/** What the parser says, in this program's words; it adds the end of the line. */
function texts(command: string): typeof text_en {
  const say = (error: unknown) => `${programName}: ${messageOf(error)}`;
  return {
    ...text_en,
    exceptionWhileParsingArguments: (error) =>
      `${programName}: ${parseMessage(error, command)}`,
    exceptionWhileLoadingCommandFunction: say,
    exceptionWhileRunningCommand: say,
    commandErrorResult: say,
  };
}

function parseMessage(error: unknown, command: string): string {
  if (error instanceof ArgumentParseError) {
    const { externalFlagNameOrPlaceholder: flag, input, exception } = error;
    return `Cannot use --${flag} ${JSON.stringify(input)}: allowed are ` +
      (exception instanceof Error ? exception.message : String(exception));
  }
  if (error instanceof UnexpectedFlagError) {
    return `Cannot use --${error.externalFlagName} twice: received ` +
      `${error.previousInput} and ${error.input}`;
  }
  if (error instanceof UnexpectedPositionalError) {
    return `Cannot use the argument ${
      JSON.stringify(error.input)
    }: ${command} ` +
      (error.expectedCount
        ? `takes ${error.expectedCount} at most`
        : "takes flags only");
  }
  if (error instanceof UnsatisfiedPositionalError) {
    const [needed, received] = error.limit ?? [1, 0];
    return `Cannot run ${command}: ${error.placeholder} ` +
      (received > 0
        ? `are needed, received ${received} of ${needed}`
        : `${needed > 1 ? "are" : "is"} missing`) +
      `, see ${programName} ${command} --help`;
  }
  return messageOf(error);
}
