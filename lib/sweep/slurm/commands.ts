/** A cluster by the clients that SLURM installs: sbatch, squeue, scancel, scontrol. */
import { BackendError } from "../../errors.ts";
import { SlurmAwayError, SlurmBusyError, type SlurmClient } from "./client.ts";
import {
  parseLimits,
  parseQueue,
  parseSubmitted,
  queueFormat,
} from "./queue.ts";

/** Seconds that a client may take. They wait for minutes for a controller that is away. */
const patience = { submit: 120, queue: 40, cancel: 60, limits: 40 };

/** What clients say when they cannot reach the controller. */
const away =
  /Unable to contact slurm controller|Connection (refused|timed out|reset)|Socket timed out|Zero Bytes were transmitted|Communication.* failure|Transport endpoint|DNS SRV lookup failed|Slurm backup controller|Slurmctld could not be reached|Slurm temporarily unable/i;

/** What sbatch says when a user or the cluster has too many jobs. */
const busy =
  /job submit limit|MaxSubmitJob|QOSMaxSubmit|AssocMaxSubmit|AssocGrpSubmit|violates accounting\/QOS policy|maximum number of jobs|Resource temporarily unavailable/i;

/** What scancel says of jobs that have ended. */
const over = /Invalid job id|already (completing|completed)|Job\/step already/i;

/**
 * The cluster of this machine. Needs permission to run `sbatch`, `squeue`,
 * `scancel` and `scontrol`, each of them only when it is asked for.
 *
 * @param env more variables for them, such as SLURM_CONF
 * @param limits longest times of the calls, s
 */
export function commandClient(
  env: Readonly<Record<string, string>> = {},
  limits: Readonly<Record<"submit" | "queue" | "cancel" | "limits", number>> =
    patience,
): SlurmClient {
  const run = (command: string, args: readonly string[], seconds: number) =>
    ask(command, args, seconds, env);
  return {
    async submit(args) {
      const { ok, out, error } = await run("sbatch", args, limits.submit);
      const job = parseSubmitted(out);
      // It has been seen to fail after it had submitted.
      if (job !== undefined) return job;
      const said = error || out;
      if (busy.test(said)) throw new SlurmBusyError(oneLine(said));
      if (away.test(said)) throw new SlurmAwayError(oneLine(said));
      throw new BackendError(
        `Cannot submit to SLURM: sbatch said ${JSON.stringify(oneLine(said))}` +
          (ok ? ", expected is the number of a job" : ""),
      );
    },
    async queue(names) {
      const { ok, out, error } = await run("squeue", [
        "--me",
        "--noheader",
        "--states=all",
        `--name=${names.join(",")}`,
        `--format=${queueFormat}`,
      ], limits.queue);
      if (ok) return parseQueue(out);
      // Whatever is wrong with it, the tasks are none the worse for it.
      throw new SlurmAwayError(oneLine(error || out));
    },
    async cancel(ids) {
      if (ids.length === 0) return;
      // No further filter: with one, scancel takes a whole array that waits
      // for the one task of it that was named.
      const { ok, error } = await run(
        "scancel",
        ["--quiet", ...ids],
        limits.cancel,
      );
      if (!ok && !over.test(error)) throw new SlurmAwayError(oneLine(error));
    },
    async limits() {
      const { ok, out, error } = await run(
        "scontrol",
        ["show", "config"],
        limits.limits,
      );
      if (!ok) throw new SlurmAwayError(oneLine(error || out));
      return parseLimits(out);
    },
  };
}

interface Outcome {
  readonly ok: boolean;
  readonly out: string;
  readonly error: string;
}

async function ask(
  command: string,
  args: readonly string[],
  seconds: number,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(seconds * 1000);
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, {
      args: [...args],
      // Lists of tasks are cut to 64 characters otherwise.
      env: { ...env, SLURM_BITSTR_LEN: "0", LC_ALL: "C" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal,
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new BackendError(
        `Cannot use SLURM: there is no ${command} here, allowed is a machine ` +
          "from which jobs can be submitted",
        { cause: error },
      );
    }
    throw error;
  }
  if (signal.aborted && !output.success) {
    throw new SlurmAwayError(`${command} gave no answer in ${seconds} s`);
  }
  const text = new TextDecoder();
  return {
    ok: output.success,
    out: text.decode(output.stdout),
    error: text.decode(output.stderr).trim(),
  };
}

/** The last line: those before it tell how it came to that. */
function oneLine(text: string): string {
  return text.trim().split("\n").at(-1)!.slice(0, 300);
}
