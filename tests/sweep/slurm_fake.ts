/** A cluster that is none, for tests of what is made of its answers. */
import {
  resultFile,
  writeFailure,
  writeResult,
} from "../../lib/sweep/folder.ts";
import {
  type ClusterLimits,
  type QueueRow,
  SlurmAwayError,
  type SlurmClient,
} from "../../lib/sweep/slurm/client.ts";
import { readSlurmOptions } from "../../lib/sweep/slurm/options.ts";
import type { Point, SweepEvent } from "../../lib/sweep/types.ts";
import { inFolder } from "../folder.ts";
import { syntheticResult } from "./synthetic.ts";

/** A task of the cluster. */
export interface FakeTask {
  readonly job: string;
  readonly name: string;
  readonly number: number;
  readonly ids: readonly string[];
  state: string;
  reason: string;
}

/**
 * Each look at the queue moves it on: what waits runs, what runs ends as
 * `outcome` says.
 */
export class FakeCluster implements SlurmClient {
  readonly submitted: string[][] = [];
  readonly cancelled: string[] = [];
  tasks: FakeTask[] = [];
  looks = 0;
  /** What comes of a task that runs: the state that it takes next. */
  outcome: (task: FakeTask) => string | Promise<string>;
  /** Called before each submission and each look; may throw. */
  before: (call: "submit" | "queue") => void = () => {};

  constructor(
    readonly folder: string,
    readonly size: ClusterLimits = { arraySize: 1001, jobs: 10_000 },
  ) {
    this.outcome = (task) => this.finish(task);
  }

  /** Writes the results of a task's points. */
  async finish({ ids }: FakeTask): Promise<string> {
    for (const id of ids) await this.writeResult(id);
    return "COMPLETED";
  }

  async writeResult(id: string): Promise<void> {
    await Deno.mkdir(new URL(".", `file://${resultFile(this.folder, id)}`), {
      recursive: true,
    });
    await writeResult(this.folder, { ...syntheticResult(), id });
  }

  async writeFailure(id: string, reason: string): Promise<void> {
    await Deno.mkdir(`${this.folder}/points/${id}`, { recursive: true });
    await writeFailure(this.folder, id, reason);
  }

  async submit(args: readonly string[]): Promise<string> {
    this.before("submit");
    return await this.accept(args);
  }

  async accept(args: readonly string[]): Promise<string> {
    this.submitted.push([...args]);
    const job = String(100 + this.submitted.length);
    const name = args.find((arg) => arg.startsWith("--job-name="))!.slice(11);
    const folder = args.at(-1)!.replace(/\/job\.sh$/, "");
    const lines = (await Deno.readTextFile(`${folder}/tasks`)).trimEnd();
    this.tasks.push(
      ...lines.split("\n").map((line, number) => ({
        job,
        name,
        number,
        ids: line.split(" "),
        state: "PENDING",
        reason: "None",
      })),
    );
    return job;
  }

  async queue(names: readonly string[]): Promise<QueueRow[]> {
    this.before("queue");
    this.looks++;
    for (const task of this.tasks) {
      if (task.state === "RUNNING") task.state = await this.outcome(task);
      else if (task.state === "PENDING" && task.reason === "None") {
        task.state = "RUNNING";
      }
    }
    return this.tasks.filter(({ name, state }) =>
      names.includes(name) && state !== "GONE"
    ).map(({ job, name, number, state, reason }) => ({
      job,
      name,
      tasks: [{ first: number, last: number, step: 1 }],
      state,
      node: state === "PENDING" ? "" : `n${number % 2 + 1}`,
      reason,
    }));
  }

  cancel(ids: readonly string[]): Promise<void> {
    this.cancelled.push(...ids);
    for (const task of this.tasks) {
      const named = ids.includes(task.job) ||
        ids.includes(`${task.job}_${task.number}`);
      if (named && /^(PENDING|RUNNING)$/.test(task.state)) {
        task.state = "CANCELLED";
      }
    }
    return Promise.resolve();
  }

  limits(): Promise<ClusterLimits> {
    return Promise.resolve(this.size);
  }
}

/** An error of a controller that does not answer. */
export function away(): never {
  throw new SlurmAwayError("no answer");
}

/** Points a, b, c and so on. */
export function pointsOf(...ids: string[]): Point[] {
  return ids.map((id) => ({ id, varied: {}, train: {} }));
}

/** Options of a cluster whose files are seen at once. */
export function quickOptions(table: Record<string, unknown> = {}) {
  return readSlurmOptions({ poll: 0.1, settle: 0, ...table });
}

/** All events as short texts, with the name of what stopped them at the end. */
export async function eventsOf(
  events: AsyncIterable<SweepEvent>,
  onEvent: (text: string) => void = () => {},
): Promise<string[]> {
  const texts: string[] = [];
  try {
    for await (const event of events) {
      const text = textOf(event);
      texts.push(text);
      onEvent(text);
    }
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    texts.push(error.name);
  }
  return texts;
}

function textOf(event: SweepEvent): string {
  switch (event.kind) {
    case "point-started":
      return `${event.id} on ${event.where}`;
    case "point-done":
      return `${event.id} done`;
    case "point-failed":
      return `${event.id} failed, ${event.retriesLeft} left: ${event.reason}`;
    case "engine":
      return event.message;
  }
}

/** Which of the events' texts say that a point is done, in order of their names. */
export function done(events: readonly string[]): string[] {
  return events.filter((text) => text.endsWith(" done")).sort();
}

/** Which of the events' texts say that a point failed. */
export function failed(events: readonly string[]): string[] {
  return events.filter((text) => text.includes(" failed, "));
}

/** A test with a folder and a cluster. */
export function clusterTest(
  name: string,
  run: (cluster: FakeCluster, folder: string) => Promise<void>,
): void {
  Deno.test(name, () =>
    inFolder(async (made) => {
      const folder = await Deno.realPath(made);
      await run(new FakeCluster(folder), folder);
    }));
}
