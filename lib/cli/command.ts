/** What a command is: one file each, that parses, calls the library and prints. */
import type { Flags, Values } from "../settings/kinds.ts";
import type { Needs } from "../runs/needs.ts";
import type { Output } from "./output.ts";

/** A command that is not loaded yet. */
export interface Entry {
  /** One line for the list of commands. */
  readonly brief: string;
  readonly load: () => Promise<{ readonly default: Command }>;
}

/** The commands by name, in the order of the help. */
export type Registry = Readonly<Record<string, Entry>>;

/** What a command is given. */
export interface Invocation<F extends Flags> {
  /** Values of all flags: given, from the settings file, or the defaults. */
  readonly flags: Values<F>;
  /** Names of the flags that were given, on the command line or in the file. */
  readonly given: ReadonlySet<string>;
  /** Arguments that are not flags: files, names. */
  readonly operands: readonly string[];
  readonly output: Output;
  /** All commands, for those that tell of others. */
  readonly commands: Registry;
}

/** A command. */
export interface Command<F extends Flags = Flags> {
  /** What comes after the command's name, one line a form of it. */
  readonly usage: readonly string[];
  /** What it does, for its help; a few sentences. */
  readonly description: string;
  readonly flags: F;
  /** Arguments that are not flags; none if absent. */
  readonly operands?: {
    readonly name: string;
    readonly brief: string;
    readonly least: number;
    readonly most: number;
    /** Words that may stand there, for shells. */
    readonly words?: readonly string[];
  };
  /**
   * Names of the flags that its short help shows; the first ones that fit on a
   * screen if absent.
   */
  readonly main?: readonly string[];
  /** Command lines (without the program's name) and what they are for. */
  readonly examples: readonly (readonly [command: string, purpose: string])[];
  /**
   * Permissions without which it cannot do its work, beside those of shared
   * flags; none if absent.
   */
  needs?(
    invocation: Pick<Invocation<F>, "flags" | "given" | "operands">,
  ): Needs;
  run(invocation: Invocation<F>): Promise<void>;
}

/** Gives a command's flags their types. */
export function defineCommand<F extends Flags>(command: Command<F>): Command {
  return command as unknown as Command;
}
