/** The text of a task file. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { TaskError } from "../errors.ts";

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
const largest = 2 ** 20;

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
 * @throws {TaskError} for a file that is missing, no file, too large, or of
 *   another kind
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
    : pathToFileURL(resolve(specifier));
  try {
    const { size } = await stat(url);
    if (size > largest) fail(`it has ${size} bytes, allowed are ${largest}`);
    const bytes = await readFile(url);
    return {
      text: bytes.toString("utf8"),
      sha256: createHash("sha256").update(bytes).digest("hex"),
      mediaType: /ts$/i.test(specifier)
        ? "application/typescript"
        : "text/javascript",
      url: url.href,
    };
  } catch (error) {
    if (error instanceof TaskError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
        ? "it is a folder"
        : message,
    );
  }
}

function isFileUrl(specifier: string): boolean {
  return specifier.startsWith("file:");
}
