/** Command lines of this program, to be pasted into a shell. */
import { runtime } from "../platform/runtime.ts";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { program } from "../program.ts";

/** How this program was started, as far as it may know. */
export interface Start {
  /** The module that is the command line, a path or an address. */
  readonly entry: string;
  /** What `deno run` is told beside permissions. */
  readonly flags: readonly string[];
  /** Deno's own program, and its version. */
  readonly deno: { readonly path: string; readonly version: string };
  /** Whether it may do everything. */
  readonly all: boolean;
  /** Folders in which a shell looks for commands; none if it may not know. */
  readonly folders: readonly string[];
  /** The text of a file; undefined if there is none, or it may not be read. */
  readonly read: (path: string) => string | undefined;
}

/**
 * How a command of this program is run, quoted for a POSIX shell: by the command
 * `spikernn` if that is this very program, else by Deno, or if there is none
 * that a shell would find, by npx.
 *
 * @param args the command and its arguments
 * @param needs folder that it reads and writes, and a task's file if it loads
 *   one; a process that may do everything says `-A` in place of them
 * @param start how this process was started
 */
export function commandLine(
  args: readonly string[],
  needs: { readonly folder: string; readonly taskFile?: string },
  start: Start = thisStart(),
): string {
  const words = isInstalled(start) ? [programName] : [
    ...denoWords(start),
    "run",
    ...permissionsFor(needs, start),
    ...start.flags,
    start.entry,
  ];
  return [...words, ...args].map(shellWord).join(" ");
}

/** The command that is made by installing. */
const programName = "spikernn";

function permissionsFor(
  { folder, taskFile }: { readonly folder: string; readonly taskFile?: string },
  { all, entry }: Start,
): string[] {
  const read = [
    folder,
    // A task's file imports from this program.
    ...(taskFile === undefined ? [] : [dirname(taskFile), dirname(entry)]),
  ];
  // A comma separates folders there and cannot be written otherwise.
  return all || read.some((path) => path.includes(","))
    ? ["-A"]
    : [`--allow-read=${read.join(",")}`, `--allow-write=${folder}`];
}

/** Whether the command that a shell would find starts this very program. */
function isInstalled({ folders, entry, read }: Start): boolean {
  const text = firstText(folders, read, programName, `${programName}.cmd`);
  return text !== undefined &&
    (text.includes(entry) || text.includes(pathToFileURL(entry).href));
}

function denoWords({ folders, deno, read }: Start): string[] {
  // npx keeps Deno where no shell looks for it, but while it runs.
  const byNpx = /[\\/]node_modules[\\/]/.test(deno.path);
  const elsewhere = folders.filter((folder) => !/node_modules/.test(folder));
  return !byNpx || firstText(elsewhere, read, "deno", "deno.exe") !== undefined
    ? ["deno"]
    : ["npx", "--yes", `deno@${deno.version}`];
}

/** The text of the first of some files that is in a folder. */
function firstText(
  folders: readonly string[],
  read: Start["read"],
  ...names: readonly string[]
): string | undefined {
  for (const folder of folders) {
    for (const name of names) {
      const text = read(join(folder, name));
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

function thisStart(): Start {
  const url = new URL(program.entry);
  return {
    entry: url.protocol === "file:" ? fileURLToPath(url) : url.href,
    flags: program.flags,
    deno: isDeno
      ? { path: Deno.execPath(), version: Deno.version.deno }
      : { path: "deno", version: "" },
    all: (["read", "write", "env", "run"] as const)
      .every((name) => granted({ name })),
    folders: granted({ name: "env", variable: "PATH" })
      ? (Deno.env.get("PATH") ?? "").split(delimiter).filter(Boolean)
      : [],
    read: beginningOf,
  };
}

const isDeno = runtime === "deno";

/** Nobody is asked: what is not permitted already is not known. */
function granted(permission: Deno.PermissionDescriptor): boolean {
  return isDeno && Deno.permissions.querySync(permission).state === "granted";
}

/** Bytes of a file that starts this program, at most. */
const longest = 4096;

function beginningOf(path: string): string | undefined {
  if (!granted({ name: "read", path })) return undefined;
  try {
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(longest);
    const count = file.readSync(bytes) ?? 0;
    return new TextDecoder().decode(bytes.subarray(0, count));
  } catch {
    return undefined;
  }
}

/** A word that a POSIX shell takes as it is. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", `'\\''`)}'`;
}
