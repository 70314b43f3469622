/**
 * Gradients of blocks of trials, in this thread, in threads that share its
 * memory, or in a pool's workers. If there are more threads than blocks, threads
 * share a block by its units, or it is cut into shares of its trials; the bits
 * are those of the block as it is.
 */
import { heard } from "../heard.ts";
import {
  addShares,
  blockGradient,
  type BlockLosses,
  shareGradient,
} from "../kernels/rate_scan/lanes_gradient.ts";
import {
  type LaunchBlock,
  type PartialSums,
  sharesOf,
} from "../kernels/rate_scan/lanes_block.ts";
import type { LanesStructure } from "../kernels/rate_scan/lanes_structure.ts";
import type { KernelJob } from "../kernels/rate_scan/job.ts";
import type { KernelMemory } from "../kernels/rate_scan/memory.ts";
import { runTasksHere, type TaskTeam } from "../kernels/rate_scan/tasks.ts";
import type { LaunchLoss, LaunchTrial } from "../kernels/rate_scan/trial.ts";
import type { ParameterVectors } from "../kernels/rate_scan/vectors.ts";
import type { BlockSharing } from "./block_sharing.ts";
import { mostShares } from "./blocks.ts";
import type { Pool } from "./pool.ts";
import { runInPool } from "./rate_workers.ts";

/** A block whose gradient is wanted. */
export interface GradientOf {
  readonly vectors: ParameterVectors;
  readonly structure: LanesStructure;
  readonly trials: readonly LaunchTrial[];
  /** Trials the block is filled up to. */
  readonly width: 1 | 4 | 16;
  readonly loss: LaunchLoss;
  readonly wantsOutputs: boolean;
}

/** Memory for jobs that run side by side, bytes; more of them wait for others. */
const roomForJobs = 2 ** 26;

/**
 * Runs jobs that need nothing of each other, in this thread or in a team's, and
 * gives their results in order.
 *
 * @param jobs lay out a job each, on top of the memory
 */
export function runHere<Result>(
  memory: KernelMemory,
  jobs: readonly (() => KernelJob<Result>)[],
  team?: TaskTeam,
): Result[] {
  const results: Result[] = [];
  const mark = memory.mark;
  while (results.length < jobs.length) {
    try {
      const placed: KernelJob<Result>[] = [];
      for (const lay of jobs.slice(results.length)) {
        const isFew = placed.length < (team?.threads ?? 1);
        const isRoom = team && memory.mark - mark < roomForJobs;
        if (!isFew && !isRoom) break;
        placed.push(lay());
      }
      const tasks = placed.map(({ calls }) => ({ calls, after: [] }));
      if (team !== undefined && tasks.length > 1) team.run(tasks);
      else runTasksHere(memory, tasks);
      for (const { outputs, finish } of placed) {
        results.push(finish(outputs.map((range) => memory.bytes(range))));
      }
    } finally {
      memory.release(mark);
    }
  }
  return results;
}

/** Partial sums of a share, so that there are about as many shares as threads. */
function partsFor({ width }: GradientOf, threads: number): PartialSums {
  // Of 4 trials a share would be one, which no kernel has lanes for.
  if (width < 16 || threads < 2) return 4;
  return threads < mostShares ? 2 : 1;
}

function shareJob(of: GradientOf, share: LaunchBlock) {
  const { vectors, structure, loss, wantsOutputs } = of;
  return shareGradient(vectors, structure, share, loss, wantsOutputs);
}

/** The threads of a team, and which way of sharing is the fastest for them. */
export interface GradientTeam {
  readonly team: TaskTeam;
  readonly sharing: BlockSharing;
}

/** Adds the gradient of a block, which this thread computes, alone or with a team. */
export function gradientHere(
  of: GradientOf,
  threads?: GradientTeam,
): BlockLosses {
  const { memory } = of.vectors;
  const mark = memory.mark;
  try {
    if (threads === undefined) return byUnits(of);
    const { team, sharing } = threads;
    const parts = partsFor(of, team.threads);
    if (parts === 4) return byUnits(of);
    if (!team.isComplete) {
      // Those that are still coming up would keep the others waiting.
      team.start();
      return byUnits(of);
    }
    const way = sharing.next();
    const begun = performance.now();
    const losses = way === "trials"
      ? byTrials(of, parts, team)
      : byUnits(of, way === "units" ? team : undefined);
    const { outgoing } = of.structure;
    const work = outgoing.count * of.trials[0].steps;
    sharing.took(way, (performance.now() - begun) / work);
    return losses;
  } finally {
    memory.release(mark);
  }
}

/** A block as it is, its units shared by a team's threads if there is one. */
function byUnits(of: GradientOf, team?: TaskTeam): BlockLosses {
  const { vectors, structure, trials, width, loss, wantsOutputs } = of;
  const { tasks, finish } = blockGradient(
    vectors,
    structure,
    { trials, width, parts: 4 },
    loss,
    wantsOutputs,
    team?.threads ?? 1,
  );
  if (team === undefined) runTasksHere(vectors.memory, tasks);
  else team.run(tasks);
  return finish();
}

/** A block in shares of its trials, which a team's threads take. */
function byTrials(
  of: GradientOf,
  parts: PartialSums,
  team: TaskTeam,
): BlockLosses {
  const { vectors, structure, trials, width } = of;
  const { memory } = vectors;
  const jobs = sharesOf(trials, width, parts)
    .map((share) => shareJob(of, share));
  team.run(jobs.map(({ calls }) => ({ calls, after: [] })));
  const found = jobs.map(({ outputs, finish }) =>
    finish(outputs.map((range) => memory.bytes(range)))
  );
  return addShares(vectors, structure, found);
}

/**
 * Starts the gradient of a block in a pool's workers.
 *
 * @param blocks of the call: if there are fewer than workers, each is shared
 * @returns what adds the gradient, to be called once blocks before are added
 */
export function gradientInPool(
  of: GradientOf,
  pool: Pool,
  blocks: number,
): () => Promise<BlockLosses> {
  const { vectors, structure, trials, width } = of;
  const { memory } = vectors;
  const parts = partsFor(of, Math.ceil(pool.workers / blocks));
  const started = sharesOf(trials, width, parts).map((share) => {
    const mark = memory.mark;
    try {
      const job = shareJob(of, share);
      const outputs = heard(runInPool(pool, memory, job));
      return async () => job.finish(await outputs);
    } finally {
      memory.release(mark);
    }
  });
  return async () =>
    addShares(
      vectors,
      structure,
      await Promise.all(started.map((finish) => finish())),
    );
}
