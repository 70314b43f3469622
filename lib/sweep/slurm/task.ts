/** One task of an array, followed from its submission to its end. */
import type { SweepEvent } from "../types.ts";
import type { QueueRow } from "./client.ts";
import { lastChange, lastWords, readOutcome } from "./point_files.ts";
import type { Standing } from "./standing.ts";
import { logOf, type Submission } from "./submissions.ts";
import { judge, type Patience, type Seen, seenAs } from "./watch.ts";

/** Part of the heartbeat's time between two looks at a running task's files. */
const lookEvery = 1 / 20;

/** A task that is followed. */
export class FollowedTask {
  readonly submission: Submission;
  /** Its number in the array. */
  readonly number: number;
  /** Whether nothing more is expected of it. */
  over = false;
  readonly #sweep: string;
  readonly #ids: readonly string[];
  /** How many of its points have come out; it runs them in their order. */
  #finished = 0;
  #seen: Seen = "waiting";
  /** Whether it has been seen as anything but waiting: it may have left files. */
  #ran = false;
  #node = "";
  #state = "";
  /** Its present point, as last told to whoever listens. */
  #told = "";
  /** When its points' files had last changed, before it was watched. */
  #before: readonly (number | undefined)[] = [];
  /** The same of the present point, when it was last looked at. */
  #change: number | undefined;
  /** Whether the present point's files have changed while it was watched. */
  #begun = false;
  #movedAt: number;
  #lookedAt: number;

  /**
   * @param sweep folder of the sweep
   * @param number of the task in its array
   * @param ids those of its points that it is followed for, in their order
   */
  constructor(
    sweep: string,
    submission: Submission,
    number: number,
    ids: readonly string[],
  ) {
    this.#sweep = sweep;
    this.submission = submission;
    this.number = number;
    this.#ids = ids;
    this.#movedAt = this.#lookedAt = performance.now();
  }

  /** Its name to scancel: `12_3`; undefined while its job's number is unknown. */
  get id(): string | undefined {
    const { job } = this.submission;
    return job && `${job}_${this.number}`;
  }

  /** Whether it has a place in the queue, as last seen. */
  get isQueued(): boolean {
    return !this.over && (this.#seen === "waiting" || this.#seen === "running");
  }

  /** Points that have not come out. */
  get left(): readonly string[] {
    return this.#ids.slice(this.#finished);
  }

  /** Takes note of how the files stand before the task begins. */
  async begin(): Promise<void> {
    this.#before = await Promise.all(
      this.#ids.map((id) => lastChange(this.#sweep, id)),
    );
    this.#change = this.#before[0];
  }

  /** Reads what its points have left, if there may be something. */
  async collect(standing: Standing): Promise<SweepEvent[]> {
    const events: SweepEvent[] = [];
    while (this.left.length > 0 && this.#ran) {
      const [id] = this.left;
      const outcome = await readOutcome(this.#sweep, id);
      if (!outcome) break;
      events.push(
        ...outcome.done ? standing.done(id) : standing.failed(
          id,
          outcome.reason,
        ),
      );
      this.#finished++;
      this.#begun = false;
      this.#movedAt = performance.now();
      this.#change = this.#before[this.#finished];
    }
    if (this.left.length === 0) this.over = true;
    return events;
  }

  /** Takes note of what the queue says. */
  look(row: QueueRow | undefined, now: number): SweepEvent[] {
    const seen = seenAs(row);
    if (seen !== this.#seen) this.#movedAt = now;
    this.#seen = seen;
    this.#ran ||= seen !== "waiting";
    if (row) {
      this.#state = row.state;
      this.#node = row.node || this.#node;
    }
    const [id] = this.left;
    if (seen !== "running" || id === this.#told) return [];
    this.#told = id;
    return [{ kind: "point-started", id, where: this.#node }];
  }

  /**
   * Whether to go on waiting for it; looks at the files of its present point
   * where that may matter.
   */
  async judge(now: number, patience: Patience) {
    const atRest = this.#seen === "ended" || this.#seen === "absent";
    const due = this.#seen === "running" && patience.heartbeat > 0 &&
      now - this.#lookedAt >= patience.heartbeat * 1000 * lookEvery;
    if (atRest || due) {
      this.#lookedAt = now;
      const change = await lastChange(this.#sweep, this.left[0]);
      if (change !== this.#change) {
        this.#change = change;
        this.#begun = true;
        this.#movedAt = now;
      }
    }
    return judge(this.#seen, (now - this.#movedAt) / 1000, patience);
  }

  /**
   * Gives it up. The point that it was at has failed, and those after it are
   * free again; all of them have failed if it did not come to any. What a
   * user has cancelled is not tried again.
   */
  async giveUp(
    standing: Standing,
    how: string,
  ): Promise<SweepEvent[]> {
    this.over = true;
    const left = this.left;
    const cancelled = this.#state.startsWith("CANCELLED");
    const failed = this.#begun && !cancelled ? left.slice(0, 1) : left;
    standing.returned(left.slice(failed.length));
    const words = await lastWords(logOf(this.submission, this.number));
    const reason = `its task ${this.id ?? this.submission.name} ${how}` +
      (words ? `; its last words: ${words}` : "");
    return failed.flatMap((id) => standing.failed(id, reason, cancelled));
  }

  /** How it ended, in words. */
  get ending(): string {
    const where = this.#node === "" ? "" : ` on ${this.#node}`;
    return this.#seen === "absent"
      ? `is gone from the queue${where} without a result`
      : `ended as ${this.#state}${where} without a result`;
  }

  /** Gives up waiting for a result of a task that never came into the queue. */
  release(standing: Standing): void {
    this.over = true;
    standing.returned(this.left);
  }
}
