/** Rate networks beside their twins: measures, means over networks, the page. */
import assert from "node:assert/strict";
import { analyse } from "../../lib/runs/analyse/analyse.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { finished } from "../../lib/records/finished.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { twinsFigure } from "../../tools/twins/figure.ts";
import {
  analysesOfStudy,
  type Mapping,
  type MeasureName,
  measures,
  measuresOf,
  rateBalance,
} from "../../tools/twins/measures.ts";
import { numbersText, withNumbers } from "../../tools/twins/page.ts";
import type { TwinRecord } from "../../tools/twins/study.ts";
import { meanOver, summarise, tidyRows } from "../../tools/twins/summary.ts";

Deno.test("measuresOf() finds every number in what analyses give", async () => {
  const network = createNetwork({ units: 20, channels: 1 }, randomStream(3));
  const twin = convert(network, { scalingFactor: 30 });
  const { results } = await finished(analyse(
    { model: { network }, task: getTask("go-nogo"), twin, trials: 6 },
    { analyses: analysesOfStudy, seed: 1 },
  ));
  const found = measuresOf(results, "tuned");
  const of = (mapping: Mapping, name: MeasureName) =>
    found.filter((one) => one.mapping === mapping && one.measure === name);
  for (const name of Object.keys(measures) as MeasureName[]) {
    if (name === "strict") continue;
    assert.equal(of("tuned", name).length, 1, name);
    // An untrained network of 20 units may have none of these.
    if (/^(median_tau|tau_decay|tuning_(kept|new))$/.test(name)) continue;
    assert.ok(Number.isFinite(of("tuned", name)[0].value), name);
  }
  for (const name of ["selective", "components_90"] as const) {
    assert.ok(Number.isFinite(of("rate", name)[0].value), name);
  }
  assert.equal(of("rate", "alignment").length, 0);
});

Deno.test("rateBalance() is excitatory over inhibitory input at the mean rates", () => {
  const weights = [
    ...[0, 2, -1, 0],
    ...[1, 0, -2, 0],
    ...[3, 1, 0, 0],
    ...[300, 0, -1, 0],
  ];
  const [e, i] = rateBalance(weights, [1, 2, 4, 1], { E: [0, 1, 3], I: [2] });
  // 2·2/(1·4), 1·1/(2·4) and 300·1/(1·4): their median, which the last one,
  // with hardly any inhibition, does not move. Unit 2 has none.
  assert.equal(e.value, 1);
  assert.ok(Number.isNaN(i.value));
});

function record(task: string, seed: number, shift: number): TwinRecord {
  const of = (mapping: Mapping, value: number) => ({
    mapping,
    measure: "participation_ratio" as const,
    value,
  });
  return {
    ...{ task, seed, units: 10, trials: 2, trained: true, tuned: seed > 1 },
    measured: [
      of("rate", shift),
      of("factor", shift + 1),
      of("tuned", shift + 1.5),
    ],
  };
}

const records = [
  record("go-nogo", 1, 1),
  record("go-nogo", 2, 2),
  record("go-nogo", 3, 3),
  record("dms", 1, 5),
  { ...record("dms", 2, 0), trained: false, measured: [] },
];

Deno.test("meanOver() has Student's interval, and none of one network", () => {
  const { mean, low, high, networks } = meanOver([1, 2, NaN, 3]);
  assert.deepEqual([mean, networks], [2, 3]);
  // t of 2 degrees of freedom is 4.30265.
  assert.ok(Math.abs(high - 2 - 4.302652729911275 / Math.sqrt(3)) < 1e-9);
  assert.ok(Math.abs(low + high - 4) < 1e-12);
  assert.ok(Number.isNaN(meanOver([1]).low));
  assert.equal(meanOver([0.9, 1], [0, 1]).high, 1);
});

Deno.test("summarise() compares a network with itself", () => {
  const [go, dms] = summarise(records).filter(({ measure }) =>
    measure === "participation_ratio"
  );
  assert.equal(go.means.factor!.mean, 3);
  assert.deepEqual(
    [go.mapping!.mean, go.tuning!.mean, go.tuning!.low, go.tuning!.high],
    [1, 0.5, 0.5, 0.5],
  );
  assert.equal(dms.means.rate!.networks, 1);
  assert.equal(tidyRows(records).length, 4 * 3);
});

Deno.test("the page keeps what stands around its numbers, and says how many there are", () => {
  const numbers = numbersText(records, summarise(records));
  assert.match(numbers, /`go-nogo` 3 \(tuning kept in 2\), `dms` 1 /);
  assert.match(numbers, /1 more did not learn it/);
  assert.match(numbers, /Participation ratio \| `go-nogo` \| 2 \[/);
  const page = withNumbers("", "old").replace("# What", "Before.\n\n# What");
  const again = withNumbers(page + "After.\n", numbers);
  assert.ok(again.startsWith("Before.") && again.endsWith("After.\n"));
  assert.ok(!again.includes("old") && again.includes("### Dimension"));
  assert.throws(() => withNumbers("No marks", "x"), RangeError);
});

Deno.test("a figure has a panel for each measure that there is", () => {
  const figure = twinsFigure("twins", summarise(records), [
    "participation_ratio",
    "cv",
  ]);
  assert.deepEqual(figure.panels.map(({ title }) => title), [
    "Participation ratio",
  ]);
});
