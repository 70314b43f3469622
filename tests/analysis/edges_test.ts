/** Analyses where bins, counts or units are not the usual ones. */
import assert from "node:assert/strict";
import type { SpikeTrains } from "../../lib/analysis/activity.ts";
import { currentStatistics } from "../../lib/analysis/current_statistics.ts";
import { irregularity } from "../../lib/analysis/spike_trains.ts";
import { selectivity } from "../../lib/analysis/tuning.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { finished } from "../../lib/records/finished.ts";
import { analyse } from "../../lib/runs/analyse/analyse.ts";
import type { AnalysisResult, Scalar } from "../../lib/runs/analyse/types.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { convert } from "../../lib/spiking/convert.ts";

/** Trials of two conditions that take turns, or of one. */
function trainsOf(
  { trials = 20, units, durationMs = 1000, condition = (k) => "ab"[k % 2] }: {
    readonly trials?: number;
    readonly units: number;
    readonly durationMs?: number;
    readonly condition?: (trial: number) => string;
  },
  timesOf: (trial: number, unit: number) => readonly number[],
): SpikeTrains {
  const all = Array.from({ length: trials * units }, (_, k) => {
    const [trial, unit] = [Math.floor(k / units), k % units];
    return timesOf(trial, unit).map((time) => ({ trial, unit, time }));
  }).flat();
  return {
    ...{ trials, units, durationMs },
    trial: Uint32Array.from(all, ({ trial }) => trial),
    unit: Uint32Array.from(all, ({ unit }) => unit),
    time: Float64Array.from(all, ({ time }) => time),
    conditions: Array.from({ length: trials }, (_, k) => condition(k)),
  };
}

async function made(
  spikes: SpikeTrains,
  analyses: readonly string[],
  binMs?: number,
): Promise<Readonly<Record<string, AnalysisResult>>> {
  const { results } = await finished(
    analyse({ spikes }, { analyses, binMs, seed: 1 }),
  );
  return results;
}

function scalarOf({ scalars }: AnalysisResult, name: string): Scalar {
  return scalars.find((scalar) => scalar.name === name)!;
}

Deno.test("analyse tuning: trials with as many spikes are ties, in bins of any width", async () => {
  const random = randomStream(2);
  // In "a" the spikes of a trial fall into one bin, in "b" each has its own.
  const count = (trial: number, unit: number) =>
    1 + Math.floor(6 * random.uniform(trial, unit));
  const spikes = trainsOf(
    { units: 8, trials: 40, durationMs: 900 },
    (trial, unit) =>
      Array.from(
        { length: count(trial, unit) },
        (_, k) => trial % 2 === 0 ? 300 + k : 30 * k + 5,
      ),
  );
  for (const binMs of [10, 30, 7]) {
    const { tuning } = await made(spikes, ["tuning"], binMs);
    for (const row of tuning.tables[0].rows) {
      const of = (start: number) =>
        Array.from(
          { length: 20 },
          (_, k) => count(2 * k + start, row.unit as number),
        );
      const { area, p } = selectivity(of(0), of(1));
      assert.equal(row.area, area, `bins of ${binMs} ms`);
      assert.equal(row.p, p);
    }
  }
});

Deno.test("currentStatistics(): bins narrower than a ms, or that end within one, hold the current of their time", async () => {
  const filter = {
    ...{ units: 2, dt: 0.05, kind: "double" as const, rise: 2 },
    decay: [20, 20],
    weights: Float64Array.of(0, 0.5, -1, 0),
  };
  const spikes = trainsOf(
    { units: 2, trials: 1, durationMs: 400 },
    (_, unit) => [100 + 50 * unit],
  );
  const window = { from: 100, to: 400 };
  const inBins = async (binMs: number) => {
    const found = await currentStatistics(filter, spikes, { window, binMs });
    return found.excitatory.subarray(found.bins, 2 * found.bins);
  };
  const each = await inBins(1);
  const narrow = await inBins(0.5);
  assert.equal(narrow.length, 800);
  narrow.forEach((mv, k) => assert.equal(mv, each[Math.floor(k / 2)]));
  const cut = await inBins(2.5);
  cut.forEach((mv, k) => {
    // Two whole ms and a half one, after or before them.
    const at = Math.floor(2.5 * k);
    const share = (one: number, two: number, three: number) =>
      (one * each[at] + two * each[at + 1] + three * each[at + 2]) / 2.5;
    const due = k % 2 === 0 ? share(1, 1, 0.5) : share(0.5, 1, 1);
    assert.ok(Math.abs(mv - due) < 1e-12, `bin ${k}: ${mv} is not ${due}`);
  });
});

Deno.test("currentStatistics(): a bin behind the last whole sample has its value", async () => {
  // A sample is three steps of 0.4 ms: the last one ends 0.4 ms before the trial.
  const found = await currentStatistics(
    {
      ...{ units: 2, dt: 0.4, kind: "double" as const, rise: 2 },
      decay: [20, 20],
      weights: Float64Array.of(0, 0.5, 0, 0),
    },
    trainsOf({ units: 2, trials: 1, durationMs: 400 }, () => [200]),
    { window: { from: 100, to: 400 }, binMs: 0.2 },
  );
  const last = found.excitatory.subarray(-6);
  assert.ok(last.every((mv) => mv > 0 && Math.abs(mv - last[0]) < 1e-12));
});

