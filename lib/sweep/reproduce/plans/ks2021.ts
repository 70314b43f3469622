/** Kim and Sejnowski, Nat. Neurosci. 24:129 (2021): timescales of working memory. */
import type { Condition, FigurePlan } from "../types.ts";
import { lif } from "./common.ts";

/** The groups of networks: with working memory, and without. */
export type Group = "DMS" | "AFC";

/** How networks are made. */
export interface Arm {
  /** Its name in files, tables and titles. */
  readonly name: string;
  /** What is said of it in a text. */
  readonly description: string;
  readonly train: Readonly<Record<string, unknown>>;
  readonly map: Readonly<Record<string, unknown>>;
}

/** Timings in steps of 5 ms: onset at 150 ms, stimuli of 250 ms, a delay of 750 ms. */
const tasks = {
  DMS: { task: "xor", T: 350, stim_on: 30, stim_dur: 50, delay: 150 },
  AFC: { task: "afc", T: 150, stim_on: 30, stim_dur: 50 },
} as const;

/** Names of the groups. */
export const groups: readonly Group[] = ["DMS", "AFC"];

const network = { N: 200, decay_taus: [4, 25], P_inh: 0.2, P_rec: 0.2 };

/** Calibrated by all steps; the others by the scaling factor alone. */
const tuned = { calibrate: ["readout", "units", "weights", "tune"] };
const mapped = {
  ...lif,
  trials: 40,
  factors: [30, 35, 40, 45, 50, 55, 60],
};
const robust = { preset: "robust", n_trials: 2000, curriculum: [10] };
const paper = { preset: "paper", n_trials: 6000, curriculum: [10] };

/** The arms, in the order in which they are made. */
export const arms: readonly Arm[] = [
  {
    name: "robust",
    description: "preset “robust”, scaling factor alone",
    train: robust,
    map: mapped,
  },
  {
    name: "paper",
    description:
      "the recipe of 2019 (one trial an update, at most 6000), scaling factor alone",
    train: paper,
    map: mapped,
  },
  {
    name: "robust-tuned",
    description: "preset “robust”, calibrated by all steps",
    train: robust,
    map: { ...mapped, ...tuned },
  },
  {
    name: "paper-tuned",
    description: "the recipe of 2019, calibrated by all steps",
    train: paper,
    map: { ...mapped, ...tuned },
  },
];

/** Label of the condition of an arm and a group. */
export function labelOf(arm: Arm, group: Group): string {
  return `${arm.name}, ${group}`;
}

/** Strengths that weights of each pair of classes are multiplied by. */
export const strengths = [0.7, 1.3] as const;

/** The plan. */
export const ks2021: FigurePlan = {
  figure: "ks2021",
  title: "Timescales of working memory: Kim and Sejnowski 2021",
  description: [
    "Networks of 200 units that do delayed match-to-sample (DMS: stimuli of 250 ms, a delay of 750 ms, onset at 150 ms, learned with a delay of 50 ms first) and networks that do a two-alternative forced choice without a delay (AFC: the sign of a noisy stimulus N(±0.5, 1) of 250 ms), after Kim and Sejnowski, Nat. Neurosci. 24:129 (2021). Decay time constants are trained between 20 and 125 ms.",
  ],
  axis: "Arm and group",
  networks: 40,
  conditions: arms.flatMap((arm) =>
    groups.map((group): Condition => ({
      label: labelOf(arm, group),
      arm: arm.name,
      train: { ...tasks[group], ...network, ...arm.train },
      map: arm.map,
    }))
  ),
  analyse: ["timescales", "discriminability", "weights", "spike-trains"],
  perturb: [{
    from: ["I", "E"],
    to: ["I", "E"],
    scale: strengths,
    network: "spiking",
    trials: 100,
    measure: ["timescales"],
  }],
  paper: [],
};
