/** Trouble with files, in words. */
import { fileProblem } from "../platform/files.ts";

/** What the system says when a file cannot be written or read, in our words. */
export function fileTrouble(error: unknown): string {
  switch (fileProblem(error)) {
    case "NotCapable":
      return "Deno was not permitted it " +
        `(${(error as Error).message.split("\n")[0]})`;
    case "NotFound":
      return "it does not exist, or its folder does not";
    case "PermissionDenied":
      return "the user may not do that there";
    case "NotADirectory":
      return "a part of its path is a file, not a folder";
    case "IsADirectory":
      return "it is a folder, name a file in it";
  }
  const message = error instanceof Error ? error.message : String(error);
  const known: readonly [RegExp, string][] = [
    [/os error 28\b|^ENOSPC\b/, "the disk is full"],
    [/os error 122\b|^EDQUOT\b/, "the disk quota is used up"],
    [/os error 30\b|^EROFS\b/, "the file system is read-only"],
    [/os error 36\b|^ENAMETOOLONG\b/, "its name is too long"],
    [/os error 40\b|^ELOOP\b/, "its symbolic links lead in a circle"],
  ];
  return known.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}

/**
 * The system's error about a file that nobody foresaw, in our words: a line that
 * names the file.
 *
 * @returns nothing if the error is not about a file
 */
export function unforeseenTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const [, path] = /(?:\(os error \d+\):|^E[A-Z]+: .*,) [\w ]+ '([^']*)'/s
    .exec(error.message) ?? [];
  if (path === undefined) return undefined;
  return `Cannot use ${JSON.stringify(path)}: ${fileTrouble(error)}`;
}
