import assert from "node:assert/strict";
import fc from "fast-check";
import { randomStream } from "../../lib/random/stream.ts";
import { brailleCurve } from "../../lib/tasks/braille.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";
import { drawTrialAsText } from "../../lib/tasks/text.ts";

Deno.test("drawTrialAsText() draws channels, target, windows and time", () => {
  const task = getTask("go-nogo");
  const text = drawTrialAsText(task, task.trial(randomStream(1), "go"), 50);
  assert.equal(
    text,
    `\
go                          output to go above 0.7
cue       1 ┤         ⡏⠉⠉⠉⠉⡇
          0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇    ⣇⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
target    1 ┤              ⡏⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉
          0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇
paper                     ━━━━━━━━━━━━━━━━━━━━━━━━
strict                         ━━━━━━━━━━━━━━━━━━━
             ├─────────────────┼─────────────────┤
             0 ms             500             1000`,
  );
});

Deno.test("drawTrialAsText() shows what is below 0, and the extent", () => {
  const task = getTask("mante");
  const text = drawTrialAsText(
    task,
    task.trial(randomStream(1), "context2:+-"),
  );
  const lines = text.split("\n");
  assert.match(lines[0], /^context2:\+- +output to go below -0\.7$/);
  assert.match(lines[1], /^stimulus 1 {2}\d\.\d ┤/);
  assert.match(lines[3], /^ +-\d\.\d ┤/);
  const target = lines.findIndex((line) => line.startsWith("target"));
  assert.match(lines[target], / 1 ┤$/);
  assert.match(lines[target + 1], / 0 ┤⠤+⢤?$/);
  assert.match(lines[target + 2], / -1 ┤ +⢸?⣀+$/);
});

Deno.test("drawTrialAsText() keeps to its width, whatever the task", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(tasks)),
      fc.integer({ min: 40, max: 200 }),
      fc.nat(),
      (name, width, seed) => {
        const task = getTask(name);
        const trial = task.trial(randomStream(seed));
        const long = {
          ...task,
          channels: task.channels.map((c) => `${c} of a very long name`),
        };
        for (const each of [task, long]) {
          for (const line of drawTrialAsText(each, trial, width).split("\n")) {
            assert.ok(line.length <= width, `${line.length}: ${line}`);
            assert.doesNotMatch(line, /\s$/);
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("drawTrialAsText() refuses a width that is too small", () => {
  const task = getTask("xor");
  for (const width of [39, 0, NaN, 60.5]) {
    assert.throws(
      () => drawTrialAsText(task, task.trial(randomStream(1)), width),
      new RangeError(
        `Cannot draw a trial ${width} characters wide: ` +
          "allowed are whole numbers from 40",
      ),
    );
  }
});

Deno.test("brailleCurve() puts a dot at each value's level", () => {
  // Two characters hold four columns of dots, one a number, joined to a line.
  assert.deepEqual(
    brailleCurve(Float32Array.of(0, 1, 2, 3), { columns: 2, rows: 1 }, [0, 3]),
    ["⣠⠞"],
  );
  assert.deepEqual(
    brailleCurve(new Float32Array(8), { columns: 2, rows: 2 }, [0, 1]),
    ["  ", "⣀⣀"],
  );
  // More numbers than dots: none of them is lost.
  const spike = new Float32Array(1000);
  spike[501] = 1;
  assert.deepEqual(
    brailleCurve(spike, { columns: 4, rows: 2 }, [0, 1]),
    ["  ⡇ ", "⣀⣀⣇⣀"],
  );
});
