/** What `tasks` does. */
import { countOf } from "../../count.ts";
import { drawTrials } from "../../tasks/draw.ts";
import { drawTrialAsText } from "../../tasks/text.ts";
import { tasks } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/types.ts";
import { randomStream } from "../../random/stream.ts";
import type { Invocation } from "../command.ts";
import { UsageError } from "../../runs/errors.ts";
import { pairs } from "../../runs/table.ts";
import { openTask } from "../../runs/task.ts";
import type { Output } from "../output.ts";
import type { tasksFlags } from "../flags/tasks.ts";

/** Lists tasks, or shows one. */
export async function run(
  { flags, operands, output }: Invocation<typeof tasksFlags>,
): Promise<void> {
  const [first, second] = operands;
  if (first === undefined) return list(output);
  if (second !== undefined && first !== "show") {
    throw new UsageError(
      `Cannot run tasks ${first}: allowed are tasks and tasks show NAME`,
    );
  }
  const name = second ?? (first === "show" ? undefined : first);
  if (name === undefined) {
    throw new UsageError(
      `Cannot show a task without its name: there are ${
        Object.keys(tasks).join(", ")
      }`,
    );
  }
  using opened = await openTask({ ...flags, task: name });
  await show(opened.task, flags.seed, output);
}

function list(output: Output): void {
  const all = Object.values(tasks).map((make) => make());
  for (const task of all) output.event(summary(task));
  for (
    const line of pairs(all.map((task) => [
      task.name,
      `${task.description} (${
        countOf(task.steps, "step")
      } of ${task.stepMs} ms, ` +
      `${task.channels.length} input channel${
        task.channels.length > 1 ? "s" : ""
      })`,
    ]))
  ) output.result(line);
}

async function show(task: Task, seed: number, output: Output): Promise<void> {
  const { conditions } = task;
  const random = randomStream(seed);
  const trials = await drawTrials(task, random, {
    count: conditions.length,
    condition: conditions,
  });
  output.result(`${task.name}: ${task.description}`);
  const timings = Object.entries(task.timing).map(([n, v]) => `${n} ${v}`);
  output.result(`steps of ${task.stepMs} ms; ${timings.join(", ")}`);
  for (const trial of trials) {
    output.event({ kind: "trial", task: task.name, ...trial });
    output.result("");
    output.result(drawTrialAsText(task, trial));
  }
}

function summary(task: Task): Record<string, unknown> {
  const { name, description, stepMs, steps, channels, conditions } = task;
  const { timing, stimuli, windows, stopping } = task;
  return {
    kind: "task",
    name,
    description,
    stepMs,
    steps,
    channels,
    conditions,
    timing,
    stimuli,
    windows,
    stopping,
  };
}
