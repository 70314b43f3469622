import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Score } from "../../lib/network/scores.ts";
import { wilson } from "../../lib/simulate/wilson.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { diagnose } from "../../lib/map/diagnose.ts";
import type { Comparison } from "../../lib/map/diagnosis_types.ts";
import { MeanCourses } from "../../lib/map/courses.ts";
import { RoundGains } from "../../lib/map/gain.ts";
import { judge, judgePerformance, verdictText } from "../../lib/map/verdict.ts";
import { fakeBackend, task } from "../simulate/spiking_fakes.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

function score(correct: number, trials: number): Score {
  const of = wilson(correct, trials);
  return { paper: of, strict: of, loss: NaN, outputError: 0, conditions: [] };
}

/** A conversion of ten units that is good, but for what is changed. */
function comparison(changes: Partial<Comparison> = {}): Comparison {
  const filled = (value: number) => new Float64Array(10).fill(value);
  return {
    activation: "sigmoid",
    decayMs: { min: 20, median: 60, max: 100 },
    decayFixed: false,
    factor: 50,
    rate: score(100, 100),
    spiking: score(99, 100),
    output: { gain: 1, offset: 0, correlation: 0.99 },
    gainInterval: [0.95, 1.05],
    correspondence: {
      unitCorrelation: 0.9,
      cka: 0.95,
      weightChange: 0,
      synapsesChanged: 0,
    },
    recorded: 10,
    units: {
      correlation: filled(0.6),
      rate: filled(0.5),
      rateDeviation: filled(0.2),
      firing: filled(10),
      silent: [],
      saturated: [],
    },
    ...changes,
  };
}

function units(changes: Partial<Comparison["units"]>): Partial<Comparison> {
  return { units: { ...comparison().units, ...changes } };
}

/** The verdict and the aspects that are not good. */
function judged(changes: Partial<Comparison>): string {
  const { verdict, judgements } = judge(comparison(changes));
  return [
    verdict,
    ...judgements.filter((each) => each.verdict !== "good")
      .map(({ aspect, verdict }) => `${aspect} ${verdict}`),
  ].join(", ");
}

Deno.test("judge() calls good what is shown to be", () => {
  equal(judged({}), "good");
  // Shown to be worse by 2 %, which is little.
  equal(
    judged({ rate: score(10_000, 10_000), spiking: score(9800, 10_000) }),
    "good",
  );
});

Deno.test("judge() leaves open what few trials do not show, and says how many would", () => {
  const { verdict, trialsNeeded } = judge(
    comparison({ rate: score(4, 4), spiking: score(4, 4) }),
  );
  equal(verdict, "undecided");
  ok(trialsNeeded! > 30 && trialsNeeded! < 40, `${trialsNeeded}`);
  // As many as it says do decide.
  const all = score(trialsNeeded!, trialsNeeded!);
  equal(judgePerformance(all, all).verdict, "good");
  // At the limit itself no share that stays decides; more trials may change it.
  equal(
    judge(comparison({ rate: score(10, 10), spiking: score(9, 10) }))
      .trialsNeeded,
    100,
  );
  const near = judge(comparison({ spiking: score(94, 100) })).trialsNeeded!;
  const share = Math.round(0.94 * near);
  equal(
    judgePerformance(score(near, near), score(share, near)).verdict,
    "good",
    `${near}`,
  );
});

Deno.test("judge() calls poor what is shown to be worse, or not to do the task", () => {
  equal(judged({ spiking: score(84, 100) }), "poor, performance poor");
  // Shown to be lower, and not by how much.
  equal(
    judged({ spiking: score(88, 100) }),
    "undecided, performance undecided",
  );
  const quarter = score(25, 100);
  equal(
    judged({ rate: quarter, spiking: quarter }),
    "poor, performance poor",
    "a rate network that fails too does not make it good",
  );
});

