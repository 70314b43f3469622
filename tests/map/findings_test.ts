import { wilson } from "../../lib/simulate/wilson.ts";
import assert from "node:assert/strict";
import type { Proportion, Score } from "../../lib/network/scores.ts";
import { MeanCourses } from "../../lib/map/courses.ts";
import type { Comparison } from "../../lib/map/diagnosis_types.ts";
import { findings, isWorse } from "../../lib/map/findings.ts";

function proportion(value: number): Proportion {
  return {
    correct: 100 * value,
    trials: 100,
    value,
    low: Math.max(0, value - 0.05),
    high: Math.min(1, value + 0.05),
  };
}

function score(strict: number, go = strict): Score {
  const condition = (name: string, value: number) => ({
    condition: name,
    paper: proportion(value),
    strict: proportion(value),
    outputError: 0.1,
    meanOutput: value,
  });
  return {
    paper: proportion(strict),
    strict: proportion(strict),
    loss: NaN,
    outputError: 0.1,
    conditions: [condition("go", go), condition("stay", strict)],
  };
}

/** Ten units of a conversion with nothing to find, but for what is changed. */
function comparison(
  changes: Partial<Omit<Comparison, "units">> & {
    units?: Partial<Comparison["units"]>;
  } = {},
): Comparison {
  const filled = (value: number) => new Float64Array(10).fill(value);
  return {
    activation: "sigmoid",
    decayMs: { min: 20, median: 60, max: 100 },
    decayFixed: false,
    factor: 50,
    rate: score(1),
    spiking: score(1),
    output: { gain: 1, offset: 0, correlation: 0.99 },
    correspondence: {
      unitCorrelation: 0.9,
      cka: 0.95,
      weightChange: 0,
      synapsesChanged: 0,
    },
    searched: [45, 50, 55],
    ...changes,
    units: {
      correlation: filled(0.9),
      rate: filled(0.5),
      rateDeviation: filled(0.2),
      firing: filled(10),
      silent: [],
      saturated: [],
      ...changes.units,
    },
  };
}

/** Code and severity of what is found. */
function found(changes?: Parameters<typeof comparison>[0]): string[] {
  return findings(comparison(changes)).map(({ code, severity }) =>
    `${severity} ${code}`
  );
}

Deno.test("findings() has none where nothing is wrong", () => {
  assert.deepEqual(found(), []);
});

Deno.test("findings() tells a relearned network from a mapped one", () => {
  const relearned = {
    unitCorrelation: 0.3,
    cka: 0.4,
    weightChange: 1.9,
    synapsesChanged: 0.6,
  };
  assert.deepEqual(found({ correspondence: relearned }), ["problem relearned"]);
  assert.deepEqual(
    found({ correspondence: { ...relearned, weightChange: 0.05 } }),
    [],
    "the weights are the rate network's: nothing was learned",
  );
  assert.deepEqual(
    found({ correspondence: { ...relearned, unitCorrelation: 0.9, cka: 0.9 } }),
    [],
    "other weights, the same activity",
  );
  const lower = { ...relearned, unitCorrelation: 0.6, cka: 0.7 };
  const alone = (unitCorrelation: number, cka: number) => ({
    correspondence: lower,
    uncalibrated: { ...relearned, unitCorrelation, cka, weightChange: 0 },
  });
  assert.deepEqual(found(alone(0.55, 0.5)), [], "it followed no better before");
  assert.deepEqual(found(alone(0.8, 0.7)), ["problem relearned"]);
  assert.deepEqual(found(alone(0.6, 0.95)), ["problem relearned"]);
});

Deno.test("findings() blames a rate network that does not do its task", () => {
  assert.deepEqual(found({ rate: score(0.6), spiking: score(0.6) }), [
    "problem rate-network",
  ]);
});

Deno.test("findings() says which condition a poor conversion fails", () => {
  assert.deepEqual(found({ spiking: score(0.8, 0.3) }), [
    "problem performance",
    "warning condition",
    "warning condition",
  ]);
  assert.deepEqual(found({ spiking: score(0.84, 0.95) }), [
    "problem performance",
    "warning condition",
  ]);
  assert.deepEqual(found({ spiking: score(0.89, 0.85) }), [
    "warning performance",
    "warning condition",
    "warning condition",
    "note undecided",
  ]);
  // Few trials: not apart, but shown to be worse than the limit.
  const few = (correct: number) => ({
    ...score(1),
    strict: wilson(correct, 4),
    conditions: [],
  });
  assert.deepEqual(found({ rate: few(4), spiking: few(2) }), [
    "problem performance",
  ]);
  assert.ok(isWorse(score(1), score(0.8)));
  assert.ok(!isWorse(score(0.95), score(0.9)));
});

Deno.test("findings() measures gain and offset of the output", () => {
  const output = (gain: number, offset = 0) =>
    found({ output: { gain, offset, correlation: 1 } });
  assert.deepEqual(output(0.71), []);
  assert.deepEqual(output(0.69), ["warning gain-low"]);
  assert.deepEqual(output(1.49), []);
  assert.deepEqual(output(1.51), ["warning gain-high"]);
  const poor = { gain: 4, offset: 0, correlation: 1 };
  assert.ok(
    found({ output: poor, spiking: score(0.2) }).includes("problem gain-high"),
  );
  assert.deepEqual(output(1, 0.29), []);
  assert.deepEqual(output(1, -0.31), ["warning offset"]);
  assert.deepEqual(output(NaN), ["problem output-constant"]);
  assert.deepEqual(output(0), ["problem gain-low"]);
  assert.deepEqual(output(-0.3), ["problem gain-negative"]);
});

