/** How well a network does its task, under both rules. */

/** The paper's rule, or the strict one, which asks for more. */
export type PerformanceRule = "strict" | "paper";

/** Both. */
export const performanceRules: readonly PerformanceRule[] = ["strict", "paper"];

/** A proportion with its 95 % Wilson interval. */
export interface Proportion {
  /** Number of trials that were correct. */
  readonly correct: number;
  /** Number of trials in all. */
  readonly trials: number;
  /** correct / trials. */
  readonly value: number;
  /** Lower bound of the 95 % interval. */
  readonly low: number;
  /** Upper bound of the 95 % interval. */
  readonly high: number;
}

/** Mean firing rates in Hz; NaN for a population that is empty. */
export interface PopulationRates {
  /** Mean over excitatory units, Hz. */
  readonly excitatory: number;
  /** Mean over all inhibitory units, SST units included, Hz. */
  readonly inhibitory: number;
  /** Mean over somatostatin (SST) units, Hz. */
  readonly sst: number;
  /** Mean over the inhibitory units that are not SST, Hz. */
  readonly pv: number;
}

/** Performance of a rate or a spiking network on a task. */
export interface Score {
  /** By the paper's rule. */
  readonly paper: Proportion;
  /** By the strict rule. */
  readonly strict: Proportion;
  /** Mean loss of the trials (rate networks; NaN for spiking ones). */
  readonly loss: number;
  /** Mean over trials of the mean |output - target| in the strict window. */
  readonly outputError: number;
  /** The same, condition by condition. */
  readonly conditions: readonly {
    readonly condition: string;
    readonly paper: Proportion;
    readonly strict: Proportion;
    readonly outputError: number;
    /** Mean output in the strict window. */
    readonly meanOutput: number;
  }[];
  /** Spiking networks: firing rates over the whole trial, Hz. */
  readonly rates?: PopulationRates;
}
