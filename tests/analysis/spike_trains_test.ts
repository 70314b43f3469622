import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import type { SpikeTrains } from "../../lib/analysis/activity.ts";
import { fitPsychometric } from "../../lib/analysis/psychometric.ts";
import { welch } from "../../lib/analysis/spectrum.ts";
import {
  countCorrelations,
  fanoFactors,
  intervalsOf,
  irregularity,
  spikeCounts,
} from "../../lib/analysis/spike_trains.ts";
import { synchrony } from "../../lib/analysis/synchrony.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { testWith } from "../require.ts";

/** Times by trial and unit. */
function trainsOf(
  times: readonly (readonly (readonly number[])[])[],
  durationMs: number,
  conditions = times.map(() => "go"),
): SpikeTrains {
  const flat = times.flatMap((units, trial) =>
    units.flatMap((of, unit) => of.map((time) => ({ trial, unit, time })))
  );
  return {
    trials: times.length,
    units: times[0].length,
    durationMs,
    trial: Uint32Array.from(flat, ({ trial }) => trial),
    unit: Uint32Array.from(flat, ({ unit }) => unit),
    time: Float64Array.from(flat, ({ time }) => time),
    conditions,
  };
}

/** A renewal process: gamma intervals of an order, of a mean in ms. */
function renewal(
  index: number,
  { order, mean, durationMs }: {
    readonly order: number;
    readonly mean: number;
    readonly durationMs: number;
  },
): number[] {
  const random = randomStream(11).fork("train", index);
  const times: number[] = [];
  // It has run for a while before the trial begins.
  for (let time = -20 * mean, k = 0;; k++) {
    for (let o = 0; o < order; o++) {
      time -= mean / order * Math.log(1 - random.uniform(o, k));
    }
    if (time >= durationMs) return times;
    if (time >= 0) times.push(time);
  }
}

