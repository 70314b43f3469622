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
  relative(from: string, to: string): string;
  resolve(...parts: string[]): string;
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

/** The path of one file or folder as seen from a folder. */
export function relative(from: string, to: string): string {
  return paths.relative(from, to);
}

/** The parts as one path from the root of the file system; the last that starts there begins it. */
export function resolve(...parts: string[]): string {
  return paths.resolve(...parts);
}

/** The path of a `file:` address. */
export function fromFileUrl(url: string | URL): string {
  return builtin<{ fileURLToPath(url: string | URL): string }>("node:url")
    .fileURLToPath(url);
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
    relative: (from, to) => {
      const [here, there] = [from, to].map((path) =>
        join("/", path).split("/").filter(Boolean)
      );
      const at = here.findIndex((part, k) => there[k] !== part);
      const shared = at < 0 ? here.length : at;
      return join(
        ...here.slice(shared).map(() => ".."),
        ...there.slice(shared),
      );
    },
    dirname(path) {
      if (/^\/+$/.test(path)) return "/";
      return last(path) < 0 ? "." : path.slice(0, last(path)) || "/";
    },
    basename: (path) => path.replace(/\/+$/, "").slice(last(path) + 1),
    resolve: (...parts) =>
      join("/", ...parts.slice(parts.findLastIndex((part) => part[0] === "/"))),
  };
}
