/** What is asked of a cluster. */

/** A line of the queue: a task of an array, or several that wait together. */
export interface QueueRow {
  /** Number of the array's job. */
  readonly job: string;
  /** Name that the job was given. */
  readonly name: string;
  /** Which of its tasks: "rest" are all that no other line names. */
  readonly tasks: readonly TaskRange[] | "rest";
  /** SLURM's word for it: PENDING, RUNNING, FAILED and many more. */
  readonly state: string;
  /** Where it runs or ran; empty for what waits. */
  readonly node: string;
  /** Why it waits. */
  readonly reason: string;
}

/** Tasks from `first` to `last`, every `step`-th. */
export interface TaskRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

/** What a cluster takes. */
export interface ClusterLimits {
  /** Tasks of one array. */
  readonly arraySize: number;
  /** Jobs in the queue, all users together; each task is one. */
  readonly jobs: number;
}

/** A cluster, by its command-line clients. */
export interface SlurmClient {
  /**
   * Submits a batch script.
   *
   * @param args of `sbatch`, the script's path last
   * @returns number of the job
   * @throws {SlurmBusyError} if there are too many jobs for now
   * @throws {SlurmAwayError} if the controller does not answer: the job may or
   *   may not have been submitted
   * @throws {BackendError} if it is refused
   */
  submit(args: readonly string[]): Promise<string>;
  /**
   * The user's jobs of these names, those that ended lately included.
   *
   * @throws {SlurmAwayError} if the controller does not answer
   */
  queue(names: readonly string[]): Promise<QueueRow[]>;
  /**
   * Cancels jobs (`12`) or single tasks (`12_3`). That one has ended already is
   * no error.
   *
   * @throws {SlurmAwayError} if the controller does not answer
   */
  cancel(ids: readonly string[]): Promise<void>;
  /** @throws {SlurmAwayError} if the controller does not answer */
  limits(): Promise<ClusterLimits>;
}

/** The controller did not answer; it may do so later. */
export class SlurmAwayError extends Error {
  override name = "SlurmAwayError";
}

/** The cluster takes no more jobs of this user for now. */
export class SlurmBusyError extends Error {
  override name = "SlurmBusyError";
}
