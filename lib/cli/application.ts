/** The command tree, and running one command of it from arguments to exit code. */
import {
  type Application,
  ArgumentParseError,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type CommandContext,
  run as runStricli,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import type { Command, Invocation, Registry } from "./command.ts";
import { exitCodes, FailureError } from "../runs/errors.ts";
import { allowedText, fallbacks, type Flags } from "../settings/kinds.ts";
import { commandHelp, programHelp, programName } from "./help.ts";
import { exitCodeOf, messageOf } from "../runs/messages.ts";
import { sharedNeeds, together, withRemedy } from "../runs/needs.ts";
import { normalise, route, wantsHelp } from "./normalise.ts";
import { Output } from "./output.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "../version.ts";

/**
 * Runs the command that the arguments name.
 *
 * @param args the arguments after the program's name
 * @param registry the commands by name
 * @param terminal where to write
 * @returns the exit code: 0, 1 failure, 2 usage, 130 interrupted
 */
export async function runCommandLine(
  args: readonly string[],
  registry: Registry,
  terminal: Terminal,
): Promise<number> {
  const debug = args.some((arg) => /^--debug(=true)?$/i.test(arg));
  try {
    const { command: name, rest } = route(args, Object.keys(registry));
    const command = name === undefined
      ? undefined
      : (await registry[name].load()).default;
    const application = build(registry, name, command, terminal, debug);
    const inputs = name === undefined || !command
      ? rest
      : wantsHelp(rest)
      ? [name, "--help"]
      : [name, ...normalise(rest, command.flags, command.operands?.most ?? 0)];
    return await runApplication(application, inputs, terminal);
  } catch (error) {
    return report(error, terminal, debug);
  }
}

async function runApplication(
  application: Application<CommandContext>,
  inputs: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const process: { exitCode?: number; stdout: Stream; stderr: Stream } = {
    stdout: { write: (text) => terminal.out(text) },
    stderr: { write: (text) => terminal.err(text) },
  };
  await runStricli(application, inputs, { process });
  const code = process.exitCode ?? 0;
  const out = terminal.lost("out");
  // Help and versions; a command has said it itself.
  if (code === exitCodes.ok && out && !out.left) {
    throw new FailureError(`Cannot write to standard output: ${out.why}`);
  }
  // The parser's own codes are negative: arguments it could not take.
  return code < 0 ? exitCodes.usage : code;
}

interface Stream {
  write(text: string): void;
}

function build(
  registry: Registry,
  name: string | undefined,
  command: Command | undefined,
  terminal: Terminal,
  debug: boolean,
): Application<CommandContext> {
  const routes = Object.fromEntries(
    Object.entries(registry).map(([route, { brief }]) => [
      route,
      route === name && command
        ? stricliCommand(brief, command, registry, terminal, debug)
        : buildCommand({ func() {}, parameters: {}, docs: { brief } }),
    ]),
  );
  const briefs = Object.entries(registry).map(([name, { brief }]) =>
    [name, brief] as const
  );
  return buildApplication(
    buildRouteMap({ routes, docs: { brief: programName } }),
    {
      name: programName,
      scanner: { allowArgumentEscapeSequence: true },
      localization: { text: texts(name ?? programName) },
      determineExitCode: exitCodeOf,
    },
    {
      help: {
        flag: {
          brief: "say how it is used",
          global: true,
          aliases: ["h"],
          defaultForRouteMap: true,
          run() {
            terminal.out(
              name !== undefined && command
                ? commandHelp(name, command, terminal.columns())
                : programHelp(briefs, terminal.columns()),
            );
          },
        },
      },
      version: {
        flag: {
          brief: "say which version it is",
          aliases: ["v"],
          run() {
            terminal.out(`${version}\n`);
          },
        },
      },
    },
  );
}

function stricliCommand(
  brief: string,
  command: Command,
  commands: Registry,
  terminal: Terminal,
  debug: boolean,
) {
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
      await runCommand(command, settings, given, commands, terminal, debug);
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
    docs: { brief },
  });
}

async function runCommand(
  command: Command,
  received: Readonly<Record<string, unknown>>,
  operands: readonly string[],
  commands: Registry,
  terminal: Terminal,
  debug: boolean,
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

function report(error: unknown, terminal: Terminal, debug: boolean): number {
  if (debug && error instanceof Error) terminal.err(`${error.stack}\n`);
  terminal.err(line(messageOf(error)));
  return exitCodeOf(error);
}

function line(message: string): string {
  return `${programName}: ${message}\n`;
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
    return `Cannot run ${command}: ${error.placeholder} is missing, see ` +
      `${programName} ${command} --help`;
  }
  return messageOf(error);
}
