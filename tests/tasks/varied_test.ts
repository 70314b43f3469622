/** Stimuli that vary in strength and time. */
import assert from "node:assert/strict";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { Task } from "../../lib/tasks/types.ts";
import { shifted, withAmplitudes } from "../../lib/tasks/varied.ts";

/** The same task, whose trials are made elsewhere. */
function elsewhere(task: Task): Task {
  return {
    ...task,
    trials: (requests) =>
      Promise.resolve(
        requests.map(({ random, condition }) => task.trial(random, condition)),
      ),
  };
}

/** Steps in which the first channel is not 0. */
function shown({ inputs }: { inputs: Float32Array }, steps: number): number[] {
  return [...inputs.subarray(0, steps).keys()].filter((t) => inputs[t] !== 0);
}

Deno.test("withAmplitudes() draws a factor for each trial, by its own stream", async () => {
  const task = withAmplitudes(elsewhere(getTask("go-nogo")), [0.5, 1.5]);
  const requests = Array.from({ length: 40 }, (_, k) => ({
    random: randomStream(k),
    condition: "go",
  }));
  const factors = requests.map(({ random, condition }) =>
    task.trial(random, condition).inputs[60]
  );
  assert(factors.every((factor) => factor >= 0.5 && factor < 1.5));
  assert.equal(new Set(factors).size, factors.length);
  assert(Math.min(...factors) < 0.7 && Math.max(...factors) > 1.3);
  const together = await task.trials!(requests);
  assert.deepEqual(together.map(({ inputs }) => inputs[60]), factors);
});

Deno.test("withAmplitudes() leaves a context as it is", () => {
  const [condition] = getTask("mante").conditions;
  const inputs = (task: Task) => task.trial(randomStream(3), condition).inputs;
  const own = inputs(getTask("mante"));
  const weak = inputs(withAmplitudes(getTask("mante"), [0.5, 0.5]));
  const { steps } = getTask("mante");
  assert.deepEqual(weak.subarray(2 * steps), own.subarray(2 * steps));
  assert.deepEqual(
    weak.subarray(0, 2 * steps),
    own.subarray(0, 2 * steps).map((value) => value / 2),
  );
});

Deno.test("shifted() moves stimuli, targets and windows alike", async () => {
  const task = getTask("go-nogo");
  for (const by of [-30, -1, 7]) {
    const later = shifted(elsewhere(task), by);
    const trial = later.trial(randomStream(1), "go");
    assert.deepEqual(
      shown(trial, task.steps),
      shown(task.trial(randomStream(1), "go"), task.steps).map((t) => t + by),
    );
    const rise = task.trial(randomStream(1), "go").target.indexOf(1);
    assert.equal(trial.target.indexOf(1), rise + by);
    assert.equal(
      trial.target.length,
      task.trial(randomStream(1)).target.length,
    );
    assert.equal(later.windows.strict.from, task.windows.strict.from + by);
    assert.equal(later.windows.strict.to, Math.min(200 + by, 200));
    assert.equal(later.stimuli[0].from, task.stimuli[0].from + by);
    const [same] = await later.trials!([{
      random: randomStream(1),
      condition: "go",
    }]);
    assert.deepEqual(same, trial);
  }
});

Deno.test("shifted() keeps a context on throughout", () => {
  const task = getTask("mante");
  const { inputs } = shifted(task, 20).trial(randomStream(3), "context1:++");
  const context = inputs.subarray(2 * task.steps, 3 * task.steps);
  assert.equal(new Set(context).size, 1);
});

Deno.test("shifted() refuses trials that have no room", () => {
  const dms = getTask("dms");
  assert.equal(shifted(dms, 19).windows.strict.from, 199);
  assert.throws(() => shifted(dms, 20), {
    name: "RangeError",
    message: /Cannot shift the trials of dms by 20 steps/,
  });
  assert.throws(() => shifted(dms, -51), RangeError);
});
