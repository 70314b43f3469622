import assert from "node:assert/strict";
import fc from "fast-check";
import { type OutputKind, scoreTrial } from "../../lib/simulate/score.ts";
import { summarise } from "../../lib/simulate/summarise.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";
import type { Task, Trial } from "../../lib/tasks/types.ts";

const rate: OutputKind = { kind: "rate" };
const spiking: OutputKind = { kind: "spiking", samplesPerStep: 100 };
const kinds = [rate, spiking];

function trialOf(name: string, condition: string): [Task, Trial] {
  const task = getTask(name);
  return [task, task.trial(randomStream(1), condition)];
}

function blank(task: Task, { kind, samplesPerStep = 1 }: OutputKind) {
  return new Float32Array(
    kind === "rate" ? task.steps - 1 : task.steps * samplesPerStep,
  );
}

/** The target itself as output. */
function ideal(task: Task, trial: Trial, kind: OutputKind): Float32Array {
  const { samplesPerStep = 1 } = kind;
  return blank(task, kind).map((_, k) =>
    trial.target[Math.floor(k / samplesPerStep)]
  );
}

Deno.test("scoreTrial() takes the target for correct, its opposite for wrong", () => {
  for (const name of Object.keys(tasks)) {
    const task = getTask(name);
    for (const condition of task.conditions) {
      const trial = task.trial(randomStream(2), condition);
      for (const kind of kinds) {
        const output = ideal(task, trial, kind);
        const right = scoreTrial(output, trial, task, kind);
        assert.deepEqual([right.paper, right.strict], [true, true]);
        // A spiking window begins one sample before its first step's own.
        assert.ok(right.outputError <= 1e-3);
        if ("within" in trial.expects) continue;
        const wrong = scoreTrial(output.map((o) => -o), trial, task, kind);
        assert.deepEqual([wrong.paper, wrong.strict], [false, false]);
        const silent = scoreTrial(blank(task, kind), trial, task, kind);
        assert.deepEqual([silent.paper, silent.strict], [false, false]);
      }
    }
  }
});

Deno.test("scoreTrial() scores a rate output from the paper's window on", () => {
  for (
    const [name, condition, first] of [
      ["go-nogo", "go", 75],
      ["xor", "same:++", 175],
      ["dms", "different:+-", 175],
      ["xor-original", "same:--", 200],
      ["mante", "context1:++", 299],
      ["mante", "context2:+-", 299],
    ] as const
  ) {
    const [task, trial] = trialOf(name, condition);
    const { reach } = trial.expects as { reach: number };
    const peak = (k: number) => {
      const output = blank(task, rate);
      output[k] = Math.sign(reach) * 0.71;
      return scoreTrial(output, trial, task, rate).paper;
    };
    assert.equal(peak(first - 1), false, name);
    assert.equal(peak(first), true, name);
    assert.equal(peak(task.steps - 2), true, name);
  }
});

Deno.test("scoreTrial() scores a spiking output from the scripts' sample on", () => {
  for (
    const [name, condition, first, perStep] of [
      ["go-nogo", "go", 10000, 100],
      ["mante", "context1:++", 26000, 100],
      ["xor-original", "different:+-", 20000, 100],
      ["xor", "same:++", 18000, 100],
      ["dms", "same:++", 180 * 400, 400],
    ] as const
  ) {
    const [task, trial] = trialOf(name, condition);
    const { reach } = trial.expects as { reach: number };
    const kind: OutputKind = { kind: "spiking", samplesPerStep: perStep };
    // Samples are counted from 1, as in the original's scripts.
    const peak = (sample: number) => {
      const output = blank(task, kind);
      output[sample - 1] = Math.sign(reach) * 0.71;
      return scoreTrial(output, trial, task, kind).paper;
    };
    assert.equal(peak(first - 1), false, name);
    assert.equal(peak(first), true, name);
    assert.equal(peak(task.steps * perStep), true, name);
  }
});

