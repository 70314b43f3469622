/** How a command ends when it does not end well; each kind has an exit code. */

/** The command line was not understood, or asks for what is not allowed: exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** The command could not do all that was asked: exit code 1. */
export class FailureError extends Error {
  /** Its name, which tells it apart. */
  override name = "FailureError";
}

/** Interrupted by Ctrl-C or SIGTERM, after saving the work so far: exit code 130. */
export class InterruptedError extends Error {
  override name = "InterruptedError";
}

/** Exit codes, as scripts see them. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, interrupted: 130 };

/**
 * Runs what depends on nothing but the command line: an error about a value
 * (`RangeError`, `TypeError`, `TaskError`) becomes a `UsageError`.
 */
export async function asUsage<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (isAboutValues(error)) {
      throw new UsageError(error.message, { cause: error });
    }
    throw error;
  }
}

// An engine's own TypeError ("x is undefined") is a fault, not a usage.
function isAboutValues(error: unknown): error is Error {
  return error instanceof Error &&
    (error.name === "TaskError" ||
      ((error instanceof RangeError || error instanceof TypeError) &&
        isForPeople(error)));
}

/**
 * Beginnings of what the JavaScript engine says of a fault of the program. Some
 * begin as this program's own messages do.
 */
const engines = new RegExp(
  "^Cannot (" + [
    "(read|set) propert(y|ies)( '[^']*')? of (undefined|null)",
    "(set|read) (private )?(property|member)",
    "set propert(y|ies) of",
    "destructure ",
    "convert (undefined|object|a Symbol|a BigInt|Symbol|BigInt|.* to a BigInt)",
    "assign to (read only|private)",
    "access '",
    "mix BigInt",
    "(add|define|delete|redefine|create) propert",
    "use 'in' operator",
    "perform ",
    "execute ",
    "(add|write|define) private",
  ].join("|") + ")",
);

/** Whether a message was made for people: it begins as the rule for them says. */
export function isForPeople({ message }: Error): boolean {
  return message.startsWith("Cannot ") && !engines.test(message);
}
