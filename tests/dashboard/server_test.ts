import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { RunControl } from "../../lib/dashboard/control.ts";
import { Feed } from "../../lib/dashboard/feed.ts";
import {
  type Dashboard,
  type Limits,
  serveDashboard,
} from "../../lib/dashboard/server.ts";
import { factor, line, run } from "./lines.ts";

interface Served {
  readonly feed: Feed;
  readonly board: Dashboard;
  readonly control: RunControl;
  readonly stopped: AbortSignal;
}

async function served(
  work: (served: Served) => Promise<void>,
  limits: Partial<Limits> = {},
): Promise<void> {
  const feed = new Feed();
  const control = new RunControl((state) =>
    feed.tell({ kind: "control", ...state })
  );
  const controller = new AbortController();
  control.attach(() => controller.abort(), controller.signal);
  const number = feed.addRun("one");
  let time = 0;
  for (const event of run(20)) feed.add(number, line(event, time += 1));
  const board = serveDashboard(feed, {
    control,
    limits: { graceMs: 200, everyMs: 5, ...limits },
  });
  try {
    await work({ feed, board, control, stopped: controller.signal });
  } finally {
    await board.close();
  }
}

/** A request by hand: what `fetch` would not send. */
async function raw(board: Dashboard, text: string): Promise<string> {
  const { port } = new URL(board.url);
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  await connection.write(new TextEncoder().encode(text));
  const answer = await new Response(connection.readable).text();
  return answer;
}

function requestText(
  board: Dashboard,
  headers: readonly string[],
  { method = "GET", path = "" } = {},
): string {
  const { pathname } = new URL(board.url);
  return [`${method} ${pathname}${path} HTTP/1.1`, ...headers]
    .join("\r\n") + "\r\nConnection: close\r\n\r\n";
}

/** Reads messages of a stream until one is what is looked for. */
async function readUntil(
  response: Response,
  wanted: (text: string) => boolean,
): Promise<string> {
  let text = "";
  for await (
    const part of response.body!.pipeThrough(new TextDecoderStream())
  ) {
    text += part;
    if (wanted(text)) break;
  }
  return text;
}

Deno.test("serveDashboard() listens on 127.0.0.1 with a token of 256 bits", async () => {
  await served(async ({ board }) => {
    match(board.url, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{43}\/$/);
    const response = await fetch(board.url);
    equal(response.status, 200);
    match(await response.text(), /<script type="module" src="page.js">/);
    const { headers } = response;
    match(headers.get("content-security-policy")!, /^default-src 'none'; /);
    ok(!/unsafe|\*|https?:/.test(headers.get("content-security-policy")!));
    equal(headers.get("access-control-allow-origin"), null);
    equal(headers.get("cross-origin-resource-policy"), "same-origin");
    equal(headers.get("referrer-policy"), "no-referrer");
    equal(headers.get("x-content-type-options"), "nosniff");
    await served(({ board: other }) => {
      ok(new URL(other.url).pathname !== new URL(board.url).pathname);
      return Promise.resolve();
    });
  });
});

Deno.test("serveDashboard() leads an address without the final slash to the page", async () => {
  await served(async ({ board }) => {
    const bare = board.url.slice(0, -1);
    const response = await fetch(bare, { redirect: "manual" });
    equal(response.status, 307);
    equal(response.headers.get("location"), new URL(board.url).pathname);
    equal(response.headers.get("referrer-policy"), "no-referrer");
    await response.body?.cancel();
    const followed = await fetch(bare);
    equal([followed.status, followed.url], [200, board.url]);
    match(await followed.text(), /<script type="module" src="page.js">/);
    // Through another port, as ssh forwards it, it leads to that port.
    const answer = await raw(
      board,
      requestText(board, ["Host: localhost:9000"]).replace("/ HTTP", " HTTP"),
    );
    match(answer, /^HTTP\/1\.1 307 /);
    match(answer, /\r\nlocation: \/[\w-]{43}\/\r\n/);
  });
});

