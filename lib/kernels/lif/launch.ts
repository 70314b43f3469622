/** Trials of spiking networks as jobs for the SIMD kernel. */
import type { WasmJob, WasmResult } from "../job.ts";
import { MemoryImage } from "./image.ts";
import {
  type PlacedNetwork,
  placeNetwork,
  placeTrial,
  type ReadyNetwork,
  readyNetwork,
  trialCall,
  type TrialPlan,
} from "./place.ts";
import {
  type LifNetwork,
  type LifRecording,
  type LifTrace,
  type LifTrial,
  stepCount,
} from "./types.ts";

/** Memory of a job's trials at most, but for a single trial. */
const jobBytes = 2 ** 24;

/** Trials of a job at most: what workers share must not be too coarse. */
const jobTrials = 4;

/** A job and how to make traces of what it read. */
export interface LifJob {
  readonly job: WasmJob;
  /** Index of the first trial, of those that the jobs were made from. */
  readonly first: number;
  readonly traces: (result: WasmResult) => LifTrace[];
}

function jobOf(
  image: MemoryImage,
  calls: WasmJob["calls"],
  plans: readonly TrialPlan[],
): Omit<LifJob, "first"> {
  return {
    job: {
      module: "lif",
      memoryBytes: image.bytes,
      writes: image.writes,
      calls,
      reads: plans.flatMap(({ reads }) => reads),
    },
    traces(result) {
      let next = 0;
      return plans.map((plan) => {
        const own = result.slice(next, next + plan.reads.length);
        next += plan.reads.length;
        return plan.trace(own);
      });
    },
  };
}

/**
 * Trials as jobs, each of several trials, made as they are asked for.
 *
 * @throws {RangeError} for a trial whose recordings do not fit into memory
 */
export function* lifJobs(
  network: LifNetwork,
  trials: readonly LifTrial[],
  record: LifRecording,
  share = jobTrials,
): Generator<LifJob> {
  const ready = readyNetwork(network, trials);
  let first = 0;
  while (first < trials.length) {
    const placed = placeNetwork(new MemoryImage(), ready);
    const { image } = placed;
    const start = image.bytes;
    const plans: TrialPlan[] = [];
    do {
      const trial = trials[first + plans.length];
      plans.push(placeTrial(network, placed, trial, record, 0));
    } while (
      plans.length < share && first + plans.length < trials.length &&
      image.bytes - start < jobBytes / 2
    );
    const calls = plans.map((plan) => trialCall(placed, plan));
    yield { first, ...jobOf(image, calls, plans) };
    first += plans.length;
  }
}

/** Trials of one network among others. */
export interface LifRun {
  readonly network: LifNetwork;
  readonly trials: readonly LifTrial[];
}

/** A job of one trial of several runs. */
export interface SharedJob extends Omit<LifJob, "first"> {
  readonly trial: number;
  /** The run of each trace. */
  readonly runs: readonly number[];
}

/** Runs that share a job at most: how large its memory becomes. */
const jobRuns = 16;

/**
 * Trials of several runs as jobs, each of the trials of one number: runs whose
 * trials have the same noise share it, which is more than half of their work.
 *
 * @param runs with the same number of trials
 * @throws {RangeError} for a trial whose recordings do not fit into memory
 */
export function* sharedLifJobs(
  runs: readonly LifRun[],
  record: LifRecording,
): Generator<SharedJob> {
  // Runs that differ in their trials alone have one network among them.
  const each = new Map<LifNetwork, ReadyNetwork>();
  for (const [network, same] of Map.groupBy(runs, ({ network }) => network)) {
    const trials = same.flatMap(({ trials }) => trials);
    each.set(network, readyNetwork(network, trials));
  }
  const ready = runs.map(({ network }) => each.get(network)!);
  for (let trial = 0; trial < runs[0].trials.length; trial++) {
    const alike = Map.groupBy(
      runs.keys(),
      (run) => noiseOf(ready[run], runs[run].trials[trial]),
    );
    for (const all of alike.values()) {
      for (let from = 0; from < all.length; from += jobRuns) {
        const some = all.slice(from, from + jobRuns);
        yield {
          trial,
          runs: some,
          ...sharedJob(
            some.map((run) => ready[run]),
            some.map((run) => runs[run].trials[trial]),
            record,
          ),
        };
      }
    }
  }
}

/** What decides the noise of a trial. */
function noiseOf({ net, network }: ReadyNetwork, trial: LifTrial): string {
  const steps = stepCount(network, trial.columns);
  return [net.units, steps, trial.key, trial.trial, trial.amplitude].join();
}

function sharedJob(
  networks: readonly ReadyNetwork[],
  trials: readonly LifTrial[],
  record: LifRecording,
): Omit<LifJob, "first"> {
  const image = new MemoryImage();
  const [{ network, net }] = networks;
  const steps = stepCount(network, trials[0].columns);
  const blocks = Math.floor(steps / 4) + 1;
  const noisy = networks.length > 1 && trials[0].amplitude !== 0;
  const noise = noisy ? image.room(blocks * 16 * Math.ceil(net.units / 4)) : 0;
  // Calls come one after the other: a network's place serves all of its trials.
  const places = new Map<ReadyNetwork, PlacedNetwork>();
  for (const ready of new Set(networks)) {
    places.set(ready, placeNetwork(image, ready));
  }
  const placed = networks.map((ready) => places.get(ready)!);
  const plans = placed.map((at, k) =>
    placeTrial(networks[k].network, at, trials[k], record, noise)
  );
  const calls = plans.map((plan, k) => trialCall(placed[k], plan));
  const args = [placed[0].record, plans[0].record];
  return jobOf(
    image,
    noisy ? [{ name: "fillTrial", args }, ...calls] : calls,
    plans,
  );
}
