/** Many perturbations of one network, on the same trials, beside the intact one. */
import { noiseOf, type NoiseScale } from "./noise_levels.ts";
import { openBackend } from "../backend/open.ts";
import type { Backend } from "../backend/types.ts";
import { unitCount } from "../network/geometry.ts";
import type { PopulationRates, Score } from "../network/scores.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import type { Simulated } from "../records/events.ts";
import type { Task } from "../tasks/types.ts";
import {
  checkChannels,
  checkNoiseScale,
  chosenConditions,
  type TrialChoice,
} from "./check.ts";
import { evaluateRuns, type ScoredTrials } from "./evaluate_spiking.ts";
import { evaluateTrials } from "./evaluate_trials.ts";
import { comparePaired, type PairedDifference } from "./paired.ts";
import { populationRates } from "./rates.ts";
import { drawFrom } from "./requests.ts";
import {
  type Perturbations,
  type PerturbedRate,
  perturbedRate,
  type PerturbedSpiking,
  perturbedSpiking,
} from "./run.ts";
import { usualTrials } from "./settings.ts";
import { summarise, type TrialResult } from "./summarise.ts";
import type { PlaceTrial, TrialNoise } from "./trials.ts";

/** Options of an evaluation of perturbations. */
export interface EvaluatePerturbedOptions extends Partial<TrialChoice> {
  /** Of the trials and all noise, the same for every perturbation. */
  readonly seed: number;
  /** Number of trials. Defaults to 100. */
  readonly trials?: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/** Effect of a perturbation on a network's performance. */
export interface PerturbationEffect {
  /** Number of the perturbation, from 0. */
  readonly index: number;
  /** Score of the perturbed network. */
  readonly score: Score;
  /** Rate networks: mean rate r of each population, over units, steps and trials. */
  readonly activity?: PopulationRates;
  /** Strict performance less that of the intact network, trial by trial. */
  readonly strict: PairedDifference;
  /** The same by the paper's rule. */
  readonly paper: PairedDifference;
}

/** The intact network was evaluated: the first event after its trials. */
export interface IntactTried {
  /** Kind of the event. */
  readonly kind: "intact";
  /** Score of the intact network. */
  readonly score: Score;
  /** Rate networks: mean rate r of each population, over units, steps and trials. */
  readonly activity?: PopulationRates;
}

/** A perturbation was evaluated. */
export interface PerturbationTried extends PerturbationEffect {
  /** Kind of the event. */
  readonly kind: "perturbation";
}

/** A perturbation could not be evaluated to its end. */
export interface PerturbationFailed {
  /** Kind of the event. */
  readonly kind: "perturbationFailed";
  /** Number of the perturbation, from 0. */
  readonly index: number;
  /** Why. */
  readonly error: string;
}

/** All perturbations were evaluated. */
export interface Perturbed {
  /** Kind of the event. */
  readonly kind: "perturbed";
  /** Score of the intact network. */
  readonly intact: Score;
  /** Effect of each perturbation, in order; those that failed are left out. */
  readonly effects: readonly PerturbationEffect[];
}

/** Any event of an evaluation of perturbations. */
export type PerturbationEvent =
  | Simulated
  | IntactTried
  | PerturbationTried
  | PerturbationFailed
  | Perturbed;

/** Networks that run side by side: they share the noise of their trials. */
const together = 16;

/**
 * Evaluates perturbations of a network, and the network itself, on the same
 * trials with the same noise: lesions, stimulation, modified synapses, or
 * several of them at once. Trials are drawn once, and spiking networks share
 * their noise. Every perturbation is compared with the intact network trial by
 * trial: McNemar's exact p, Newcombe's interval of the difference.
 *
 * @param network a rate network, or a spiking one
 * @param task what it does
 * @param perturbations perturbations, each a point of a grid
 * @param options seed, trials, conditions
 * @yields `simulated` as trials are done, `intact` for the network itself, then
 * `perturbation` (or `perturbationFailed`) for each, and `perturbed` with all
 * @throws {RangeError} for no perturbation, one that the network or the trial
 * does not allow, or numbers out of range
 * @throws {TypeError} for a network with another number of input channels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, evaluatePerturbed, finished, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50, stepMs: task.stepMs });
 * const grid = [0, 0.5, 1].map((amount) => ({
 *   modifications: [{ from: "I", to: "E", kind: "scale", amount } as const],
 * }));
 * const { effects } = await finished(
 *   evaluatePerturbed(spiking, task, grid, { seed: 1, trials: 4 }),
 * );
 * // At a strength of 1 nothing is different.
 * assert(effects.length === 3 && effects[2].strict.difference === 0);
 * ```
 */
export async function* evaluatePerturbed(
  network: RateNetwork | SpikingNetwork,
  task: Task,
  perturbations: readonly Perturbations[],
  options: EvaluatePerturbedOptions,
): AsyncGenerator<PerturbationEvent, void> {
  if (perturbations.length === 0) {
    throw new RangeError("Cannot evaluate perturbations: none is given");
  }
  const { trials = usualTrials } = options;
  chosenConditions(task, { ...options, trials });
  const spiking = "rate" in network;
  checkChannels(spiking ? network.rate : network, task);
  // The intact network is the first: whatever is wrong is said before anything runs.
  const runs = [{}, ...perturbations].map((perturbation) => {
    checkNoiseScale(perturbation.noiseScale);
    const run = spiking
      ? perturbedSpiking(network, perturbation, task)
      : perturbedRate(network, perturbation, task.stepMs, task);
    const { place } = run;
    // Windows are checked by placing a trial.
    place(emptyTrial(task, spiking), { key: 0, trial: 0, scale: 1 });
    return {
      ...run,
      place: scaled<unknown>(
        place,
        perturbation.noiseScale,
        task.conditions.length,
      ),
    };
  });
  const backend = options.backend ?? await openBackend();
  try {
    // What leaves everything as it is has been run as the intact network.
    const asIntact = perturbations.map(leavesIntact);
    const some = runs.filter((_, number) => !asIntact[number - 1]);
    const run = { ...options, trials, backend };
    const evaluated = spiking
      ? evaluateSpikingRuns(some as PerturbedSpiking[], task, run)
      : evaluateRateRuns(some as PerturbedRate[], task, run);
    let intact: ScoredTrials | undefined;
    let ofIntact: Pick<Ran, "activity"> = {};
    const effects: PerturbationEffect[] = [];
    const effectOf = (
      index: number,
      found: ScoredTrials,
      activity: Pick<Ran, "activity">,
    ): PerturbationTried => {
      const effect = {
        index,
        score: found.score,
        ...activity,
        strict: compared("strict", intact!, found),
        paper: compared("paper", intact!, found),
      };
      effects.push(effect);
      return { kind: "perturbation", ...effect };
    };
    let index = 0;
    for await (const event of evaluated) {
      if (event.kind === "simulated") {
        yield event;
        continue;
      }
      const { number, found } = event;
      if (number === 0) {
        if (found.status === "rejected") throw found.reason;
        intact = found.value;
        ofIntact = activityOf(event);
        yield { kind: "intact", score: intact.score, ...ofIntact };
      } else if (found.status === "rejected") {
        options.signal?.throwIfAborted();
        const { reason } = found;
        const error = reason instanceof Error ? reason.message : `${reason}`;
        yield { kind: "perturbationFailed", index: index++, error };
      } else {
        yield effectOf(index++, found.value, activityOf(event));
      }
      while (asIntact[index]) yield effectOf(index++, intact!, ofIntact);
    }
    yield { kind: "perturbed", intact: intact!.score, effects };
  } finally {
    if (!options.backend) backend.close();
  }
}

/** Whether a perturbation changes nothing: synapses scaled by 1, and no more. */
function leavesIntact(
  { modifications = [], noiseScale = 1, stimulation, lesion }: Perturbations,
): boolean {
  return modifications.every(({ kind, amount }) =>
    kind === "scale" && amount === 1
  ) && noiseScale === 1 && lesion === undefined &&
    [stimulation ?? []].flat().length === 0;
}

/** A network's trials were run. */
interface Ran {
  readonly kind: "ran";
  readonly number: number;
  readonly found: PromiseSettledResult<ScoredTrials>;
  readonly activity?: PopulationRates;
}

function activityOf({ activity }: Ran): Pick<Ran, "activity"> {
  return activity ? { activity } : {};
}

/** Options with the choices made. */
type Running = EvaluatePerturbedOptions & {
  readonly trials: number;
  readonly backend: Backend;
};

async function* evaluateSpikingRuns(
  runs: readonly PerturbedSpiking[],
  task: Task,
  options: Running,
): AsyncGenerator<Ran | Simulated, void> {
  const total = runs.length * options.trials;
  for (let from = 0; from < runs.length; from += together) {
    const some = runs.slice(from, from + together);
    const told: Simulated[] = [];
    let wake = () => {};
    let found: PromiseSettledResult<ScoredTrials>[] | undefined;
    let failure: { readonly reason: unknown } | undefined;
    const running = evaluateRuns(some, task, {
      ...options,
      onProgress({ done }) {
        const trials = from * options.trials + done * some.length;
        told.push({ kind: "simulated", done: trials, total });
        wake();
      },
    }).then((all) => found = all, (reason) => failure = { reason })
      .finally(() => wake());
    while (!found && !failure) {
      await new Promise<void>((resolve) => wake = resolve);
      yield* told.splice(0);
    }
    await running;
    if (failure) throw failure.reason;
    for (const [k, one] of found!.entries()) {
      yield { kind: "ran", number: from + k, found: one };
    }
  }
}

async function* evaluateRateRuns(
  runs: readonly PerturbedRate[],
  task: Task,
  { trials, seed, backend, signal, ...choice }: Running,
): AsyncGenerator<Ran | Simulated, void> {
  const conditions = chosenConditions(task, { ...choice, trials });
  const random = randomStream(seed).fork("evaluation");
  const span = { from: 0, to: trials, extra: 0 } as const;
  const drawn = await drawFrom({ task, conditions }, random, span);
  const total = runs.length * trials;
  const units = unitCount(runs[0].network);
  for (const [number, { network, place }] of runs.entries()) {
    signal?.throwIfAborted();
    const session = await backend.open(network);
    const results: TrialResult[] = [];
    const sums = new Float64Array(units);
    let failure: PromiseRejectedResult | undefined;
    try {
      const evaluated = evaluateTrials(session, task, {
        random,
        trials,
        drawn,
        place,
        rates: units,
        signal,
      });
      for await (const { result, trace } of evaluated) {
        results.push(result);
        addRows(sums, trace.rates!);
      }
    } catch (reason) {
      failure = { status: "rejected", reason };
    } finally {
      session.close();
    }
    yield { kind: "simulated", done: (number + 1) * trials, total };
    const score = summarise(results, task.conditions);
    yield {
      kind: "ran",
      number,
      found: failure ?? { status: "fulfilled", value: { score, results } },
      activity: populationRates(network, {
        spikes: sums,
        seconds: trials * task.steps,
      }),
    };
  }
}

/** Adds the numbers of each row of a matrix, as many rows as there are sums. */
function addRows(sums: Float64Array, matrix: ArrayLike<number>): void {
  const columns = matrix.length / sums.length;
  for (let row = 0, at = 0; row < sums.length; row++) {
    let sum = 0;
    for (const end = at + columns; at < end; at++) sum += matrix[at];
    sums[row] += sum;
  }
}

/** The same trials with noise of another strength. */
function scaled<Placed>(
  place: PlaceTrial<Placed>,
  scale: NoiseScale = 1,
  round: number,
): PlaceTrial<Placed> {
  return (trial, noise: TrialNoise) =>
    place(trial, {
      ...noise,
      scale: noise.scale * noiseOf(scale, noise.trial, round),
    });
}

/** A trial of the task's length, of which nothing but that counts. */
function emptyTrial({ steps, channels }: Task, spiking: boolean) {
  const columns = steps + Number(spiking);
  return { inputs: new Float32Array(channels.length * columns), columns };
}

function compared(
  rule: "strict" | "paper",
  intact: ScoredTrials,
  perturbed: ScoredTrials,
): PairedDifference {
  return comparePaired(
    intact.results.map((result) => result[rule]),
    perturbed.results.map((result) => result[rule]),
  );
}
