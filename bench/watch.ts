/**
 * What it costs a training run to be watched: its panels drawn, the live page
 * with two readers, the logs, all of them.
 *
 *   deno run -A bench/watch.ts [UPDATES] [ROUNDS] [WAY]
 *
 * WAY is a word of the ways to measure. Defaults to all of them. Panels are
 * first drawn after 15 s on 2 cores: that takes 6000 updates.
 *
 * A run is recorded once, and its events are played to each listener at the
 * run's own pace, in turn: what the thread computes then, more than when nobody
 * listens, is what it would compute beside the training. (On a machine with
 * other work, two runs of the same training differ by more than that.)
 */
import { join } from "node:path";
import { threadCpuUsage } from "node:process";
import { openBackend } from "../lib/backend/open.ts";
import { Output } from "../lib/cli/output.ts";
import { openWatch } from "../lib/runs/watch.ts";
import { createNetwork } from "../lib/network/create.ts";
import type { Progress } from "../lib/records/events.ts";
import { randomStream } from "../lib/random/stream.ts";
import { panelsListener } from "../lib/report/listener.ts";
import { getTask } from "../lib/tasks/registry.ts";
import { train } from "../lib/train/train.ts";

interface Listening {
  listen(event: Progress): void | Promise<void>;
  close(): Promise<void>;
}

const task = getTask("go-nogo");
const network = createNetwork(
  { units: 200, channels: 1 },
  randomStream(1).fork("network"),
);

/** A reader of the live page, in a thread of its own. */
function reader(url: string): Worker {
  const program = `
    const { body } = await fetch(${JSON.stringify(`${url}events`)});
    let bytes = 0;
    for await (const part of body) bytes += part.length;
  `;
  return new Worker(
    URL.createObjectURL(new Blob([program], { type: "text/javascript" })),
    { type: "module" },
  );
}

async function watching(
  flags: { dashboard?: boolean; log_dir?: string },
): Promise<Listening> {
  const readers: Worker[] = [];
  const output = new Output({
    out() {},
    err(text) {
      const url = /http:\S+/.exec(text)?.[0];
      if (url) readers.push(reader(url), reader(url));
    },
    redraw() {},
    lost: () => undefined,
    interactive: false,
    columns: () => 80,
  }, { quiet: true, json: false });
  const watch = await openWatch(
    { dashboard: false, port: 0, log_dir: undefined, ...flags },
    output,
  );
  const run = await watch.run("bench");
  return {
    listen: (event) => run.listen(event),
    async close() {
      await run[Symbol.asyncDispose]();
      for (const worker of readers) worker.terminate();
      await watch.close();
    },
  };
}

function drawing(folder: string, share?: number): Listening {
  const panels = panelsListener({ folder, name: "run", task, network, share });
  return {
    listen: (event) => panels.listen(event),
    // What is left to be drawn is drawn after training.
    close: () => panels.discard(),
  };
}

type Way = (folder: string) => Listening | Promise<Listening>;

const ways: Record<string, Way> = {
  "nobody": () => ({ listen() {}, close: () => Promise.resolve() }),
  "panels": (folder) => drawing(folder),
  "panels, drawn all the time": (folder) => drawing(folder, 1),
  "live page, two readers": () => watching({ dashboard: true }),
  "logs": (folder) => watching({ log_dir: folder }),
  "all of them": async (folder) => {
    const all = [
      drawing(folder),
      await watching({ dashboard: true, log_dir: folder }),
    ];
    return {
      async listen(event) {
        for (const one of all) await one.listen(event);
      },
      async close() {
        for (const one of all) await one.close();
      },
    };
  },
};

/** An event, and when it came, in ms after the first. */
interface Timed {
  readonly at: number;
  readonly event: Progress;
}

/** A run that nobody watches: its events, and what its thread computed, in s. */
async function recorded(
  updates: number,
): Promise<{ readonly events: Timed[]; readonly thread: number }> {
  const backend = await openBackend({ workers: navigator.hardwareConcurrency });
  const run = train(network, task, {
    seed: 1,
    updates,
    // Never met: all updates are made.
    stopping: { loss: 0, performance: 1 },
    backend,
  });
  const events: Timed[] = [];
  const start = performance.now();
  const before = threadSeconds();
  for await (const event of run) {
    events.push({ at: performance.now() - start, event });
  }
  const thread = threadSeconds() - before;
  backend.close();
  return { events, thread };
}

/** What this thread computes for those who watch, in s, at the run's own pace. */
async function watched(way: Way, events: readonly Timed[]): Promise<number> {
  const folder = await Deno.makeTempDir();
  const watcher = await way(join(folder, "."));
  // Readers connect before the clock starts.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const start = performance.now();
  const before = threadSeconds();
  for (const { at, event } of events) {
    const early = start + at - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    await watcher.listen(event);
  }
  const thread = threadSeconds() - before;
  await watcher.close();
  await Deno.remove(folder, { recursive: true });
  return thread;
}

/** Seconds that this thread was computing. */
function threadSeconds(): number {
  try {
    // Nanoseconds, where there is Linux; elsewhere it is hundredths of a second.
    const [running] = Deno.readTextFileSync("/proc/thread-self/schedstat")
      .split(" ");
    return Number(running) / 1e9;
  } catch {
    const { user, system } = threadCpuUsage();
    return (user + system) / 1e6;
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) /
    2;
}

if (import.meta.main) {
  const [updates = 600, rounds = 3] = Deno.args.slice(0, 2).map(Number);
  const chosen = Object.entries(ways).filter(([name], k) =>
    k === 0 || name.includes(Deno.args[2] ?? "")
  );
  const { events, thread } = await recorded(updates);
  const times = chosen.map(([name, way]) => ({
    name,
    way,
    seconds: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const one of times) one.seconds.push(await watched(one.way, events));
  }
  const idle = median(times[0].seconds);
  console.log(
    `${updates} updates of 200 units: ${thread.toFixed(2)} s of the thread ` +
      `that trains, ${
        (events.at(-1)!.at / 1000).toFixed(1)
      } s on the clock\n\n` +
      "| who watches | more on that thread | share |\n| --- | --- | --- |",
  );
  for (const { name, seconds } of times.slice(1)) {
    const more = median(seconds) - idle;
    console.log(
      `| ${name} | ${(1000 * more).toFixed(0)} ms | ` +
        `${(100 * more / thread).toFixed(1)} % |`,
    );
  }
  Deno.exit(0);
}
