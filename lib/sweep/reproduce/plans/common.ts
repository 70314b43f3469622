/** What the plans have in common: the paper's recipe. */
import type { Condition } from "../types.ts";

/**
 * The published recipe, spelled out: one trial an update, at most 6000 of them,
 * gain 1.5, a fifth of the synapses, a fifth of the units inhibitory.
 */
const recipe = {
  preset: "paper",
  n_trials: 6000,
  gain: 1.5,
  P_rec: 0.2,
  P_inh: 0.2,
  act: "sigmoid",
} as const;

/** Go-NoGo with decay time constants of 20 to 50 ms (4 to 10 steps). */
export const goNogo = {
  ...recipe,
  task: "go-nogo",
  N: 250,
  decay_taus: [4, 10],
} as const;

/** Context-dependent integration with 20 to 100 ms (4 to 20 steps). */
export const mante = {
  ...recipe,
  task: "mante",
  N: 250,
  decay_taus: [4, 20],
} as const;

/** Delayed match-to-sample of the fork, with 80 to 400 ms (4 to 20 steps of 20 ms). */
export const dms = {
  ...recipe,
  task: "dms",
  N: 200,
  decay_taus: [4, 20],
} as const;

/**
 * The paper's mapping: 12 factors, 100 trials each, LIF units. All factors get all
 * trials: what is shown is the best performance by the paper's rule, and the race
 * looks for the best by the strict one.
 */
export const lif = {
  model: "lif",
  synapse: "double",
  tref: 2,
  trials: 100,
  all_trials: true,
} as const;

/** Sizes of networks along an axis. */
export function bySize(
  sizes: readonly number[],
  train: Condition["train"],
): Condition[] {
  return sizes.map((N) => ({
    label: String(N),
    train: { ...train, N },
    map: lif,
  }));
}

/** Largest decay time constants along an axis, in ms; 20 alone is fixed. */
export function byLargestTau(
  largest: readonly number[],
  train: Condition["train"],
): Condition[] {
  const stepMs = 5;
  return largest.map((ms) => ({
    label: ms === 20 ? "20, fixed" : String(ms),
    train: { ...train, decay_taus: ms === 20 ? [4] : [4, ms / stepMs] },
    map: lif,
  }));
}
