/**
 * What a sweep is: points, each of them one network that is trained, mapped and
 * evaluated; and the engines that run them.
 */

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
}

/** How a point stands. What a result file says is all that counts. */
export type PointState = "waiting" | "running" | "done" | "failed";

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
