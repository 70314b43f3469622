import assert from "node:assert/strict";
import fc from "fast-check";
import {
  compareValues,
  resultsTable,
  toJson,
} from "../../lib/sweep/results.ts";
import { toCsv } from "../../lib/formats/csv.ts";
import { summariseSweep } from "../../lib/sweep/summary.ts";
import { syntheticResult } from "./synthetic.ts";

/** A reader of RFC 4180, written against the grammar rather than the writer. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = "";
  let quoted = false;
  for (let k = 0; k < text.length; k++) {
    const character = text[k];
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[k + 1] === '"') {
        field += '"';
        k++;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "," || character === "\n") {
      row.push(field);
      field = "";
      if (character === "\n") {
        rows.push(row);
        row = [];
      }
    } else field += character;
  }
  return rows;
}

Deno.test("resultsTable() gives a row a network, settings first", () => {
  const [row] = resultsTable([
    syntheticResult({
      varied: { N: 50, decay_taus: [4, 20] },
      seed: 7,
      spiking: [0.98, 0.9],
    }),
  ]);
  assert.deepEqual(Object.keys(row).slice(0, 5), [
    "N",
    "decay_taus",
    "seed",
    "trained",
    "updates",
  ]);
  assert.equal(row.decay_taus, "4 20");
  assert.equal(row.seed, 7);
  assert.equal(row.trials_to_criterion, 1600);
  const [robust] = resultsTable([
    { ...syntheticResult(), trialsToCriterion: 816 },
  ]);
  assert.equal(robust.trials_to_criterion, 816);
  assert.equal(row.spiking_paper, 0.98);
  assert.equal(row.spiking_strict, 0.9);
  assert.equal(row.excitatory_hz, 4);
  assert.equal(row.map_s, 2.5);
});

Deno.test("resultsTable() has what calibration gave step by step, where there is one", () => {
  const plain = syntheticResult({ seed: 1, spiking: [0.8, 0.7] });
  const calibrated = syntheticResult({ seed: 2, spiking: [0.9, 0.9] });
  const steps = [
    { step: "units", strict: 0.75 },
    { step: "tune", strict: 0.95, rounds: 3 },
  ] as const;
  const rows = resultsTable([
    plain,
    { ...calibrated, spiking: { ...calibrated.spiking!, steps } },
  ]);
  assert.deepEqual(
    rows.map((row) => [row.after_units_strict, row.after_tune_strict]),
    [[null, null], [0.75, 0.95]],
  );
  assert.deepEqual(rows.map((row) => row.tune_rounds), [null, 3]);
  assert.ok(!("after_readout_strict" in rows[1]));
  assert.ok(!("tune_rounds" in resultsTable([plain])[0]));
  assert.ok(!("after_units_strict" in resultsTable([plain])[0]));
});

Deno.test("resultsTable() leaves empty what a network has not", () => {
  const [row] = resultsTable([syntheticResult({ trained: false })]);
  assert.equal(row.trials_to_criterion, null);
  assert.equal(row.trials_seen, 1600);
  assert.equal(row.scaling_factor, null);
  assert.equal(row.map_s, null);
});

Deno.test("resultsTable() orders by settings and seed, not by who came first", () => {
  const results = [100, 30, 9].flatMap((N) =>
    [2, 10, 1].map((seed) => syntheticResult({ varied: { N }, seed }))
  );
  const rows = resultsTable(results);
  assert.deepEqual(
    rows.map(({ N, seed }) => [N, seed]),
    [9, 30, 100].flatMap((N) => [1, 2, 10].map((seed) => [N, seed])),
  );
  assert.deepEqual(resultsTable(results.toReversed()), rows);
});

Deno.test("resultsTable() keeps settings apart from measures of the same name", () => {
  const [row] = resultsTable([
    syntheticResult({ varied: { scaling_factor: 30 }, spiking: [1, 1] }),
  ]);
  assert.equal(row.setting_scaling_factor, 30);
  assert.equal(row.scaling_factor, 45);
});

Deno.test("resultsTable() has the same columns in every row", () => {
  const rows = resultsTable([
    syntheticResult({ varied: { N: 10 } }),
    syntheticResult({ varied: { N: 10, gain: 1 } }),
  ]);
  assert.deepEqual(Object.keys(rows[0]), Object.keys(rows[1]));
  assert.equal(rows[0].gain, null);
});

function isFormula(cell: unknown): boolean {
  return typeof cell === "string" && "=+-@\t\r".includes(cell[0]) &&
    cell !== "" && !/^[-+]?[\d.]+$/.test(cell);
}

Deno.test("toCsv() marks texts that a spreadsheet would run, and no numbers", () => {
  const csv = toCsv([{
    a: "=HYPERLINK(1)",
    b: "@SUM(1)",
    c: "-1 + cmd|x",
    d: -1.5,
    e: "-1 2e-3",
    "+f": "a=b",
  }]);
  assert.equal(
    csv,
    "a,b,c,d,e,'+f\n'=HYPERLINK(1),'@SUM(1),'-1 + cmd|x,-1.5,-1 2e-3,a=b\n",
  );
});

Deno.test("toCsv() can be read back, whatever the texts hold", () => {
  fc.assert(fc.property(
    fc.array(fc.record({ task: fc.string(), host: fc.string() }), {
      minLength: 1,
      maxLength: 5,
    }),
    (given) => {
      const rows = resultsTable(
        given.map(({ task, host }, k) =>
          syntheticResult({
            varied: { 'a "task", or two': task },
            seed: k,
            host,
          })
        ),
      );
      const [head, ...lines] = readCsv(toCsv(rows));
      assert.deepEqual(head, Object.keys(rows[0]));
      assert.deepEqual(
        lines,
        rows.map((row) =>
          Object.values(row).map((cell) =>
            cell === null ? "" : isFormula(cell) ? `'${cell}` : String(cell)
          )
        ),
      );
    },
  ));
});

Deno.test("toCsv() quotes what needs it and nothing else", () => {
  const csv = toCsv([{ a: 'say "x"', b: "1,2", c: null, d: 0.1, e: true }]);
  assert.equal(csv, 'a,b,c,d,e\n"say ""x""","1,2",,0.1,true\n');
  assert.equal(toCsv([]), "");
});

Deno.test("toJson() holds the rows, numbers as numbers", () => {
  const rows = resultsTable([
    syntheticResult({ varied: { N: 10 }, seed: 1 }),
    syntheticResult({ varied: { N: 20 }, seed: 1, spiking: [NaN, 1] }),
  ]);
  assert.deepEqual(JSON.parse(toJson(rows)), rows);
  assert.equal(rows[1].spiking_paper, null);
  assert.deepEqual(JSON.parse(toJson([])), []);
});

Deno.test("a table takes settings of others that have no text of their own", () => {
  const varied = [{ N: { toString: 1 } }, { N: [{ toString: 1 }] }, { N: 2 }];
  const results = varied.map((each, seed) =>
    syntheticResult({ varied: each, seed })
  );
  const rows = resultsTable(results);
  assert.deepEqual(
    rows.map(({ N }) => N).sort(),
    [2, '{"toString":1}', '{"toString":1}'],
  );
  summariseSweep(results);
});

Deno.test("compareValues() orders numbers, lists and texts", () => {
  const ordered = [undefined, [4], [4, 6], [4, 20], 10, "a", "b"];
  assert.deepEqual(
    ordered.toReversed().sort(compareValues).map(String),
    // Array.sort() itself puts what is undefined last.
    [...ordered.slice(1), undefined].map(String),
  );
  assert.ok(compareValues(undefined, 1) < 0);
});

Deno.test("summariseSweep() gathers seeds and counts successes", () => {
  const networks = [
    { trained: true, updates: 1000, spiking: [1, 0.96], seconds: 1 },
    { trained: true, updates: 2000, spiking: [0.95, 0.94], seconds: 2 },
    { trained: true, updates: 6000, spiking: [0.5, 0.4], seconds: 9 },
    // An untrained network's twin says nothing about the mapping.
    { trained: false, updates: 5000, spiking: [0.5, 0.5], seconds: 10 },
  ] as const;
  const [small, large] = summariseSweep(
    networks.flatMap((network, seed) =>
      [200, 30].map((N) => syntheticResult({ ...network, seed, varied: { N } }))
    ),
  );
  assert.deepEqual(small.varied, { N: 30 });
  assert.deepEqual(large.varied, { N: 200 });
  assert.equal(small.results.length, 4);
  assert.deepEqual([small.trained.correct, small.trained.trials], [3, 4]);
  assert.ok(Math.abs(small.trained.low - 0.3006) < 1e-4);
  assert.ok(Math.abs(small.trained.high - 0.9544) < 1e-4);
  assert.equal(small.updates.mean, 3000);
  assert.equal(small.updates.median, 2000);
  assert.ok(Math.abs(small.updates.sd - Math.sqrt(7e6)) < 1e-9);
  assert.equal(small.paper.good.correct, 2);
  assert.equal(small.strict.good.correct, 1);
  assert.equal(small.strict.good.trials, 3);
  assert.equal(small.seconds.median, 5.5);
  assert.ok(Math.abs(small.paper.performance.mean - 2.45 / 3) < 1e-12);
});

Deno.test("summariseSweep() says of no networks that it cannot say", () => {
  const [group] = summariseSweep([syntheticResult({ trained: false })]);
  assert.ok(Number.isNaN(group.updates.mean));
  assert.ok(Number.isNaN(group.paper.good.value));
  assert.equal(group.paper.performance.n, 0);
  assert.deepEqual(summariseSweep([]), []);
});