Deno.test("analyse spike-trains: counts that never vary have no correlation, and a reason", async () => {
  const regular = Array.from({ length: 20 }, (_, k) => 50 * k + 25);
  const { "spike-trains": found } = await made(
    trainsOf({ units: 3 }, () => regular),
    ["spike-trains"],
  );
  for (const name of ["noise_correlation", "count_correlation"]) {
    const { value, reason } = scalarOf(found, name);
    assert.ok(Number.isNaN(value));
    assert.equal(reason, "no two units' counts vary");
  }
});

Deno.test("analyse spike-trains: CV2 and Lv say that 3 spikes in one trial are lacking", async () => {
  const { "spike-trains": found } = await made(
    trainsOf({ units: 2 }, (trial) => [200, 300 + trial]),
    ["spike-trains"],
  );
  assert.ok(scalarOf(found, "cv").value > 0);
  assert.match(scalarOf(found, "cv2").reason!, /3 spikes in a trial/);
  assert.match(scalarOf(found, "lv").reason!, /3 spikes in a trial/);
});

Deno.test("irregularity(): three spikes at one time take nothing from a unit's other intervals", () => {
  const others = [10, 20, 50, 60];
  const of = (times: readonly number[]) =>
    irregularity(
      trainsOf({ units: 1, trials: 1 }, () => times),
      { from: 0, to: 1000 },
    )[0];
  const found = of([...others, 60, 60]);
  // The pairs of intervals: (10, 30), (30, 10), (10, 0); (0, 0) has no ratio.
  assert.ok(Math.abs(found.cv2 - (1 + 1 + 2) / 3) < 1e-12);
  assert.ok(Math.abs(found.lv - 3 * (1 / 4 + 1 / 4 + 1) / 3) < 1e-12);
  assert.ok(Number.isNaN(of([5, 5, 5]).cv2));
});

Deno.test("analyse discriminability: never over two units, whose correlation says nothing", async () => {
  const random = randomStream(4);
  /** Trials without a stimulus whose rates wander, for timescales. */
  const wandering = (units: number) =>
    trainsOf(
      { units, trials: 60, condition: (k) => ["a", "b"][k % 2] },
      (trial, unit) =>
        Array.from({ length: 12 }, (_, k) =>
          1000 * random.uniform(trial, unit, k))
          .sort((a, b) =>
            a - b
          ),
    );
  await assert.rejects(
    made(wandering(2), ["discriminability"]),
    /^RangeError: Cannot analyse discriminability of 2 units: it is a correlation over units, 3 or more are needed$/,
  );
  const { discriminability } = await made(wandering(3), ["discriminability"]);
  assert.ok(discriminability.scalars.length > 0);
});

Deno.test("analyse discriminability: quartiles of the timescale have three units or more", async () => {
  const task = getTask("go-nogo");
  const sizes: number[] = [];
  for (const seed of [2, 4, 6]) {
    const network = createNetwork(
      { channels: 1, units: 40, gain: 3 },
      randomStream(seed),
    );
    const twin = convert(network, { scalingFactor: 30 });
    const { results } = await finished(
      analyse({ model: { network }, task, twin, trials: 10 }, {
        analyses: ["discriminability", "timescales"],
        intervals: false,
        seed: 1,
      }),
    );
    const kept = scalarOf(results.timescales, "kept").value;
    const { arrays, remarks } = results.discriminability;
    sizes.push(kept);
    const quartiles = Object.keys(arrays).filter((name) =>
      name.includes("quartile")
    );
    assert.equal(quartiles.length, kept >= 12 ? 4 : 0, `${kept} units`);
    assert.equal(
      (remarks ?? []).some((remark) => /fewer than 12 units/.test(remark)),
      kept < 12,
    );
  }
  assert.deepEqual(sizes, [8, 10, 12]);
});

Deno.test("analyse timescales: why the population has none, in a sentence", async () => {
  const { timescales } = await made(
    trainsOf(
      { units: 2, trials: 10, condition: () => "no stimulus" },
      () => [],
    ),
    ["timescales"],
  );
  assert.equal(
    scalarOf(timescales, "population_tau").reason,
    "no unit is kept",
  );
});

Deno.test("analyse generalisation: delays as they are, with their unit", async () => {
  const task = getTask("xor");
  const network = createNetwork({ channels: 2, units: 6 }, randomStream(1));
  const { results: { generalisation } } = await finished(
    analyse({ model: { network }, task, trials: 1 }, {
      analyses: ["generalisation"],
      seed: 1,
    }),
  );
  assert.match(
    generalisation.summary[0],
    /^rate network, delay 95 to 1125 ms: .* \(at \d+ ms\)$/,
  );
});
