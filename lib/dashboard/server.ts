/** Serves the live page on this machine alone. */
import { page, script, style } from "./assets.ts";
import type { RunControl } from "./control.ts";
import type { Feed } from "./feed.ts";
import {
  drawToken,
  isLocalHost,
  isSameOrigin,
  safeHeaders,
  sameToken,
} from "./guard.ts";
import { type EventStream, eventStream, type StreamLimits } from "./stream.ts";

/** How many are served, and how patiently. */
export interface Limits extends StreamLimits {
  /** Most readers at a time; others are asked to come back later. */
  readonly readers: number;
  /** Milliseconds that readers have to take the end, when it is over. */
  readonly graceMs: number;
}

const usualLimits: Limits = {
  readers: 64,
  everyMs: 100,
  stallMs: 10_000,
  keepAliveMs: 15_000,
  graceMs: 1000,
};

/** A page that is being served. */
export interface Dashboard {
  /** Where it is, the token included. */
  readonly url: string;
  /** Readers that are connected. */
  readonly readers: number;
  /** Ends the feed, lets readers take the end, and stops serving. */
  close(): Promise<void>;
}

/**
 * Serves a page that shows what a feed holds and steers a run.
 *
 * Needs network permission for 127.0.0.1.
 *
 * @param feed what to show
 * @param options the port (defaults to any free one), the run to steer, limits
 * @throws {Deno.errors.NotCapable} without the permission
 * @throws {Deno.errors.AddrInUse} if something else listens at that port
 */
export function serveDashboard(
  feed: Feed,
  options: {
    readonly port?: number;
    readonly control?: RunControl;
    readonly limits?: Partial<Limits>;
  } = {},
): Dashboard {
  const { port = 0, control } = options;
  const limits = { ...usualLimits, ...options.limits };
  const token = drawToken();
  const streams = new Set<EventStream>();

  function events(request: Request): Response {
    if (streams.size >= limits.readers) {
      return refuse(503, "too many readers", { "retry-after": "5" });
    }
    const lastId = Number(request.headers.get("last-event-id") ?? 0);
    const stream = eventStream(
      feed,
      Number.isSafeInteger(lastId) && lastId > 0 ? lastId : 0,
      limits,
      () => streams.delete(stream),
    );
    streams.add(stream);
    return respond(200, stream.body, "text/event-stream");
  }

  function act(name: string, request: Request): Response {
    if (!isSameOrigin(request.headers)) return refuse(403, "another origin");
    if (!control?.state.steerable) return refuse(409, "nothing to steer");
    if (name === "pause") control.pause();
    else if (name === "resume") control.resume();
    else if (name === "stop") control.stop();
    else return refuse(404, "not found");
    return respond(204, null);
  }

  async function handle(request: Request): Promise<Response> {
    // Nothing here takes a body: one that is sent is not read.
    await request.body?.cancel();
    if (!isLocalHost(request.headers.get("host"))) {
      return refuse(403, "another host");
    }
    const { pathname } = new URL(request.url);
    const [, given = "", ...rest] = pathname.split("/");
    if (!sameToken(given, token)) return refuse(404, "not found");
    // Without the final slash the page's files would be looked for beside it.
    const bare = rest.length === 0;
    const path = rest.join("/");
    const action = /^action\/(\w+)$/.exec(path);
    const allowed = action ? "POST" : "GET";
    if (request.method !== allowed) {
      return refuse(405, "method not allowed", { allow: allowed });
    }
    if (action) return act(action[1], request);
    if (bare) return respond(307, null, undefined, { location: `/${token}/` });
    switch (path) {
      case "":
        return respond(200, page, "text/html; charset=utf-8");
      case "page.js":
        return respond(200, script, "text/javascript; charset=utf-8");
      case "page.css":
        return respond(200, style, "text/css; charset=utf-8");
      case "events":
        return events(request);
      default:
        return refuse(404, "not found");
    }
  }

  const abort = new AbortController();
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port,
    signal: abort.signal,
    onListen() {},
    // A reader who leaves in the middle is not an error.
    onError: () => refuse(500, "failed"),
  }, handle);
  const watch = setInterval(() => {
    for (const stream of streams) stream.dropIfStalled(performance.now());
  }, Math.min(1000, limits.stallMs));

  return {
    url: `http://127.0.0.1:${server.addr.port}/${token}/`,
    get readers() {
      return streams.size;
    },
    async close() {
      feed.end();
      const timer = setTimeout(() => abort.abort(), limits.graceMs);
      await server.shutdown();
      await server.finished;
      clearTimeout(timer);
      clearInterval(watch);
    },
  };
}

function respond(
  status: number,
  body: BodyInit | null,
  type?: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: {
      ...safeHeaders,
      ...type && { "content-type": type },
      ...headers,
    },
  });
}

function refuse(
  status: number,
  why: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return respond(status, `${why}\n`, "text/plain; charset=utf-8", headers);
}
