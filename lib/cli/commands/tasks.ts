/** `tasks`: lists the tasks, draws trials of one. */
import { defineCommand, type Invocation } from "../command.ts";
import { sharedNeeds } from "../../runs/needs.ts";
import { tasksFlags } from "../flags/tasks.ts";

/** Lists tasks, or shows one. */
export default defineCommand({
  usage: ["[FLAGS]", "show NAME|FILE.ts [FLAGS]"],
  description:
    "Lists the tasks that networks can be trained on, or draws one trial of every condition of a task: stimuli, target and the window in which the output is scored.",
  operands: {
    name: "show NAME",
    brief: "the task to draw",
    words: ["show"],
    least: 0,
    most: 2,
  },
  flags: tasksFlags,
  examples: [
    ["tasks", "list the tasks"],
    ["tasks show xor", "draw a trial of every condition of xor"],
    ["tasks show mante --stim_dur 100", "the same with shorter stimuli"],
    ["tasks show ./my_task.ts", "a task of your own"],
  ],
  needs: ({ operands }) => sharedNeeds({ task: operands.at(-1) }),
  async run(given: Invocation<typeof tasksFlags>) {
    await (await import("../work/tasks.ts")).run(given);
  },
});
