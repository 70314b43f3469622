/** How well a network does its task, under both rules. */

/** A proportion with its 95 % Wilson interval. */
export interface Proportion {
  /** Trials that were right. */
  readonly correct: number;
  /** All trials. */
  readonly trials: number;
  /** correct / trials. */
  readonly value: number;
  /** Bounds of the interval. */
  readonly low: number;
  /** Upper bound. */
  readonly high: number;
}

/** Mean firing rates in Hz; NaN for a population that is empty. */
export interface PopulationRates {
  /** Excitatory units. */
  readonly excitatory: number;
  /** All inhibitory units. */
  readonly inhibitory: number;
  /** Somatostatin (SST) units. */
  readonly sst: number;
  /** Inhibitory units that are not SST. */
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
