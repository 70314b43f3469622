/** The outside of the sandbox: a worker without permissions that runs a task file. */
import { fileURLToPath } from "node:url";
import { TaskError } from "../errors.ts";
import { checkTaskData, type TaskData } from "./check_task.ts";
import { checkTrial } from "./check_trial.ts";
import type { Timings } from "./from_module.ts";
import type { Reply, Request } from "./sandbox_protocol.ts";
import { oneLine, shown } from "./shown.ts";
import { sandboxed, type TaskSource } from "./task_source.ts";
import type { Trial } from "./types.ts";

/** How a sandbox is set up. */
export interface SandboxOptions {
  /** The file's name in messages. */
  readonly specifier: string;
  readonly timing: Timings;
  /** Longest time for an answer, ms. */
  readonly timeoutMs: number;
}

/** After so long without a request, the worker is ended; ms. */
const idleMs = 2000;

/** What happens to the one request that is under way. */
interface Waiting {
  readonly id: number;
  readonly doing: string;
  resolve(reply: Reply): void;
  reject(error: TaskError): void;
}

type Timer = ReturnType<typeof setTimeout>;

/** `Omit` for each member of a union. */
type Unnumbered<T> = T extends unknown ? Omit<T, "id"> : never;

/**
 * Runs one task file. The worker is started when it is needed and ended when it
 * is idle, so that it never keeps a program from ending; it answers one request
 * at a time. Whatever it says is checked and copied.
 */
export class Sandbox {
  readonly #source: string;
  readonly #mediaType: string;
  readonly #options: SandboxOptions;
  #running?: { worker: Worker; file: string; task?: TaskData };
  #waiting?: Waiting;
  #queue: Promise<unknown> = Promise.resolve();
  #idle?: Timer;
  #requests = 0;
  #closed = false;

  /** @throws {TaskError} for a file that imports what the sandbox cannot reach */
  constructor(source: TaskSource, options: SandboxOptions) {
    this.#source = sandboxed(source, options.specifier);
    this.#mediaType = source.mediaType;
    this.#options = options;
  }

  /**
   * The task's data.
   *
   * @throws {TaskError} for a file that cannot be run, or holds no task
   */
  load(): Promise<TaskData> {
    return this.#inTurn(() => this.#start());
  }

