import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { Output } from "../../lib/cli/output.ts";
import { Counted } from "../../lib/runs/progress/counted.ts";
import { figureProgress } from "../../lib/cli/progress/figures.ts";
import { LiveView, statusLine } from "../../lib/cli/progress/live_view.ts";
import { PlainView } from "../../lib/cli/progress/plain_view.ts";
import { sparkline } from "../../lib/cli/progress/sparkline.ts";
import { Course, Speed } from "../../lib/runs/progress/speed.ts";
import type { Status } from "../../lib/runs/progress/status.ts";
import { TrainingStatus } from "../../lib/runs/progress/training.ts";
import { run } from "../dashboard/lines.ts";
import { fakeTerminal } from "./fake_terminal.ts";

const status: Status = {
  label: "train",
  done: 250,
  total: 1000,
  unit: "updates",
  details: ["loss 5.25", "performance 87 %"],
  rate: 50,
  mayEndEarly: true,
  course: [8, 7, 6, 5, 4, 3, 2, 1],
};

Deno.test("sparkline() draws from the smallest to the largest number", () => {
  equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), "▁▂▃▄▅▆▇█");
  equal(sparkline([7, 0], 8), "█▁");
  equal(sparkline([3, 3, 3], 8), "▁▁▁");
  equal(sparkline([NaN, 0, Infinity, 1], 8), "▁█");
  equal(sparkline([], 8), "");
});

Deno.test("sparkline() averages what does not fit", () => {
  equal(sparkline([0, 2, 7, 9], 2), "▁█");
  fc.assert(fc.property(
    fc.array(fc.double()),
    fc.integer({ min: -3, max: 40 }),
    (numbers, width) => {
      const finite = numbers.filter(Number.isFinite).length;
      const drawn = [...sparkline(numbers, width)];
      equal(drawn.length, Math.max(0, Math.min(width, finite)));
      ok(drawn.every((bar) => "▁▂▃▄▅▆▇█".includes(bar)));
    },
  ));
});

Deno.test("statusLine() says everything where there is room", () => {
  equal(
    statusLine(status, 120),
    "train 250/1000  loss 5.25  performance 87 %  50 updates/s  " +
      "at most 15 s left  █▇▆▅▄▃▂▁",
  );
});

Deno.test("statusLine() leaves out the least important first", () => {
  equal(
    statusLine(status, 90),
    "train 250/1000  loss 5.25  performance 87 %  50 updates/s  " +
      "at most 15 s left  █▇▆▅▄▃▂▁",
  );
  equal(
    statusLine(status, 70),
    "train 250/1000  loss 5.25  performance 87 %  at most 15 s left  █▇▅▄▂▁",
  );
  equal(statusLine(status, 30), "train 250/1000  loss 5.25");
  equal(statusLine(status, 8), "train 25");
});

Deno.test("statusLine() never goes past the width", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), (width) => {
    ok([...statusLine(status, width)].length <= width);
  }));
});

