/**
 * Gradients of blocks of trials, in this thread, in threads that share its
 * memory, or in a pool's workers. A block is cut into shares if there are more
 * threads than blocks; the bits are those of the block as it is.
 */
import {
  addShares,
  type BlockLosses,
  lanesGradient,
} from "../kernels/rate_scan/lanes.ts";
import {
  type LaunchBlock,
  type PartialSums,
  sharesOf,
} from "../kernels/rate_scan/lanes_block.ts";
import type { LanesStructure } from "../kernels/rate_scan/lanes_structure.ts";
import { runTasksHere, type TaskTeam } from "../kernels/rate_scan/tasks.ts";
import type { LaunchLoss, LaunchTrial } from "../kernels/rate_scan/trial.ts";
import type { ParameterVectors } from "../kernels/rate_scan/vectors.ts";
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

/** Partial sums of a share, so that there are about as many shares as threads. */
function partsFor({ width }: GradientOf, threads: number): PartialSums {
  // Of 4 trials a share would be one, which no kernel has lanes for.
  if (width < 16 || threads < 2) return 4;
  return threads < mostShares ? 2 : 1;
}

function jobOf(of: GradientOf, share: LaunchBlock) {
  const { vectors, structure, loss, wantsOutputs } = of;
  return lanesGradient(vectors, structure, share, loss, wantsOutputs);
}

/** Adds the gradient of a block, which this thread computes, alone or with a team. */
export function gradientHere(of: GradientOf, team?: TaskTeam): BlockLosses {
  const { vectors, structure, trials, width } = of;
  const { memory } = vectors;
  const mark = memory.mark;
  try {
    const parts = partsFor(of, team?.threads ?? 1);
    const jobs = sharesOf(trials, width, parts)
      .map((share) => jobOf(of, share));
    const tasks = jobs.map(({ calls }) => ({ calls, after: [] }));
    if (team !== undefined && tasks.length > 1) team.run(tasks);
    else runTasksHere(memory, tasks);
    const found = jobs.map(({ outputs, finish }) =>
      finish(outputs.map((range) => memory.bytes(range)))
    );
    return addShares(vectors, structure, found);
  } finally {
    memory.release(mark);
  }
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
      const job = jobOf(of, share);
      const outputs = runInPool(pool, memory, job);
      // Whoever waits for it is told; until then nobody listens.
      outputs.catch(() => {});
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