Deno.test("serveDashboard() gives nothing without the token", async () => {
  await served(async ({ board, stopped }) => {
    const { origin, pathname } = new URL(board.url);
    const token = pathname.slice(1, -1);
    const last = token.at(-1) === "A" ? "B" : "A";
    const wrong = [
      "",
      token.slice(0, -1),
      token.slice(0, -1) + last,
      token + "A",
      token.toUpperCase() === token ? token.toLowerCase() : token.toUpperCase(),
      encodeURIComponent("../" + token),
      "x".repeat(10_000),
    ];
    for (const path of wrong) {
      for (const rest of ["", "/", "/page.js", "/events"]) {
        const response = await fetch(`${origin}/${path}${rest}`);
        equal(response.status, 404, path + rest);
        equal(await response.text(), "not found\n");
      }
      const post = await fetch(`${origin}/${path}/action/stop`, {
        method: "POST",
      });
      equal([post.status, await post.text()], [404, "not found\n"]);
    }
    equal(stopped.aborted, false);
    equal(board.readers, 0);
  });
});

Deno.test("serveDashboard() refuses forged hosts, and takes a forwarded port", async () => {
  await served(async ({ board }) => {
    const { port } = new URL(board.url);
    for (
      const host of [
        "evil.example",
        `evil.example:${port}`,
        `127.0.0.1.evil.example:${port}`,
        `localhost.evil.example`,
        `evil.example#127.0.0.1:${port}`,
        "0.0.0.0",
        "127.0.0.1:999999",
      ]
    ) {
      const answer = await raw(board, requestText(board, [`Host: ${host}`]));
      match(answer, /^HTTP\/1\.1 40[03] /, host);
      ok(!answer.includes("<script"), host);
    }
    ok(!(await raw(board, requestText(board, []))).includes("<script"));
    for (const host of [`127.0.0.1:${port}`, "localhost:9000", "[::1]:9000"]) {
      const answer = await raw(board, requestText(board, [`Host: ${host}`]));
      match(answer, /^HTTP\/1\.1 200 /, host);
    }
  });
});

Deno.test("serveDashboard() acts on POST from its own page alone", async () => {
  await served(async ({ board, control, stopped }) => {
    const stop = `${board.url}action/stop`;
    const get = await fetch(stop);
    equal([get.status, await get.text()], [405, "method not allowed\n"]);
    for (
      const headers of [
        { origin: "http://evil.example" },
        { origin: "null" },
        { origin: new URL(board.url).origin.replace("127.0.0.1", "localhost") },
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
      ]
    ) {
      const { port } = new URL(board.url);
      const answer = await raw(
        board,
        requestText(board, [
          `Host: 127.0.0.1:${port}`,
          ...Object.entries(headers).map(([name, value]) =>
            `${name}: ${value}`
          ),
        ], { method: "POST", path: "action/stop" }),
      );
      match(answer, /^HTTP\/1\.1 403 /, JSON.stringify(headers));
    }
    const options = await fetch(stop, { method: "OPTIONS" });
    equal([options.status, await options.text()], [
      405,
      "method not allowed\n",
    ]);
    equal(stopped.aborted, false);

    const post = async (name: string) =>
      (await fetch(`${board.url}action/${name}`, { method: "POST" })).status;
    equal(await post("pause"), 204);
    equal(control.state.paused, true);
    equal(await post("resume"), 204);
    equal(control.state.paused, false);
    equal(await post("nonsense"), 404);
    equal(await post("stop"), 204);
    equal(stopped.aborted, true);
    control.detach();
    equal(await post("stop"), 409);
  });
});

Deno.test("serveDashboard() sends what there is, what comes, and the end", async () => {
  await served(async ({ board, feed }) => {
    const response = await fetch(`${board.url}events`);
    equal(response.headers.get("content-type"), "text/event-stream");
    const text = readUntil(response, (text) => text.includes('"factor":35'));
    feed.add(0, line(factor(35, 1, 12), 100));
    const told = await text;
    match(told, /^retry: 1000\n/);
    equal(told.match(/"kind":"loss"/g)?.length, 20);
    const lastId = /id: (\d+)\ndata: .*"factor":35/.exec(told)![1];

    const again = await fetch(`${board.url}events`, {
      headers: { "last-event-id": lastId },
    });
    feed.add(0, line(factor(40, 2, 12), 101));
    feed.end();
    const rest = await again.text();
    ok(!rest.includes('"factor":35'));
    match(rest, /"factor":40.*\n\nid: \d+\ndata: \{"kind":"end"\}\n\n$/);
  });
});

