/** What the workers of analyses can be given to do, by name. */
import { currentsOfUnits } from "./current_statistics_job.ts";
import { powerOfTrials } from "./current_power_job.ts";
import { decodeAt } from "./decoding_job.ts";
import { findFixedPoints, type FixedPoints } from "./fixed_points.ts";
import type { RateDynamics } from "./rate_dynamics.ts";
import { synchronyOfTrials } from "./synchrony.ts";

/** A search at one constant input. */
export interface FixedPointJob {
  readonly dynamics: RateDynamics;
  readonly drive: Float64Array;
  readonly starts: readonly Float64Array[];
  readonly mostSpectra?: number;
}

/** Called with how many parts of a job are done; awaited where others wait. */
export type OnDone = (done: number) => void | Promise<void>;

/** The kinds of work. Jobs and results are plain data. */
export const workerJobs = {
  fixedPoints(
    { dynamics, drive, starts, mostSpectra }: FixedPointJob,
    onDone: OnDone = () => {},
    signal?: AbortSignal,
  ): Promise<FixedPoints> {
    return findFixedPoints(dynamics, drive, starts, {
      ...(mostSpectra !== undefined && { mostSpectra }),
      signal,
      // What stops others by an error here stops this by its signal.
      onProgress: (done) => void Promise.resolve(onDone(done)).catch(() => {}),
    });
  },
  decoding: decodeAt,
  currents: currentsOfUnits,
  power: powerOfTrials,
  synchrony: synchronyOfTrials,
};

/** Names of the kinds of work. */
export type WorkName = keyof typeof workerJobs;

/** What a kind of work is given. */
export type JobOf<Name extends WorkName> = Parameters<
  typeof workerJobs[Name]
>[0];

/** What a kind of work gives. */
export type ResultOf<Name extends WorkName> = Awaited<
  ReturnType<typeof workerJobs[Name]>
>;