Deno.test("scoreTrial() holds NoGo within bounds: both of a rate output, one of spikes", () => {
  const [task, trial] = trialOf("go-nogo", "nogo");
  const paper = (kind: OutputKind, value: number, at: number) => {
    const output = blank(task, kind);
    output[at] = value;
    return scoreTrial(output, trial, task, kind).paper;
  };
  assert.equal(paper(rate, 0.29, 150), true);
  assert.equal(paper(rate, 0.31, 150), false);
  assert.equal(paper(rate, -0.31, 150), false);
  assert.equal(paper(rate, 5, 74), true);
  assert.equal(paper(spiking, 0.29, 15000), true);
  assert.equal(paper(spiking, 0.31, 15000), false);
  assert.equal(paper(spiking, -5, 15000), true);
  assert.equal(paper(spiking, 5, 9998), true);
  assert.equal(paper(spiking, 5, 9999), false);
});

Deno.test("the strict rule refuses outputs that are too large", () => {
  for (const kind of kinds) {
    const [task, trial] = trialOf("go-nogo", "go");
    const scaled = (factor: number) =>
      scoreTrial(
        ideal(task, trial, kind).map((o) => factor * o),
        trial,
        task,
        kind,
      );
    const fourfold = scaled(4);
    assert.deepEqual([fourfold.paper, fourfold.strict], [true, false]);
    assert.equal(Math.round(fourfold.outputError), 3);
    assert.equal(Math.round(fourfold.meanOutput), 4);
    assert.equal(scaled(1.49).strict, true);
    assert.equal(scaled(1.51).strict, false);
    assert.equal(scaled(0.71).strict, true);
  }
});

Deno.test("the strict rule refuses an output that crosses both thresholds", () => {
  for (const kind of kinds) {
    const [task, trial] = trialOf("xor", "same:++");
    const output = ideal(task, trial, kind);
    const { samplesPerStep: n = 1 } = kind;
    const inside = output.slice();
    inside[185 * n] = -0.71;
    const before = output.slice();
    before[176 * n] = -0.71;
    const almost = output.slice();
    almost[185 * n] = -0.69;
    const scores = [inside, before, almost].map((o) => {
      const { paper, strict } = scoreTrial(o, trial, task, kind);
      return [paper, strict];
    });
    assert.deepEqual(scores, [[true, false], [true, true], [true, true]]);
  }
});

Deno.test("xor-original's strict window ends with its answer", () => {
  const [task, trial] = trialOf("xor-original", "same:++");
  for (const kind of kinds) {
    const { samplesPerStep: n = 1 } = kind;
    const output = ideal(task, trial, kind);
    output.fill(-3, 271 * n);
    const { strict, outputError } = scoreTrial(output, trial, task, kind);
    assert.ok(strict && outputError < 1e-3);
  }
});

const anyCase = fc.constantFrom(...Object.keys(tasks)).chain((name) =>
  fc.record({
    name: fc.constant(name),
    condition: fc.constantFrom(...getTask(name).conditions),
    seed: fc.nat(),
    level: fc.double({ min: -2, max: 2, noNaN: true }),
    wobble: fc.double({ min: 0, max: 1.5, noNaN: true }),
  })
);

/** An output around a level, with noise. */
function noisy(task: Task, seed: number, level: number, wobble: number) {
  const noise = randomStream(seed).fork("output");
  return blank(task, rate).map((_, k) => level + wobble * noise.normal(0, k));
}

Deno.test("scoreTrial() is strict only where the paper is content", () => {
  fc.assert(fc.property(anyCase, ({ name, condition, seed, level, wobble }) => {
    const [task, trial] = trialOf(name, condition);
    const score = scoreTrial(
      noisy(task, seed, level, wobble),
      trial,
      task,
      rate,
    );
    assert.ok(score.paper || !score.strict);
    assert.ok(!score.strict || score.outputError < 0.5);
  }));
});

Deno.test("scoreTrial() does not look outside its windows", () => {
  fc.assert(fc.property(anyCase, ({ name, condition, seed, level, wobble }) => {
    const [task, trial] = trialOf(name, condition);
    const output = noisy(task, seed, level, wobble);
    const changed = output.slice();
    const { paper, strict } = task.windows;
    changed.fill(9, 0, Math.min(paper.from, strict.from));
    assert.deepEqual(
      scoreTrial(changed, trial, task, rate),
      scoreTrial(output, trial, task, rate),
    );
  }));
});

