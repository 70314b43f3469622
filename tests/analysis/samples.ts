/** Activity with known structure, for tests. */
import type { Activity } from "../../lib/analysis/activity.ts";
import { randomStream } from "../../lib/random/stream.ts";

/** Four conditions of two variables, as those of a delayed match-to-sample task. */
export const conditionNames = [
  "same:++",
  "same:--",
  "different:+-",
  "different:-+",
];

/**
 * Counts that depend on the two signs, each unit in its own way, with shared
 * noise; unit 0 never moves, unit 1 has many ties.
 *
 * @param uneven gives the first condition some trials more
 */
export function sampleActivity(
  { units = 12, bins = 6, each = 20, uneven = 0, seed = 1 } = {},
): Activity {
  const random = randomStream(seed);
  const conditions = [
    ...Array.from({ length: 4 * each }, (_, k) => conditionNames[k % 4]),
    ...new Array<string>(uneven).fill(conditionNames[0]),
  ];
  const trials = conditions.length;
  const values = new Float64Array(trials * units * bins);
  conditions.forEach((condition, trial) => {
    const [, signs] = condition.split(":");
    const [a, b] = [...signs].map((sign) => sign === "+" ? 1 : -1);
    for (let unit = 0; unit < units; unit++) {
      const weight = (purpose: string) => random.fork(purpose).normal(unit);
      for (let bin = 0; bin < bins; bin++) {
        const course = bin / bins;
        const noise = random.fork("noise").normal(unit, bin, trial) +
          weight("shared") * random.fork("common").normal(0, bin, trial);
        const value = 5 + unit +
          course * (weight("a") * a + weight("b") * b + weight("ab") * a * b) +
          noise;
        values[(trial * units + unit) * bins + bin] = unit === 0
          ? 0.1
          : unit === 1
          ? Math.round(value / 2)
          : value;
      }
    }
  });
  return { trials, units, bins, binMs: 50, values, conditions };
}

/**
 * Counts that follow an Ornstein–Uhlenbeck process of a known timescale, with
 * noise of their own on top.
 */
export function decayingCounts(
  { units = 10, trials = 50, tau = 120, binMs = 50, noise = 1, seed = 1 } = {},
): Activity {
  const random = randomStream(seed);
  const bins = 20;
  const keep = Math.exp(-binMs / tau);
  const values = new Float64Array(trials * units * bins);
  for (let trial = 0; trial < trials; trial++) {
    for (let unit = 0; unit < units; unit++) {
      let state = random.fork("start").normal(unit, 0, trial);
      for (let bin = 0; bin < bins; bin++) {
        values[(trial * units + unit) * bins + bin] = 10 + 2 * state +
          noise * random.fork("noise").normal(unit, bin, trial);
        state = keep * state + Math.sqrt(1 - keep * keep) *
            random.fork("drive").normal(unit, bin, trial);
      }
    }
  }
  return {
    trials,
    units,
    bins,
    binMs,
    values,
    conditions: new Array<string>(trials).fill("no stimulus"),
  };
}