Deno.test("findings() finds units that go their own way", () => {
  const half = new Float64Array(10).fill(0.9);
  half.fill(0.4, 0, 6);
  assert.deepEqual(found({ units: { correlation: half } }), [
    "warning correlation",
  ]);
  half.fill(0.1, 0, 6);
  assert.deepEqual(found({ units: { correlation: half } }), [
    "problem correlation",
  ]);
  half.fill(NaN, 0, 6);
  assert.deepEqual(found({ units: { correlation: half } }), []);
});

Deno.test("findings() counts silent units where their rate moves", () => {
  const silent = [0, 1];
  assert.deepEqual(found({ units: { silent } }), ["warning silent"]);
  assert.deepEqual(found({ units: { silent: [0] } }), []);
  const rateDeviation = new Float64Array(10).fill(0.2);
  rateDeviation.fill(0.01, 0, 2);
  assert.deepEqual(found({ units: { silent, rateDeviation } }), []);
});

Deno.test("findings() counts saturated units", () => {
  assert.deepEqual(found({ units: { saturated: [3] } }), ["warning saturated"]);
});

Deno.test("findings() calls units a problem once half of them are lost", () => {
  const firsts = (count: number) => Array.from({ length: count }, (_, k) => k);
  for (const kind of ["silent", "saturated"] as const) {
    assert.deepEqual(found({ units: { [kind]: firsts(5) } }), [
      `warning ${kind}`,
    ]);
    assert.deepEqual(found({ units: { [kind]: firsts(6) } }), [
      `problem ${kind}`,
    ]);
  }
});

Deno.test("findings() weighs causes by whether the conversion is poor", () => {
  const poor = { spiking: score(0.2) };
  const codes = (changes: Parameters<typeof comparison>[0]) =>
    found(changes).filter((line) => !/performance|condition/.test(line));
  for (
    const [change, good, bad] of [
      [{ activation: "softplus" }, "note", "warning"],
      [{ activation: "clipped_relu" }, "note", "problem"],
      [{ activation: "retanh" }, "note", "warning"],
    ] as const
  ) {
    assert.deepEqual(codes(change), [`${good} activation`]);
    assert.deepEqual(codes({ ...change, ...poor }), [`${bad} activation`]);
  }
  assert.deepEqual(codes({ activation: "lif", ...poor }), []);
  const short = { decayMs: { min: 20, median: 20, max: 20 }, decayFixed: true };
  assert.deepEqual(codes(short), ["note time-constants"]);
  assert.deepEqual(codes({ ...short, ...poor }), ["warning time-constants"]);
  for (const factor of [45, 55]) {
    assert.deepEqual(codes({ factor }), ["note factor-at-edge"]);
    assert.deepEqual(codes({ factor, ...poor }), ["warning factor-at-edge"]);
  }
  assert.deepEqual(codes({ factor: 45, searched: undefined }), []);
});

Deno.test("findings() puts the gravest first, each with numbers and advice", () => {
  const list = findings(comparison({
    activation: "clipped_relu",
    spiking: score(0.2),
    output: { gain: 4, offset: 0.5, correlation: 0.9 },
    decayMs: { min: 20, median: 20, max: 20 },
    units: { saturated: [1, 2] },
  }));
  const order = ["problem", "warning", "note"];
  const severities = list.map(({ severity }) => order.indexOf(severity));
  assert.deepEqual(severities, severities.toSorted());
  for (const { message, advice } of list) {
    assert.ok(message.length > 20 && advice.length > 10);
  }
  const gain = list.find(({ code }) => code === "gain-high")!;
  assert.match(gain.message, /4 times the rate network's/);
  assert.equal(gain.numbers.gain, 4);
});

Deno.test("MeanCourses averages samples into bins, trials into courses", () => {
  const courses = new MeanCourses(2, 2);
  // Two bins of two samples a unit, one output sample a bin.
  const perBin = { activity: 2, output: 1 };
  courses.add("b", [1, 3, 5, 7, 0, 0, 2, 2], [10, 20], perBin);
  courses.add("a", [0, 0, 0, 0, 8, 8, 8, 8], [1, 2], perBin);
  courses.add("b", [3, 5, 7, 9, 0, 0, 4, 4], [30, 40], perBin);
  // Conditions in the order of their names.
  assert.deepEqual([...courses.unit(0)], [0, 0, 3, 7]);
  assert.deepEqual([...courses.unit(1)], [8, 8, 0, 3]);
  assert.deepEqual([...courses.output()], [1, 2, 20, 30]);
});

Deno.test("MeanCourses leaves out leading samples of every unit", () => {
  const courses = new MeanCourses(2, 2);
  courses.add("a", [9, 1, 2, 9, 3, 4], [5, 6], {
    activity: 1,
    output: 1,
    skip: 1,
  });
  assert.deepEqual([...courses.unit(0)], [1, 2]);
  assert.deepEqual([...courses.unit(1)], [3, 4]);
});
