import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { Feed } from "../../lib/dashboard/feed.ts";
import {
  addPoint,
  joined,
  type LossPoint,
} from "../../lib/dashboard/loss_points.ts";
import { logEvent } from "../../lib/records/log_event.ts";
import { factor, layerFactors, line, run } from "./lines.ts";

function fill(feed: Feed, updates: number, every = 0.2): void {
  const number = feed.addRun("one");
  let time = 0;
  for (const event of run(updates)) {
    feed.add(number, line(event, time += every));
  }
}

function kinds(feed: Feed, since = 0): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { message: { kind } } of feed.since(since)) {
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

Deno.test("Feed keeps every loss of a short run, and the last example alone", () => {
  const feed = new Feed();
  fill(feed, 450);
  equal(kinds(feed), {
    run: 1,
    started: 1,
    loss: 450,
    evaluated: 5,
    example: 1,
  });
});

Deno.test("Feed tells of fast updates ten times a second", () => {
  const feed = new Feed();
  fill(feed, 90, 0.001);
  // Of 90 updates in 0.09 s the first is told, then what an evaluation cuts.
  equal(kinds(feed).loss, 2);
  feed.settle(1);
  const points = feed.since(0).map(({ message }) => message)
    .filter((message) => message.kind === "loss");
  equal(points.map(({ from, update }) => [from, update]), [[1, 1], [2, 2], [
    3,
    90,
  ]]);
});

Deno.test("Feed stays small however long the run, and covers all of it", () => {
  const feed = new Feed();
  fill(feed, 150_000);
  const counts = kinds(feed);
  ok(counts.loss <= 2000 && counts.loss >= 1000, JSON.stringify(counts));
  ok(counts.evaluated <= 1000 && counts.evaluated >= 500);
  const messages = feed.since(0);
  let next = 1;
  for (const { message } of messages) {
    if (message.kind !== "loss") continue;
    equal(message.from, next);
    next = message.update + 1;
  }
  equal(next, 150_001);
  ok(messages.every(({ id }, k) => k === 0 || id > messages[k - 1].id));
});

Deno.test("Feed gives a reader that comes back only what is new", () => {
  const feed = new Feed();
  fill(feed, 50);
  const seen = feed.newest;
  equal(feed.since(seen), []);
  feed.add(0, line(factor(20, 1, 12), 100));
  equal(kinds(feed, seen), { factor: 1 });
});

Deno.test("Feed keeps every choice of layers' factors, and the noise of evaluations", () => {
  const feed = new Feed();
  const number = feed.addRun("one");
  const choices = [[50, 50], [55, 50], [50, 45]].map((factors, k) =>
    layerFactors(factors, k + 1, 0.5, [50, 50])
  );
  const evaluated = [...run(2)].find(({ kind }) => kind === "evaluated")!;
  ok(evaluated.kind === "evaluated");
  for (
    const event of [...choices, { ...evaluated, noiseLevel: 2, lesson: 1 }]
  ) {
    feed.add(number, line(event, 1));
  }
  const messages = feed.since(0).map(({ message }) => message);
  equal(
    messages.filter(({ kind }) => kind === "layerFactors"),
    choices.map((choice) => ({ ...logEvent(choice), run: number })),
  );
  const [told] = messages.filter((message) => message.kind === "evaluated");
  equal([told.noiseLevel, told.lesson], [2, 1]);
  ok(!("example" in told), "the example is told once, apart");
});

Deno.test("Feed tells runs of one name apart by where they come from", () => {
  const feed = new Feed();
  const names = () =>
    Object.fromEntries(
      feed.since(0).flatMap(({ message }) =>
        message.kind === "run" ? [[message.run, message.name]] : []
      ),
    );
  feed.addRun("seed1", "a/seed1/run.jsonl");
  feed.addRun("seed2", "a/seed2/run.jsonl");
  equal(names(), { 0: "seed1", 1: "seed2" });
  feed.addRun("seed1", "b/seed1/run.jsonl");
  equal(names(), { 0: "seed1 (a)", 1: "seed2", 2: "seed1 (b)" });
  feed.add(2, { kind: "run", version: 1, name: "seed2", time: 1 });
  equal(names(), { 0: "seed1", 1: "seed2 (a/seed2)", 2: "seed2 (b/seed1)" });
});

Deno.test("Feed wakes who waits, and lets go after the time", async () => {
  const feed = new Feed();
  await feed.news(0, 5);
  const waiting = feed.news(0, 60_000);
  feed.addRun("one");
  await waiting;
  const end = feed.news(feed.newest, 60_000);
  feed.end();
  await end;
  equal(kinds(feed).end, 1);
});

Deno.test("Feed leaves out a loss that is not finite", () => {
  const feed = new Feed();
  const number = feed.addRun("one");
  feed.add(
    number,
    { kind: "trained", update: 1, loss: NaN, gradientNorm: 1, time: 0 },
  );
  feed.settle(10);
  equal(kinds(feed), { run: 1 });
});

Deno.test("addPoint() keeps the mean of all updates and their order", () => {
  fc.assert(fc.property(
    fc.array(fc.float({ min: 0, max: 100, noNaN: true }), { minLength: 1 }),
    fc.integer({ min: 2, max: 20 }),
    (losses, most) => {
      const points: LossPoint[] = [];
      losses.forEach((loss, k) =>
        addPoint(
          points,
          { from: k + 1, update: k + 1, loss },
          joined,
          most,
        )
      );
      ok(points.length <= most);
      equal(points[0].from, 1);
      equal(points.at(-1)!.update, losses.length);
      points.forEach((point, k) =>
        k > 0 && equal(point.from, points[k - 1].update + 1)
      );
      const sum = points.reduce(
        (sum, { from, update, loss }) => sum + loss * (update - from + 1),
        0,
      );
      const expected = losses.reduce((sum, loss) => sum + loss, 0);
      ok(Math.abs(sum - expected) <= 1e-6 * Math.max(1, expected));
    },
  ));
});

Deno.test("addPoint() replaces what a point covers", () => {
  const points: LossPoint[] = [];
  for (const update of [1, 2, 3]) {
    addPoint(points, { from: update, update, loss: 1 }, joined);
  }
  addPoint(points, { from: 2, update: 3, loss: 5 }, joined);
  equal(points, [{ from: 1, update: 1, loss: 1 }, {
    from: 2,
    update: 3,
    loss: 5,
  }]);
});
