/** Whether a step of a calibration is kept: better beyond chance, not more fragile. */
import type { Backend } from "../backend/types.ts";
import { isTelling } from "../map/selection.ts";
import type { RobustnessCheck } from "../network/records.ts";
import type { Score } from "../network/scores.ts";
import type { Calibration, SpikingNetwork } from "../network/spiking.ts";
import { randomStream } from "../random/stream.ts";
import {
  evaluateRuns,
  type ScoredTrials,
  type TogetherOptions,
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
  /**
   * Strengths of the noise that these trials take in turn, 1 for the model's.
   * Defaults to 1.
   */
  readonly noise?: readonly number[];
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** A calibration and how it did. */
export interface Tried {
  readonly calibration: Calibration;
  readonly score: Score;
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

/**
 * Where a step looks better but may be so by chance, it is tried on more trials: up
 * to this many times as many.
 */
const moreTrials = 4;

/**
 * On the way to the last trial a difference needs this to be one, and what chance
 * makes as often as `hopeless` will hardly become one.
 */
const early = { level: 0.01, hopeless: 0.5 };

/** The same halfway through the trials of a disturbance. */
const halfwayLevel = 0.005;

/** Trials from one look at a disturbed network to the next. */
const looksEvery = 10;

/** What a step must not make worse. */
export const disturbances = [
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

/** The same, where a step must be better over other strengths of the noise. */
const ownNoise = { name: "noise ×1", noiseScale: 1 } as const;

/** Tries a calibration on the trials that all steps are tried on. */
export async function tryCalibration(
  spiking: SpikingNetwork,
  task: Task,
  calibration: Calibration,
  validation: Validation,
): Promise<Tried> {
  const network = { ...spiking, calibration };
  const [{ score, results }] = await together([network], task, {
    ...validation,
    noiseScale: validation.noise,
  });
  return { calibration, score, results };
}

/**
 * Whether no other calibration can take the place of one by `decide`: it is right in
 * every trial. What would be tried against it need not be made.
 */
export function isUnbeatable({ results }: Tried): boolean {
  return results.every(({ strict }) => strict);
}

/**
 * Decides whether a calibration takes the place of another. It must be better
 * on the same trials beyond chance: more of them right by the strict rule, or,
 * if both are right in less than 80 %, a smaller output error in more of them.
 * And it must not be worse beyond chance at half and at one and a half times the
 * noise, nor without 5 % of its synapses, on fresh trials; but where the other was
 * right in less than 80 %, there is nothing to lose. Where the trials take
 * several strengths of the noise, it must be better over all of them together, and
 * not worse beyond chance at the model's own.
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
  const networks = [before, after].map(({ calibration }) => ({
    ...spiking,
    calibration,
  }));
  const { found, kept } = await difference(
    [before.results, after.results],
    networks,
    task,
    { by, validation },
  );
  const { noise = [1] } = validation;
  const overNoise = noise.some((strength) => strength !== 1);
  // A network that is right by chance has nothing to lose where it is disturbed.
  const robust = overNoise || isTelling(before.score);
  if (!kept || !robust) return { kept, p: found.p, robustness: [] };
  const robustness: RobustnessCheck[] = [];
  const fresh = randomStream(validation.seed).fork("robustness").key;
  const checks = overNoise ? [ownNoise, ...disturbances] : disturbances;
  for (const { name, ...disturbance } of checks) {
    robustness.push({
      name,
      ...await disturbed(networks, task, {
        ...{ ...validation, ...disturbance },
        seed: fresh,
      }),
    });
  }
  return {
    kept: robustness.every(({ worse }) => !worse),
    p: found.p,
    robustness,
  };
}

/**
 * Whether the second of two networks is worse beyond chance where both are
 * disturbed: on half of the trials, or, where it looks so, on all of them. The
 * second one runs first: where it is right it cannot be worse, so that the first one
 * runs no further than until the second cannot look worse any more.
 */
async function disturbed(
  [first, second]: readonly SpikingNetwork[],
  task: Task,
  run: RunOptions,
): Promise<Omit<RobustnessCheck, "name">> {
  const half = Math.ceil(run.trials / 2);
  const few = { ...run, trials: half };
  const [{ results: after }] = await together([second], task, few);
  const wrong = after.map(({ strict }, k) => strict ? -1 : k);
  const looks = Array.from(
    { length: Math.floor(half / looksEvery) },
    (_, k) => (k + 1) * looksEvery,
  );
  /** Whether it cannot look worse on half of the trials, whatever the rest gives. */
  const isSafe = (before: readonly TrialResult[]) => {
    const { better, worse } = compare(before, after, byStrict);
    return better >= worse + wrong.filter((k) => k >= before.length).length;
  };
  let before: readonly TrialResult[] = [];
  if (!isSafe(before)) {
    [{ results: before }] = await together([first], task, {
      ...few,
      looks,
      enough: (_, [results]) =>
        results.length % looksEvery === 0 && isSafe(results),
    });
  }
  if (before.length < half) {
    return { after: share(after), worse: false };
  }
  let all = [before, after];
  const { better, worse, p } = compare(before, after, byStrict);
  if (better < worse && p >= halfwayLevel && half < run.trials) {
    const rest = await together([first, second], task, { ...run, first: half });
    all = all.map((results, k) => [...results, ...rest[k].results]);
  }
  const found = compare(all[0], all[1], byStrict);
  return {
    before: share(all[0]),
    after: share(all[1]),
    p: found.p,
    worse: found.worse > found.better && found.p < level,
  };
}

/**
 * Whether the second of two networks is better beyond chance: on the trials that
 * both were tried on, or, where it looks so, on as many again, up to four times.
 */
async function difference(
  known: readonly (readonly TrialResult[])[],
  networks: readonly SpikingNetwork[],
  task: Task,
  { by, validation }: {
    readonly by: Better;
    readonly validation: Validation;
  },
): Promise<{ readonly found: Comparison; readonly kept: boolean }> {
  const { trials } = validation;
  const most = moreTrials * trials;
  /** Undecided until the last trial. */
  const judge = ([first, second]: readonly (readonly TrialResult[])[]) => {
    const found = compare(first, second, by);
    const ends = first.length === trials || first.length >= most;
    const kept = found.better > found.worse &&
      found.p < (ends ? level : early.level);
    const hopeless = found.better <= found.worse ||
      first.length > trials && found.p >= early.hopeless;
    return { found, kept, decided: kept || hopeless };
  };
  const first = judge(known);
  if (first.decided) return first;
  const all = (further: readonly (readonly TrialResult[])[]) =>
    known.map((results, k) => [...results, ...further[k]]);
  const further = await together(networks, task, {
    ...validation,
    noiseScale: validation.noise,
    first: trials,
    trials: most,
    looks: Array.from({ length: moreTrials }, (_, k) => (k + 1) * trials),
    enough: (_, results) =>
      results[0].length % trials === 0 && judge(all(results)).decided,
  });
  return judge(all(further.map(({ results }) => results)));
}

type Better = (a: TrialResult, b: TrialResult) => boolean;

const byStrict: Better = (a, b) => a.strict && !b.strict;
const byError: Better = (a, b) => a.outputError < b.outputError;

/** How two networks compare, trial by trial. */
interface Comparison {
  readonly better: number;
  readonly worse: number;
  readonly p: number;
}

/**
 * Trials in which the second is better, in which it is worse, and the p of both
 * alike, of those that both ran.
 */
function compare(
  before: readonly TrialResult[],
  after: readonly TrialResult[],
  by: Better,
): Comparison {
  const both = before.map((result, k) => [result, after[k]] as const);
  const better = both.filter(([one, other]) => by(other, one)).length;
  const worse = both.filter(([one, other]) => by(one, other)).length;
  return { better, worse, p: mcNemar(worse, better) };
}

function share(results: readonly TrialResult[]): number {
  return results.filter(({ strict }) => strict).length / results.length;
}

type RunOptions =
  & Validation
  & Pick<EvaluateSpikingOptions, "noiseScale" | "modifications">
  & Pick<TogetherOptions, "first" | "enough" | "looks">;

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
