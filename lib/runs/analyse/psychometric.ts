/** `psychometric`: answers by the strength of a graded stimulus. */
import {
  type AnswerCount,
  fitPsychometric,
  type PsychometricFit,
} from "../../analysis/psychometric.ts";
import { stepsPerRateStep } from "../../network/geometry.ts";
import { randomStream } from "../../random/stream.ts";
import { show } from "../../report/figures/layers.ts";
import { psychometricFigure } from "../../report/figures/psychometric.ts";
import { scoreTrial } from "../../simulate/score.ts";
import { simulateEach } from "../../simulate/simulate.ts";
import { simulateRateEach } from "../../simulate/simulate_rate.ts";
import { wilson } from "../../simulate/wilson.ts";
import { withMeans } from "../../tasks/altered.ts";
import type { Task } from "../../tasks/types.ts";
import type {
  Analysis,
  AnalysisContext,
  AnalysisResult,
  NetworkName,
  Scalar,
} from "./types.ts";

/** Strengths that are shown, as shares of the task's own. */
const shares = [-1, -0.5, -0.25, -0.125, 0.125, 0.25, 0.5, 1];

/** A trial's stimuli and its answer. */
interface Answer {
  readonly network: NetworkName;
  readonly context: string;
  /** Mean of the channel that counts, and of the other ones. */
  readonly relevant: number;
  readonly irrelevant: number;
  readonly positive: boolean;
}

/** Answers of one network in one context to one of the stimuli. */
interface PsychometricCurve {
  readonly network: NetworkName;
  readonly context: string;
  readonly stimulus: "relevant" | "irrelevant";
  readonly counts: readonly AnswerCount[];
  readonly fit: PsychometricFit;
}

const analysis: Analysis = {
  name: "psychometric",
  question:
    "How do answers depend on the strength of the stimulus that counts, and of the other?",
  needs: ["model"],
  uses: ["twin"],
  lack: ({ name, graded }) =>
    graded
      ? undefined
      : `task ${name} has no stimulus whose strength can be graded`,
  async compute(context): Promise<AnalysisResult> {
    const { task, twin, seed } = context;
    const networks: NetworkName[] = twin ? ["rate", "spiking"] : ["rate"];
    const answers: Answer[] = [];
    const contexts = contextsOf(task!);
    const blocks = blocksOf(task!, contexts, context.trials);
    const total = networks.length * blocks.length;
    let done = 0;
    for (const network of networks) {
      for (const [b, block] of blocks.entries()) {
        await context.progress(done++, total);
        answers.push(...await run(context, network, block, b));
      }
    }
    const random = randomStream(seed).fork("psychometric");
    const curves: PsychometricCurve[] = [];
    for (const network of networks) {
      for (const { name } of contexts) {
        for (const stimulus of ["relevant", "irrelevant"] as const) {
          const own = answers.filter((answer) =>
            answer.network === network && answer.context === name &&
            Number.isFinite(answer[stimulus])
          );
          if (own.length === 0) continue;
          const counts = countsOf(own, stimulus);
          const fit = fitPsychometric(
            counts,
            random.fork(`${network} ${name} ${stimulus}`),
          );
          curves.push({ network, context: name, stimulus, counts, fit });
        }
      }
    }
    return {
      scalars: curves.flatMap(scalarsOf),
      tables: [{
        name: "answers",
        description: "one strength of one stimulus a row",
        columns: {
          network: "rate or spiking",
          context: "channel that counts",
          stimulus: "relevant: the one that counts; irrelevant: the other",
          level: "mean of that stimulus",
          positive: "trials with a positive mean output in the strict window",
          trials: "trials",
          share: "share of positive answers",
          low: "lower end of its 95 % interval",
          high: "upper end",
        },
        rows: curves.flatMap(({ network, context, stimulus, counts }) =>
          counts.map(({ level, positive, trials }) => {
            const { value, low, high } = wilson(positive, trials);
            return {
              network,
              context,
              stimulus,
              level,
              positive,
              trials,
              share: value,
              low,
              high,
            };
          })
        ),
      }],
      arrays: {},
      figures: [psychometricFigure({
        panels: networks.flatMap((network) =>
          contexts.map(({ name }) => ({
            network,
            context: name,
            curves: curves.filter((curve) =>
              curve.network === network && curve.context === name
            ).map(({ stimulus, counts, fit }) => ({
              stimulus,
              levels: counts.map(({ level }) => level),
              shares: counts.map(({ positive, trials }) =>
                wilson(positive, trials)
              ),
              intercept: fit.intercept,
              slope: fit.slope.value,
            })),
          }))
        ),
      })],
      summary: curves.map(sentence),
      remarks: curves.filter(({ fit }) => fit.reason).map((curve) =>
        `${nameOf(curve)}: no fit, ${curve.fit.reason}`
      ),
    };
  },
};
export default analysis;

