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
  /** Settings that the plan varies, by the names of flags; for tables. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** Settings of training, by the names of flags of `train`; seed included. */
  readonly train: Readonly<Record<string, unknown>>;
  /**
   * Settings of the mapping, by the names of flags of `map`; absent if the
   * network is not mapped.
   */
  readonly map?: Readonly<Record<string, unknown>>;
  /**
   * Names of analyses of the network, after its evaluation; absent if there are
   * none.
   */
  readonly analyse?: readonly string[];
  /**
   * Whether the point's folder keeps their tables and arrays. Defaults to
   * false.
   */
  readonly analysisFiles?: boolean;
  /**
   * Perturbations of the network after its evaluation, by the names of flags of
   * `perturb`; absent if there are none.
   */
  readonly perturb?: readonly Readonly<Record<string, unknown>>[];
}

/**
 * State of a point. Only result files count; a damaged one is made again when
 * the sweep is run again.
 */
export type PointState =
  | "waiting"
  | "running"
  | "done"
  | "failed"
  | "damaged";

/** Events of a sweep. */
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

/** State of a sweep: numbers of points. */
export interface SweepCounts {
  /** All of them. */
  readonly points: number;
  /** Points that have a result. */
  readonly done: number;
  /** Points that failed after all attempts. */
  readonly failed: number;
}

/** Context in which points are run. */
export interface EngineContext {
  /** Folder of the sweep, on a disk that all machines see. */
  readonly folder: string;
  /** Ends the run: running points are stopped, and can be resumed. */
  readonly signal?: AbortSignal;
  /** How often a failed point is tried again. */
  readonly retries: number;
}

/**
 * Runs points, in any order, until each is done or has failed after all
 * attempts.
 */
export interface Engine {
  /** Its name on the command line. */
  readonly name: string;
  /**
   * Runs points. A point is done when its result file, which is written
   * atomically, is in its folder: engines rely on nothing else.
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

/** Result of one point: `result.json` in its folder. */
export interface PointResult {
  /** The point's. */
  readonly id: string;
  /** Settings that the plan varies, by the names of flags. */
  readonly varied: Readonly<Record<string, unknown>>;
  /** Seed of the training. */
  readonly seed: number;
  /** All settings that shaped the network, defaults included. */
  readonly settings: {
    readonly train: Readonly<Record<string, unknown>>;
    readonly map?: Readonly<Record<string, unknown>>;
  };
  /** Version of the package. */
  readonly version: string;
  /** Whether training met the task's criteria. */
  readonly trained: boolean;
  /**
   * Number of updates: until the criteria were met, or the most that were
   * allowed.
   */
  readonly updates: number;
  /** Trials seen: updates times batch. */
  readonly trials: number;
  /**
   * Trials seen before the first evaluation that met the criteria; absent if
   * none did.
   */
  readonly trialsToCriterion?: number;
  /** The trained rate network, on fresh trials. */
  readonly rate: PointScore;
  /**
   * The spiking network with the chosen factor, on the same number of trials.
   */
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
  /**
   * Effects of perturbations, by the names of their columns; null if there are
   * none.
   */
  readonly perturbations?: Readonly<Record<string, number | null>>;
  /** Wall time of each part, s. */
  readonly seconds: {
    readonly train: number;
    readonly map?: number;
    readonly evaluate: number;
    readonly total: number;
  };
  /** Name of the machine; empty if the program may not ask for it. */
  readonly host: string;
  /** The saved model, relative to the point's folder. */
  readonly model: string;
}
