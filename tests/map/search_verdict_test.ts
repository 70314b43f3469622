import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { chanceLevel } from "../../lib/simulate/chance.ts";
import { wilson } from "../../lib/simulate/wilson.ts";
import type { SearchRecord } from "../../lib/network/records.ts";
import type { Score } from "../../lib/network/scores.ts";
import { judgeSearch, scoreInUse } from "../../lib/map/search_verdict.ts";
import { getTask, tasks } from "../../lib/tasks/registry.ts";

function score(correct: number, trials = 100, paper = correct): Score {
  return {
    paper: wilson(paper, trials),
    strict: wilson(correct, trials),
    loss: NaN,
    outputError: 0.2,
    conditions: [],
  };
}

/** A search over 45, 50, 55 that chose one with this score. */
function record(
  chosen: Score,
  changes: Partial<SearchRecord> = {},
): SearchRecord {
  return {
    factors: [45, 50, 55],
    scores: [chosen, chosen, chosen],
    chosen: 50,
    select: "strict",
    plateau: [],
    settings: {},
    ...changes,
  };
}

function judged(search: SearchRecord): string {
  const { works, findings } = judgeSearch(search, 0.5, "sigmoid");
  return [works, ...findings.map(({ code }) => code)].join(" ");
}

Deno.test("judgeSearch() tells what works from what is at chance, and leaves open what few trials do", () => {
  equal(judged(record(score(95))), "true");
  equal(judged(record(score(50))), "false at-chance");
  equal(judged(record(score(25))), "false at-chance");
  equal(judged(record(score(0, 6))), "false at-chance");
  equal(judged(record(score(70))), "true performance");
  equal(judged(record(score(3, 6))), "true undecided");
  equal(judged(record(score(6, 6))), "true undecided");
});

Deno.test("judgeSearch() judges by the rule of the search, and what is used in the end", () => {
  const lenient = score(50, 100, 100);
  equal(judged(record(lenient, { select: "paper" })), "true");
  equal(judged(record(lenient)), "false at-chance");
  const bad = score(50);
  const outcome = {
    step: "readout" as const,
    before: bad,
    after: score(97),
    kept: true,
  };
  const tuned = record(bad, {
    chosen: 45,
    calibration: {
      calibration: {},
      factor: 45,
      outcomes: [outcome],
    } as unknown as SearchRecord["calibration"],
  });
  equal(scoreInUse(tuned).strict.value, 0.97);
  equal(judged(tuned), "true", "nor does the edge of the grid matter then");
});

Deno.test("judgeSearch() sees the edge of the grid, and says what to search", () => {
  const advice = (factors: number[], chosen: number) => {
    const scores = factors.map(() => score(95));
    const { findings } = judgeSearch(
      record(score(95), { factors, scores, chosen }),
      0.5,
      "sigmoid",
    );
    return findings.map(({ code, advice }) => `${code} ${advice}`).join();
  };
  equal(advice([45, 50, 55], 50), "");
  equal(advice([50], 50), "", "one factor has no edge");
  match(
    advice([45, 50, 55], 55),
    /^factor-at-edge .*--factors 55 60 65 70 75 80$/,
  );
  match(advice([20, 25, 30], 20), /--factors 4 8 12 16 20$/);
  match(advice([5, 6], 5), /--factors 2 3 4 5$/);
  // What it says is what map takes.
  match(
    advice([400, 600], 600),
    /nothing beyond it can be meant: search smaller/,
  );
  match(advice([500, 600], 600), /--factors 600 700$/);
  match(advice([2, 6], 2), /nothing beyond it can be meant: search larger/);
});

Deno.test("chanceLevel() is what an output gets that is always the same", async () => {
  for (const name of Object.keys(tasks)) {
    equal(await chanceLevel(getTask(name)), 0.5, name);
  }
  const task = getTask("go-nogo");
  const three = {
    ...task,
    conditions: ["up", "down", "none"],
    trial: (...[random, condition]: Parameters<typeof task.trial>) => ({
      ...task.trial(random, "go"),
      condition,
      expects: condition === "none"
        ? { within: 0.3 }
        : { reach: condition === "up" ? 0.7 : -0.7 },
    }),
  } as typeof task;
  ok(Math.abs(await chanceLevel(three) - 1 / 3) < 1e-12);
});
