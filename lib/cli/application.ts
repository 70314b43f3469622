/** From arguments to exit code: the command is found, helped with, or run. */
import type { Registry } from "./command.ts";
import { exitCodes, FailureError, UsageError } from "../runs/errors.ts";
import { commandHelp, programHelp, programName } from "./help.ts";
import { helpWanted, route } from "./normalise.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "../version.ts";

/** What `serve` is, to those who give it arguments. */
const serveText =
  "Cannot use serve with arguments: alone, it answers requests " +
  "of other programs on standard input, see docs/reference/bundle.md";

/**
 * Runs the command that the arguments name. What a command needs, and what takes
 * its arguments apart, is loaded for those alone that run one.
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
    // Alone, it is a process for programs, and no command.
    if (/^serve$/i.test(args[0] ?? "")) throw new UsageError(serveText);
    const { command: name, rest } = route(args, Object.keys(registry));
    if (name === undefined) {
      return said(
        rest.length === 0 || helpWanted(rest)
          ? programHelp(registry, terminal.columns())
          : `${version}\n`,
        terminal,
      );
    }
    const command = (await registry[name].load()).default;
    const help = helpWanted(rest);
    if (help) {
      return said(
        commandHelp(name, command, { columns: terminal.columns(), help }),
        terminal,
      );
    }
    const { runCommand } = await import("./run_command.ts");
    return await runCommand(rest, {
      name,
      command,
      commands: registry,
      terminal,
      debug,
    });
  } catch (error) {
    const { exitCodeOf, messageOf } = await import("../runs/messages.ts");
    if (debug && error instanceof Error) terminal.err(`${error.stack}\n`);
    terminal.err(`${programName}: ${messageOf(error)}\n`);
    return exitCodeOf(error);
  }
}

/** Writes help or the version, which a command would have said itself. */
function said(text: string, terminal: Terminal): number {
  terminal.out(text);
  const out = terminal.lost("out");
  if (out && !out.left) {
    throw new FailureError(`Cannot write to standard output: ${out.why}`);
  }
  return exitCodes.ok;
}
