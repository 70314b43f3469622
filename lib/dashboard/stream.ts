/** Server-sent events to one reader, who is asked for before more is made. */
import type { Feed } from "./feed.ts";

/** How a reader is served. */
export interface StreamLimits {
  /** Least milliseconds between two parcels. */
  readonly everyMs: number;
  /** Milliseconds that a parcel may wait for its reader. */
  readonly stallMs: number;
  /** Milliseconds after which silence is broken, so that the dead are noticed. */
  readonly keepAliveMs: number;
}

/** Largest parcel, in characters; a message that is larger goes alone. */
const parcel = 64_000;

const encoder = new TextEncoder();

/** One reader's stream. */
export interface EventStream {
  readonly body: ReadableStream<Uint8Array>;
  /** Ends it, if its reader has not taken the last parcel for too long. */
  dropIfStalled(now: number): void;
}

/**
 * What a reader has not seen, then what comes, until the feed ends.
 *
 * Nothing is queued for a reader: a parcel is made when the last one is gone,
 * of what the feed then holds.
 *
 * @param feed where it comes from
 * @param lastId the last message the reader has seen, 0 for none
 * @param limits times
 * @param closed is called once, when it is over
 */
export function eventStream(
  feed: Feed,
  lastId: number,
  limits: StreamLimits,
  closed: () => void,
): EventStream {
  let seen = lastId > feed.newest ? 0 : lastId;
  let sentAt = -Infinity;
  let waitingSince: number | undefined;
  let over = false;
  let controller: ReadableStreamDefaultController<Uint8Array>;

  function finish(): void {
    if (over) return;
    over = true;
    closed();
  }

  async function pull(): Promise<void> {
    waitingSince = undefined;
    // The first parcel goes at once, so that the page knows it is connected.
    const first = sentAt === -Infinity;
    if (!first) {
      const pause = sentAt + limits.everyMs - performance.now();
      if (pause > 0 && !feed.ended) await sleep(pause);
      if (!over) await feed.news(seen, limits.keepAliveMs);
    }
    if (over) return;
    feed.settle(Date.now() / 1000);
    const { text, last } = take(feed, seen);
    if (text === "" && feed.ended) {
      controller.close();
      finish();
      return;
    }
    seen = last;
    sentAt = waitingSince = performance.now();
    controller.enqueue(
      encoder.encode((first ? "retry: 1000\n\n" : "") + (text || ":\n\n")),
    );
  }

  return {
    body: new ReadableStream<Uint8Array>({
      start(given) {
        controller = given;
      },
      pull,
      cancel: finish,
    }, { highWaterMark: 0 }),
    dropIfStalled(now) {
      if (over || waitingSince === undefined) return;
      if (now - waitingSince < limits.stallMs) return;
      finish();
      controller.error(new Error("Cannot wait for this reader any longer"));
    },
  };
}

/** A parcel of what comes after a message. */
function take(feed: Feed, seen: number): { text: string; last: number } {
  let text = "";
  let last = seen;
  for (const { id, message } of feed.since(seen)) {
    const next = `id: ${id}\ndata: ${JSON.stringify(message)}\n\n`;
    if (text !== "" && text.length + next.length > parcel) break;
    text += next;
    last = id;
  }
  return { text, last };
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
