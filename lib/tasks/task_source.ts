/** The text of a task file. */
import { TaskError } from "../errors.ts";
import { fileProblem, files } from "../platform/files.ts";
import { sha256 } from "../platform/hash.ts";
import { fileUrl, resolve } from "../platform/paths.ts";

/** A task file as read. */
export interface TaskSource {
  /** The program, as text. */
  readonly text: string;
  /** What the text is: TypeScript or JavaScript. */
  readonly mediaType: "application/typescript" | "text/javascript";
  /** Where it was read, as a URL. */
  readonly url: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly sha256: string;
}

/** Largest task file, bytes. */
const largest = 2 ** 23;

/** Of TypeScript and JavaScript, in small letters or capitals. */
const extensions = /\.[cm]?[jt]s$/i;

/**
 * Whether a task's name is the path of a file rather than a built-in task's: it
 * has a slash, or ends as TypeScript and JavaScript do (`.ts`, `.mts`, `.cts`,
 * `.js`, `.mjs`, `.cjs`, in small letters or capitals).
 *
 * @param name what the user gave
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isTaskFile } from "@spikernn/spikernn/tasks";
 * assert(isTaskFile("./my_task.ts") && isTaskFile("my.TS"));
 * assert(!isTaskFile("xor"));
 * ```
 */
export function isTaskFile(name: string): boolean {
  return extensions.test(name) || /[/\\]/.test(name);
}

/**
 * Reads a task file.
 *
 * @param specifier path, or `file:` address
 * @throws {TaskError} for a file that is missing, too large or of another kind,
 * or a path that is not a file
 */
export async function readTaskSource(specifier: string): Promise<TaskSource> {
  const fail = (why: string): never => {
    throw new TaskError(`Cannot load task ${specifier}: ${why}`);
  };
  if (/^[a-z][a-z0-9+.-]+:/i.test(specifier) && !isFileUrl(specifier)) {
    fail("only files of this machine are allowed");
  }
  if (!extensions.test(specifier)) fail("a .ts or .js file is needed");
  const url = isFileUrl(specifier)
    ? new URL(specifier)
    : fileUrl(resolve(specifier));
  try {
    const { size, isDirectory } = await files.stat(url);
    if (isDirectory) fail("it is a folder");
    if (size > largest) fail(`it has ${size} bytes, allowed are ${largest}`);
    const bytes = await files.readFile(url);
    return {
      // A byte order mark stays: the engine passes over it itself.
      text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
      sha256: await sha256(bytes),
      mediaType: /ts$/i.test(specifier)
        ? "application/typescript"
        : "text/javascript",
      url: url.href,
    };
  } catch (error) {
    if (error instanceof TaskError) throw error;
    return fail(
      fileProblem(error) === "NotFound"
        ? "there is no such file"
        : (error as Error).message,
    );
  }
}

function isFileUrl(specifier: string): boolean {
  return specifier.startsWith("file:");
}
