/** The table of mappings, from results and records. */
import assert from "node:assert/strict";
import type { CalibrationOutcome } from "../../lib/network/records.ts";
import type { Score } from "../../lib/network/scores.ts";
import type { PointResult } from "../../lib/sweep/types.ts";
import {
  mappingTable,
  measuresOf,
  networkRows,
} from "../../tools/mapping_table.ts";

const correspondence = {
  unitCorrelation: 0.8,
  cka: 0.9,
  weightChange: 0,
  synapsesChanged: 0,
};

/** A point; what it does not say is as in every other. */
function resultOf(strict: number, map: number): PointResult {
  return {
    settings: { train: { task: "go-nogo", act: "sigmoid", N: 50 } },
    spiking: {
      strict,
      uncalibrated: { strict: 0.5 },
      correspondence: {
        ...correspondence,
        unitCorrelation: 0.3,
        weightChange: 1,
      },
      uncalibratedCorrespondence: correspondence,
    },
    seed: 7,
    seconds: { map },
  } as unknown as PointResult;
}

function outcomeOf(
  step: CalibrationOutcome["step"],
  kept: boolean,
  strict: number,
): CalibrationOutcome {
  const score = { strict: { value: strict } } as Score;
  return { step, kept, before: score, after: score, correspondence };
}

Deno.test("mappingTable() has a row a cell, and tells mapped from relearned", () => {
  const outcomes = [
    outcomeOf("readout", true, 0.7),
    outcomeOf("units", false, 0.2),
    outcomeOf("tune", true, 0.9),
  ];
  const fragility = { alone: { "noise ×2": 0.1 }, last: { "noise ×2": 0.3 } };
  const networks = [resultOf(0.99, 10), resultOf(0.97, 20)].map((result) =>
    measuresOf(result, outcomes, fragility)!
  );
  const { head, rows } = mappingTable(networks);
  assert.equal(rows.length, 1);
  const of = (column: string) => rows[0][head.indexOf(column)];
  // A step that was not kept leaves what there was; the last one is evaluated.
  assert.deepEqual(
    ["Factor alone", "+ readout", "+ units", "+ tune", "Least"].map(of),
    ["50.0 ± 0.0", "70.0 ± 0.0", "70.0 ± 0.0", "98.0 ± 1.4", "97.0"],
  );
  assert.equal(of("Unit correlation"), "0.80 → 0.30");
  assert.equal(of("noise ×2"), "10.0 → 30.0");
  assert.equal(of("noise ×0.5"), "– → –");
  assert.equal(of("Relearned, ≥ 95 %"), "2");
  assert.equal(of("Mapped, ≥ 95 %"), "0");
  assert.equal(of("Seconds"), "15");
});

Deno.test("mappingTable() has the steps of all networks, and a cell of those that had none", () => {
  const alone = measuresOf(resultOf(0.99, 10), [], {})!;
  const tuned = measuresOf(
    resultOf(0.97, 10),
    [outcomeOf("tune", true, 0.9)],
    {},
  )!;
  const { head, rows } = mappingTable([{ ...alone, units: 100 }, tuned]);
  assert.deepEqual(
    rows.map((row) => row[head.indexOf("+ tune")]),
    ["–", "97.0"],
  );
});

Deno.test("mappingTable() counts networks that hold from half to twice the noise", () => {
  const robust = { "noise ×0.5": 1, "noise ×1.5": 1, "noise ×2": 0.95 };
  const fragile = { ...robust, "noise ×2": 0.94 };
  const networks = [robust, robust, fragile].map((last, k) =>
    measuresOf(
      // The second one is not right at the model's own noise.
      resultOf(k === 1 ? 0.9 : 0.99, 10),
      [outcomeOf("tune", true, 0.9)],
      { last },
    )!
  );
  const { head, rows } = mappingTable(networks);
  const held = head.indexOf("≥ 95 % from half to twice the noise");
  assert.deepEqual(rows.map((row) => row[held]), ["– → 1"]);
});

Deno.test("networkRows() has what the table is made of, a row for each network and step", () => {
  const networks = [resultOf(0.99, 10)].map((result) =>
    measuresOf(result, [outcomeOf("tune", true, 0.9)], {
      last: { "noise ×2": 0.4 },
    })!
  );
  const [alone, tuned, ...more] = networkRows(networks);
  assert.deepEqual(more, []);
  const columns = (row: typeof alone) => [
    row.task,
    row.units,
    row.seed,
    row.step,
    row.strict,
    row.unit_correlation,
    row.relearned,
    row.noise_x2,
    row.map_s,
  ];
  assert.deepEqual(
    columns(alone),
    ["go-nogo", 50, 7, "factor", 0.5, 0.8, false, null, null],
  );
  assert.deepEqual(
    columns(tuned),
    ["go-nogo", 50, 7, "tune", 0.99, 0.3, true, 0.4, 10],
  );
  // Names of columns are letters, digits and lines below.
  assert.deepEqual(
    Object.keys(alone).filter((name) => !/^\w+$/.test(name)),
    [],
  );
  assert.equal(new Set(Object.keys(alone)).size, Object.keys(tuned).length);
});