  /**
   * Trials of the task.
   *
   * @param requests keys of their streams, and conditions
   * @throws {TaskError} for code that fails, hangs, or makes wrong trials
   */
  trials(
    requests: readonly { key: number; condition?: string }[],
  ): Promise<Trial[]> {
    return this.#inTurn(async () => {
      const task = await this.#start();
      const reply = await this.#ask({ kind: "trials", trials: requests });
      return this.#checked(task, requests, reply);
    });
  }

  /** Ends the worker for good. */
  close(): void {
    this.#closed = true;
    this.#stop();
    this.#waiting?.reject(this.#error("use", "it was closed"));
  }

  /** One request after the other, and the idle clock between them. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => {
      clearTimeout(this.#idle);
      if (this.#closed) throw this.#error("use", "it was closed");
      try {
        return await run();
      } catch (error) {
        // What failed once starts afresh, or not at all.
        this.#stop();
        throw error;
      } finally {
        if (this.#running) {
          this.#idle = setTimeout(() => this.#stop(), idleMs);
        }
      }
    });
    this.#queue = result.catch(() => {});
    return result;
  }

  /** Starts the worker unless it runs, and gives the task's data. */
  async #start(): Promise<TaskData> {
    if (this.#running?.task) return this.#running.task;
    const why = obstacle();
    if (why) throw this.#error("load", why);
    const file = URL.createObjectURL(
      new Blob([this.#source], { type: this.#mediaType }),
    );
    const worker = startWorker();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onmessageerror = () => this.#refuse("its answer cannot be read");
    worker.onerror = (event) => {
      event.preventDefault();
      this.#refuse(oneLine(event.message));
    };
    this.#running = { worker, file };
    const { timing } = this.#options;
    const reply = await this.#ask({ kind: "load", url: file, timing });
    try {
      const task = checkTaskData(reply.kind === "loaded" && reply.task);
      this.#running = { worker, file, task };
      return task;
    } catch (error) {
      throw this.#error("load", (error as TaskError).message);
    }
  }

  #ask(request: Unnumbered<Request>): Promise<Reply> {
    const { timeoutMs } = this.#options;
    const doing = request.kind === "load" ? "load" : "make trials of";
    const id = ++this.#requests;
    let clock: Timer | undefined;
    return new Promise<Reply>((resolve, reject) => {
      this.#waiting = { id, doing, resolve, reject };
      clock = setTimeout(
        () => this.#refuse(`it gave no answer within ${timeoutMs} ms`),
        timeoutMs,
      );
      this.#running?.worker.postMessage({ ...request, id });
    }).finally(() => {
      clearTimeout(clock);
      this.#waiting = undefined;
    });
  }

  #receive(reply: unknown): void {
    // The file's own code runs in the worker and can send what it likes.
    const { id, kind, message } = Object(reply) as Record<string, unknown>;
    if (id !== this.#waiting?.id) {
      this.#refuse(`it sent ${shown(reply)}, which is no answer`);
    } else if (kind === "failed") {
      this.#refuse(oneLine(String(message)));
    } else {
      this.#waiting?.resolve(reply as Reply);
    }
  }

  #refuse(why: string): void {
    this.#waiting?.reject(this.#error(this.#waiting.doing, why));
    if (!this.#waiting) this.#stop();
  }

  #checked(
    task: TaskData,
    requests: readonly { condition?: string }[],
    reply: Reply,
  ): Trial[] {
    const trials: unknown = reply.kind === "trials" ? reply.trials : reply.kind;
    if (!Array.isArray(trials) || trials.length !== requests.length) {
      throw this.#error(
        "make trials of",
        `it sent ${Array.isArray(trials) ? trials.length : shown(trials)}, ` +
          `needed are ${requests.length} trials`,
      );
    }
    return trials.map((sent, i) => {
      const trial = copyOf(sent);
      try {
        checkTrial(task, trial);
      } catch (error) {
        throw this.#error("make trials of", (error as TaskError).message);
      }
      const { condition = trial.condition } = requests[i];
      if (trial.condition !== condition) {
        throw this.#error(
          "make trials of",
          `asked for ${shown(condition)}, it sent ${shown(trial.condition)}`,
        );
      }
      return trial;
    });
  }

  #stop(): void {
    clearTimeout(this.#idle);
    if (!this.#running) return;
    this.#running.worker.terminate();
    URL.revokeObjectURL(this.#running.file);
    this.#running = undefined;
  }

  #error(doing: string, why: string): TaskError {
    return new TaskError(
      `Cannot ${doing} task ${this.#options.specifier}: ${why}`,
    );
  }
}

/** Where the inside of the sandbox, and what it imports, lie. */
const worker = import.meta.resolve("./sandbox_worker.ts");
const library = new URL("..", worker);

function startWorker(): Worker {
  // The permissions of workers are not in the standard's types.
  return new Worker(
    worker,
    {
      type: "module",
      name: "task",
      deno: { permissions: "none" },
    } as WorkerOptions,
  );
}

/**
 * Why the worker cannot be started, if it cannot: asked first, because the
 * runtime writes about it to standard error by itself.
 */
function obstacle(): string | undefined {
  if (library.protocol !== "file:") return undefined;
  const path = fileURLToPath(library);
  const { state } = Deno.permissions.querySync({ name: "read", path });
  return state === "granted"
    ? undefined
    : `its sandbox needs read access to this package, --allow-read=${path}`;
}

/** A copy whose numbers nobody else can change any more. */
function copyOf(sent: Trial): Trial {
  const { condition, inputs, target, expects } = Object(sent) as Trial;
  const copy = (values: Float32Array) =>
    values instanceof Float32Array ? values.slice() : values;
  return { condition, inputs: copy(inputs), target: copy(target), expects };
}