Deno.test("judge() looks at the size of the output, whatever the performance", () => {
  const gain = (gain: number, half: number, recorded = 10) => ({
    output: { gain, offset: 0, correlation: 0.9 },
    gainInterval: [gain - half, gain + half] as const,
    recorded,
  });
  equal(judged(gain(4, 0.3)), "poor, gain poor");
  equal(judged(gain(0, 0.1)), "poor, gain poor");
  equal(judged(gain(-1, 0.1)), "poor, gain poor");
  equal(judged(gain(NaN, NaN)), "poor, gain poor");
  equal(judged(gain(0.8, 0.1)), "good");
  equal(judged(gain(0.6, 0.2)), "undecided, gain undecided");
  // An interval twice as wide as is needed: four times the trials.
  const { trialsNeeded } = judge(comparison(gain(0.6, 0.2)));
  ok(trialsNeeded! > 400 && trialsNeeded! < 450, `${trialsNeeded}`);
  equal(judged(gain(1, Infinity, 1)), "undecided, gain undecided");
});

Deno.test("judge() looks at units: their correlation, saturation, silence", () => {
  const filled = (value: number) => new Float64Array(10).fill(value);
  const all = [...filled(0).keys()];
  equal(judged(units({ saturated: all })), "poor, rates poor");
  equal(
    judged(units({ silent: all, correlation: filled(NaN) })),
    "poor, correlation poor, rates poor",
  );
  const low = units({ correlation: filled(0.1) });
  equal(judged(low), "poor, correlation poor");
  equal(judged({ ...low, recorded: 2 }), "undecided, correlation undecided");
  equal(
    judged(units({ correlation: filled(NaN), rateDeviation: filled(0) })),
    "good",
    "units that do not move have nothing to follow",
  );
});

Deno.test("verdictText() says why, and how many trials would decide", () => {
  const text = (changes: Partial<Comparison>) =>
    verdictText(judge(comparison(changes)));
  equal(text({}), "good");
  equal(text({ spiking: score(0, 100) }), "poor: performance");
  equal(
    text({ rate: score(4, 4), spiking: score(4, 4) }),
    "undecided: performance; about 35 trials would decide",
  );
});

Deno.test("diagnose() does not call 4 trials with an output 4 times too large good", async () => {
  const network = networkOf([layerOf(4, 2, 1)]);
  const isGo = (inputs: ArrayLike<number>) => Array.from(inputs).includes(1);
  const course = (unit: number, step: number) =>
    0.5 + 0.3 * Math.sin(step / 3 + unit);
  const rateStep = (step: number) => Math.floor(step / 100) + 1;
  const verdictAt = async (size: number, trials: number) => {
    const { verdict, findings } = await diagnose(
      network,
      convert(network, { scalingFactor: 50 }),
      task,
      {
        seed: 1,
        trials,
        backend: fakeBackend(
          (_, { inputs }) => ({
            output: (step) => isGo(inputs) && rateStep(step) > 10 ? size : 0,
            spikes: () => 1,
            rate: (unit, step) => 50 * course(unit, rateStep(step)),
          }),
          {
            output: ({ inputs }, step) => isGo(inputs) && step > 10 ? 1 : 0,
            rate: (_, unit, step) => course(unit, step),
          },
        ),
      },
    );
    return `${verdict} ${findings.map(({ code }) => code)}`;
  };
  equal(await verdictAt(1, 40), "good ");
  equal(await verdictAt(1, 4), "undecided undecided");
  equal(await verdictAt(4, 4), "poor performance,gain-high");
  equal(await verdictAt(-1, 4), "poor performance,gain-negative");
});

Deno.test("RoundGains gives the gain of the mean courses and an interval around it", () => {
  const perBin = { activity: 1, output: 1 };
  const rate = new MeanCourses(1, 4);
  rate.add("a", [0, 0, 0, 0], [0, 0, 1, 1], perBin);
  rate.add("b", [0, 0, 0, 0], [0, 0, 0, 0], perBin);
  const gains = new RoundGains(rate);
  equal(new RoundGains(rate).interval(), [NaN, NaN]);
  for (const size of [1, 2, 3]) {
    gains.add("a", [0, 0, 0, 0, size, size, size, size], 2);
    gains.add("b", new Array(8).fill(0), 2);
    if (size === 1) equal(gains.interval(), [-Infinity, Infinity]);
  }
  const [low, high] = gains.interval();
  ok(Math.abs((low + high) / 2 - 2) < 1e-12);
  // t(0.975, 2) = 4.30, over √3.
  ok(Math.abs(high - 2 - 4.30 / Math.sqrt(3)) < 0.15, `${high}`);
});
