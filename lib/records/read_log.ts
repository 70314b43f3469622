/** The events of a run, from its log. */
import { FollowedLog } from "./follow_log.ts";

/**
 * An event of a run, as its log has it. The fields are those of the event of
 * that kind of `train`, `searchScalingFactor` or `calibrate`, reduced in size:
 * scores without their trials, activity as small images.
 */
export interface LoggedEvent {
  /** What happened. */
  readonly kind: string;
  /** Time of the event, in seconds since 1970. */
  readonly time: number;
  /** What that kind of event says. */
  readonly [field: string]: unknown;
}

/** Milliseconds from one look at a log to the next. */
const pause = 500;

/** How a log is read. */
export interface ReadRunLogOptions {
  /**
   * Whether to wait for further events of the run, until it is over (`saved` or
   * `failed`). Defaults to false.
   */
  readonly follow?: boolean;
  /** Ends the waiting: the iterator ends, without an error. */
  readonly signal?: AbortSignal;
}

/**
 * The events of a run, as `train --log_dir` and `map --log_dir` write them:
 * `run` first, then `started`, `trained`, `evaluated` and so on, and `saved` or
 * `failed` last. Lines that are not events are left out, so that logs of any
 * version, and logs that are being written, can be read.
 *
 * @param path of a `run.jsonl`; `findLogs` finds those in a folder
 * @returns the events, each with its `time` in seconds since 1970
 * @throws an error of the system if the file cannot be read
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, getTask, randomStream, train } from "@spikernn/spikernn";
 * import { openRunLog, readRunLog } from "@spikernn/spikernn/sweep";
 * const folder = await Deno.makeTempDir();
 * const log = await openRunLog(`${folder}/run.jsonl`, "mine");
 * const start = createNetwork({ channels: 1, units: 8 }, randomStream(1));
 * for await (
 *   const event of train(start, getTask("go-nogo"), {
 *     seed: 1, updates: 2, evalEvery: 2, evalTrials: 2,
 *   })
 * ) await log.listen(event);
 * await log.close();
 * const kinds: string[] = [];
 * for await (const { kind } of readRunLog(`${folder}/run.jsonl`)) kinds.push(kind);
 * assert.deepEqual([kinds[0], kinds.at(-1)], ["run", "stopped"]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function* readRunLog(
  path: string,
  { follow = false, signal }: ReadRunLogOptions = {},
): AsyncGenerator<LoggedEvent> {
  const log = new FollowedLog(path);
  while (!signal?.aborted) {
    for await (const lines of log.added()) {
      for (const line of lines) {
        yield { ...line };
        if (line.kind === "saved" || line.kind === "failed") return;
      }
    }
    if (!follow) return;
    await wait(signal);
  }
}

function wait(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, pause);
    signal?.addEventListener("abort", end);
  });
}
