/** An engine in a worker, so that drawing does not hold up what else is done. */
import { assemblePng } from "../png.ts";
import { startThread } from "../../platform/threads.ts";
import {
  type Engine,
  engineData,
  makeEngine,
  type Pixels,
  type RawPanel,
} from "./engine.ts";
import { type Loading, workerText } from "./libraries.ts";

/** What the worker is asked: a method of the engine, and its arguments. */
interface Question {
  readonly id: number;
  readonly method: keyof Engine;
  readonly args: readonly unknown[];
}

type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string };

/** The worker's program, given as text what loads there and the two functions. */
function program(
  loading: Loading,
  make: typeof makeEngine,
  assemble: typeof assemblePng,
): void {
  const scope = globalThis as unknown as {
    onmessage: (event: MessageEvent) => void;
    postMessage(message: Answer): void;
  };
  let engine: Engine | undefined;
  scope.onmessage = async ({ data }) => {
    if (!engine) {
      engine = make({ ...data, ...loading }, assemble);
      return;
    }
    const { id, method, args } = data as Question;
    try {
      const call = engine[method] as (...args: unknown[]) => Promise<unknown>;
      scope.postMessage({ id, value: await call(...args) });
    } catch (error) {
      scope.postMessage({
        id,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  };
}

/** An engine that runs elsewhere, and ends when it is closed. */
export interface WorkerEngine extends Engine {
  close(): void;
}

/**
 * Starts an engine in a worker of its own. It needs no permission: the worker's
 * program is given as text, and loads its libraries as packages.
 */
export function workerEngine(): WorkerEngine {
  const source = workerText(
    `(loading) => (${program})(loading, ${makeEngine}, ${assemblePng})`,
  );
  const open = new Map<number, PromiseWithResolvers<unknown>>();
  let failure: Error | undefined;
  let last = 0;
  const worker = startThread(source, {
    name: "drawing",
    onMessage(message) {
      const data = message as Answer;
      const waiting = open.get(data.id)!;
      open.delete(data.id);
      if ("error" in data) {
        waiting.reject(new Error(`Cannot draw: ${data.error}`));
      } else waiting.resolve(data.value);
    },
    onEnd: (why) => fail(new Error(`Cannot draw in a worker: ${why}`)),
  });
  worker.post(engineData());
  function fail(error: Error): void {
    failure ??= error;
    for (const { reject } of open.values()) reject(failure);
    open.clear();
  }
  function ask<T>(method: keyof Engine, args: readonly unknown[]): Promise<T> {
    if (failure) return Promise.reject(failure);
    const id = ++last;
    const waiting = Promise.withResolvers<unknown>();
    open.set(id, waiting);
    worker.post({ id, method, args } satisfies Question);
    return waiting.promise as Promise<T>;
  }
  return {
    panel: (spec) => ask<RawPanel>("panel", [spec]),
    png: (svg, width) => ask<Uint8Array>("png", [svg, width]),
    pixels: (svg, width) => ask<Pixels>("pixels", [svg, width]),
    prepare: () => ask<void>("prepare", []),
    close() {
      worker.end();
      fail(new Error("Cannot draw: the worker is closed"));
    },
  };
}
