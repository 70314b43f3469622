/** `tasks`: lists the tasks, draws trials of one. */
import { drawTrials } from "../../tasks/draw.ts";
import { drawTrialAsText } from "../../tasks/text.ts";
import { tasks } from "../../tasks/registry.ts";
import type { Task } from "../../tasks/types.ts";
import { randomStream } from "../../random/stream.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { sharedNeeds } from "../../runs/needs.ts";
import { outputFlags, taskFlags } from "../../runs/common_flags.ts";
import { UsageError } from "../../runs/errors.ts";
import { type Flags, grouped } from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { pairs } from "../../runs/table.ts";
import { openTask } from "../../runs/task.ts";
import type { Output } from "../output.ts";

const { task: _, ...timingFlags } = taskFlags;

const tasksFlags = {
  ...timingFlags,
  ...grouped("Running", {
    seed: whole("seed of the trials that are drawn", { min: 0, fallback: 1 }),
  }),
  ...outputFlags,
} satisfies Flags;

/** Lists tasks, or shows one. */
export default defineCommand({
  usage: ["[FLAGS]", "show NAME|FILE.ts [FLAGS]"],
  description:
    "Lists the tasks that networks can be trained on, or draws one trial of every condition of a task: stimuli, target and the window in which the output is scored.",
  operands: { name: "show NAME", brief: "the task to draw", least: 0, most: 2 },
  flags: tasksFlags,
  examples: [
    ["tasks", "list the tasks"],
    ["tasks show xor", "draw a trial of every condition of xor"],
    ["tasks show mante --stim_dur 100", "the same with shorter stimuli"],
    ["tasks show ./my_task.ts", "a task of your own"],
  ],
  needs: ({ operands }) => sharedNeeds({ task: operands.at(-1) }),
  async run({ flags, operands, output }: Invocation<typeof tasksFlags>) {
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
  },
});

function list(output: Output): void {
  const all = Object.values(tasks).map((make) => make());
  for (const task of all) output.event(summary(task));
  for (
    const line of pairs(all.map((task) => [
      task.name,
      `${task.description} (${task.steps} steps of ${task.stepMs} ms, ` +
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
