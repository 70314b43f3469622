/**
 * What a sweep is: points, each of them one network that is trained, mapped and
 * evaluated; and the engines that run them.
 */
import type { CalibrationStep } from "../network/calibration_steps.ts";
import type { Correspondence } from "../network/records.ts";

/** One network of a sweep. */
export interface Point {
  /**
   * Name of its folder under `points/`: made from its settings and its seed, so
   * that the same point has the same name in every sweep.
   */
  readonly id: string;
  /** What the plan varies, by the names of flags; for tables. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** Settings of training, by the names of flags of `train`; seed included. */
  readonly train: Readonly<Record<string, unknown>>;
  /** Settings of the mapping, by the names of flags of `map`; absent: none. */
  readonly map?: Readonly<Record<string, unknown>>;
  /** Names of analyses of the network, after its evaluation; absent: none. */
  readonly analyse?: readonly string[];
  /** Whether the point's folder keeps their tables and arrays; absent: no. */
  readonly analysisFiles?: boolean;
  /**
   * What is done to the network once it is evaluated, by the names of flags of
   * `perturb`; absent: nothing.
   */
  readonly perturb?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * How a point stands. What a result file says is all that counts; a damaged one
 * cannot be read, and is made again when the sweep is run again.
 */
export type PointState =
  | "waiting"
  | "running"
  | "done"
  | "failed"
  | "damaged";

/** What happens in a sweep. */
export type SweepEvent =
  /** A point is computed now, by `where` (a worker, a node). */
  | {
    readonly kind: "point-started";
    readonly id: string;
    readonly where: string;
  }
  /** A point's result file is there. */
  | { readonly kind: "point-done"; readonly id: string }
  /** A point failed, for good when no retries are left. */
  | {
    readonly kind: "point-failed";
    readonly id: string;
    readonly reason: string;
    readonly retriesLeft: number;
  }
  /** Something worth a line: submitted, resubmitted, a node is down. */
  | { readonly kind: "engine"; readonly message: string };

/** How a sweep stands: numbers of points. */
export interface SweepCounts {
  /** All of them. */
  readonly points: number;
  /** Those that have a result. */
  readonly done: number;
  /** Those that failed for good. */
  readonly failed: number;
}

/** Where points are run. */
export interface EngineContext {
  /** Folder of the sweep, on a disk that every place of work sees. */
  readonly folder: string;
  /** Ends the run: what is running is stopped and can be gone on with. */
  readonly signal?: AbortSignal;
  /** How often a failed point is tried again. */
  readonly retries: number;
}

/** Runs points, in any order; ends when each is done or failed for good. */
export interface Engine {
  /** Its name on the command line. */
  readonly name: string;
  /**
   * Runs points. A point is done when its result file, written atomically, is
   * in its folder: an engine believes nothing else.
   */
  run(
    points: readonly Point[],
    context: EngineContext,
  ): AsyncIterable<SweepEvent>;
}

/** Performance by one rule, in the point's final trials: a proportion. */
export interface PointScore {
  /** By the paper's rule. */
  readonly paper: number;
  /** By the strict rule. */
  readonly strict: number;
  /** Mean absolute distance of the outputs from the target. */
  readonly outputError: number;
  /** Trials that were scored. */
  readonly trials: number;
}

/** What one point gave; `result.json` in its folder. */
export interface PointResult {
  /** The point's. */
  readonly id: string;
  /** What the plan varies, by the names of flags. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** Of the training. */
  readonly seed: number;
  /** All settings that shaped it, defaults included. */
  readonly settings: {
    readonly train: Readonly<Record<string, unknown>>;
    readonly map?: Readonly<Record<string, unknown>>;
  };
  /** Version of the package. */
  readonly version: string;
  /** Whether training met the task's criteria. */
  readonly trained: boolean;
  /** Updates made: to the criteria, or all that were allowed. */
  readonly updates: number;
  /** Trials seen: updates times batch. */
  readonly trials: number;
  /** Trials seen before the evaluation that met the criteria first, if one did. */
  readonly trialsToCriterion?: number;
  /** The trained rate network, on fresh trials. */
  readonly rate: PointScore;
  /** The spiking network of the chosen factor, on the same number of trials. */
  readonly spiking?: PointScore & {
    /** Calibrated networks: by the factor alone, on the same trials. */
    readonly uncalibrated?: PointScore;
    /**
     * Calibrated networks: strict performance with what was kept up to each
     * step, on the trials that decided whether the step was kept.
     */
    readonly steps?: readonly {
      readonly step: CalibrationStep;
      readonly strict: number;
      /** Of the step `tune`: how many rounds it took. */
      readonly rounds?: number;
    }[];
    /** How much of the rate network is left; absent in results of earlier versions. */
    readonly correspondence?: Correspondence;
    /** The same by the factor alone. */
    readonly uncalibratedCorrespondence?: Correspondence;
    readonly factor: number;
    /** Factor of the paper's rule, and its paper-rule performance. */
    readonly paperFactor: number;
    readonly paperFactorPerformance: number;
    /** Firing rates over the trials, Hz: mean over units. */
    readonly excitatoryRate: number;
    readonly inhibitoryRate: number;
  };
  /**
   * Numbers of analyses, by the names of their columns; null if there is none.
   */
  readonly analyses?: Readonly<Record<string, number | null>>;
  /** Effects of perturbations, likewise. */
  readonly perturbations?: Readonly<Record<string, number | null>>;
  /** Wall time of each part, s. */
  readonly seconds: {
    readonly train: number;
    readonly map?: number;
    readonly evaluate: number;
    readonly total: number;
  };
  /** The machine; empty if its name may not be known. */
  readonly host: string;
  /** The saved model, relative to the point's folder. */
  readonly model: string;
}
