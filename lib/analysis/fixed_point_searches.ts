/** Fixed points at several constant inputs, in several threads. */
import {
  checkSearch,
  type FixedPointOptions,
  type FixedPoints,
} from "./fixed_points.ts";
import { inWorkers } from "./in_workers.ts";
import type { RateDynamics } from "./rate_dynamics.ts";

/** How fixed points at several inputs are searched. */
export interface FixedPointSearchOptions extends FixedPointOptions {
  /** Threads, at most one for each input. Defaults to 1: the program's own. */
  readonly workers?: number;
}

/**
 * Searches for fixed points at several constant inputs, at each as {@linkcode
 * findFixedPoints} does. The result does not depend on the number of workers.
 *
 * @param dynamics from `rateDynamics`
 * @param drives what each constant input adds to each unit, from
 * `constantDrive`
 * @param starts states to start from at each input
 * @param options number of workers, a signal that stops it, and a listener of
 * the progress: starts done at all inputs together
 * @returns the points of each input
 * @throws {TypeError} for a drive or a start of another length
 * @throws {RangeError} for numbers that are not finite, or no start
 * @throws {BackendError} if no worker can be started
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findFixedPointsAt } from "@spikernn/spikernn/analysis";
 * const dynamics = {
 *   units: 1,
 *   weights: Float64Array.of(8),
 *   taus: Float64Array.of(20),
 *   activation: "sigmoid",
 *   readout: Float64Array.of(1),
 *   bias: 0,
 * } as const;
 * const drives = [Float64Array.of(-4), Float64Array.of(0)];
 * const starts = [-3, 0.1, 3, 9].map((x) => Float64Array.of(x));
 * const found = await findFixedPointsAt(dynamics, drives, starts, { workers: 2 });
 * assert.deepEqual(found.map(({ points }) => points.length), [3, 1]);
 * ```
 */
export async function findFixedPointsAt(
  dynamics: RateDynamics,
  drives: readonly Float64Array[],
  starts: readonly Float64Array[],
  options: FixedPointSearchOptions = {},
): Promise<FixedPoints[]> {
  const { workers, mostSpectra, signal, onProgress } = options;
  for (const drive of drives) checkSearch(dynamics, drive, starts);
  const total = drives.length * starts.length;
  return await inWorkers(
    "fixedPoints",
    drives.map((drive) => ({ dynamics, drive, starts, mostSpectra })),
    { workers, signal, onDone: (done) => onProgress?.(done, total) },
  );
}