/** A channel that counts, with a condition in which it does. */
function contextsOf({ graded, conditions }: Task) {
  const found = new Map<string, string>();
  for (const condition of conditions) {
    const relevant = graded!.relevant[condition];
    if (relevant !== undefined && !found.has(relevant)) {
      found.set(relevant, condition);
    }
  }
  return [...found].map(([name, condition]) => ({ name, condition }));
}

/** Every pair of strengths in every context, often enough. */
function blocksOf(
  { graded }: Task,
  contexts: readonly { readonly name: string; readonly condition: string }[],
  trials: number,
) {
  return contexts.flatMap(({ name, condition }) => {
    const means = graded!.means[condition];
    const others = Object.keys(means).filter((channel) => channel !== name);
    const own = Math.abs(means[name]);
    return shares.flatMap((relevant) =>
      (others.length > 0 ? shares : [NaN]).map((irrelevant) => ({
        name,
        condition,
        relevant: relevant * own,
        irrelevant: others.length > 0
          ? irrelevant * Math.abs(means[others[0]])
          : NaN,
        means: Object.fromEntries([
          [name, relevant * own],
          ...others.map((
            other,
          ) => [other, irrelevant * Math.abs(means[other])]),
        ]),
        trials: Math.max(1, Math.round(trials / shares.length)),
      }))
    );
  });
}

/** Runs the trials of one pair of strengths. */
async function run(
  { model, task, twin, seed, backend, signal }: AnalysisContext,
  network: NetworkName,
  block: ReturnType<typeof blocksOf>[number],
  index: number,
): Promise<Answer[]> {
  const graded = withMeans(task!, block.means);
  const request = {
    task: graded,
    conditions: [block.condition],
    trials: block.trials,
  };
  const options = {
    // Both networks get the same stimuli, every pair of strengths others.
    seed: randomStream(seed).fork("strengths", index).key,
    backend,
    signal,
  };
  const runs = network === "rate"
    ? simulateRateEach(model!.network, request, options)
    : simulateEach(twin!, request, { ...options, record: { outputs: true } });
  const answers: Answer[] = [];
  for await (const { trial, trace } of runs) {
    const { meanOutput } = scoreTrial(trace.outputs!, trial!, graded, {
      kind: network,
      samplesPerStep: network === "rate" ? 1 : stepsPerRateStep(twin!),
    });
    answers.push({
      network,
      context: block.name,
      relevant: block.relevant,
      irrelevant: block.irrelevant,
      positive: meanOutput > 0,
    });
  }
  return answers;
}

function countsOf(
  answers: readonly Answer[],
  stimulus: "relevant" | "irrelevant",
): AnswerCount[] {
  const levels = [...new Set(answers.map((answer) => answer[stimulus]))]
    .sort((a, b) => a - b);
  return levels.map((level) => {
    const own = answers.filter((answer) => answer[stimulus] === level);
    return {
      level,
      positive: own.filter(({ positive }) => positive).length,
      trials: own.length,
    };
  });
}

function scalarsOf(
  { network, context, stimulus, fit }: PsychometricCurve,
): Scalar[] {
  const of = `${context}, ${stimulus}`;
  const { reason } = fit;
  return [
    { network, of, name: "psychometric_bias", ...fit.bias, reason },
    { network, of, name: "psychometric_slope", ...fit.slope, reason },
  ];
}

function nameOf({ network, context, stimulus }: PsychometricCurve): string {
  return `${network} network, ${context} counts, ${stimulus} stimulus`;
}

function sentence(curve: PsychometricCurve): string {
  const { counts, fit } = curve;
  if (fit.reason) {
    const share = ({ positive, trials }: AnswerCount) =>
      show(100 * positive / trials);
    return `${nameOf(curve)}: ${share(counts[0])} % positive answers at ` +
      `${show(counts[0].level)}, ${share(counts.at(-1)!)} % at ` +
      show(counts.at(-1)!.level);
  }
  const { slope, bias } = fit;
  // A curve that may be flat crosses one half at any level, far outside of all.
  const flat = slope.low <= 0 && slope.high >= 0;
  return `${nameOf(curve)}: slope ${show(slope.value)} (${
    show(slope.low)
  } to ` +
    `${show(slope.high)}), ` +
    (flat
      ? "no bias: it may be flat"
      // Of answers that mirror each other rounding alone leaves a bias.
      : `bias ${show(Math.abs(bias.value) < 1e-9 ? 0 : bias.value)}`);
}
