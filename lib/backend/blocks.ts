/**
 * How the trials of a batch are grouped. Gradients are summed within a block
 * and then block by block, so the grouping is part of the result: it depends on
 * the trials alone, never on the number of workers.
 */
import type { RateTrial } from "./types.ts";

/** Trials of equal length that run side by side. */
export interface TrialBlock {
  /** Index of the first trial. */
  readonly from: number;
  readonly trials: readonly RateTrial[];
  /** Trials the block is filled up to: 1, 4 or 16. */
  readonly width: 1 | 4 | 16;
}

/** Shares that threads cut a block of 16 trials into, at most; the bits stay. */
export const mostShares = 4;

/** Largest history of a block (rates and drives), in bytes; wider blocks are split. */
const historyLimit = 2 ** 30;

/** Groups trials into blocks, in order. */
export function trialBlocks(
  trials: readonly RateTrial[],
  units: number,
): TrialBlock[] {
  const blocks: TrialBlock[] = [];
  let from = 0;
  while (from < trials.length) {
    const { steps, weights } = trials[from];
    let alike = 1;
    while (
      alike < 16 && from + alike < trials.length &&
      trials[from + alike].steps === steps &&
      trials[from + alike].weights === weights
    ) alike++;
    const width = blockWidth(alike, steps, units);
    const taken = trials.slice(from, from + Math.min(width, alike));
    blocks.push({ from, trials: taken, width });
    from += taken.length;
  }
  return blocks;
}

/** Bytes of a trial's history: rates and drives. */
function historyBytes(steps: number, units: number): number {
  return 8 * units * steps;
}

/** Whether a block of 4 trials may have a history of such trials. */
export function fitsFour(steps: number, units: number): boolean {
  return 4 * historyBytes(steps, units) <= historyLimit;
}

function blockWidth(alike: number, steps: number, units: number): 1 | 4 | 16 {
  // 12 trials or fewer cost less in blocks of 4 than in one of 16.
  if (alike > 12 && 16 * historyBytes(steps, units) <= historyLimit) return 16;
  if (alike > 1 && fitsFour(steps, units)) return 4;
  return 1;
}
