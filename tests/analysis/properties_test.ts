/** What must hold of analyses whatever the data: units permuted, sign, known processes. */
import assert from "node:assert/strict";
import { ofUnits, type SpikeTrains } from "../../lib/analysis/activity.ts";
import { crossTemporal, stratifiedFolds } from "../../lib/analysis/decoding.ts";
import {
  discriminability,
  halfDifferences,
  quartiles,
} from "../../lib/analysis/discriminability.ts";
import {
  autocorrelations,
  meanCorrelation,
  timescale,
} from "../../lib/analysis/timescales.ts";
import {
  alignment,
  componentsFor,
  participationRatio,
  principalComponents,
  projections,
} from "../../lib/analysis/trajectories.ts";
import {
  selectivity,
  twoWayDesign,
  twoWayVariance,
} from "../../lib/analysis/tuning.ts";
import { conditionVariables } from "../../lib/analysis/variables.ts";
import { integer } from "../../lib/random/draw.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { conditionNames, decayingCounts, sampleActivity } from "./samples.ts";

const activity = sampleActivity();
const reversed = Array.from(
  { length: activity.units },
  (_, unit) => activity.units - 1 - unit,
);
const variables = conditionVariables({
  conditions: conditionNames,
  channels: ["stimulus 1", "stimulus 2"],
});

function near(actual: number, expected: number, tolerance = 1e-9) {
  assert(
    Math.abs(actual - expected) <= tolerance,
    `${actual} is not ${expected}`,
  );
}

Deno.test("principalComponents() do not depend on the order of units or on their offset", () => {
  const { variances } = principalComponents(activity);
  const permuted = principalComponents(ofUnits(activity, reversed));
  const shifted = principalComponents({
    ...activity,
    values: activity.values.map((value) => value + 7),
  });
  variances.forEach((variance, k) => {
    near(permuted.variances[k], variance);
    near(shifted.variances[k], variance);
  });
});

Deno.test("principalComponents() of fewer rows than units have no variance beyond the rows", () => {
  const few = principalComponents(
    sampleActivity({ units: 12, bins: 2, each: 2 }),
  );
  assert.equal(few.variances.length, 12);
  // 8 rows, centred: 7 components.
  for (const variance of few.variances.subarray(7)) near(variance, 0);
});

Deno.test("participationRatio() counts equal variances; of none it is NaN", () => {
  near(participationRatio([2, 2, 2, 0]), 3);
  assert(Number.isNaN(participationRatio([0, 0])));
  assert.equal(componentsFor([6, 3, 1], 0.9), 2);
  assert.equal(componentsFor([0, 0], 0.9), 0);
});

Deno.test("alignment() is 1 with itself, 0 with what lies across, whatever the sign", () => {
  const itself = principalComponents(activity);
  const own = alignment(itself, itself);
  near(own.index, 1);
  for (const angle of own.angles) near(angle, 0, 1e-5);
  const mirrored = principalComponents({
    ...activity,
    values: activity.values.map((value) => -value),
  });
  near(alignment(itself, mirrored).index, 1);
  // Units 0 and 1 move in the one, units 2 and 3 in the other.
  const of = (first: number) =>
    principalComponents({
      trials: 1,
      units: 4,
      bins: 3,
      binMs: 1,
      values: Float64Array.from(
        { length: 12 },
        (_, k) =>
          Math.floor(k / 6) * 2 === first ? [1, 5, 2, 8, 0, 1][k % 6] : 0,
      ),
      conditions: ["a"],
    });
  const across = alignment(of(0), of(2), 2);
  near(across.index, 0);
  for (const angle of across.angles) near(angle, 90, 1e-5);
});

Deno.test("projections() onto a network's own components have their variances", () => {
  const components = principalComponents(activity);
  const along = projections(components.rows, components, 1);
  const squares = along.reduce((sum, value) => sum + value * value, 0);
  near(squares / (along.length - 1), components.variances[0]);
});

Deno.test("crossTemporal() does not depend on the order of units or on the sign", async () => {
  const expected = await crossTemporal(activity, variables);
  const others = [
    ofUnits(activity, reversed),
    { ...activity, values: activity.values.map((value) => -3 * value) },
  ];
  for (const other of others) {
    const found = await crossTemporal(other, variables);
    found.forEach(({ correct }, k) =>
      assert.deepEqual(correct, expected[k].correct)
    );
  }
});

Deno.test("crossTemporal() is at chance before anything differs, and right later", async () => {
  const [{ correct, trials, bins, chance }] = await crossTemporal(
    sampleActivity({ each: 50 }),
    variables.slice(1),
  );
  assert.equal(chance, 0.5);
  // Activity of bin 0 does not depend on the condition; later more and more.
  assert(Math.abs(correct[0] / trials - 0.5) < 0.15, `${correct[0]}`);
  assert(correct[bins * bins - 1] / trials > 0.85);
});

