/** Timings of built-in tasks that are set, and windows that follow. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { TaskError } from "../../lib/errors.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { checkTrial } from "../../lib/tasks/check_trial.ts";
import { getTask } from "../../lib/tasks/registry.ts";

Deno.test("windows keep their distances from the last stimulus' end", () => {
  const offsets: Record<string, [number, number, number]> = {
    "go-nogo": [0, 25, 25],
    mante: [49, 10, 10],
    xor: [0, 5, 5],
    dms: [0, 5, 5],
    "xor-original": [40, 40, 40],
    afc: [0, 10, 10],
    "delayed-response": [0, 5, 5],
  };
  const free = fc.record({
    stim_on: fc.nat(60),
    stim_dur: fc.integer({ min: 1, max: 60 }),
    delay: fc.nat(60),
    rest: fc.integer({ min: 51, max: 300 }),
  });
  for (const [name, distance] of Object.entries(offsets)) {
    fc.assert(fc.property(free, ({ stim_on, stim_dur, delay, rest }) => {
      const two = "delay" in getTask(name).timing;
      const end = stim_on + (two ? 2 * stim_dur + delay : stim_dur);
      const T = end + rest + (name === "xor-original" ? 60 : 0);
      const task = getTask(name, {
        T,
        stim_on,
        stim_dur,
        ...(two && { delay }),
      });
      const { paper, paperSpiking, strict } = task.windows;
      assert.deepEqual(
        [paper, paperSpiking, strict].map(({ from }) => from - end),
        distance,
      );
      assert.equal(task.stimuli.at(-1)!.to, end);
      checkTrial(task, task.trial(randomStream(1)));
    }));
  }
});

Deno.test("timings at their bounds are accepted, one step further is not", () => {
  const bounds: [string, string, number][] = [
    ["go-nogo", "stim_on", 200 - 2 - 25 - 25],
    ["go-nogo", "stim_dur", 200 - 2 - 50 - 25],
    ["mante", "stim_on", 500 - 2 - 200 - 49],
    ["mante", "stim_dur", 500 - 2 - 50 - 49],
    ["xor", "delay", 200 - 2 - 100 - 5],
    ["dms", "stim_on", 200 - 2 - 125 - 5],
    ["xor-original", "delay", 300 - 150 - 110],
    ["afc", "stim_dur", 200 - 2 - 50 - 10],
    ["delayed-response", "delay", 200 - 2 - 100 - 5],
  ];
  for (const [name, timing, most] of bounds) {
    assert.equal(getTask(name, { [timing]: most }).timing[timing], most);
    assert.throws(() => getTask(name, { [timing]: most + 1 }), TaskError);
  }
});

Deno.test("getTask() says which window is past the end", () => {
  assert.throws(
    () => getTask("go-nogo", { stim_on: 190 }),
    new TaskError(
      "Cannot time task go-nogo (T 200, stim_on 190, stim_dur 25 steps of 5 ms): " +
        'its stimulus "cue" lies at steps [190, 215), 950 to 1075 ms; allowed is [0, 200), 0 to 1000 ms',
    ),
  );
  assert.throws(
    () => getTask("go-nogo", { stim_on: 149 }),
    /strict window lies at steps \[199, 200\), 995 to 1000 ms, it must start before step 199/,
  );
  assert.throws(
    () => getTask("xor-original", { T: 260 }),
    /its response lies at steps \[170, 270\), 850 to 1350 ms; allowed is \[0, 260\)/,
  );
  assert.throws(
    () => getTask("xor", { stim_dur: 0 }),
    /stimulus "stimulus 1" lies at steps \[50, 50\), 250 to 250 ms, at least one step/,
  );
});

Deno.test("getTask() refuses timings that are none", () => {
  assert.throws(
    () => getTask("go-nogo", { delay: 5 }),
    new TaskError(
      "Cannot time task go-nogo: it has no delay, its timings are " +
        "T 200, stim_on 50, stim_dur 25 steps of 5 ms",
    ),
  );
  for (const value of [-1, 1.5, NaN, Infinity, 1e12]) {
    assert.throws(
      () => getTask("xor", { stim_on: value }),
      new TaskError(
        `Cannot time task xor: stim_on is ${value}, allowed are whole ` +
          "numbers of steps (of 5 ms) from 0 to 1000000",
      ),
    );
  }
  assert.equal(getTask("xor", { stim_on: undefined }).timing.stim_on, 50);
});

Deno.test("getTask() names the nearest task", () => {
  assert.throws(
    () => getTask("go_nogo"),
    new TaskError(
      'Cannot find task "go_nogo": the tasks are go-nogo, mante, xor, ' +
        "xor-original, dms, afc, delayed-response (did you mean go-nogo?); a task " +
        "of your own is the path of a .ts file",
    ),
  );
  for (
    const [typed, meant] of [
      ["xro", "xor"],
      ["XOR", "xor"],
      ["gonogo", "go-nogo"],
      ["xor_orig", "xor-original"],
      ["mantee", "mante"],
      ["dsm", "dms"],
    ]
  ) assert.throws(() => getTask(typed), RegExp(`did you mean ${meant}\\?`));
  assert.throws(
    () => getTask("romo"),
    /xor-original, dms, afc, delayed-response; a task of your own/,
  );
  assert.throws(() => getTask("toString"), /the tasks are [^(]*; a task/);
  assert.throws(() => getTask("__proto__"), TaskError);
});
