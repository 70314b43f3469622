/**
 * The command line for programs in other languages: one process that is kept
 * open takes requests, a line of JSON each on standard input, and answers in
 * lines of JSON on standard output. Its start is paid once.
 *
 * | request | what it does |
 * | --- | --- |
 * | `{"run": ["map", "m.mat", "--json"], "cwd": "/home/a"}` | a command line |
 * | `{"arrays": "m.mat", "to": "m.npz"}` | a model's variables as arrays |
 * | `{"edit": "m.mat", "with": "new.npz", "to": "n.mat"}` | a model with other values |
 * | `{"folder": "/tmp/a"}` | nothing; the folder is removed if whoever asks is killed |
 * | `{"end": true}` | ends the process, with a `folder` once that is removed |
 *
 * | answer | |
 * | --- | --- |
 * | `{"version": …, "deno": …}` | at the start: requests may come |
 * | `{"out": text}`, `{"err": text}` | what the command wrote |
 * | `{"status": {…}}` | how far it has come, ten times a second at most |
 * | `{"done": code, …}` | the end, with the exit code; the next request may come |
 *
 * A signal stops the command as Ctrl-C does. The end of standard input ends the
 * process too: whoever asked is gone, and the folder is removed.
 */
import { fileTrouble } from "../formats/trouble.ts";
import { editModelArrays, writeModelArrays } from "../runs/model_arrays.ts";
import { FailureError, UsageError } from "../runs/errors.ts";
import { exitCodeOf, messageOf } from "../runs/messages.ts";
import { runCommandLine } from "./application.ts";
import type { Registry } from "./command.ts";
import { PatientWriter, type Terminal } from "./terminal.ts";
import { programName } from "./help.ts";
import { version } from "../version.ts";

/** What is asked. */
interface Request {
  readonly run?: readonly string[];
  readonly cwd?: string;
  readonly arrays?: string;
  readonly edit?: string;
  readonly with?: string;
  readonly to?: string;
  readonly folder?: string;
  readonly end?: boolean;
}

/** Milliseconds from one status to the next. */
const statusEvery = 100;

/**
 * Answers requests until standard input ends.
 *
 * @param registry the commands
 */
export async function serve(
  registry: Registry,
): Promise<void> {
  const writer = new PatientWriter(Deno.stdout);
  const answer = (data: unknown) => writer.write(JSON.stringify(data) + "\n");
  answer({ version, deno: Deno.version.deno });
  const waiting: string[] = [];
  let wake: (() => void) | undefined;
  const run = async () => {
    while (true) {
      const request = waiting.shift();
      if (request === undefined) {
        await new Promise<void>((resolve) => wake = resolve);
        continue;
      }
      answer(await done(request, registry, terminalOf(answer)));
    }
  };
  run();
  let folder: string | undefined;
  for await (const line of linesOf(Deno.stdin.readable)) {
    const own = ofProcess(line);
    if (own === undefined) {
      waiting.push(line);
      wake?.();
      continue;
    }
    if (own.end) folder = undefined;
    folder = own.folder ?? folder;
    if (own.end) break;
  }
  // Nobody is there any more to take what a command in hand would give.
  if (folder === undefined) return;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}

async function done(
  line: string,
  registry: Registry,
  terminal: Terminal,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const request = requestOf(line);
    const { run, cwd, arrays, edit, with: edited, to = "" } = request;
    if (cwd !== undefined) goTo(cwd);
    if (run) return { done: await runCommandLine(run, registry, terminal) };
    if (arrays !== undefined) {
      return { done: 0, ...await writeModelArrays(arrays, to) };
    }
    if (edit !== undefined && edited !== undefined) {
      await editModelArrays(edit, edited, to);
      return { done: 0 };
    }
    throw new UsageError(
      `Cannot answer ${shortened(line)}: allowed are requests with run, ` +
        "arrays and to, or edit, with and to",
    );
  } catch (error) {
    terminal.err(`${programName}: ${messageOf(error)}\n`);
    return { done: exitCodeOf(error) };
  }
}

/** @throws {FailureError} if there is no such folder, or it may not be entered */
function goTo(folder: string): void {
  try {
    Deno.chdir(folder);
  } catch (error) {
    throw new FailureError(
      `Cannot work in the folder ${folder}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** What a line says of the process itself, which is heard while a command runs. */
function ofProcess(
  line: string,
): Pick<Request, "folder" | "end"> | undefined {
  try {
    const { folder, end } = JSON.parse(line) as Request;
    return typeof folder === "string" || end === true
      ? { folder, end }
      : undefined;
  } catch {
    // What it is not is said when it is its turn.
    return undefined;
  }
}

/**
 * Reads a request.
 *
 * @throws {UsageError} for a line that is not an object of JSON, or has values of
 *   other kinds than requests have
 */
function requestOf(line: string): Request {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    throw new UsageError(
      `Cannot read the request ${shortened(line)}: a line of JSON is needed`,
    );
  }
  const isText = (value: unknown) => typeof value === "string";
  const sound = typeof read === "object" && read !== null &&
    Object.entries(read).every(([name, value]) =>
      name === "run"
        ? Array.isArray(value) && value.every(isText)
        : isText(value)
    );
  if (sound) return read as Request;
  throw new UsageError(
    `Cannot use the request ${shortened(line)}: an object is needed, with an ` +
      "array of texts as run, and texts as everything else",
  );
}

/** A line as messages repeat it. */
function shortened(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}

/** A terminal whose other end is a program. */
function terminalOf(answer: (data: unknown) => void): Terminal {
  let last = -Infinity;
  return {
    lost: () => undefined,
    out: (text) => answer({ out: text }),
    err: (text) => answer({ err: text }),
    redraw: () => {},
    interactive: false,
    columns: () => 80,
    status(status) {
      const now = performance.now();
      if (now - last < statusEvery) return;
      last = now;
      answer({ status });
    },
  };
}

async function* linesOf(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    yield* lines.filter((line) => line.trim() !== "");
  }
}