Deno.test("crossTemporal() of units that never move always gives the same answer", async () => {
  const still = {
    ...activity,
    values: new Float64Array(activity.values.length).fill(0.3),
  };
  const [{ correct, trials }] = await crossTemporal(still, variables);
  for (const count of correct) assert.equal(count, trials / 2);
});

Deno.test("stratifiedFolds() refuses a condition with fewer trials than folds", () => {
  assert.throws(() => stratifiedFolds(["a", "a", "b"], 2), {
    name: "RangeError",
    message: /Cannot divide 1 trial of condition "b" into 2 folds/,
  });
});

Deno.test("crossTemporal() refuses labels that the trials do not have", async () => {
  const activity = sampleActivity({ units: 3, bins: 2, each: 5 });
  const other = { name: "side", values: ["left", "right"], of: {} };
  await assert.rejects(crossTemporal(activity, [other]), {
    name: "RangeError",
    message: 'Cannot decode side: no trial has "left", the conditions are ' +
      conditionNames.join(", "),
  });
  const single = {
    ...{ name: "all", values: ["any"] },
    of: Object.fromEntries(conditionNames.map((name) => [name, "any"])),
  };
  await assert.rejects(crossTemporal(activity, [single]), {
    message: "Cannot decode all: it has 1 value, two or more are needed",
  });
});

Deno.test("selectivity() mirrors: the area of the others is 1 less it, p stays", () => {
  const [one, two] = [[1, 4, 4, 6, 9], [2, 4, 5, 5]];
  const there = selectivity(one, two);
  const back = selectivity(two, one);
  near(there.area + back.area, 1);
  near(there.p, back.p);
  const monotone = (values: number[]) => values.map((value) => value ** 3 + 2);
  near(selectivity(monotone(one), monotone(two)).area, there.area);
  assert.throws(() => selectivity([], two), RangeError);
});

Deno.test("twoWayVariance() of balanced trials divides all variance", () => {
  const a = ["a", "b", "a", "b", "a", "b", "a", "b", "a", "b", "a", "b"];
  const b = ["x", "x", "y", "y", "x", "x", "y", "y", "x", "x", "y", "y"];
  const y = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
  const design = twoWayDesign(a, b);
  const { first, second, interaction, residual } = twoWayVariance(y, design);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const total = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  near(first.squares + second.squares + interaction.squares + residual, total);
  const constant = twoWayVariance(y.map(() => 0.1), design);
  assert(Number.isNaN(constant.interaction.share));
  assert(Number.isNaN(constant.interaction.p));
});

Deno.test("twoWayDesign() refuses what cannot be divided", () => {
  assert.throws(() => twoWayDesign(["a", "a"], ["x", "y"]), RangeError);
  // The combination b y has no trial.
  assert.throws(
    () => twoWayDesign(["a", "a", "b", "b"], ["x", "y", "x", "x"]),
    /of 2 × 2 combinations of values 3 have trials/,
  );
  assert.throws(
    () => twoWayDesign(["a", "a", "b", "b"], ["x", "y", "x", "y"]),
    /more trials are needed/,
  );
});

Deno.test("timescale() finds that of an Ornstein–Uhlenbeck process within its bootstrap interval", () => {
  const tau = 120;
  const counts = decayingCounts({ tau, units: 40, noise: 0.5 });
  const all = Array.from({ length: counts.units }, (_, unit) => unit);
  const fitOf = (weights?: Float64Array) =>
    timescale(meanCorrelation(autocorrelations(counts, weights), all), 50).fit!
      .tau;
  const random = randomStream(3);
  const again = Array.from({ length: 60 }, (_, sample) => {
    const weights = new Float64Array(counts.trials);
    for (let k = 0; k < counts.trials; k++) {
      weights[integer(random, counts.trials, k, sample)]++;
    }
    return fitOf(weights);
  }).sort((a, b) => a - b);
  const found = fitOf();
  assert(again[1] < tau && tau < again[58], `${again[1]} ${again[58]}`);
  assert(Math.abs(found - tau) < 25, `${found}`);
});

Deno.test("autocorrelations() with weights of 1 are those without; trials that count twice are two", () => {
  const counts = decayingCounts({ units: 3, trials: 12 });
  const ones = new Float64Array(12).fill(1);
  const plain = autocorrelations(counts);
  autocorrelations(counts, ones).forEach((value, k) => near(value, plain[k]));
  const twice = {
    ...counts,
    trials: 24,
    values: Float64Array.of(...counts.values, ...counts.values),
  };
  const twos = new Float64Array(12).fill(2);
  autocorrelations(counts, twos).forEach((value, k) =>
    near(value, autocorrelations(twice)[k])
  );
});

