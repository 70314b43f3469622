/**
 * Tasks: the built-in ones, tasks of your own, their trials and random numbers.
 *
 * @module
 */
export {
  type RandomStream,
  randomStream,
  streamOfKey,
  uniformSalt,
} from "../random/stream.ts";
export { shorterDelays } from "../tasks/curriculum.ts";
export { afc, type AfcTiming } from "../tasks/afc.ts";
export { checkCondition, defineTask } from "../tasks/define.ts";
export {
  type Draft,
  type Layout,
  type TaskDefinition,
  type TaskFactory,
  type Timing,
} from "../tasks/definition.ts";
export { dms } from "../tasks/dms.ts";
export { type DrawRequest, drawTrials } from "../tasks/draw.ts";
export type { Timings } from "../tasks/from_module.ts";
export { conditionLabel } from "../tasks/labels.ts";
export { type EpochName, epochNames, epochWindows } from "../tasks/epochs.ts";
export { goNogo, type GoNogoTiming } from "../tasks/go_nogo.ts";
export {
  type LoadedTask,
  loadTask,
  type LoadTaskOptions,
} from "../tasks/load_task.ts";
export { mante, type ManteTiming } from "../tasks/mante.ts";
export { getTask, type NamedTaskFactory, tasks } from "../tasks/registry.ts";
export {
  isTaskFile,
  readTaskSource,
  type TaskSource,
} from "../tasks/task_source.ts";
export { drawTrialAsText } from "../tasks/text.ts";
export type { TwoStimuliTiming } from "../tasks/two_stimuli.ts";
export type {
  Expectation,
  StoppingRule,
  Task,
  TaskWindows,
  Trial,
  Window,
} from "../tasks/types.ts";
export { xor } from "../tasks/xor.ts";
export { xorOriginal } from "../tasks/xor_original.ts";
