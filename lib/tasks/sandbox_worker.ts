/**
 * The inside of the sandbox: runs a task file in a worker that has no
 * permissions. Only `sandbox.ts` starts it.
 */
import { streamOfKey } from "../random/stream.ts";
import { checkTaskData } from "./check_task.ts";
import { defineTask } from "./define.ts";
import { describeThrown, taskOfModule } from "./from_module.ts";
import { type Reply, type Request, shimSymbol } from "./sandbox_protocol.ts";
import type { Task } from "./types.ts";

Object.defineProperty(globalThis, Symbol.for(shimSymbol), {
  value: Object.freeze({ defineTask }),
});
// Standard output is for results.
console.log = console.info = console.debug = console.error;

let task: Task | undefined;
let url = "";

async function answer(request: Request): Promise<Reply> {
  const { id } = request;
  if (request.kind === "load") {
    ({ url } = request);
    task = taskOfModule(await import(url), request.timing);
    return { id, kind: "loaded", task: checkTaskData(task) };
  }
  if (!task) throw new Error("no task was loaded");
  const { trial } = task;
  return {
    id,
    kind: "trials",
    trials: request.trials.map(({ key, condition }) =>
      trial(streamOfKey(key), condition)
    ),
  };
}

/** Errors outside of a request belong to the one that is under way. */
let current = 0;

function fail(thrown: unknown): void {
  const message = describeThrown(thrown, url);
  postMessage({ id: current, kind: "failed", message } satisfies Reply);
}

addEventListener("error", (event) => {
  event.preventDefault();
  fail(event.error);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason);
});
addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  current = data.id;
  try {
    postMessage(await answer(data));
  } catch (error) {
    fail(error);
  }
});
