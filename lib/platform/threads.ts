/**
 * Threads that run a program given as text. The program sees what a web worker
 * sees: `onmessage`, `postMessage`, `close`.
 */
import { builtin, runtime } from "./runtime.ts";

/** Locks between threads, if there are any: Node has them from 24 on. */
export interface Locks {
  /** Holds a lock until what the callback returns is settled. */
  request(name: string, callback: () => unknown): Promise<unknown>;
}

/** Locks of this thread. */
export function threadLocks(): Locks | undefined {
  return (globalThis.navigator as { locks?: Locks } | undefined)?.locks;
}

/** A thread. */
export interface Thread {
  /** Sends a message, by structured cloning. */
  post(message: unknown): void;
  /** Ends it at once, or when its program next waits; nothing is told of it. */
  end(): void;
}

/** What a thread is started with. */
export interface ThreadOptions {
  /** Its name in debuggers. */
  readonly name: string;
  /** Takes what it sends. */
  readonly onMessage: (data: unknown) => void;
  /**
   * Is told why it will send nothing more, as far as the platform says so: it
   * could not be started, an error was not caught, it ended.
   */
  readonly onEnd: (reason: string) => void;
}

/**
 * Starts a thread. It needs no permission: the program comes from a `blob:`
 * address, or as text.
 *
 * @param program plain JavaScript, which imports nothing
 */
export function startThread(program: string, options: ThreadOptions): Thread {
  return runtime === "node"
    ? nodeThread(program, options)
    : webThread(program, options);
}

/** Number of threads that the machine runs at a time. */
export function processors(): number {
  return navigator.hardwareConcurrency;
}

/**
 * Whether threads can share memory, and this one may wait for another. Browsers
 * have shared memory in pages that are isolated, and their page itself must not
 * wait.
 */
export function canShareMemory(): boolean {
  if (typeof SharedArrayBuffer === "undefined") return false;
  if (runtime !== "browser") return true;
  const { crossOriginIsolated, document } = globalThis as {
    crossOriginIsolated?: boolean;
    document?: unknown;
  };
  return crossOriginIsolated === true && document === undefined;
}

function webThread(
  program: string,
  { name, onMessage, onEnd }: ThreadOptions,
): Thread {
  let url = URL.createObjectURL(
    new Blob([program], { type: "text/javascript" }),
  );
  // With its first word: Deno 2.8, Bun and browsers may read the program late.
  const free = () => {
    if (url !== "") URL.revokeObjectURL(url);
    url = "";
  };
  let worker: Worker;
  try {
    worker = new Worker(url, { type: "module", name });
  } catch (error) {
    free();
    throw error;
  }
  worker.onmessage = ({ data }) => {
    free();
    onMessage(data);
  };
  worker.onmessageerror = () => onEnd("its answer cannot be read");
  worker.onerror = (event) => {
    free();
    // Without this the error would end the whole program.
    event.preventDefault();
    onEnd(event.message || "it did not start");
  };
  // Only Bun tells of a worker that has ended.
  worker.addEventListener("close", () => onEnd("it ended"));
  return {
    post: (message) => worker.postMessage(message),
    end() {
      free();
      worker.onmessage = worker.onmessageerror = null;
      worker.onerror = (event) => event.preventDefault();
      worker.terminate();
    },
  };
}

/** The part of Node's worker that is used. */
interface NodeWorker {
  postMessage(message: unknown): void;
  terminate(): Promise<number>;
  on(event: string, listener: (value: unknown) => void): void;
}

/** What a web worker's program finds there, for Node's. */
const nodePrelude = `{
  const { parentPort } = require("node:worker_threads");
  globalThis.postMessage = (data, moved) => parentPort.postMessage(data, moved);
  globalThis.close = () => process.exit();
  parentPort.on("message", (data) => globalThis.onmessage({ data }));
}
`;

function nodeThread(
  program: string,
  { name, onMessage, onEnd }: ThreadOptions,
): Thread {
  const { Worker: Made } = builtin<{
    Worker: new (
      program: string,
      options: { eval: true; name: string; execArgv: string[] },
    ) => NodeWorker;
  }>("node:worker_threads");
  const worker = new Made(nodePrelude + program, {
    eval: true,
    name,
    // Flags of the program's own, such as loaders, are nothing to it.
    execArgv: [],
  });
  let ended = false;
  const end = (reason: string) => {
    if (!ended) onEnd(reason);
    ended = true;
  };
  worker.on("message", onMessage);
  worker.on("messageerror", () => end("its answer cannot be read"));
  worker.on(
    "error",
    (error) => end(error instanceof Error ? error.message : `${error}`),
  );
  worker.on("exit", () => end("it ended"));
  return {
    post: (message) => worker.postMessage(message),
    end() {
      ended = true;
      worker.terminate();
    },
  };
}
