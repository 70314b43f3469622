/** Settings files: TOML, with the names of the flags. */
import { fileProblem, files } from "../platform/files.ts";
import { parse, TomlError } from "smol-toml";
import { nearest } from "../tasks/nearest.ts";
import { UsageError } from "./errors.ts";
import {
  allowedText,
  type Flag,
  type Flags,
  fold,
  namesOf,
} from "../settings/kinds.ts";

/** Largest settings file, in bytes: a slip of the hand, not a setting. */
const largest = 1_000_000;

/**
 * Reads a settings file: one line a flag, `N = 100`, `decay_taus = [4, 20]`.
 *
 * @param path of the file
 * @param flags that may be set
 * @returns values by the flags' names
 * @throws {UsageError} for a file that cannot be read, is no TOML, or sets
 *   something unknown or to what is not allowed, with the number of the line
 */
export async function readConfig(
  path: string,
  flags: Flags,
): Promise<Record<string, unknown>> {
  const source = await readText(path);
  let entries: Record<string, unknown>;
  try {
    entries = parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The rest of the message is a drawing of the place.
    const [reason] = error.message.split("\n");
    throw new UsageError(
      `Cannot read ${path}, line ${error.line}, column ${error.column}: ${reason}`,
    );
  }
  const names = namesOf(flags);
  names.delete("config");
  const settings: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entries)) {
    const where = `Cannot use ${path}, line ${lineOf(source, key)}: `;
    const name = names.get(fold(key));
    if (name === undefined) {
      if (typeof value === "object" && !Array.isArray(value)) {
        throw new UsageError(
          `${where}settings stand by themselves, not in tables such as [${key}]`,
        );
      }
      const near = nearest(key, [...names.values()]);
      throw new UsageError(
        `${where}there is no setting ${JSON.stringify(key)}` +
          (near ? `, did you mean ${near}?` : ""),
      );
    }
    if (name === "trust_task") {
      throw new UsageError(
        `${where}trust is given on the command line alone, by --trust_task`,
      );
    }
    if (name in settings) {
      throw new UsageError(`${where}${name} is set twice`);
    }
    const read = valueOf(flags[name], value);
    if (read === undefined) {
      throw new UsageError(
        `${where}${name} is ${shownValue(value)}, allowed are ` +
          allowedText(flags[name], typedText(value)),
      );
    }
    settings[name] = read;
  }
  return settings;
}

/** A TOML value read by the flag's own rule, as if it had been typed. */
export function valueOf(flag: Flag<unknown>, value: unknown): unknown {
  if (Array.isArray(value)) {
    return flag.more && value.every(isPlain)
      ? flag.parse(value.join(","))
      : undefined;
  }
  return isPlain(value) ? flag.parse(String(value)) : undefined;
}

/** Longest value that a message repeats, in characters. */
const longest = 200;

/** A value as the file has it, cut if it is long. */
export function shownValue(value: unknown): string {
  const text = wholeText(value);
  return text.length > longest ? text.slice(0, longest) + "…" : text;
}

/** JSON knows no nan and no inf. */
function wholeText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(wholeText).join(", ")}]`;
  if (typeof value !== "number" || Number.isFinite(value)) {
    return JSON.stringify(value);
  }
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

/** A value as it might have been typed, for hints; a table has no text of its own. */
export function typedText(value: unknown): string {
  if (Array.isArray(value)) return value.map(typedText).join(",");
  return isPlain(value) ? String(value) : shownValue(value);
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "bigint", "boolean"].includes(typeof value);
}

async function readText(path: string): Promise<string> {
  try {
    const { size, isFile } = await files.stat(path);
    if (!isFile || size > largest) {
      throw new UsageError(
        `Cannot read the settings ${path}: ` +
          (isFile ? `${size} bytes, at most ${largest}` : "it is not a file"),
      );
    }
    return await files.readTextFile(path);
  } catch (error) {
    if (fileProblem(error) === "NotFound") {
      throw new UsageError(
        `Cannot read the settings ${path}: there is no such file`,
      );
    }
    throw error;
  }
}

/** The line that sets a key, counted from 1; the first one if none is found. */
function lineOf(source: string, key: string): number {
  const escaped = RegExp.escape(key);
  const pattern = new RegExp(`^\\s*(\\[\\s*)?["']?${escaped}["']?\\s*[=.\\]]`);
  return source.split("\n").findIndex((line) => pattern.test(line)) + 1 || 1;
}
