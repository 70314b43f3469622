/** Trials of spiking networks on the CPU. */
import { DivergedError } from "../network/diverged.ts";
import { runJob, type WasmResult } from "../kernels/job.ts";
import {
  type LifJob,
  lifJobs,
  type SharedJob,
  sharedLifJobs,
} from "../kernels/lif/launch.ts";
import { simulateTrial32, simulateTrial64 } from "../kernels/lif/reference.ts";
import type { LifRecording, LifTrace } from "../kernels/lif/types.ts";
import { lif } from "../kernels/lif/lif_wasm.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";
import { withMeans } from "./filtered_means.ts";
import type { Pool } from "./pool.ts";
import type { SpikingRequest } from "./types.ts";
import { prepareNetwork, prepareTrial, weightsFor } from "./spiking_network.ts";

/** A recording with every choice made. */
export function complete(record: Recording): LifRecording {
  const { outputs = false, spikes = false } = record;
  const every = (kind: "voltages" | "currents" | "rates") => {
    const value = record[kind] ?? 0;
    if (!(Number.isInteger(value) && value >= 0)) {
      throw new RangeError(
        `Cannot record ${kind} every ${value} steps: ` +
          "allowed are whole numbers from 1, or 0 for none",
      );
    }
    return value;
  };
  return {
    outputs,
    spikes: spikes || record.means !== undefined,
    voltages: every("voltages"),
    currents: every("currents"),
    rates: every("rates"),
  };
}

/** The trace without the kernel's flag, which becomes an error. */
export function checked(
  trace: LifTrace,
  trials: readonly SpikingTrial[],
  index: number,
): SpikingTrace {
  const { finite, ...rest } = trace;
  if (!finite) {
    throw new DivergedError(
      `Cannot simulate trial ${index} (number ${
        trials[index].noise.trial
      } of ` +
        "its random stream): voltages or currents left the finite numbers, " +
        "weights or stimulus are too large",
    );
  }
  return rest;
}

/** A network as the kernels take it, and how its trials become so, checked. */
function preparation(network: SpikingNetwork) {
  const prepared = prepareNetwork(network);
  const weightsOf = weightsFor(network);
  return {
    prepared,
    ready: (trials: readonly SpikingTrial[]) =>
      trials.map((trial, k) => prepareTrial(prepared, trial, k, weightsOf)),
  };
}

function prepare(network: SpikingNetwork, trials: readonly SpikingTrial[]) {
  const { prepared, ready } = preparation(network);
  return { prepared, ready: ready(trials) };
}

/**
 * Runs trials on the plain TypeScript reference: in double precision the model to
 * the letter, in single precision bit for bit what the SIMD kernel gives.
 *
 * @returns the traces in the order of the trials; outputs, voltages (mV),
 *   currents and rates (1/s) in the precision asked for
 * @throws {TypeError} for inputs or initial voltages of a wrong length
 * @throws {RangeError} for values that are not finite or out of range
 * @throws {DivergedError} for a trial that leaves the finite numbers
 */
export function simulateReference(
  network: SpikingNetwork,
  trials: readonly SpikingTrial[],
  record: Recording,
  precision: "float32" | "float64",
): SpikingTrace[] {
  const { prepared, ready } = prepare(network, trials);
  const run = precision === "float64" ? simulateTrial64 : simulateTrial32;
  const recording = complete(record);
  const finished = withMeans(prepared, record);
  return ready.map((trial, k) =>
    finished(checked(run(prepared, trial, recording), trials, k))
  );
}

/**
 * Runs trials of several networks on the SIMD kernel; those of one number share
 * their noise. Each network's traces are those of {@linkcode simulateSimd}.
 *
 * @param runs with the same number of trials
 * @param pool as of `simulateSimd`
 * @returns the traces of each network, or the error of its first trial that
 *   failed
 * @throws as `simulateSimd`, but for trials that leave the finite numbers
 */
export async function simulateSimdTogether(
  runs: readonly SpikingRequest[],
  record: Recording,
  pool?: Pool,
): Promise<PromiseSettledResult<SpikingTrace[]>[]> {
  if (runs.length === 0) return [];
  // Runs whose weights change within their trials begin as one network.
  const networks = new Map<SpikingNetwork, ReturnType<typeof preparation>>();
  const ready = runs.map(({ network, trials }) => {
    const known = networks.get(network) ?? preparation(network);
    networks.set(network, known);
    return {
      network: known.prepared,
      trials: known.ready(trials),
      finished: withMeans(known.prepared, record),
    };
  });
  const found = runs.map((): SpikingTrace[] => []);
  const failed = new Map<number, unknown>();
  const take = ({ traces, trial, runs: of }: SharedJob, result: WasmResult) =>
    traces(result).forEach((trace, k) => {
      const run = of[k];
      try {
        const whole = checked(trace, runs[run].trials, trial);
        found[run].push(ready[run].finished(whole));
      } catch (error) {
        if (!failed.has(run)) failed.set(run, error);
      }
    });
  const jobs = sharedLifJobs(ready, complete(record));
  if (pool === undefined) {
    here ??= new WebAssembly.Instance(lif());
    for (const job of jobs) take(job, runJob(here, job.job));
  } else {
    const made: SharedJob[] = [];
    const asked = jobs.map((job) => {
      made.push(job);
      return job.job;
    });
    await pool.runAll(asked, (result) => take(made.shift()!, result));
  }
  return found.map((value, run) =>
    failed.has(run)
      ? { status: "rejected", reason: failed.get(run) }
      : { status: "fulfilled", value }
  );
}

/** Instance of the kernel in this thread; every job writes all that it reads. */
let here: WebAssembly.Instance | undefined;

/**
 * Runs trials on the SIMD kernel, in single precision. A trial's result depends on
 * the network and the trial alone: not on the workers, nor on which trials run
 * beside it.
 *
 * @param pool workers that know the module "lif"; this thread when left out
 * @returns the traces in the order of the trials, in float32
 * @throws {TypeError} for inputs or initial voltages of a wrong length
 * @throws {RangeError} for values that are not finite or out of range, or
 *   recordings that do not fit into memory
 * @throws {DivergedError} for a trial that leaves the finite numbers
 */
export async function simulateSimd(
  network: SpikingNetwork,
  trials: readonly SpikingTrial[],
  record: Recording,
  pool?: Pool,
): Promise<SpikingTrace[]> {
  const { prepared, ready } = prepare(network, trials);
  const traces: SpikingTrace[] = [];
  const finished = withMeans(prepared, record);
  const take = ({ first, traces: make }: LifJob, result: WasmResult) =>
    make(result).forEach((trace, k) =>
      traces.push(finished(checked(trace, trials, first + k)))
    );
  const recording = complete(record);
  if (pool === undefined) {
    here ??= new WebAssembly.Instance(lif());
    for (const job of lifJobs(prepared, ready, recording)) {
      take(job, runJob(here, job.job));
    }
    return traces;
  }
  // Small shares for few trials, so that every worker has some.
  const share = Math.ceil(trials.length / (4 * pool.workers));
  const made: LifJob[] = [];
  function* jobs() {
    for (const job of lifJobs(prepared, ready, recording, Math.min(share, 4))) {
      made.push(job);
      yield job.job;
    }
  }
  await pool.runAll(jobs(), (result) => take(made.shift()!, result));
  return traces;
}
