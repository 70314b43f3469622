/**
 * Paths, as `node:path` has them; in browsers, where names of files are only
 * made and not opened, with slashes.
 */
import { builtin, runtime } from "./runtime.ts";

/** What can be done with paths. */
export interface Paths {
  join(...parts: string[]): string;
  dirname(path: string): string;
  basename(path: string): string;
  resolve(path: string): string;
}

const paths: Paths = runtime === "browser"
  ? slashPaths()
  : builtin<Paths>("node:path");

/** The parts as one path, without `.`, `..` and empty parts. */
export function join(...parts: string[]): string {
  return paths.join(...parts);
}

/** The path of the folder that a file is in. */
export function dirname(path: string): string {
  return paths.dirname(path);
}

/** The last part of a path. */
export function basename(path: string): string {
  return paths.basename(path);
}

/** The path from the root of the file system. */
export function resolve(path: string): string {
  return paths.resolve(path);
}

/** The `file:` address of a path from the root. */
export function fileUrl(path: string): URL {
  return builtin<{ pathToFileURL(path: string): URL }>("node:url")
    .pathToFileURL(path);
}

/** Paths with slashes, for browsers. */
export function slashPaths(): Paths {
  const join = (...parts: string[]) => {
    const whole = parts.filter((part) => part !== "").join("/");
    const kept: string[] = [];
    for (const part of whole.split("/")) {
      if (part === "" || part === ".") continue;
      if (part === ".." && kept.length > 0 && kept.at(-1) !== "..") kept.pop();
      else kept.push(part);
    }
    const path = (whole.startsWith("/") ? "/" : "") + kept.join("/");
    return path || ".";
  };
  const last = (path: string) => path.replace(/\/+$/, "").lastIndexOf("/");
  return {
    join,
    dirname(path) {
      if (/^\/+$/.test(path)) return "/";
      return last(path) < 0 ? "." : path.slice(0, last(path)) || "/";
    },
    basename: (path) => path.replace(/\/+$/, "").slice(last(path) + 1),
    resolve: (path) => path.startsWith("/") ? join(path) : join("/", path),
  };
}
