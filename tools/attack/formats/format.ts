/** What is needed to attack the readers of one kind of file. */
import type { Dice } from "../dice.ts";

/** A kind of file: how to make hostile ones, and who reads them. */
export interface HostileFormat {
  readonly name: string;
  /** What is recombined, in a few words. */
  readonly what: string;
  /**
   * @param folder for readers that take a path
   */
  prepare(folder: string): Promise<Target> | Target;
}

/** A format that is ready to be attacked. */
export interface Target {
  /** Makes a file. */
  make(dice: Dice): Uint8Array;
  /** Reads it with all that reads such files; throws what they throw. */
  read(bytes: Uint8Array): Promise<void> | void;
}

const typed = new Set([
  "ModelFileError",
  "NewerCheckpointError",
  "TaskError",
  "UsageError",
  "FailureError",
]);

/** Engine's own words that begin like ours. */
const engine =
  /^Cannot (read properties|set propert|convert|destructure|access|assign|mix|add propert|delete propert|redefine|call|create propert|use 'in'|perform)/;

/**
 * Why an error is none of those that are meant for people; undefined for one
 * that is.
 *
 * @param error what a reader threw
 */
export function faultOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const { name, message } = error;
  const ours = typed.has(name) ||
    ((error instanceof RangeError || error instanceof TypeError) &&
      message.startsWith("Cannot ") && !engine.test(message));
  if (!ours) return `${name}: ${message.slice(0, 300)} ${placeOf(error)}`;
  return message.length > 20_000
    ? `a message of ${message.length} characters: ${message.slice(0, 100)}`
    : undefined;
}

function placeOf({ stack = "" }: Error): string {
  return /\/((?:lib|tools|tests)\/[^\s)]+)/.exec(stack)?.[1] ?? "";
}
