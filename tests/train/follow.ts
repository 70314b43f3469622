/** A training from its start to its end, with all that it told. */
import assert from "node:assert/strict";
import type { RateNetwork } from "../../lib/network/types.ts";
import type { Evaluated, Stopped } from "../../lib/records/events.ts";
import type { Task } from "../../lib/tasks/types.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import type { TrainingState } from "../../lib/records/training_state.ts";
import { train } from "../../lib/train/train.ts";

/** What a training told. */
export interface Followed extends Omit<Stopped, "kind" | "seconds"> {
  readonly losses: number[];
  readonly evaluated: Evaluated[];
  readonly states: TrainingState[];
}

/** @param stopAt update after which it is asked to stop */
export async function follow(
  network: RateNetwork,
  task: Task,
  options: TrainOptions,
  stopAt = Infinity,
): Promise<Followed> {
  const controller = new AbortController();
  const losses: number[] = [];
  const evaluated: Evaluated[] = [];
  const states: TrainingState[] = [];
  const all = { ...options, signal: controller.signal };
  for await (const event of train(network, task, all)) {
    if (event.kind === "trained") {
      losses.push(event.loss);
      if (event.update >= stopAt) controller.abort();
    } else if (event.kind === "evaluated") evaluated.push(event);
    else if (event.kind === "checkpoint") states.push(event.state);
    else if (event.kind === "stopped") {
      const { kind: _, seconds: __, ...stopped } = event;
      return { losses, evaluated, states, ...stopped };
    }
  }
  throw new Error("did not stop");
}

/**
 * Checks that a training gives the same bits when it goes on from any of its
 * checkpoints.
 *
 * @returns how many there were
 */
export async function checkResumes(
  run: (resume?: TrainingState) => Promise<Followed>,
): Promise<number> {
  const whole = await run();
  for (const resume of whole.states) {
    const rest = await run(resume);
    assert.deepEqual(rest.model.network, whole.model.network);
    assert.deepEqual(rest.model.training, whole.model.training);
    assert.deepEqual(rest.model.trial, whole.model.trial);
    assert.equal(rest.firstMet, whole.firstMet);
  }
  return whole.states.length;
}