/** A clock that is turned by hand. */
function handClock() {
  const timers = new Set<{ next: number; each: number; work: () => void }>();
  let time = 0;
  return {
    now: () => time,
    every(each: number, work: () => void) {
      const timer = { next: time + each, each, work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    pass(milliseconds: number) {
      for (const end = time + milliseconds; time < end;) {
        time += 1;
        for (const timer of timers) {
          if (timer.next !== time) continue;
          timer.next += timer.each;
          timer.work();
        }
      }
    },
    get running() {
      return timers.size;
    },
  };
}

Deno.test("LiveView draws at most ten times a second and clears its line", () => {
  const terminal = fakeTerminal({ interactive: true, columns: 60 });
  const clock = handClock();
  const view = new LiveView(terminal, clock);
  for (; clock.now() < 1000; clock.pass(5)) view.show(status);
  equal(terminal.written.err.match(/train/g)?.length, 10);
  view.clear();
  ok(terminal.written.err.endsWith("\r\x1b[2K"));
  const before = terminal.written.err.length;
  view.clear();
  equal(terminal.written.err.length, before, "there is nothing left to clear");
});

Deno.test("LiveView goes on with the time while one piece takes long", () => {
  const terminal = fakeTerminal({ interactive: true, columns: 100 });
  const clock = handClock();
  const view = new LiveView(terminal, clock);
  const drawn = () => terminal.written.err.split("\r\x1b[2K").slice(1);
  view.show({ ...status, course: undefined, elapsed: 58_000 });
  clock.pass(3500);
  equal(drawn().map((line) => line.split("updates/s  ")[1]), [
    "58 s so far  at most 15 s left",
    "59 s so far  at most 14 s left",
    "1 min 0 s so far  at most 13 s left",
    "1 min 1 s so far  at most 12 s left",
  ]);
  clock.pass(60_000);
  ok(drawn().at(-1)!.endsWith("at most 0.0 s left"), "and never below 0");
  view.end();
  const { length } = terminal.written.err;
  equal(clock.running, 0);
  clock.pass(5000);
  equal(terminal.written.err.length, length);
});

Deno.test("LiveView says nothing of work that is over in a moment", () => {
  const terminal = fakeTerminal({ interactive: true });
  const clock = handClock();
  const view = new LiveView(terminal, clock);
  view.show({ ...status, done: 0 }, 1000);
  clock.pass(900);
  view.show({ ...status, done: 1 }, 100);
  view.end();
  equal(terminal.written.err, "");
  view.show({ ...status, done: 0 }, 1000);
  clock.pass(1000);
  ok(terminal.written.err.includes("train 0/1000"));
  view.end();
});

Deno.test("Counted says at once how much there is to do, and shows it after a second", () => {
  const terminal = fakeTerminal();
  const output = new Output(terminal, { quiet: false, json: false });
  let time = 0;
  const counted = new Counted("map", "factors", output, () => time);
  counted.show(0, 4);
  time = 900;
  counted.show(1, 4);
  equal(terminal.written.err, "");
  time = 1500;
  counted.show(2, 4, ["factor 30"]);
  ok(terminal.written.err.startsWith("map 2/4  factor 30"));
  output.endProgress();
});

Deno.test("figureProgress() shows trials, then eigenvalues, then trials again", () => {
  const terminal = fakeTerminal();
  const output = new Output(terminal, { quiet: false, json: false });
  let time = 0;
  const show = figureProgress("report", output, () => time);
  const tell = (
    after: number,
    kind: "simulated" | "decomposed",
    ...[done, total]: number[]
  ) => {
    time += after;
    terminal.written.err = "";
    show({ kind, done, total });
    return terminal.written.err;
  };
  equal(tell(500, "simulated", 20, 100), "", "not yet worth it");
  match(tell(4500, "simulated", 100, 100), /^report 100\/100 {2}20 trials\/s/);
  // Another piece of work: its own time, its own line.
  equal(tell(9000, "decomposed", 0, 200), "");
  match(
    tell(5000, "decomposed", 20, 200),
    /^eigenvalues 20\/200 {2}4\.0 %\/s {2}45 s left$/m,
  );
  match(tell(5000, "decomposed", 40, 200), /^eigenvalues 40\/200/);
  equal(tell(0, "simulated", 1, 50), "");
  match(tell(2000, "simulated", 5, 50), /^report 5\/50/);
  // Trials of another part.
  equal(tell(0, "simulated", 1, 20), "");
  match(tell(2000, "simulated", 2, 20), /^report 2\/20/);
});

Deno.test("LiveView leaves the last column free", () => {
  const terminal = fakeTerminal({ interactive: true, columns: 40 });
  new LiveView(terminal, handClock()).show(status);
  const [, line] = terminal.written.err.split("\x1b[2K");
  ok([...line].length <= 39, line);
});

Deno.test("PlainView writes a line every tenth", () => {
  const terminal = fakeTerminal();
  const view = new PlainView(terminal);
  for (let done = 1; done <= 995; done++) {
    view.show({ ...status, done, rate: NaN });
  }
  const lines = terminal.written.err.trimEnd().split("\n");
  equal(lines.length, 9);
  equal(lines[0], "train 100/1000  loss 5.25  performance 87 %");
  equal(terminal.written.err.includes("\x1b"), false);
});

Deno.test("Speed measures the last seconds, not the whole run", () => {
  let time = 0;
  const speed = new Speed(() => time);
  ok(Number.isNaN(speed.mark(0)));
  let done = 0;
  for (; time <= 20_000; time += 100) speed.mark(done += 10);
  for (; time <= 40_000; time += 100) speed.mark(done += 1);
  equal(Math.round(speed.mark(done)), 10);
});

Deno.test("Course stays short and keeps the mean", () => {
  const course = new Course(16);
  for (let i = 0; i < 4096; i++) course.add(i);
  ok(course.numbers.length < 16 && course.numbers.length >= 8);
  ok(course.numbers.every((x, i) => i === 0 || x > course.numbers[i - 1]));
});

Deno.test("TrainingStatus smooths the loss and keeps the performance", () => {
  const training = new TrainingStatus(500, () => 0);
  training.take({ kind: "trained", update: 1, loss: 10, gradientNorm: 1 });
  const shown = training.take({
    kind: "trained",
    update: 2,
    loss: 20,
    gradientNorm: 1,
  });
  equal(shown?.details, ["loss 10.50"]);
  equal(shown?.done, 2);
  equal(shown?.total, 500);
  const [evaluated] = [...run(2)].filter(({ kind }) => kind === "evaluated");
  ok(evaluated.kind === "evaluated");
  const details = (changed: { noiseLevel?: number; lesson?: number }) =>
    training.take({ ...evaluated, ...changed })?.details.slice(2);
  equal(details({ lesson: 2 }), ["curriculum stage 2"]);
  equal(details({ noiseLevel: 4 }), ["noise 4x"]);
});
