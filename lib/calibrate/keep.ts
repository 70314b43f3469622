/** Whether a step of a calibration is kept: better beyond chance, not more fragile. */
import type { Backend } from "../backend/types.ts";
import { correspondence } from "../map/correspondence.ts";
import { isTelling } from "../map/selection.ts";
import type { Correspondence, RobustnessCheck } from "../network/records.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import {
  evaluateRuns,
  type ScoredTrials,
} from "../simulate/evaluate_spiking.ts";
import type { EvaluateSpikingOptions } from "../simulate/evaluate_rate.ts";
import { perturbedSpiking } from "../simulate/run.ts";
import { mcNemar } from "../simulate/paired.ts";
import type { TrialResult } from "../simulate/summarise.ts";
import type { Task } from "../tasks/types.ts";

/** On what calibrations are tried: fresh trials, the same for all steps. */
export interface Validation {
  readonly seed: number;
  readonly trials: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** A calibration and how it did. */
export interface Tried {
  readonly calibration: Calibration;
  readonly score: Score;
  readonly correspondence: Correspondence;
  /** Trial by trial. */
  readonly results: readonly TrialResult[];
}

/** What was decided on a step, and why. */
export interface Decision {
  readonly kept: boolean;
  /** Of no difference on the trials that decided: exact, paired, two-sided. */
  readonly p: number;
  /** How it did where the network is disturbed; none if it is not better. */
  readonly robustness: readonly RobustnessCheck[];
}

/** A difference that chance makes less often than this is one. */
const level = 0.05;

/** Where a step looks better but may be so by chance, it is tried on more trials. */
const moreTrials = 4;

/** What a step must not make worse. */
const disturbances = [
  { name: "noise ×0.5", noiseScale: 0.5 },
  { name: "noise ×1.5", noiseScale: 1.5 },
  {
    name: "5 % of synapses cut",
    modifications: [{ from: "all", to: "all", kind: "cut", amount: 0.05 }],
  },
] as const satisfies readonly (
  & { readonly name: string }
  & Pick<EvaluateSpikingOptions, "noiseScale" | "modifications">
)[];

/** Tries a calibration on the trials that all steps are tried on. */
export async function tryCalibration(
  spiking: SpikingNetwork,
  task: Task,
  calibration: Calibration,
  validation: Validation,
): Promise<Tried> {
  const network = { ...spiking, calibration };
  const { seed, backend, signal } = validation;
  const { score, results } = await run(network, task, validation);
  return {
    calibration,
    score,
    results,
    correspondence: await correspondence(network, task, {
      seed,
      backend,
      signal,
    }),
  };
}

/**
 * Decides whether a calibration takes the place of another. It must be better
 * on the same trials beyond chance: more of them right by the strict rule, or,
 * if both are right in less than 80 %, a smaller output error in more of them.
 * And it must not be worse beyond chance at half and at one and a half times the
 * noise, nor without 5 % of its synapses, on fresh trials.
 *
 * @param spiking the network that both belong to
 * @param before what was kept so far
 * @param after what would take its place
 */
export async function decide(
  spiking: SpikingNetwork,
  task: Task,
  { before, after, validation }: {
    readonly before: Tried;
    readonly after: Tried;
    readonly validation: Validation;
  },
): Promise<Decision> {
  const by = isTelling(before.score) || isTelling(after.score)
    ? byStrict
    : byError;
  let found = compare(before.results, after.results, by);
  const networks = [before, after].map(({ calibration }) => ({
    ...spiking,
    calibration,
  }));
  if (found.better > found.worse && found.p >= level) {
    const [first, second] = await together(networks, task, {
      ...validation,
      trials: moreTrials * validation.trials,
    });
    found = compare(first.results, second.results, by);
  }
  if (!(found.better > found.worse && found.p < level)) {
    return { kept: false, p: found.p, robustness: [] };
  }
  const robustness: RobustnessCheck[] = [];
  const fresh = randomStream(validation.seed).fork("robustness").key;
  for (const { name, ...disturbance } of disturbances) {
    const [first, second] = await together(networks, task, {
      ...validation,
      ...disturbance,
      seed: fresh,
    });
    const { better, worse, p } = compare(
      first.results,
      second.results,
      byStrict,
    );
    robustness.push({
      name,
      before: share(first.results),
      after: share(second.results),
      p,
      worse: worse > better && p < level,
    });
  }
  return {
    kept: robustness.every(({ worse }) => !worse),
    p: found.p,
    robustness,
  };
}

type Better = (a: TrialResult, b: TrialResult) => boolean;

const byStrict: Better = (a, b) => a.strict && !b.strict;
const byError: Better = (a, b) => a.outputError < b.outputError;

/** Trials in which the second is better, in which it is worse, and the p of both alike. */
function compare(
  before: readonly TrialResult[],
  after: readonly TrialResult[],
  by: Better,
): { better: number; worse: number; p: number } {
  const better = after.filter((result, k) => by(result, before[k])).length;
  const worse = before.filter((result, k) => by(result, after[k])).length;
  return { better, worse, p: mcNemar(worse, better) };
}

function share(results: readonly TrialResult[]): number {
  return results.filter(({ strict }) => strict).length / results.length;
}

type RunOptions =
  & Validation
  & Pick<EvaluateSpikingOptions, "noiseScale" | "modifications">;

async function run(
  network: SpikingNetwork,
  task: Task,
  options: RunOptions,
): Promise<ScoredTrials> {
  const [found] = await together([network], task, options);
  return found;
}

/** Several networks on the same trials. */
async function together(
  networks: readonly SpikingNetwork[],
  task: Task,
  options: RunOptions,
): Promise<ScoredTrials[]> {
  const perturbed = networks.map((one) => perturbedSpiking(one, options, task));
  const found = await evaluateRuns(perturbed, task, {
    ...options,
    balanced: true,
  });
  return found.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}
