/** All commands and their settings as plain data: what other programs are made from. */
import { type ListedSetting, listSettings } from "../settings/listed.ts";
import type { Command, Registry } from "./command.ts";

/** A command as plain data. */
export interface ListedCommand {
  readonly name: string;
  /** What it does, in one line. */
  readonly brief: string;
  /** What it does, in a few sentences. */
  readonly description: string;
  /** What comes after the command's name, one line a form of it. */
  readonly usage: readonly string[];
  /** Arguments that are not settings; `most` is absent if there is no limit. */
  readonly operands?: {
    readonly name: string;
    readonly brief: string;
    readonly least: number;
    readonly most?: number;
    readonly words?: readonly string[];
  };
  readonly examples: readonly {
    readonly line: string;
    readonly purpose: string;
  }[];
  readonly settings: readonly ListedSetting[];
}

/** Commands as plain data, in the order of the help; all, unless some are named. */
export async function listCommands(
  commands: Registry,
  names: readonly string[] = Object.keys(commands),
): Promise<ListedCommand[]> {
  return await Promise.all(
    names.map(async (name) =>
      listed(
        name,
        commands[name].brief,
        (await commands[name].load()).default,
      )
    ),
  );
}

function listed(name: string, brief: string, command: Command): ListedCommand {
  const { description, usage, operands, examples, flags } = command;
  return {
    name,
    brief,
    description,
    usage,
    ...(operands && {
      operands: {
        name: operands.name,
        brief: operands.brief,
        least: operands.least,
        ...(operands.most < Infinity && { most: operands.most }),
        ...(operands.words && { words: operands.words }),
      },
    }),
    examples: examples.map(([line, purpose]) => ({ line, purpose })),
    settings: listSettings(flags),
  };
}
