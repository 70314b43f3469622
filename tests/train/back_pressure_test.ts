/** Progress under back-pressure: nothing piles up for whoever is slow. */
import { equal, ok } from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import type { Backend } from "../../lib/backend/types.ts";
import { Feed } from "../../lib/dashboard/feed.ts";
import { serveDashboard } from "../../lib/dashboard/server.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { train } from "../../lib/train/train.ts";
import { factor, line, run } from "../dashboard/lines.ts";

const pause = (milliseconds: number) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A backend that counts the updates that it makes. */
async function counting(): Promise<Backend & { made: number }> {
  const inner = await openBackend();
  const counted = {
    ...inner,
    made: 0,
    close: () => inner.close(),
    async open(network: Parameters<Backend["open"]>[0]) {
      const session = await inner.open(network);
      const update = session.update.bind(session);
      session.update = (...args) => {
        counted.made++;
        return update(...args);
      };
      return session;
    },
  };
  return counted;
}

Deno.test("train() makes no update before a slow listener has taken the last", async () => {
  const task = getTask("go-nogo", { T: 40, stim_on: 5, stim_dur: 5 });
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const backend = await counting();
  try {
    let heard = 0;
    const options = { seed: 1, updates: 8, evalTrials: 2, backend };
    for await (const event of train(network, task, options)) {
      if (event.kind !== "trained") continue;
      equal(backend.made, ++heard);
      await pause(10);
      equal(backend.made, heard, "none is made ahead");
    }
    equal(heard, 8);
  } finally {
    backend.close();
  }
});

Deno.test("a feed keeps as much for a reader that does not read as for none", async () => {
  const feed = new Feed();
  const board = serveDashboard(feed, {
    limits: { everyMs: 0, stallMs: 60_000, graceMs: 100 },
  });
  const { port, pathname } = new URL(board.url);
  const slow = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  try {
    await slow.write(new TextEncoder().encode(
      `GET ${pathname}events HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    ));
    for (let wait = 0; board.readers === 0 && wait < 200; wait++) {
      await pause(5);
    }
    equal(board.readers, 1);
    const number = feed.addRun("long");
    const sizes: number[] = [];
    let time = 0;
    for (let round = 0; round < 8; round++) {
      for (const event of run(4000)) feed.add(number, line(event, time += 1));
      for (let k = 1; k <= 1500; k++) {
        feed.add(number, line(factor(k, k, 1500), time += 1));
      }
      await pause(5);
      sizes.push(feed.since(0).length);
    }
    equal(board.readers, 1, "the slow one is still there");
    ok(Math.max(...sizes) < 5000, `${sizes}`);
    ok(sizes.at(-1)! <= 1.5 * sizes[1], `${sizes}`);
  } finally {
    slow.close();
    await board.close();
  }
});
