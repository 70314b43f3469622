/** Whether a rate network does its task, before it is calibrated as spikes. */
import type { Backend } from "../backend/types.ts";
import { countOf } from "../count.ts";
import type { Proportion } from "../network/scores.ts";
import type { RateNetwork } from "../network/types.ts";
import { evaluate } from "../simulate/evaluate_rate.ts";
import type { Task } from "../tasks/types.ts";
import { percent } from "./findings.ts";
import { limits } from "./verdict.ts";

/** Trials that tell a network that does its task from one that does not. */
const trials = 100;

/** How a rate network did. */
export interface Solved {
  /** By the strict rule. */
  readonly strict: Proportion;
  /** False if it is shown to be right in less than 80 % of trials. */
  readonly solves: boolean;
}

/** Runs the rate network on 100 balanced trials. */
export async function rateSolves(
  network: RateNetwork,
  task: Task,
  run: {
    readonly seed: number;
    readonly backend: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<Solved> {
  const { strict } = await evaluate(network, task, {
    ...run,
    trials,
    balanced: true,
  });
  return { strict, solves: strict.high >= limits.enough };
}

/** Why such a network is not calibrated. */
export function unsolvedText({ strict }: Solved): string {
  return `Cannot calibrate: the rate network itself is right in ` +
    `${percent(strict.value)} of ${
      countOf(strict.trials, "trial")
    } by the strict rule; ` +
    "a calibration would learn the task anew rather than carry over what was " +
    "learned. Train the network further";
}