Deno.test("scoreTrial() mirrors with target and output", () => {
  const signed = anyCase.filter(({ name }) => name !== "go-nogo");
  fc.assert(fc.property(signed, ({ name, condition, seed, level, wobble }) => {
    const [task, trial] = trialOf(name, condition);
    const [, mirrored] = task.conditions.map((other) => trialOf(name, other))
      .find(([, { target }]) =>
        target.every((z, t) => z === -trial.target[t])
      )!;
    const output = noisy(task, seed, level, wobble);
    const one = scoreTrial(output, trial, task, rate);
    const other = scoreTrial(output.map((o) => -o), mirrored, task, rate);
    assert.deepEqual(
      [other.paper, other.strict, other.outputError],
      [one.paper, one.strict, one.outputError],
    );
    assert.equal(other.meanOutput + one.meanOutput, 0);
  }));
});

Deno.test("a rate output and the same one held through every step score alike", () => {
  fc.assert(
    fc.property(anyCase, ({ name, condition, seed, level, wobble }) => {
      if (condition === "nogo") return;
      const [task, trial] = trialOf(name, condition);
      // The same windows for both kinds; the last step has no rate output.
      const { from, to } = task.windows.strict;
      const strict = { from, to: Math.min(to, task.steps - 1) };
      const aligned = {
        ...task,
        windows: { paper: strict, paperSpiking: strict, strict },
      };
      const output = noisy(task, seed, level, wobble);
      // The sample before the window belongs to the step before it.
      output[strict.from - 1] = output[strict.from];
      const held = blank(task, spiking).map((_, k) =>
        output[Math.min(Math.floor(k / 100), task.steps - 2)]
      );
      const one = scoreTrial(output, trial, aligned, rate);
      const other = scoreTrial(held, trial, aligned, spiking);
      assert.equal(other.paper, one.paper);
      assert.ok(Math.abs(other.outputError - one.outputError) < 1e-2);
      assert.ok(Math.abs(other.meanOutput - one.meanOutput) < 1e-2);
    }),
    { numRuns: 50 },
  );
});

Deno.test("scoreTrial() never takes NaN or infinity for correct", () => {
  fc.assert(
    fc.property(
      anyCase,
      fc.constantFrom(NaN, Infinity, -Infinity),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.constantFrom(...kinds),
      ({ name, condition }, value, place, kind) => {
        const [task, trial] = trialOf(name, condition);
        const output = ideal(task, trial, kind);
        output[Math.floor(place * output.length)] = value;
        const score = scoreTrial(output, trial, task, kind);
        assert.deepEqual(
          [score.paper, score.strict, score.finite],
          [false, false, false],
        );
      },
    ),
  );
});

Deno.test("scoreTrial() refuses another number of outputs", () => {
  const [task, trial] = trialOf("go-nogo", "go");
  assert.throws(
    () => scoreTrial(new Float32Array(200), trial, task, rate),
    new TypeError(
      "Cannot score a trial of task go-nogo: 200 outputs, needed are 199 " +
        "(200 steps less one)",
    ),
  );
  assert.throws(
    () => scoreTrial(new Float32Array(200), trial, task, spiking),
    /200 outputs, needed are 20000 \(200 steps of 100\)/,
  );
});

Deno.test("summarise() counts over all and by condition, in the order asked for", () => {
  const result = (
    condition: string,
    paper: boolean,
    strict: boolean,
    outputError: number,
    loss?: number,
  ) => ({
    condition,
    paper,
    strict,
    outputError,
    meanOutput: 2 * outputError,
    finite: true,
    loss,
  });
  const score = summarise([
    result("b", true, true, 0.1, 1),
    result("a", true, false, 0.6, 3),
    result("b", false, false, 0.8, 5),
  ], ["a", "b", "c"]);
  assert.deepEqual([score.paper.correct, score.paper.trials], [2, 3]);
  assert.equal(score.strict.correct, 1);
  assert.equal(score.loss, 3);
  assert.ok(Math.abs(score.outputError - 0.5) < 1e-12);
  assert.deepEqual(score.conditions.map((c) => c.condition), ["a", "b"]);
  const b = score.conditions[1];
  assert.deepEqual([b.paper.value, b.strict.value], [0.5, 0.5]);
  assert.ok(Math.abs(b.outputError - 0.45) < 1e-12);
  assert.ok(Math.abs(b.meanOutput - 0.9) < 1e-12);
  assert.ok(Number.isNaN(summarise([result("a", true, true, 0)], ["a"]).loss));
  assert.ok(Number.isNaN(summarise([], ["a"]).paper.value));
});
