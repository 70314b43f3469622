/** What a reproduction of a figure is made of. */
import type { Measure } from "../figures_panels.ts";

/** Networks that differ in their seed alone. */
export interface Condition {
  /** Its name in tables and on the axis. */
  readonly label: string;
  /** Conditions of one arm are made before those of the next; absent: all together. */
  readonly arm?: string;
  /** Settings of training, by the names of flags of `train`; without a seed. */
  readonly train: Readonly<Record<string, unknown>>;
  /** Settings of the mapping, by the names of flags of `map`; absent: none. */
  readonly map?: Readonly<Record<string, unknown>>;
}

/** A number of the paper. */
export interface PaperValue {
  /** Label of the condition. */
  readonly condition: string;
  readonly measure: Measure;
  /** A share or a performance as a proportion, or a number of updates. */
  readonly value: number;
  readonly sd?: number;
  /** The number as it is to be printed. */
  readonly text: string;
  /** Whether it goes into the figure: not where it says something else than ours. */
  readonly drawn?: boolean;
  /** What to know when it is compared. */
  readonly note?: string;
}

/** A figure of the paper, to be made again. */
export interface FigurePlan {
  /** As on the command line: `1C`, `2D-E`. */
  readonly figure: string;
  readonly title: string;
  /** What the figure shows, and what of its settings is this project's choice. */
  readonly description: readonly string[];
  /** What the conditions differ in: title of the axis. */
  readonly axis: string;
  readonly conditions: readonly Condition[];
  /** Numbers of the paper that are known. */
  readonly paper: readonly PaperValue[];
  /** Networks of each condition. Defaults to 10. */
  readonly networks?: number;
  /** Names of analyses that each network gets, with their tables and arrays. */
  readonly analyse?: readonly string[];
  /** What is done to each network, by the names of flags of `perturb`. */
  readonly perturb?: readonly Readonly<Record<string, unknown>>[];
  /** Population rates (PYR, PV, SST) are given, too. */
  readonly populations?: true;
}
