/** What a calibration gave, in words. */
import assert from "node:assert/strict";
import type {
  CalibrationOutcome,
  SearchRecord,
} from "../../lib/network/records.ts";
import type { Score } from "../../lib/network/scores.ts";
import { calibrationText } from "../../lib/runs/search_text.ts";

function score(right: number, outputError: number): Score {
  const proportion = {
    correct: right,
    trials: 100,
    value: right / 100,
    low: 0,
    high: 1,
  };
  return {
    ...{ paper: proportion, strict: proportion, outputError },
    ...{ loss: NaN, conditions: [] },
  };
}

/** The line of a step `tune`. */
function lineOf(outcome: Omit<CalibrationOutcome, "step">): string {
  const record = {
    calibration: {
      ...{ factor: 50, calibration: {}, settings: {} },
      outcomes: [{ step: "tune", ...outcome }],
    },
  } as unknown as SearchRecord;
  return calibrationText(record)[0];
}

Deno.test("calibrationText() says when there was nothing to gain", () => {
  const perfect = score(100, 0.125);
  assert.equal(
    lineOf({ before: perfect, after: perfect, kept: false }),
    "calibration, tune: strict 100 %, paper 100 %, output error 0.13 " +
      "(100 fresh trials): right in all of them: nothing to gain",
  );
});

Deno.test("calibrationText() says what a step changed, and whether it was kept", () => {
  const change = "calibration, tune: strict 90 % → 95 %, paper 90 % → 95 %, " +
    "output error 0.25 → 0.13 (100 fresh trials): ";
  const [before, after] = [score(90, 0.25), score(95, 0.125)];
  assert.equal(lineOf({ before, after, kept: true }), `${change}kept`);
  assert.equal(
    lineOf({ before, after, kept: false }),
    `${change}not better beyond chance, left out`,
  );
  const name = "noise ×1.5";
  assert.equal(
    lineOf({
      ...{ before, after, kept: false },
      robustness: [{ name, before: 0.9, after: 0.5, p: 0.01, worse: true }],
    }),
    `${change}better, but more fragile (noise ×1.5: 90 % → 50 %), left out`,
  );
  // One that was tried on a network that is right in all trials, as files may say.
  assert.match(
    lineOf({ before: score(100, 0.25), after: score(97, 0.5), kept: false }),
    /100 % → 97 %.*: not better beyond chance, left out$/,
  );
});
