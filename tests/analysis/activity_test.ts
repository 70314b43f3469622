/** Activity in bins, windows, condition variables. */
import assert from "node:assert/strict";
import {
  averageByCondition,
  binsOf,
  smoothed,
  windowMeans,
} from "../../lib/analysis/activity.ts";
import { binCourse, binSpikes } from "../../lib/analysis/binning.ts";
import { conditionVariables } from "../../lib/analysis/variables.ts";
import { taskVariables, taskWindows } from "../../lib/runs/analyse/gather.ts";
import { getTask } from "../../lib/tasks/registry.ts";

const trains = (times: readonly number[], durationMs: number) => ({
  trials: 1,
  units: 1,
  durationMs,
  trial: new Uint32Array(times.length),
  unit: new Uint32Array(times.length),
  time: Float64Array.from(times),
  conditions: ["a"],
});

Deno.test("binSpikes() puts a spike on an edge into the later bin, at the end into the last", () => {
  // 0.05·200 is 10.000000000000002 or 10: the same bin.
  const { values } = binSpikes(trains([0, 0.05 * 200, 19.99, 30], 30), 10);
  assert.deepEqual([...values], [100, 200, 100]);
});

Deno.test("binSpikes() leaves out a last part that is not a whole bin", () => {
  const { bins, values } = binSpikes(trains([5, 24, 25], 25), 10);
  assert.equal(bins, 2);
  assert.deepEqual([...values], [100, 0]);
});

Deno.test("binSpikes() refuses bins longer than the trial and spikes outside", () => {
  assert.throws(() => binSpikes(trains([5], 25), 30), {
    name: "RangeError",
    message: /^Cannot use bins of 30 ms: a trial lasts 25 ms/,
  });
  assert.throws(() => binSpikes(trains([26], 25), 5), /number 0 .* 26 ms/);
});

Deno.test("binCourse() averages steps, shares those that a bin cuts, repeats long ones", () => {
  const course = Float64Array.of(1, 3, 5, 7);
  const into = (binMs: number, stepMs: number) => {
    const result = new Float64Array(Math.floor(4 * stepMs / binMs));
    binCourse(course, { steps: 4, stepMs, binMs }, result);
    return [...result];
  };
  assert.deepEqual(into(10, 5), [2, 6]);
  assert.deepEqual(into(10, 20), [1, 1, 3, 3, 5, 5, 7, 7]);
  // 7.5 ms of steps of 5 ms: one and a half.
  assert.deepEqual(into(7.5, 5), [(1 + 1.5) / 1.5, (1.5 + 5) / 1.5]);
});

Deno.test("averageByCondition() and windowMeans() average over trials and bins", () => {
  const activity = {
    trials: 3,
    units: 1,
    bins: 2,
    binMs: 10,
    values: Float64Array.of(1, 2, 10, 20, 3, 4),
    conditions: ["a", "b", "a"],
  };
  assert.deepEqual([...averageByCondition(activity).values], [2, 3, 10, 20]);
  assert.deepEqual(
    [...windowMeans(activity, { from: 0, to: 20 })],
    [1.5, 15, 3.5],
  );
  assert.deepEqual(binsOf(activity, { from: 10, to: 20 }), { from: 1, to: 2 });
  for (
    const window of [{ from: 10, to: 40 }, { from: 5, to: 5 }, {
      from: -10,
      to: 10,
    }]
  ) {
    assert.throws(() => windowMeans(activity, window), RangeError);
  }
});

Deno.test("smoothed() keeps a constant, and at the edges the weights add up to 1", () => {
  const bins = 20;
  const values = new Float64Array(bins).fill(3);
  const activity = {
    trials: 1,
    units: 1,
    bins,
    binMs: 10,
    values,
    conditions: ["a"],
  };
  for (const value of smoothed(activity, 20).values) {
    assert(Math.abs(value - 3) < 1e-12);
  }
});

Deno.test("taskVariables() reads the variables of the built-in tasks", async () => {
  const names = async (task: string) =>
    (await taskVariables(getTask(task))).map(({ name, values }) =>
      `${name}: ${values.join(" ")}`
    );
  assert.deepEqual(await names("go-nogo"), ["condition: go nogo"]);
  assert.deepEqual(await names("dms"), [
    "match: same different",
    "stimulus 1: +1 -1",
    "stimulus 2: +1 -1",
  ]);
  assert.deepEqual(await names("mante"), [
    "context: context1 context2",
    "stimulus 1: +1 -1",
    "stimulus 2: +1 -1",
    "answer: +1 -1",
  ]);
});

Deno.test("conditionVariables() names what a task of your own calls its conditions", () => {
  const variables = conditionVariables({
    conditions: ["left:slow", "left:fast", "right:slow"],
    answers: { "left:slow": "+1", "left:fast": "+1", "right:slow": "-1" },
  });
  // The answer divides them as left and right do.
  assert.deepEqual(variables.map(({ name }) => name), ["part 1", "part 2"]);
  assert.deepEqual(conditionVariables({ conditions: ["alone"] }), []);
  const uneven = conditionVariables({ conditions: ["a:b", "c"] });
  assert.deepEqual(uneven.map(({ name }) => name), ["condition"]);
});

Deno.test("taskWindows() has stimuli, the delay between them and the response", () => {
  assert.deepEqual(taskWindows(getTask("dms")), [
    { name: "stimulus 1", from: 1000, to: 1500 },
    { name: "delay", from: 1500, to: 3000 },
    { name: "stimulus 2", from: 3000, to: 3500 },
    { name: "response", from: 3620, to: 4000 },
  ]);
});
