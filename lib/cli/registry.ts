/**
 * The commands by name, in the order of the help. A command is loaded when it
 * is called, so that what it needs costs the others no start-up time.
 */
import type { Registry } from "./command.ts";

/** The commands. */
export const registry: Registry = {
  train: {
    brief: "train a rate network on a task",
    load: () => import("./commands/train.ts"),
  },
  eval: {
    brief: "evaluate saved networks, rate or spiking, on their task",
    load: () => import("./commands/eval.ts"),
  },
  map: {
    brief: "search the scaling factor that maps a network to spikes",
    load: () => import("./commands/map.ts"),
  },
  simulate: {
    brief: "run trials of a spiking network (or its rate twin) and save them",
    load: () => import("./commands/simulate.ts"),
  },
  perturb: {
    brief: "change synapses, lesion, stimulate: what it does to a network",
    load: () => import("./commands/perturb.ts"),
  },
  info: {
    brief: "say what a model file holds",
    load: () => import("./commands/info.ts"),
  },
  compare: {
    brief: "say what differs between two model files",
    load: () => import("./commands/compare.ts"),
  },
  plot: {
    brief: "draw figures of a saved network",
    load: () => import("./commands/plot.ts"),
  },
  report: {
    brief: "make a report of a saved network, one page",
    load: () => import("./commands/report.ts"),
  },
  analyse: {
    brief: "analyse activity of a saved network: dimensions, decoding, …",
    load: () => import("./commands/analyse.ts"),
  },
  export: {
    brief: "write a network for another program: NumPy, Brian2, NIR, …",
    load: () => import("./commands/export.ts"),
  },
  import: {
    brief: "make a model file of a network that another program has trained",
    load: () => import("./commands/import.ts"),
  },
  dashboard: {
    brief: "show run logs on a live page, and follow them",
    load: () => import("./commands/dashboard.ts"),
  },
  sweep: {
    brief: "train and map many networks by a plan, here or on a cluster",
    load: () => import("./commands/sweep.ts"),
  },
  reproduce: {
    brief: "reproduce a figure of the paper, beside its numbers",
    load: () => import("./commands/reproduce.ts"),
  },
  tasks: {
    brief: "list the tasks, or draw trials of one",
    load: () => import("./commands/tasks.ts"),
  },
  settings: {
    brief: "list the settings of commands, with bounds and defaults",
    load: () => import("./commands/settings.ts"),
  },
  completion: {
    brief: "print a script with which a shell completes words",
    load: () => import("./commands/completion.ts"),
  },
  doctor: {
    brief: "say what this machine has, and check its backends",
    load: () => import("./commands/doctor.ts"),
  },
  demo: {
    brief: "train, map and compare a Go-NoGo network, start to end",
    load: () => import("./commands/demo.ts"),
  },
};
