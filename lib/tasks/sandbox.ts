/** The outside of the sandbox: what runs a task file has no permissions. */
import { TaskError } from "../errors.ts";
import { printableLine } from "../printable.ts";
import { checkTaskData, type TaskData } from "./check_task.ts";
import { checkedTrial, type Timings } from "./from_module.ts";
import { type Channel, openChannel } from "./sandbox_channel.ts";
import { libraryTexts } from "./sandbox_library.ts";
import {
  type Answer,
  answerSchema,
  messageSchema,
  type Request,
} from "./sandbox_protocol.ts";
import { oneLine } from "./shown.ts";
import type { TaskSource } from "./task_source.ts";
import type { Trial } from "./types.ts";

/** How a sandbox is set up. */
export interface SandboxOptions {
  /** The file's name in messages. */
  readonly specifier: string;
  readonly timing: Timings;
  /** Longest time for an answer, ms. */
  readonly timeoutMs: number;
  /** Takes a line that the file's code wrote to the console. */
  readonly print: (line: string) => void;
}

/** After so long without a request, the worker is ended; ms. */
const idleMs = 2000;

/**
 * The worker ends the file's code by itself when its time is over, and says so;
 * after so much longer it has failed to do so; ms.
 */
const graceMs = 10_000;

/** The same for what can be ended by force; it starts in that time, too. */
const startGraceMs = 3000;

/** The same once it has started. */
const sureGraceMs = 1000;

/** What happens to the one request that is under way. */
interface Waiting {
  readonly id: number;
  readonly doing: string;
  resolve(answer: Answer): void;
  reject(error: TaskError): void;
}

type Timer = ReturnType<typeof setTimeout>;

/** `Omit` for each member of a union. */
type Unnumbered<T> = T extends unknown ? Omit<T, "id" | "timeoutMs"> : never;

/**
 * Runs one task file. Its process or worker is started when it is needed and ended when it
 * is idle, so that it never keeps a program from ending; it answers one request
 * at a time. Whatever it says is checked and copied.
 */
export class Sandbox {
  readonly #source: TaskSource;
  readonly #options: SandboxOptions;
  #running?: { channel: Channel; task?: TaskData };
  #waiting?: Waiting;
  #queue: Promise<unknown> = Promise.resolve();
  #idle?: Timer;
  #requests = 0;
  #closed = false;

  constructor(source: TaskSource, options: SandboxOptions) {
    this.#source = source;
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
      const trials = JSON.stringify(requests);
      const answer = await this.#ask({ kind: "trials", trials });
      return this.#checked(task, requests, answer);
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
    const channel = openChannel({
      message: (data) => this.#receive(data),
      failed: (why) => this.#refuse(oneLine(why)),
    });
    this.#running = { channel };
    const { text, url, mediaType } = this.#source;
    const typescript = mediaType === "application/typescript";
    const answer = await this.#ask({
      kind: "load",
      file: { text, url, typescript },
      modules: libraryTexts,
      timing: JSON.stringify(this.#options.timing),
    });
    if (answer.kind !== "loaded") throw this.#error("load", wrongAnswer);
    try {
      const task = checkTaskData(answer.task);
      if (answer.flaw !== undefined) {
        throw new TaskError(
          `Cannot use task ${task.name}: ${oneLine(answer.flaw)}`,
        );
      }
      this.#running = { channel, task };
      return task;
    } catch (error) {
      throw this.#error("load", (error as TaskError).message);
    }
  }

  #ask(request: Unnumbered<Request>): Promise<Answer> {
    const { timeoutMs } = this.#options;
    const doing = request.kind === "load" ? "load" : "make trials of";
    const id = ++this.#requests;
    let clock: Timer | undefined;
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting = { id, doing, resolve, reject };
      clock = setTimeout(
        () => this.#refuse(`it gave no answer within ${timeoutMs} ms`),
        timeoutMs + this.#grace(),
      );
      this.#running?.channel.post({ ...request, id, timeoutMs });
    }).finally(() => {
      clearTimeout(clock);
      this.#waiting = undefined;
    });
  }

  #grace(): number {
    if (!this.#running?.channel.sure) return graceMs;
    return this.#running.task ? sureGraceMs : startGraceMs;
  }

  /** The worker's own code writes messages and answers, but from what it is told. */
  #receive(data: unknown): void {
    const message = messageSchema.safeParse(data);
    if (!message.success || message.data.id !== this.#waiting?.id) {
      return this.#refuse(wrongAnswer);
    }
    const answer = answerSchema.safeParse(parsed(message.data.answer));
    if (!answer.success) return this.#refuse(wrongAnswer);
    const { specifier, print } = this.#options;
    for (const line of answer.data.said) {
      for (const part of line.split("\n")) {
        print(`${specifier}: ${printableLine(part)}`);
      }
    }
    if (answer.data.kind === "failed") {
      this.#refuse(oneLine(answer.data.message));
    } else this.#waiting.resolve(answer.data);
  }

  #refuse(why: string): void {
    this.#waiting?.reject(this.#error(this.#waiting.doing, why));
    if (!this.#waiting) this.#stop();
  }

  #checked(
    task: TaskData,
    requests: readonly { condition?: string }[],
    answer: Answer,
  ): Trial[] {
    const trials = answer.kind === "trials" ? answer.trials : [];
    if (trials.length !== requests.length) {
      throw this.#error(
        "make trials of",
        `it sent ${trials.length}, needed are ${requests.length} trials`,
      );
    }
    return trials.map(({ condition, inputs, target, expects }, i) => {
      const trial = {
        condition,
        inputs: numbersOf(inputs),
        target: numbersOf(target),
        expects,
      };
      try {
        return checkedTrial(task, trial, requests[i].condition);
      } catch (error) {
        throw this.#error("make trials of", (error as TaskError).message);
      }
    });
  }

  #stop(): void {
    clearTimeout(this.#idle);
    if (!this.#running) return;
    this.#running.channel.end();
    this.#running = undefined;
  }

  #error(doing: string, why: string): TaskError {
    return new TaskError(
      `Cannot ${doing} task ${this.#options.specifier}: ${why}`,
    );
  }
}

const wrongAnswer = "it sent something that is not an answer";

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Float32 numbers of their bits. */
function numbersOf(bits: readonly number[]): Float32Array {
  return new Float32Array(Int32Array.from(bits).buffer);
}
