/** The attacks: one line each; those on files are one a format. */
import { failingDisks, fullDisks } from "./disks.ts";
import { watchedFiles } from "./watched_files.ts";
import { formats } from "./formats/registry.ts";
import { searches, sweeps, trainings } from "./kills.ts";
import { listeners } from "./listeners.ts";
import { parallel } from "./parallel.ts";
import { tasks } from "./tasks.ts";
import type { Attack } from "./types.ts";

/** All attacks, in the order in which they are run. */
export const attacks: readonly Attack[] = [
  ...Object.entries(formats).map(([key, format]) => watchedFiles(key, format)),
  tasks,
  listeners,
  fullDisks,
  failingDisks,
  trainings,
  searches,
  sweeps,
  parallel,
];
