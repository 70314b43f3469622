/** Command lines of this program, to be pasted into a shell. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { program } from "../program.ts";

/**
 * How a command of this program is run, quoted for a POSIX shell.
 *
 * @param args the command and its arguments
 * @param needs folder that it reads and writes, and a task's file if it loads
 *   one; a process that may do everything says `-A` in place of them
 */
export function commandLine(
  args: readonly string[],
  needs: { readonly folder: string; readonly taskFile?: string },
): string {
  const url = new URL(program.entry);
  const entry = url.protocol === "file:" ? fileURLToPath(url) : url.href;
  const { folder, taskFile } = needs;
  const read = [
    folder,
    // A task's file imports from this program.
    ...(taskFile === undefined ? [] : [dirname(taskFile), dirname(entry)]),
  ];
  // A comma separates folders there and cannot be written otherwise.
  const permissions = mayAll() || read.some((path) => path.includes(","))
    ? ["-A"]
    : [`--allow-read=${read.join(",")}`, `--allow-write=${folder}`];
  return ["deno", "run", ...permissions, entry, ...args].map(shellWord)
    .join(" ");
}

function mayAll(): boolean {
  return (["read", "write", "env", "run"] as const).every((name) =>
    Deno.permissions.querySync({ name }).state === "granted"
  );
}

/** A word that a POSIX shell takes as it is. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
