/** A spiking network at several strengths of noise and stimuli, side by side. */
import type { Backend } from "../backend/types.ts";
import type { Score } from "../network/scores.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { scaledStimuli } from "../tasks/altered.ts";
import type { Task } from "../tasks/types.ts";
import { withLastColumnTwice } from "./columns.ts";
import type { EvaluateSpikingOptions } from "./evaluate_rate.ts";
import { evaluateRuns } from "./evaluate_spiking.ts";
import { type PerturbedSpiking, perturbedSpiking } from "./run.ts";

/** A strength of noise and stimuli. */
export interface Level {
  /** Multiplies the noise of the model. */
  readonly noise: number;
  /** Multiplies the stimuli, as `withAmplitude` does. */
  readonly amplitude: number;
}

/**
 * Evaluates a spiking network at several strengths of noise and stimuli. Trials
 * are drawn once, and levels of the same noise share it: each costs less than
 * half of an evaluation of its own, whose score it gives to the bit.
 *
 * @param spiking any spiking network
 * @param task what it does
 * @param levels strengths, 1 for the model's and the task's own
 * @param options as of `evaluateSpiking`, without perturbations
 * @returns a score for each level
 * @throws as `evaluateSpiking`
 */
export async function evaluateLevels(
  spiking: SpikingNetwork,
  task: Task,
  levels: readonly Level[],
  options:
    & Pick<
      EvaluateSpikingOptions,
      "seed" | "trials" | "condition" | "balanced" | "onProgress" | "signal"
    >
    & { readonly backend: Backend },
): Promise<Score[]> {
  const run = perturbedSpiking(spiking, {}, task);
  const found = await evaluateRuns(
    levels.map((level) => atLevel(run, task, level)),
    task,
    options,
  );
  return found.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value.score;
  });
}

function atLevel(
  { network, place }: PerturbedSpiking,
  task: Task,
  { noise: strength, amplitude }: Level,
): PerturbedSpiking {
  const { channels, steps } = task;
  return {
    network,
    place(prepared, noise) {
      const { inputs } = prepared.trial!;
      const scaled = amplitude === 1 ? prepared : {
        ...prepared,
        inputs: withLastColumnTwice(
          scaledStimuli(task, inputs, amplitude),
          channels.length,
          steps,
        ),
      };
      return place(scaled, { ...noise, scale: noise.scale * strength });
    },
  };
}
