/** How long trials were when a network was trained, as the fields of its file tell. */
import type { Model } from "../../network/records.ts";
import type { MatValue } from "../../mat5/types.ts";
import { elementCount } from "../../mat5/layout.ts";
import { getTask, tasks } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/types.ts";
import { isLine } from "./fields.ts";

/** Numbers of a row, a column or a line of any other direction; 0 for anything else. */
function lineLength(value: MatValue): number {
  return value.kind === "numeric" && isLine(value)
    ? elementCount(value.dims)
    : 0;
}

/** Trials that labels are of: numbers, or words. */
function trialsOf(labels: MatValue): number {
  return labels.kind === "char" ? labels.rows.length : lineLength(labels);
}

/** The other size of a matrix of which one is known; 0 for anything else. */
function otherSize(value: MatValue, known: number, row: boolean): number {
  if (value.kind !== "numeric") return 0;
  const [rows, columns] = value.dims;
  const sizes = row ? [rows, columns] : [columns, rows];
  if (elementCount(value.dims) !== rows * columns) return 0;
  if (sizes[0] === known) return sizes[1];
  return sizes[1] === known ? sizes[0] : 0;
}

/**
 * Steps of a trial by every field that tells them, those that are not used for
 * anything else included.
 */
export function trialLengths(model: Model): Map<string, number> {
  const { network, trial, training, extra } = model;
  const lengths = new Map<string, number>();
  // A run that was stopped while it learned a shorter delay says nothing.
  if (training?.evaluations.at(-1)?.lesson !== undefined) return lengths;
  if (trial) lengths.set("u", trial.target.length);
  if (training && training.evalLabels.length > 0) {
    lengths.set(
      "eval_os",
      training.evalOutputs.length / training.evalLabels.length + 1,
    );
  }
  const channels = channelsOf(model);
  const tell = (
    field: string,
    length: (value: MatValue) => number,
    more = 0,
  ) => {
    const value = extra?.get(field);
    const steps = value ? length(value) : 0;
    // Two steps at least: anything shorter is empty, or one state.
    if (steps > 1 && !lengths.has(field)) lengths.set(field, steps + more);
  };
  tell("u", (value) => otherSize(value, channels, true));
  tell("target", lineLength);
  tell("o", lineLength, 1);
  network.layers.forEach(({ size }, l) => {
    for (const base of ["x", "r", "x0", "r0"]) {
      const field = network.layers.length === 1 ? base : `${base}_${l}`;
      tell(field, (value) => otherSize(value, size, false));
    }
  });
  const labels = extra?.get("eval_labels");
  const trials = labels && trialsOf(labels);
  tell("eval_os", (value) => {
    if (trials) return otherSize(value, trials, true);
    return value.kind === "numeric" ? value.dims[1] : 0;
  }, 1);
  return lengths;
}

function channelsOf({ network: { inputs: [input], layers } }: Model): number {
  return input.weights.length / layers[input.to].size;
}

/**
 * The one length that the fields of the last trial tell, or else the outputs of
 * evaluations; `undefined` if none tells it, or they disagree.
 */
export function trialSteps(model: Model): number | undefined {
  const lengths = trialLengths(model);
  const evaluated = lengths.get("eval_os");
  lengths.delete("eval_os");
  const told = new Set(lengths.values());
  if (told.size === 0) return evaluated;
  return told.size === 1 ? [...told][0] : undefined;
}

/**
 * A remark to make before a model is run on a task: that trials had another
 * length in training, or that nothing says which of two tasks it is.
 *
 * @param model as it was read
 * @param task on which the model is run
 * @returns a sentence, or `undefined` if there is nothing to say
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, getTask, randomStream, remarkOnTask, train,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * for await (const event of train(network, task, { seed: 1, updates: 1 })) {
 *   if (event.kind !== "stopped") continue;
 *   assert(remarkOnTask(event.model, task) === undefined);
 *   assert(remarkOnTask(event.model, getTask("go-nogo", { T: 250 })) !== undefined);
 * }
 * ```
 */
export function remarkOnTask(model: Model, task: Task): string | undefined {
  const lengths = [...trialLengths(model)];
  const name = JSON.stringify(task.name);
  const others = lengths.filter(([, steps]) => steps !== task.steps);
  if (others.length > 0) {
    const told = others.map(([field, steps]) => `${field}: ${steps}`);
    return `trials had another length when the network was trained ` +
      `(${told.join(", ")}), those of task ${name} have ${task.steps} steps: ` +
      "is it this task, with these timings?";
  }
  if (lengths.length > 0 || !model.task?.guessed) return undefined;
  if (model.task.name !== task.name || task.name !== "xor") return undefined;
  return `nothing in the file says how long trials were: taken for task ` +
    `${name} (${task.steps} steps), it may be "xor-original" ` +
    `(${getTask("xor-original").steps} steps)`;
}

/**
 * The task that a path names, as far as the fields confirm it: the original's
 * xor trials have 300 steps, its successor's 200, and both say "xor".
 */
export function taskOfName(
  name: string | undefined,
  model: Model,
): Model["task"] {
  if (name === undefined) return undefined;
  const names = name === "xor" ? ["xor", "xor-original"] : [name];
  const steps = trialSteps(model);
  const confirmed = names.filter((known) => Object.hasOwn(tasks, known))
    .map((known) => getTask(known)).find((task) =>
      task.steps === steps && task.channels.length === channelsOf(model)
    )?.name;
  return confirmed === undefined
    ? { name, timing: {}, guessed: true }
    : { name: confirmed, timing: {} };
}