function close(actual: number, expected: number, tolerance: number): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected} to ${tolerance}`,
  );
}

const whole = { from: 0, to: 1000 };

Deno.test("irregularity(): a Poisson process has CV, CV2, Lv 1, a gamma process of order 4 half of it", () => {
  const of = (order: number) =>
    irregularity(
      trainsOf([[
        renewal(order, { order, mean: 10, durationMs: 100_000 }),
      ]], 100_000),
      { from: 0, to: 100_000 },
    )[0];
  const poisson = of(1);
  close(poisson.rate, 100, 3);
  close(poisson.cv, 1, 0.03);
  close(poisson.cv2, 1, 0.03);
  close(poisson.lv, 1, 0.05);
  const gamma = of(4);
  close(gamma.cv, 0.5, 0.02);
  // Lv of a gamma process of order k is 3/(2k + 1).
  close(gamma.lv, 1 / 3, 0.02);
});

Deno.test("irregularity() takes intervals within the window and the trial alone", () => {
  const trains = trainsOf([[[10, 20, 40, 900]], [[5, 15, 18]]], 1000);
  const [unit] = irregularity(trains, { from: 8, to: 500 });
  assert.equal(unit.spikes, 5);
  assert.deepEqual(intervalsOf(trains, { from: 8, to: 500 }, [0]), [10, 20, 3]);
  close(unit.cv2, 2 * 10 / 30, 1e-12);
  close(unit.rate, 5 / (2 * 0.492), 1e-12);
});

Deno.test("spike trains that come later, seen in a window as much later, are the same", () => {
  const times = [0, 1].map((trial) =>
    [0, 1, 2].map((unit) =>
      // On a grid of 1/8 ms, so that the shift is exact.
      renewal(3 * trial + unit, { order: 2, mean: 25, durationMs: 1000 })
        .map((time) => Math.round(8 * time) / 8)
        .filter((time) => time < 1000)
    )
  );
  const shift = 256;
  const trains = trainsOf(times, 2000);
  const later = trainsOf(
    times.map((of) => of.map((unit) => unit.map((time) => time + shift))),
    2000,
  );
  const at = (offset: number) => ({ from: 100 + offset, to: 900 + offset });
  assert.deepEqual(irregularity(later, at(shift)), irregularity(trains, at(0)));
  const counts = (of: SpikeTrains, offset: number) =>
    spikeCounts(of, at(offset));
  assert.deepEqual(
    counts(later, shift).counts,
    counts(trains, 0).counts,
  );
  assert.deepEqual(
    fanoFactors(counts(later, shift)),
    fanoFactors(counts(trains, 0)),
  );
  assert.notDeepEqual(counts(later, 0).counts, counts(trains, 0).counts);
  const filter = { rise: 2, decay: [20, 30, 40] };
  close(
    synchrony(later, at(shift), filter),
    synchrony(trains, at(0), filter),
    1e-9,
  );
});

Deno.test("irregularity() has NaN where there are fewer than 3 spikes, never a number", () => {
  const [two, none, apart] = irregularity(
    trainsOf([[[1, 2], [], [1, 2]], [[], [], [5, 9]]], 1000),
    whole,
  );
  assert.ok([two.cv, two.cv2, two.lv].every(Number.isNaN));
  assert.ok(none.rate === 0 && Number.isNaN(none.cv));
  // Four spikes in two trials: two intervals, but none after another.
  assert.ok(apart.cv > 0 && Number.isNaN(apart.cv2));
  assert.throws(
    () => irregularity(trainsOf([[[1]]], 1000), { from: 0, to: 1001 }),
    /Cannot use the window 0 to 1001 ms/,
  );
});

Deno.test("fanoFactors(): 1 for a Poisson process, by condition", () => {
  const trains = trainsOf(
    Array.from({ length: 400 }, (_, trial) => {
      // Rates of two conditions differ: pooled, the factor would be far above 1.
      const mean = trial % 2 ? 10 : 50;
      return [renewal(100 + trial, { order: 1, mean, durationMs: 1000 })];
    }),
    1000,
    Array.from({ length: 400 }, (_, trial) => trial % 2 ? "go" : "nogo"),
  );
  close(fanoFactors(spikeCounts(trains, whole))[0], 1, 0.05);
});

Deno.test("fanoFactors() has NaN for a unit that never fires, and needs two trials", () => {
  const twice = spikeCounts(trainsOf([[[], [5]], [[], []]], 100), {
    from: 0,
    to: 100,
  });
  const [silent, other] = fanoFactors(twice);
  assert.ok(Number.isNaN(silent));
  close(other, 0.5, 1e-12);
  assert.throws(
    () => fanoFactors(spikeCounts(trainsOf([[[1]]], 1000), whole)),
    { name: "RangeError", message: /two of a condition are needed/ },
  );
  assert.throws(
    () => spikeCounts(trainsOf([[[1]]], 1000), { from: 0, to: 99 }),
    /0 to 99 ms holds none/,
  );
});

Deno.test("countCorrelations(): common input correlates, condition means do not", () => {
  const random = randomStream(5);
  const trials = 2000;
  const conditions: string[] = [];
  const counts = Uint32Array.from({ length: trials * 3 }, (_, at) => {
    const [trial, unit] = [Math.floor(at / 3), at % 3];
    if (unit === 0) conditions.push(trial % 2 ? "a" : "b");
    const own = Math.round(100 + 2 * random.normal(unit, trial));
    const common = Math.round(2 * random.normal(9, trial));
    return own + (unit < 2 ? common : 0) + (trial % 2 ? 20 : 0);
  });
  const pairs = countCorrelations(
    { trials, units: 3, windows: 1, counts, conditions },
    randomStream(1),
  );
  assert.deepEqual(pairs.map(({ units }) => units.join()), [
    "0,1",
    "0,2",
    "1,2",
  ]);
  close(pairs[0].noise, 0.5, 0.05);
  close(pairs[1].noise, 0, 0.05);
  assert.ok(pairs[1].total > 0.8);
});

Deno.test("countCorrelations() draws pairs by the seed, each once, of units that fire", () => {
  const units = 80;
  const counts = Uint32Array.from(
    { length: 10 * units },
    (_, at) =>
      at % units < 70 ? Math.floor(5 * randomStream(2).uniform(at)) : 0,
  );
  const conditions = new Array(10).fill("go");
  const draw = (seed: number) =>
    countCorrelations(
      { trials: 10, units, windows: 1, counts, conditions },
      randomStream(seed),
      500,
    );
  const names = draw(1).map(({ units }) => units.join());
  assert.equal(new Set(names).size, 500);
  assert.ok(draw(1).every(({ units: [a, b] }) => a < b && b < 70));
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(names, draw(2).map(({ units }) => units.join()));
});

Deno.test("synchrony(): 1 for equal trains, 1/√N for independent ones", () => {
  const units = 64;
  const filter = { rise: 2, decay: new Array(units).fill(20) };
  const train = renewal(1, { order: 1, mean: 40, durationMs: 20_000 });
  const window = { from: 100, to: 20_000 };
  const equal = trainsOf([Array.from({ length: units }, () => train)], 20_000);
  close(synchrony(equal, window, filter), 1, 1e-9);
  const apart = trainsOf([
    Array.from(
      { length: units },
      (_, u) => renewal(500 + u, { order: 1, mean: 40, durationMs: 20_000 }),
    ),
  ], 20_000);
  close(synchrony(apart, window, filter), 1 / 8, 0.02);
  const silent = trainsOf([Array.from({ length: units }, () => [])], 1000);
  assert.ok(Number.isNaN(synchrony(silent, whole, filter)));
});

Deno.test("welch() has NaN for signals that are too short, and takes segments within signals", () => {
  assert.ok(welch([new Float64Array(499)], 1).density.every(Number.isNaN));
  const noise = (from: number) =>
    Float64Array.from(
      { length: 500 },
      (_, t) => randomStream(1).normal(0, from + t),
    );
  const both = welch([noise(0), noise(500)], 1).density;
  const [one, two] = [welch([noise(0)], 1), welch([noise(500)], 1)];
  both.forEach((x, f) =>
    close(x, (one.density[f] + two.density[f]) / 2, 1e-12)
  );
});

Deno.test("fitPsychometric() says why there is no fit", () => {
  const steps = [-2, -1, 1, 2].map((level) => ({
    level,
    positive: level > 0 ? 10 : 0,
    trials: 10,
  }));
  const sharp = fitPsychometric(steps, randomStream(1));
  assert.ok(Number.isNaN(sharp.slope.value));
  assert.match(sharp.reason!, /leave no doubt/);
  assert.match(
    fitPsychometric([{ level: 1, positive: 3, trials: 10 }], randomStream(1))
      .reason!,
    /fewer than two levels/,
  );
  assert.throws(
    () =>
      fitPsychometric(
        [{ level: 1, positive: 11, trials: 10 }],
        randomStream(1),
      ),
    /11 positive answers in 10 trials/,
  );
});

testWith(
  "elephant",
  "spike statistics, spectra and psychometric fits agree with Elephant and SciPy",
  () => {
    const durationMs = 3000;
    const trains = [1, 2, 3, 5].map((order) =>
      renewal(40 + order, { order, mean: 12 * order, durationMs })
    );
    const trials = [1, 4].map((order) =>
      Array.from(
        { length: 20 },
        (_, k) => renewal(60 + 50 * order + k, { order, mean: 20, durationMs }),
      )
    );
    const signal = Array.from(
      { length: 2300 },
      (_, t) => 5 + Math.sin(t / 7) + 0.5 * randomStream(8).normal(0, t),
    );
    const answers = [-0.5, -0.25, -0.1, 0.1, 0.25, 0.5].map((level, k) => ({
      level,
      positive: [3, 9, 20, 33, 41, 48][k],
      trials: 50,
    }));
    const expected = JSON.parse(
      execFileSync("python3", ["tests/analysis/spike_trains.py"], {
        input: JSON.stringify({ durationMs, trains, trials, signal, answers }),
        encoding: "utf8",
      }),
    );
    const span = { from: 0, to: durationMs };
    const one = trainsOf([trains], durationMs);
    irregularity(one, span).forEach((unit, u) => {
      for (const name of ["cv", "cv2", "lv", "rate"] as const) {
        close(unit[name], expected[name][u], 1e-10);
      }
    });
    const many = trainsOf(
      Array.from({ length: 20 }, (_, k) => trials.map((unit) => unit[k])),
      durationMs,
    );
    fanoFactors(spikeCounts(many, span)).forEach((fano, u) =>
      close(fano, expected.fano[u], 1e-10)
    );
    const pairs = countCorrelations(spikeCounts(one, span), randomStream(1));
    assert.equal(pairs.length, 6);
    for (const { units: [a, b], total } of pairs) {
      close(total, expected.correlation[a][b], 1e-10);
    }
    const { frequencies, density } = welch([signal], 1);
    assert.equal(density.length, expected.density.length);
    density.forEach((power, f) => {
      close(frequencies[f], expected.frequencies[f], 1e-9);
      close(power, expected.density[f], 1e-6 * (1e-3 + expected.density[f]));
    });
    const { slope, intercept, bias } = fitPsychometric(
      answers,
      randomStream(3),
    );
    close(intercept, expected.fit[0], 1e-6);
    close(slope.value, expected.fit[1], 1e-6);
    assert.ok(slope.low < slope.value && slope.value < slope.high);
    assert.ok(bias.low < bias.value && bias.value < bias.high);
  },
);
