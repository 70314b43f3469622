/** From an error to one line on standard error and an exit code. */
import { unforeseenTrouble } from "../formats/trouble.ts";
import { fileProblem } from "../platform/files.ts";
import {
  exitCodes,
  FailureError,
  InterruptedError,
  isForPeople,
  UsageError,
} from "./errors.ts";
import { withRemedy } from "./needs.ts";

/** What a script learns from the way a command ended. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  return exitCodes.failure;
}

/**
 * One line for people. Errors made for them say what to say; what else may
 * happen (a file that may not be read, a fault of the program) is put in words.
 */
export function messageOf(error: unknown): string {
  return oneLine(rawMessage(error));
}

function rawMessage(error: unknown): string {
  if (error instanceof Error && fileProblem(error) === "NotCapable") {
    const said = withRemedy(error, () => ({}));
    return said instanceof FailureError ? said.message : error.message;
  }
  if (!(error instanceof Error)) return `Cannot go on: ${String(error)}`;
  if (
    error instanceof UsageError || error instanceof FailureError ||
    error instanceof InterruptedError || isForPeople(error)
  ) {
    return error.message;
  }
  return unforeseenTrouble(error) ??
    `Cannot go on: ${error.name}: ${error.message}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}