Deno.test("timescale() says why there is none", () => {
  const lags = (of: (k: number) => number) =>
    Float64Array.from({ length: 15 }, (_, k) => of(k + 1));
  const why = (of: (k: number) => number) => timescale(lags(of), 50).excluded;
  assert.equal(why((k) => k === 7 ? NaN : 1 / k), "a lag without a value");
  assert.equal(why((k) => k), "no fall");
  assert.equal(why((k) => k < 5 ? k : 9 - k), "falls late");
  assert.equal(why((k) => Math.exp(-k * 50 / 900)), "too long");
  assert.equal(why((k) => k === 1 ? 1 : 0), "too short");
  assert.equal(why((k) => Math.exp(-k * 50 / 400)), undefined);
});

Deno.test("autocorrelations() of a unit that never fires are NaN, and it is left out", () => {
  const counts = decayingCounts({ units: 1 });
  counts.values.fill(0);
  const found = autocorrelations(counts);
  assert(found.every(Number.isNaN));
  assert.equal(timescale(found, 50).excluded, "a lag without a value");
  const few = { ...counts, trials: 2, values: counts.values.slice(0, 40) };
  assert.throws(() => autocorrelations(few), /in 2 trials/);
  const short = { ...counts, bins: 10, values: counts.values.slice(0, 500) };
  assert.throws(() => autocorrelations(short), /in 10 bins/);
});

/** Spikes at random; in trials of `a` the first half of the units fires more. */
function spikeSample(): SpikeTrains {
  const random = randomStream(5);
  const spikes: [number, number, number][] = [];
  for (let trial = 0; trial < 40; trial++) {
    for (let unit = 0; unit < 20; unit++) {
      const more = (trial % 2 === 0) === (unit < 10) ? 30 : 10;
      for (let k = 0; k < 60; k++) {
        if (random.uniform(unit, k, trial) * 60 < more * (unit % 5 + 1) / 3) {
          const time = random.fork("time").uniform(unit, k, trial) * 1000;
          spikes.push([trial, unit, time]);
        }
      }
    }
  }
  return {
    trials: 40,
    units: 20,
    durationMs: 1000,
    trial: Uint32Array.from(spikes, ([trial]) => trial),
    unit: Uint32Array.from(spikes, ([, unit]) => unit),
    time: Float64Array.from(spikes, ([, , time]) => time),
    conditions: Array.from({ length: 40 }, (_, k) => "ab"[k % 2]),
  };
}

Deno.test("discriminability() is near 1 where the same units differ, and the same the other way round", () => {
  const trains = spikeSample();
  const halves = halfDifferences(trains, trains.conditions, ["a", "b"]);
  const matrix = discriminability(halves);
  const { samples } = halves;
  const at = (t: number, other: number) => matrix[t * samples + other];
  assert(at(100, 100) > 0.8 && at(60, 150) > 0.8, `${at(60, 150)}`);
  const swapped = discriminability(
    halfDifferences(trains, trains.conditions, ["b", "a"]),
  );
  near(swapped[60 * samples + 150], at(60, 150));
  // Nothing is known of the time before the first spike.
  assert(Number.isNaN(at(0, 0)) || Math.abs(at(0, 0)) <= 1);
});

Deno.test("halfDifferences() filters causally: the area of the window is 1, nothing comes before a spike", () => {
  const one = {
    trials: 4,
    units: 1,
    durationMs: 1000,
    trial: Uint32Array.of(0, 2),
    unit: Uint32Array.of(0, 0),
    time: Float64Array.of(300, 300),
    conditions: ["a", "b", "a", "b"],
  };
  const { odd, even } = halfDifferences(one, one.conditions, ["a", "b"]);
  assert(odd.subarray(0, 60).every((value) => value === 0) && odd[60] > 0);
  // One spike in one odd trial of `a`: its area in spikes.
  const area = odd.reduce((sum, value) => sum + value, 0) * 0.005;
  assert(Math.abs(area - 1) < 0.05, `${area}`);
  assert.deepEqual(odd, even);
  assert.throws(
    () => halfDifferences(one, ["a", "b", "c", "c"], ["a", "b"]),
    /odd and even trials of condition "a" apart/,
  );
});

Deno.test("quartiles() leave out what has no number", () => {
  assert.deepEqual(quartiles([3, NaN, 1, 2, 8]), [[2], [3], [0], [4]]);
});
