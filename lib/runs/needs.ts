/**
 * What commands need of Deno's permissions, all at once: a command that was refused
 * names the flags with which the same command passes.
 */
import { systemName } from "../platform/system.ts";
import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { archivedModel, pathOutside } from "../formats/archive_path.ts";
import { isTaskFile } from "../tasks/task_source.ts";
import { FailureError } from "./errors.ts";
import { program } from "../program.ts";

/** Kinds of permissions, as in Deno's flags. */
const kinds = ["read", "write", "net", "run", "sys"] as const;

/** Permissions by kind: paths, hosts, programs, facts about the machine. */
export type Needs = Partial<
  Readonly<Record<typeof kinds[number], readonly string[]>>
>;

/** The folder of this package, and of its modules; of no use unless on this disk. */
const own = program.folders.map(onDisk);

function onDisk(url: string): string[] {
  return url.startsWith("file:") ? [resolve(fileURLToPath(url))] : [];
}

/** What workers of this program read: its own modules. */
export const workerNeeds: Needs = {
  read: program.modules.flatMap(onDisk),
};

/** Reads and writes in folders. */
export function readWrite(...folders: readonly string[]): Needs {
  return { read: folders, write: folders };
}

/** What flags that several commands share name. */
export function sharedNeeds(flags: Readonly<Record<string, unknown>>): Needs {
  const { config, stimulus, task, trust_task, log_dir, dashboard, open } =
    flags;
  const named = (value: unknown) => typeof value === "string" ? [value] : [];
  const files = [...named(config), ...named(stimulus)];
  if (typeof task === "string" && isTaskFile(task)) {
    // What is trusted may import the package.
    files.push(task, ...(trust_task === true ? own[0] : []));
  }
  return together(
    {
      read: files,
      ...(dashboard === true && { net: ["127.0.0.1"] }),
      ...(open === true && { run: [opener[0]] }),
    },
    readWrite(...named(log_dir)),
  );
}

/** All that several parts need. */
export function together(...parts: readonly Needs[]): Needs {
  return Object.fromEntries(
    kinds.map((kind) => [kind, parts.flatMap((part) => part[kind] ?? [])]),
  );
}

/** Something that was refused. */
interface Denied {
  readonly kind: string;
  /** A path, a host, …; unknown if absent. */
  readonly what?: string;
}

/**
 * Whether an error comes of a permission that was not given: of which, and what
 * could not be done, as the start of a sentence.
 */
export function refusalOf(
  error: unknown,
): { readonly denied: Denied; readonly text: string } | undefined {
  let denied: Denied | undefined;
  for (let at = error; at instanceof Error && !denied; at = at.cause) {
    const { message } = at;
    const [, kind, what] =
      /Requires (\w+) access(?: to "?(.*?)"?)?, run again/s.exec(message) ??
        /\bneeds .*--allow-(\w+)=(.+)$/.exec(message) ?? [];
    if (kind) denied = { kind, what };
  }
  if (!denied) return undefined;
  const { kind, what = kind } = denied;
  const [, said] =
    /^(Cannot .+?): .*(?:permission was not given|not permitted|Requires \w+ access|--allow-)/s
      .exec((error as Error).message) ?? [];
  return { denied, text: said ?? `Cannot ${verbs[kind] ?? "use"} ${what}` };
}

const verbs: Readonly<Record<string, string>> = {
  read: "read",
  write: "write",
  net: "connect to",
  env: "read the environment's",
  run: "run",
  import: "import",
};

/**
 * The error as one that says which permissions the command needs, if it comes
 * of one that was not given; else the error itself.
 *
 * @param needsOf what the command needs
 */
export function withRemedy(error: unknown, needsOf: () => Needs): unknown {
  const refusal = refusalOf(error);
  if (!refusal) return error;
  const { denied: { kind, what = "" }, text } = refusal;
  const needs = needsOf();
  const known = kinds.find((each) => each === kind);
  // A link may lead out of what the command line names.
  const unforeseen: Needs = known && !coveredBy(known, what, needs[known] ?? [])
    ? { [known]: what === "" ? [] : [what] }
    : {};
  return new FailureError(
    `${text}: the permission was not given, run deno with ` +
      (flagsOf(together(needs, unforeseen)) || `--allow-${kind}`),
    { cause: error },
  );
}

/** Deno's flags that give permissions, as they are typed into a shell. */
export function flagsOf(needs: Needs): string {
  return kinds.flatMap((kind) => {
    // Of a model in an archive the archive is read.
    const all = (needs[kind] ?? [])
      .map((path) => withoutComma(archivedModel(path)?.archive ?? path));
    const least = all.filter((what, k) =>
      !coveredBy(kind, what, all.slice(0, k)) &&
      !coveredBy(kind, what, all.slice(k + 1), true)
    );
    if (least.length === 0) return [];
    return [quoted(`--allow-${kind}=${least.join(",")}`)];
  }).join(" ");
}

/** Deno splits lists at every comma: a path with one is given by a folder above. */
function withoutComma(path: string): string {
  return path.includes(",") ? withoutComma(dirname(path)) : path;
}

/** @param strictly whether the same does not count */
function coveredBy(
  kind: string,
  what: string,
  given: readonly string[],
  strictly = false,
): boolean {
  if (kind === "net") return given.includes(what.replace(/:\d+$/, ""));
  if (kind !== "read" && kind !== "write") return given.includes(what);
  return given.some((path) => {
    const inside = relative(resolve(path), resolve(what));
    return inside === "" ? !strictly : !/^\.\.([/\\]|$)/.test(inside);
  });
}

function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}

const openers = {
  darwin: ["open"],
  windows: ["explorer"],
  linux: ["xdg-open"],
  other: ["xdg-open"],
} as const;

/** The system's program that opens a page in the browser, with its arguments. */
export const opener: readonly [string, ...string[]] = openers[systemName()];

/** The folder in which `train` saves models, and where a model is that nobody names. */
export const usualModels = "models";

/** The folder of a model file, or the folder that is named in its place. */
export function folderOfModel(path: string): string {
  const file = pathOutside(path);
  return /\.(mat|zip)$/i.test(file) ? dirname(file) : path;
}
