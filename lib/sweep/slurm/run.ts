/** The points of one run on a cluster: what is submitted, and what of it is left. */
import { join } from "node:path";
import { countOf } from "../../count.ts";
import { forgetFailure } from "../folder.ts";
import type { EngineContext, Point, SweepEvent } from "../types.ts";
import { packTasks, planArrays } from "./arrays.ts";
import {
  type ClusterLimits,
  type QueueRow,
  SlurmAwayError,
  SlurmBusyError,
  type SlurmClient,
} from "./client.ts";
import type { SlurmOptions } from "./options.ts";
import { rowFinder } from "./queue.ts";
import { batchScript, submitArguments } from "./script.ts";
import { Standing } from "./standing.ts";
import {
  newName,
  openSubmissions,
  prepareSubmission,
  recordSubmission,
  type Submission,
  submissionsFolder,
} from "./submissions.ts";
import { FollowedTask } from "./task.ts";
import { type Verdict, waitingReasons } from "./watch.ts";

/** An array and those of its tasks that are of interest. */
interface Following {
  readonly submission: Submission;
  readonly tasks: readonly FollowedTask[];
}

/** State of a run, moved on by its owner's calls. */
export class SlurmRun {
  readonly #context: EngineContext;
  readonly #options: SlurmOptions;
  readonly #client: SlurmClient;
  readonly #command: readonly string[];
  readonly #standing: Standing;
  #following: Following[] = [];
  #events: SweepEvent[] = [];
  #limits: ClusterLimits | undefined;
  /** Most tasks in the queue: less once the cluster has refused more. */
  #most = Infinity;
  #reasons = "";

  constructor(
    context: EngineContext,
    options: SlurmOptions,
    client: SlurmClient,
    command: readonly string[],
    points: readonly Point[],
  ) {
    this.#context = context;
    this.#options = options;
    this.#client = client;
    this.#command = command;
    this.#standing = new Standing(points, context.retries);
  }

  /** Points that are neither done nor failed for good. */
  get open(): number {
    return this.#standing.open();
  }

  /** Arrays with tasks that are followed. */
  get submissions(): Submission[] {
    return this.#following.map(({ submission }) => submission);
  }

  /** What has happened since the last call. */
  takeEvents(): SweepEvent[] {
    return this.#events.splice(0);
  }

  /** Takes over what an earlier run has submitted. */
  async attach(): Promise<void> {
    // The newest first: a point that failed in an older one is in a newer one.
    const submissions = await openSubmissions(this.#context.folder);
    for (const submission of submissions.reverse()) {
      const tasks = await this.#follow(submission);
      if (tasks > 0) {
        this.#say(
          `following ${countOf(tasks, "task")} of ` +
            (submission.job ? `job ${submission.job}` : submission.name),
        );
      }
    }
  }

  /**
   * Reads the results that have come, looks at the queue, gives up what is over,
   * and submits what waits.
   *
   * @throws {SlurmAwayError} if the controller does not answer
   * @throws {BackendError} if the cluster refuses a job
   */
  async advance(): Promise<void> {
    if (this.#following.length > 0) {
      const rows = await this.#queue();
      for (const following of this.#following) {
        const { name } = following.submission;
        await this.#lookAt(following, rows.filter((row) => row.name === name));
      }
      this.#sayReasons(rows);
      await this.#drop();
    }
    await this.#submit();
  }

  async #queue(): Promise<QueueRow[]> {
    try {
      return await this.#client.queue(this.submissions.map(({ name }) => name));
    } catch (error) {
      // Results come whether or not the controller is there.
      for (const task of this.#tasks()) await this.#collect(task);
      await this.#drop();
      throw error;
    }
  }