Deno.test("serveDashboard() sends ten parcels a second at most", async () => {
  await served(async ({ board, feed }) => {
    const response = await fetch(`${board.url}events`);
    let parcels = 0;
    const reading = (async () => {
      for await (const _ of response.body!) parcels++;
    })();
    const begun = performance.now();
    for (let k = 1; k <= 60; k++) {
      feed.add(0, line(factor(k, k, 60), 100 + k));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const tenths = (performance.now() - begun) / 100;
    feed.end();
    await reading;
    ok(parcels <= tenths + 4, `${parcels} parcels in ${tenths} tenths`);
  }, { everyMs: 100 });
});

Deno.test("serveDashboard() serves some of 200 readers and keeps its promises to them", async () => {
  await served(async ({ board, feed }) => {
    const responses = await Promise.all(
      Array.from({ length: 200 }, () => fetch(`${board.url}events`)),
    );
    const taken = responses.filter(({ status }) => status === 200);
    const refused = responses.filter(({ status }) => status === 503);
    equal([taken.length, refused.length], [32, 168]);
    equal(board.readers, 32);
    for (const response of refused) {
      equal(response.headers.get("retry-after"), "5");
      await response.body?.cancel();
    }
    const ends = taken.map((response) => response.text());
    feed.end();
    for (const text of await Promise.all(ends)) match(text, /"kind":"end"/);
    equal(board.readers, 0);
  }, { readers: 32 });
});

Deno.test("serveDashboard() makes room when readers leave", async () => {
  await served(async ({ board }) => {
    for (let k = 0; k < 5; k++) {
      const leave = new AbortController();
      const response = await fetch(`${board.url}events`, {
        signal: leave.signal,
      });
      equal(response.status, 200);
      const reader = response.body!.getReader();
      await reader.read();
      leave.abort();
      await reader.read().catch(() => {});
      for (let wait = 0; board.readers > 0 && wait < 4000; wait++) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      equal(board.readers, 0);
    }
  }, { readers: 1, keepAliveMs: 20 });
});

Deno.test("serveDashboard() drops a reader that does not read, and serves the others", async () => {
  await served(async ({ board, feed }) => {
    const { port } = new URL(board.url);
    using slow = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(port),
    });
    await slow.write(new TextEncoder().encode(
      requestText(board, [`Host: 127.0.0.1:${port}`], { path: "events" }),
    ));
    const quick = await fetch(`${board.url}events`);
    let heard = 0;
    const hearing = (async () => {
      for await (const part of quick.body!) heard += part.length;
    })();
    // More than the system's own buffers hold.
    const long = "x".repeat(60_000);
    for (let k = 0; k < 4000 && (board.readers > 1 || k < 20); k++) {
      feed.add(0, { kind: "saved", path: long + k, time: k });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    equal(board.readers, 1, "the slow one is gone");
    feed.end();
    await hearing;
    ok(heard > 600_000, `${heard}`);
  }, { everyMs: 0, stallMs: 1500 });
});

Deno.test("serveDashboard() ends although a reader does not take the end", async () => {
  await served(async ({ board }) => {
    const { port } = new URL(board.url);
    const slow = await Deno.connect({
      hostname: "127.0.0.1",
      port: Number(port),
    });
    await slow.write(new TextEncoder().encode(
      requestText(board, [`Host: 127.0.0.1:${port}`], { path: "events" }),
    ));
    await board.close();
    slow.close();
  });
});

Deno.test("serveDashboard() serves its readers beside 200 clients that send nothing, or half of it", async () => {
  await served(async ({ board, feed }) => {
    const port = Number(new URL(board.url).port);
    const idle = await Promise.all(
      Array.from({ length: 200 }, async (_, k) => {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port });
        if (k % 2 === 0) {
          await connection.write(
            new TextEncoder().encode("GET / HTTP/1.1\r\nHo"),
          );
        }
        return connection;
      }),
    );
    try {
      const response = await fetch(`${board.url}events`);
      equal([response.status, board.readers], [200, 1]);
      equal((await (await fetch(board.url)).text()).includes("<script"), true);
      const text = response.text();
      feed.end();
      match(await text, /"kind":"end"/);
    } finally {
      for (const connection of idle) connection.close();
    }
  });
});
