/** A real SLURM of two nodes on this machine, and what can befall it. */
import { commandClient } from "../../lib/sweep/slurm/commands.ts";

/** A cluster that runs. */
export interface Cluster extends AsyncDisposable {
  /** What its clients need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly client: ReturnType<typeof commandClient>;
  /** Processes that run points on it now. */
  tasks(): TaskProcess[];
  /** Takes a node down as if its power were cut, its tasks included. */
  cutPower(node: string): void;
}

/** A task's process. */
export interface TaskProcess {
  readonly pid: number;
  readonly node: string;
}

/**
 * Starts a cluster of the nodes n1 and n2, each of which runs one task at a time;
 * disposing of it ends it.
 */
export async function startCluster(): Promise<Cluster> {
  const folder = await Deno.makeTempDir({ prefix: "slurm" });
  const scripts = new URL("slurm/", import.meta.url).pathname;
  const env = { SLURM_CONF: `${folder}/slurm.conf` };
  const stop = async () => {
    await call(`${scripts}stop.sh`, [folder]);
    await Deno.remove(folder, { recursive: true });
  };
  try {
    await call(`${scripts}start.sh`, [folder, "1", String(freePorts())]);
  } catch (error) {
    await stop();
    throw error;
  }
  const tasks = () => taskProcesses(env.SLURM_CONF);
  return {
    env,
    client: commandClient(env),
    tasks,
    cutPower(node) {
      // First who would report or restart the others.
      kill(Number(Deno.readTextFileSync(`${folder}/pid/${node}`)));
      for (const { pid } of tasks().filter((task) => task.node === node)) {
        const daemon = parentOf(pid);
        if (daemon !== undefined) kill(daemon);
        kill(pid);
      }
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** Ends a process at once; whether it was there to be ended. */
export function kill(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGKILL");
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The first of three ports in a row that nobody uses. */
function freePorts(): number {
  for (let port = 20_000 + Deno.pid % 20_000; port < 60_000; port += 3) {
    try {
      for (const k of [0, 1, 2]) {
        Deno.listen({ hostname: "127.0.0.1", port: port + k }).close();
      }
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  throw new Error("Cannot start a cluster: no ports are free");
}

function taskProcesses(conf: string): TaskProcess[] {
  return [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    const pid = Number(name);
    if (!Number.isInteger(pid)) return [];
    const env = readProc(pid, "environ").split("\0");
    if (!env.includes(`SLURM_CONF=${conf}`)) return [];
    const node = env.find((entry) => entry.startsWith("SLURMD_NODENAME="));
    // The daemon of a step has this in its environment, too.
    const isTask = readProc(pid, "cmdline").includes("\0sweep\0point\0");
    return node && isTask ? [{ pid, node: node.slice(16) }] : [];
  });
}

function parentOf(pid: number): number | undefined {
  const parent = readProc(pid, "status").match(/^PPid:\s*(\d+)$/m)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

function readProc(pid: number, file: string): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/${file}`);
  } catch {
    return "";
  }
}

async function call(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
