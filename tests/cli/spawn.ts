/** Runs the command line as its users do: in a process of its own. */

/** How a process ended and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The folder of the program. */
export const root = new URL("../../", import.meta.url).pathname;

/** Arguments of deno for a program, the command line, under some permissions. */
function denoArgs(
  permissions: readonly string[],
  args: readonly string[],
  program = "cli.ts",
) {
  return [
    "run",
    "--no-prompt",
    "--no-check",
    ...permissions,
    `${root}${program}`,
    ...args,
  ];
}

/** Runs a command line, its streams being pipes. */
export async function spawn(
  permissions: readonly string[],
  args: readonly string[],
  { cwd = root, program }: { cwd?: string; program?: string } = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: denoArgs(permissions, args, program),
    cwd,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  return { code, out: text(stdout), err: text(stderr) };
}

/** What runs command lines one after another. */
const inTurn = "tests/cli/turn_program.ts";

/** Its arguments. */
function turnArgs(
  lines: readonly (readonly string[])[],
  cores: number | undefined,
): string[] {
  return [JSON.stringify(lines), ...cores === undefined ? [] : [`${cores}`]];
}

/**
 * Runs several command lines one after another in one process, its streams being
 * pipes: each costs no start of its own.
 *
 * @param options.cores how many they take the machine to have, if not as many as
 *   it has
 */
export async function spawnInTurn(
  permissions: readonly string[],
  lines: readonly (readonly string[])[],
  { cwd = root, cores }: { cwd?: string; cores?: number } = {},
): Promise<Ended[]> {
  const { code, out, err } = await spawn(permissions, turnArgs(lines, cores), {
    cwd,
    program: inTurn,
  });
  const [outs, errs] = [out, err].map((text) => text.split(/\0(\d+)\0/));
  if (code !== 0 || outs.length !== 2 * lines.length + 1) throw new Error(err);
  return lines.map((_, k) => ({
    code: Number(outs[2 * k + 1]),
    out: outs[2 * k],
    err: errs[2 * k],
  }));
}

/** Starts a command line and hands its process out. */
export function start(
  permissions: readonly string[],
  args: readonly string[],
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: denoArgs(permissions, args),
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command line on a pseudo-terminal, by `script`; both streams in one. */
export async function onTerminal(
  permissions: readonly string[],
  args: readonly string[],
  { columns = 80, cwd = root, env, program }: {
    columns?: number;
    cwd?: string;
    env?: Record<string, string>;
    program?: string;
  } = {},
): Promise<{ code: number; screen: string }> {
  const line = [Deno.execPath(), ...denoArgs(permissions, args, program)]
    .map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(" ");
  const { code, stdout } = await new Deno.Command("script", {
    args: ["-qec", `stty cols ${columns} rows 24; exec ${line}`, "/dev/null"],
    cwd,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  return { code, screen: text(stdout) };
}

/** Runs several command lines one after another in one process on one terminal. */
export async function onTerminalInTurn(
  permissions: readonly string[],
  lines: readonly (readonly string[])[],
  { columns, cwd, cores }: {
    columns?: number;
    cwd?: string;
    cores?: number;
  } = {},
): Promise<{ code: number; screen: string }[]> {
  const args = turnArgs(lines, cores);
  const { code, screen } = await onTerminal(permissions, args, {
    columns,
    cwd,
    program: inTurn,
  });
  // The end of each is told by both streams, which are one here.
  const screens = screen.split(/\0(\d+)\0\0\d+\0/);
  if (code !== 0 || screens.length !== 2 * lines.length + 1) {
    throw new Error(screen);
  }
  return lines.map((_, k) => ({
    code: Number(screens[2 * k + 1]),
    screen: screens[2 * k],
  }));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
