/**
 * Hostile files, read in a process that is watched: a reader that hangs or
 * breaks the process is told of too, with the number of its file.
 */
import { root } from "./process.ts";
import { attackFiles } from "./hostile_files.ts";
import type { HostileFormat } from "./formats/format.ts";
import { formats } from "./formats/registry.ts";
import type { Attack, Outcome } from "./types.ts";

/** Longest time without a word, ms: many files are read between two. */
const longest = 120_000;

/** Files between two words of the reading process. */
const between = 50;

/** The attack on a format's readers. */
export function watchedFiles(key: string, format: HostileFormat): Attack {
  return {
    name: key,
    what: `${format.name}: ${format.what}; read or refused in words`,
    unit: "files",
    wanted: 10_000,
    usual: 10_000,
    run: ({ count, seed, until }) =>
      watched(key, count, seed, until - performance.now()),
  };
}

async function watched(
  key: string,
  count: number,
  seed: number,
  left: number,
): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", "-c", `${root}deno.json`],
      "--v8-flags=--expose-gc",
      new URL(import.meta.url).pathname,
      ...[key, `${count}`, `${seed}`, `${Math.round(left)}`],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = new Response(child.stderr).text();
  let at = 0;
  let outcome: Outcome | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => child.kill("SIGKILL"), longest);
  };
  wait();
  let rest = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    wait();
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("{")) outcome = JSON.parse(line);
      else at = Number(line);
    }
  }
  clearTimeout(timer);
  const { code, signal } = await child.status;
  const error = await errors;
  if (outcome) return outcome;
  const end = signal ? `ended by ${signal}` : `exit code ${code}`;
  return {
    tried: at,
    held: {},
    broken: [
      `${key} files ${at} to ${at + between - 1} (seed ${seed}): the ` +
      `reading process hung or broke, ${end}: ${error.slice(-500)}`,
    ],
  };
}

if (import.meta.main) {
  const [key, ...numbers] = Deno.args;
  const [count, seed, left] = numbers.map(Number);
  const outcome = await attackFiles(key, formats[key], {
    count,
    seed,
    until: performance.now() + left,
    before(index) {
      if (index % between === 0) console.log(index);
    },
  });
  console.log(JSON.stringify(outcome));
}
