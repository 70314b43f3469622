/** Files: Deno's own functions, `node:fs` of Node and Bun, none in browsers. */
import type { FileInfo, Files, OpenFile } from "./file_types.ts";
import { nodeFiles } from "./files_node.ts";
import { runtime, runtimeText } from "./runtime.ts";

/** What may be wrong with a file, by Deno's names. */
export type FileProblem =
  | "NotCapable"
  | "NotFound"
  | "PermissionDenied"
  | "NotADirectory"
  | "IsADirectory"
  | "AlreadyExists"
  | "NotSupported";

/** The system's names of what may be wrong. */
const codes: Readonly<Record<string, FileProblem>> = {
  ENOENT: "NotFound",
  EACCES: "PermissionDenied",
  EPERM: "PermissionDenied",
  ENOTDIR: "NotADirectory",
  EISDIR: "IsADirectory",
  EEXIST: "AlreadyExists",
  ENOTSUP: "NotSupported",
};

/** The files of this machine. */
export const files: Files = runtime === "deno"
  ? Deno
  : runtime === "browser"
  ? noFiles()
  : nodeFiles();

/** Opens a file for reading while something is done with it. */
export async function withFile<T>(
  path: string,
  use: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const file = await files.open(path, { read: true });
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/** What is wrong with a file, of an error that one of its functions threw. */
export function fileProblem(error: unknown): FileProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  if (runtime !== "deno") {
    return codes[(error as Error & { code?: string }).code ?? ""];
  }
  const kinds = [...new Set(Object.values(codes)), "NotCapable"] as const;
  return (kinds as readonly FileProblem[]).find((kind) =>
    error instanceof Deno.errors[kind]
  );
}

/** An error as one of the functions would throw. */
export function fileError(problem: FileProblem, message: string): Error {
  if (runtime === "deno") return new Deno.errors[problem](message);
  const code = Object.keys(codes).find((name) => codes[name] === problem);
  return Object.assign(new Error(message), { code });
}

/** Whether the program may read the current folder. */
export function mayReadHere(): boolean {
  if (runtime !== "deno") return runtime !== "browser";
  const here = { name: "read", path: "." } as const;
  return Deno.permissions.querySync(here).state === "granted";
}

function noFiles(): Files {
  const refuse = () =>
    Promise.reject(
      new Error(
        `${runtimeText()} has no files: decodeModel() and encodeModel() of ` +
          "@spikernn/spikernn/files take and give bytes",
      ),
    );
  return {
    ...{ stat: refuse, lstat: refuse, realPath: refuse, readFile: refuse },
    ...{ open: refuse, mkdir: refuse, remove: refuse, rename: refuse },
    ...{ link: refuse, chmod: refuse, chown: refuse, writeFile: refuse },
    ...{ readTextFile: refuse, makeTempDir: refuse },
    // deno-lint-ignore require-yield
    async *readDir() {
      await refuse();
    },
  };
}

/**
 * What a path is, a link as itself; undefined if there is nothing.
 *
 * @throws {Error} if it cannot be looked at
 */
export async function lstatOf(path: string): Promise<FileInfo | undefined> {
  try {
    return await files.lstat(path);
  } catch (error) {
    if (fileProblem(error) === "NotFound") return undefined;
    throw error;
  }
}

/**
 * Whether a path has something, a broken link too.
 *
 * @throws {Error} if it cannot be looked at
 */
export async function isThere(path: string): Promise<boolean> {
  return await lstatOf(path) !== undefined;
}
