/** Runs the command line in processes of its own, and looks for those left over. */

/** The folder of the program. */
export const root = new URL("../../", import.meta.url).pathname;

/** How a process ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly out: string;
  readonly err: string;
  readonly milliseconds: number;
}

/**
 * What runs the command line with a folder to read and write.
 *
 * @param folder it may use
 * @param args of the command line
 * @param flags of Deno, more of them
 */
export function words(
  folder: string,
  args: readonly string[],
  flags: readonly string[] = [],
): string[] {
  const reads = [folder, `${root}lib`, `${root}deno.json`].join(",");
  return [
    ...[Deno.execPath(), "run", "--no-prompt", "--no-check"],
    ...[`--allow-read=${reads}`, `--allow-write=${folder}`],
    "--allow-sys=hostname,systemMemoryInfo",
    ...[...flags, `${root}cli.ts`, ...args],
  ];
}

/**
 * Runs a program until it ends.
 *
 * @param command its name and arguments
 * @param options.killAfter milliseconds until SIGKILL
 * @param options.longest milliseconds until it counts as hung: it is killed, and
 *   its exit code is -1
 */
export async function run(
  command: readonly string[],
  { killAfter, longest = 600_000, env }: {
    readonly killAfter?: number;
    readonly longest?: number;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Ended> {
  const begun = performance.now();
  const child = new Deno.Command(command[0], {
    args: command.slice(1),
    cwd: root,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let hung = false;
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  const timers = [
    ...(killAfter === undefined ? [] : [setTimeout(kill, killAfter)]),
    setTimeout(() => {
      hung = true;
      kill();
    }, longest),
  ];
  const { code, signal, stdout, stderr } = await child.output();
  for (const timer of timers) clearTimeout(timer);
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return {
    code: hung ? -1 : code,
    signal,
    out,
    err,
    milliseconds: performance.now() - begun,
  };
}

/** A command line for a shell, quoted. */
export function quoted(command: readonly string[]): string {
  return command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}

/** Command lines of processes that name a folder; empty but on Linux. */
export function processesNaming(folder: string): string[] {
  if (Deno.build.os !== "linux") return [];
  const found: string[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === Deno.pid) continue;
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`);
      if (line.includes(folder)) found.push(line.replaceAll("\0", " "));
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

/** Paths of the files below a folder. */
export function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory ? filesIn(path) : [path];
  });
}