  async #collect(task: FollowedTask): Promise<void> {
    this.#events.push(...await task.collect(this.#standing));
  }

  #tasks(): FollowedTask[] {
    return this.#following.flatMap(({ tasks }) => tasks)
      .filter(({ over }) => !over);
  }

  /** Follows the tasks of an array that have points which wait for one. */
  async #follow(submission: Submission): Promise<number> {
    const tasks: FollowedTask[] = [];
    for (const [number, all] of submission.tasks.entries()) {
      const ids = all.filter((id) => this.#standing.isWaiting(id));
      if (ids.length === 0) continue;
      this.#standing.submitted(ids);
      const task = new FollowedTask(
        this.#context.folder,
        submission,
        number,
        ids,
      );
      tasks.push(task);
    }
    await Promise.all(tasks.map((task) => task.begin()));
    this.#following.push({ submission, tasks });
    return tasks.length;
  }

  async #lookAt(
    { submission, tasks }: Following,
    rows: readonly QueueRow[],
  ): Promise<void> {
    if (submission.job === undefined && rows.length > 0) {
      // Its submission was cut short, and it is found by its name.
      submission.job = rows[0].job;
      await recordSubmission(submission, false);
    }
    const rowOf = rowFinder(rows);
    const open = tasks.filter(({ over }) => !over);
    // Together: a file on a disk far away may take a millisecond to be asked for.
    const verdicts = await Promise.all(open.map(async (task) => {
      this.#events.push(...task.look(rowOf(task.number), performance.now()));
      await this.#collect(task);
      return task.over
        ? "wait"
        : await task.judge(performance.now(), this.#options);
    }));
    const of = (wanted: Verdict) =>
      open.filter((_, k) => verdicts[k] === wanted);
    const dead = of("cancel");
    await this.#client.cancel(dead.flatMap(({ id }) => id ?? []));
    for (const task of dead) await this.#giveUp(task, "gave no sign of life");
    for (const task of of("over")) {
      if (submission.job === undefined) task.release(this.#standing);
      else await this.#giveUp(task, task.ending);
    }
  }

  async #giveUp(task: FollowedTask, how: string): Promise<void> {
    this.#events.push(...await task.giveUp(this.#standing, how));
  }

  #sayReasons(rows: readonly QueueRow[]): void {
    const reasons = waitingReasons(rows).join(", ");
    if (reasons !== this.#reasons && reasons !== "") {
      this.#say(`tasks wait: ${reasons}`);
    }
    this.#reasons = reasons;
  }

  /** Forgets arrays of which nothing more is expected. */
  async #drop(): Promise<void> {
    const rest: Following[] = [];
    for (const following of this.#following) {
      if (following.tasks.every(({ over }) => over)) {
        await recordSubmission(following.submission, true);
      } else rest.push(following);
    }
    this.#following = rest;
  }

  async #submit(): Promise<void> {
    const waiting = this.#standing.waiting();
    if (waiting.length === 0) return;
    const { pointsPerTask, maxTasks, throttle } = this.#options;
    this.#limits ??= await this.#client.limits();
    const most = Math.min(
      this.#most,
      maxTasks ?? Math.max(1, Math.floor(this.#limits.jobs / 2)),
    );
    const load = {
      tasks: this.#tasks().filter(({ isQueued }) => isQueued).length,
      throttle: this.submissions
        .reduce((sum, { throttle }) => sum + (throttle ?? 0), 0),
    };
    const tasks = packTasks(waiting, pointsPerTask);
    for (
      const array of planArrays(tasks, this.#limits, load, most, throttle)
    ) {
      const name = newName();
      const folder = join(submissionsFolder(this.#context.folder), name);
      const submission = { name, folder, ...array };
      if (!await this.#submitArray(submission, load.tasks)) return;
      load.tasks += array.tasks.length;
    }
  }

  /** Whether the cluster took it. */
  async #submitArray(
    submission: Submission,
    queued: number,
  ): Promise<boolean> {
    const { name, folder, tasks, throttle } = submission;
    const points = tasks.flat();
    for (const id of points) await forgetFailure(this.#context.folder, id);
    await prepareSubmission(
      submission,
      (file) => batchScript(file, this.#options.setup, this.#command),
    );
    try {
      submission.job = await this.#client.submit(
        submitArguments(this.#options, name, folder, tasks.length, throttle),
      );
    } catch (error) {
      // It may have been submitted all the same: followed by its name.
      if (error instanceof SlurmAwayError) await this.#follow(submission);
      else await recordSubmission(submission, true);
      if (!(error instanceof SlurmBusyError)) throw error;
      this.#lower(queued > 0 ? queued : tasks.length >> 1, error.message);
      return false;
    }
    this.#most *= 2;
    await recordSubmission(submission, false);
    await this.#follow(submission);
    this.#say(
      `submitted job ${submission.job}: ${countOf(tasks.length, "task")}, ` +
        countOf(points.length, "point"),
    );
    return true;
  }

  #lower(most: number, why: string): void {
    // Once it is down to one task, that has been said.
    if (this.#most > 1) this.#say(`SLURM takes no more tasks for now: ${why}`);
    this.#most = Math.max(1, most);
  }

  #say(message: string): void {
    this.#events.push({ kind: "engine", message });
  }
}
