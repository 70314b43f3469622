import assert from "node:assert/strict";
import type { SearchRecord } from "../../lib/network/records.ts";
import type { Score } from "../../lib/network/scores.ts";
import { decisive, raceSteps, stillRacing } from "../../lib/map/race.ts";
import { rank } from "../../lib/map/selection.ts";
import { mergeScores } from "../../lib/simulate/merge_scores.ts";
import { summarise } from "../../lib/simulate/summarise.ts";
import { wilson } from "../../lib/simulate/wilson.ts";
import { fakeBackend, task } from "../simulate/spiking_fakes.ts";
import { graded, search } from "../simulate/searching.ts";

function scored(
  factor: number,
  strict: [number, number],
  paper = strict,
  outputError = 1,
) {
  const score = {
    paper: wilson(...paper),
    strict: wilson(...strict),
    outputError,
  };
  return { factor, score: score as unknown as Score };
}

function tried({ factors, scores }: SearchRecord) {
  return factors.map((factor, k) => ({ factor, score: scores[k] }));
}

Deno.test("raceSteps() are whole rounds of conditions, and end at all trials", () => {
  assert.deepEqual(raceSteps(100, 2), [8, 12, 18, 28, 42, 64, 96, 100]);
  assert.deepEqual(raceSteps(100, 8), [8, 16, 24, 40, 64, 96, 100]);
  assert.deepEqual(raceSteps(4, 2), [4]);
  assert.deepEqual(raceSteps(8, 2), [8]);
  assert.deepEqual(raceSteps(30, 20), [20, 30]);
});

Deno.test("stillRacing() lets go of what is surely below the plateau", () => {
  const best = scored(45, [18, 18]);
  // 11 of 18 may be 0.86 at most, 12 of 18 may be 0.88; 18 of 18 begins at 0.82.
  const tried = [best, scored(20, [12, 18]), scored(70, [8, 18])];
  assert.deepEqual(stillRacing(tried, "strict"), [45, 20]);
  // Where nothing is right there is no plateau to be below.
  const none = [scored(20, [0, 50]), scored(30, [0, 12])];
  assert.deepEqual(stillRacing(none, "strict"), [20, 30]);
});

Deno.test("stillRacing() asks for the paper's best if that rule chooses", () => {
  const tried = [
    scored(45, [18, 18], [16, 18]),
    scored(20, [0, 18], [18, 18]),
    scored(70, [0, 18], [8, 18]),
  ];
  assert.deepEqual(stillRacing(tried, "strict"), [45]);
  assert.deepEqual(stillRacing(tried, "paper"), [45, 20]);
});

Deno.test("decisive() are the best by each rule and the plateau", () => {
  const tried = [
    scored(20, [50, 100], [99, 100]),
    scored(40, [93, 100], [93, 100], 0.2),
    scored(45, [92, 100], [92, 100], 0.1),
    scored(70, [6, 12]),
  ];
  assert.deepEqual([...decisive(tried)].sort(), [20, 40, 45]);
});

Deno.test("mergeScores() gives what all trials at once give", () => {
  const trials = Array.from({ length: 10 }, (_, k) => ({
    condition: ["go", "nogo", "catch"][k < 4 ? k % 2 : k % 3],
    ...{ paper: k % 4 > 0, strict: k % 2 > 0, finite: true },
    ...{ outputError: k / 7, meanOutput: k / 3 },
  }));
  const of = (from: number, to: number) =>
    summarise(trials.slice(from, to), ["go", "nogo", "catch"]);
  const merged = mergeScores(of(0, 4), of(4, 10));
  const whole = of(0, 10);
  assert.deepEqual(merged.strict, whole.strict);
  assert.deepEqual(merged.paper, whole.paper);
  assert.ok(Math.abs(merged.outputError - whole.outputError) < 1e-12);
  assert.deepEqual(
    merged.conditions.map(({ condition, strict }) => ({ condition, strict })),
    whole.conditions.map(({ condition, strict }) => ({ condition, strict })),
  );
  for (const [k, { meanOutput }] of merged.conditions.entries()) {
    assert.ok(Math.abs(meanOutput - whole.conditions[k].meanOutput) < 1e-12);
  }
});

Deno.test("searchScalingFactor() chooses alike with fewer trials of the others", async () => {
  const factors = [5, 20, 45, 50, 55, 200];
  const options = { trials: 60, factors };
  const all = await search({ ...options, backend: graded(), allTrials: true });
  const backend = graded();
  const raced = await search({ ...options, backend });
  assert.equal(raced.record.chosen, all.record.chosen);
  assert.deepEqual(raced.record.plateau, all.record.plateau);
  const trials = raced.record.scores.map(({ strict }) => strict.trials);
  // 5 and 20 are right in all trials by the paper's rule, of which 5 is the first.
  assert.equal(rank(tried(raced.record), "paper")[0].factor, 5);
  // 200 is right in no-go trials alone, by either rule.
  assert.deepEqual(trials, [60, 18, 60, 60, 60, 18]);
  const run = backend.calls.reduce((sum, call) => sum + call.trials.length, 0);
  assert.equal(run, trials.reduce((sum, n) => sum + n, 0));
  for (const [k, score] of raced.record.scores.entries()) {
    if (trials[k] === 60) assert.deepEqual(score, all.record.scores[k]);
  }
});

Deno.test("searchScalingFactor() goes back to a factor that counts after all", async () => {
  // 50 is right at first and wrong later, 30 is right in one trial of two.
  let at50 = 0, at30 = 0;
  const backend = fakeBackend((spiking, trial) => {
    const go = trial.inputs.some((u) => u > 0);
    const right = spiking.factor === 50 ? at50++ < 26 : at30++ % 4 < 2;
    return { output: go === right ? 1 : 0 };
  });
  const { record, events } = await search({
    ...{ backend, trials: 100, factors: [30, 50] },
  });
  assert.deepEqual(record.scores.map(({ strict }) => strict.trials), [
    100,
    100,
  ]);
  assert.equal(record.chosen, 30);
  const settled = events.filter((event) =>
    event.kind === "factor" && event.settled && event.factor === 30
  );
  assert.equal(settled.length, 2);
  assert.equal(task.conditions.length, 2);
});
