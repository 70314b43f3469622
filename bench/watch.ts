/**
 * What it costs a training run to be watched: the same run without listeners,
 * with its panels drawn, with the live page and two readers, with the logs, and
 * with all of them.
 *
 *   deno run -A bench/watch.ts [UPDATES] [ROUNDS] [WAY]
 *
 * WAY is a word of the ways to compare with nobody, all of them unless told.
 * Panels are first drawn after 15 s on 2 cores: that takes 6000 updates.
 *
 * The ways take turns, and medians are compared. The thread that trains is what
 * counts: the time it was computing (other programs do not disturb that), beside
 * the time on the clock.
 */
import { join } from "node:path";
import { threadCpuUsage } from "node:process";
import { openBackend } from "../lib/backend/open.ts";
import { Output } from "../lib/cli/output.ts";
import { openWatch } from "../lib/cli/watch.ts";
import { createNetwork } from "../lib/network/create.ts";
import type { Progress } from "../lib/progress.ts";
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

/** Seconds that a run took: of its thread, and on the clock. */
async function timed(
  way: Way,
  updates: number,
): Promise<{ thread: number; clock: number }> {
  const folder = await Deno.makeTempDir();
  const backend = await openBackend({ workers: navigator.hardwareConcurrency });
  const watcher = await way(join(folder, "."));
  // Readers connect before the clock starts.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const events = train(network, task, {
    seed: 1,
    updates,
    // Never met: every way makes all updates.
    stopping: { loss: 0, performance: 2 },
    backend,
  });
  const start = performance.now();
  const before = threadSeconds();
  for await (const event of events) await watcher.listen(event);
  const thread = threadSeconds() - before;
  const clock = (performance.now() - start) / 1000;
  await watcher.close();
  backend.close();
  await Deno.remove(folder, { recursive: true });
  return { thread, clock };
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
  const [updates = 500, rounds = 5] = Deno.args.slice(0, 2).map(Number);
  const chosen = Object.entries(ways).filter(([name], k) =>
    k === 0 || name.includes(Deno.args[2] ?? "")
  );
  await timed(ways.nobody, 100); // the machine code is compiled
  const times = chosen.map(([name, way]) => ({
    name,
    way,
    thread: [] as number[],
    clock: [] as number[],
  }));
  for (let round = 0; round < rounds; round++) {
    for (const one of times) {
      const { thread, clock } = await timed(one.way, updates);
      one.thread.push(thread);
      one.clock.push(clock);
    }
  }
  const base = times[0];
  const ratio = (of: "thread" | "clock", one: typeof base) =>
    // Within a round the machine is the same.
    median(one[of].map((seconds, k) => seconds / base[of][k])).toFixed(3);
  console.log(
    `${updates} updates of 200 units, medians of ${rounds} rounds\n\n` +
      "| who watches | thread that trains | ratio | clock | ratio |\n" +
      "| --- | --- | --- | --- | --- |",
  );
  for (const one of times) {
    console.log(
      `| ${one.name} | ${median(one.thread).toFixed(3)} s | ` +
        `${ratio("thread", one)} | ${median(one.clock).toFixed(2)} s | ` +
        `${ratio("clock", one)} |`,
    );
  }
  Deno.exit(0);
}
