/** Diagnosis of a conversion: a spiking network beside its rate twin. */
import { median } from "../arithmetic/median.ts";
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import { countOf } from "../count.ts";
import { evaluate } from "../simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../simulate/evaluate_spiking.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import type { Task } from "../tasks/types.ts";
import type { Simulated } from "../records/events.ts";
import { decayTimeConstants } from "../network/effective.ts";
import { unitCount } from "../network/geometry.ts";
import {
  correspondence,
  correspondenceOf,
  unitCorrelations,
} from "./correspondence.ts";
import type { MeanCourses } from "./courses.ts";
import type {
  Comparison,
  Diagnosis,
  UnitComparison,
} from "./diagnosis_types.ts";
import { findings } from "./findings.ts";
import { usualTrials } from "../simulate/settings.ts";
import { regress } from "./statistics.ts";
import { recordTwins } from "./twins.ts";
import { judge, trialsPerRecorded } from "./verdict.ts";

/** Options of a diagnosis: seed, numbers of trials, backend. */
export interface DiagnoseOptions {
  /** Of the trials and all noise. */
  readonly seed: number;
  /** Trials for the two performances. Defaults to 100. */
  readonly trials?: number;
  /**
   * Recorded trials of every condition, for the activity of units. Defaults to
   * a tenth of `trials`, but at least 10.
   */
  readonly recorded?: number;
  /**
   * Factors that were searched, to say whether the chosen one is at their edge.
   */
  readonly searched?: readonly number[];
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
  /**
   * Called with the number of trials of the spiking network that are done;
   * these take the longest.
   */
  readonly onProgress?: (event: Simulated) => void;
}

/** Recorded trials of a condition, at least. */
const fewestRecorded = 10;

/** Share of the largest possible firing rate above which a unit is saturated. */
const saturation = 0.5;

/**
 * Compares a spiking network with its rate network on the same stimuli, and
 * says how good the conversion is, what is wrong with it, how severe that is,
 * and what to try.
 *
 * @param network the rate network
 * @param spiking its spiking twin, from `convert`
 * @param task what the network was trained on
 * @param options seed, how many trials, the factors searched
 * @returns both performances, units and outputs side by side, verdict and
 * findings
 * @throws {TypeError} if the two networks, or network and task, differ in size
 * @throws {RangeError} for numbers of trials below 1, or a bad seed
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, createNetwork, diagnose, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * const task = getTask("go-nogo");
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const options = { seed: 1, trials: 20, recorded: 2 };
 * const { verdict, findings } = await diagnose(network, spiking, task, options);
 * // An untrained network does not do its task, and so does not as spikes.
 * assert(verdict === "poor" && findings[0].code === "rate-network");
 * ```
 */
export async function diagnose(
  network: RateNetwork,
  spiking: SpikingNetwork,
  task: Task,
  options: DiagnoseOptions,
): Promise<Diagnosis> {
  const { seed, trials = usualTrials, signal } = options;
  const {
    recorded = Math.max(fewestRecorded, Math.ceil(trials / trialsPerRecorded)),
  } = options;
  const units = unitCount(network);
  if (units !== unitCount(spiking.rate)) {
    throw new TypeError(
      `Cannot compare a rate network of ${
        countOf(units, "unit")
      } with a spiking one of ` +
        `${unitCount(spiking.rate)}: they must have the same units`,
    );
  }
  const backend = options.backend ?? await openBackend();
  try {
    const run = { seed, backend, signal };
    const measured = { trials, balanced: true, ...run };
    const rateScore = await evaluate(network, task, measured);
    const spikingScore = await evaluateSpiking(spiking, task, {
      ...measured,
      onProgress: options.onProgress,
    });
    const { rate, courses, firing, gains } = await recordTwins(
      { ...spiking, rate: network },
      task,
      { ...run, recorded },
    );
    const comparison: Comparison = {
      activation: network.activation,
      decayMs: decays(network, task.stepMs),
      decayFixed: network.taus.length === 1,
      factor: spiking.factor,
      rate: rateScore,
      spiking: spikingScore,
      units: compareUnits(rate, courses, firing, spiking),
      correspondence: await correspondenceOf(
        spiking,
        rate,
        courses,
        signal,
      ),
      ...(spiking.calibration && {
        uncalibrated: await correspondence(
          { ...spiking, rate: network, calibration: undefined },
          task,
          { ...run, recorded },
        ),
      }),
      output: regress(rate.output(), courses.output()),
      gainInterval: gains.interval(),
      recorded,
      ...(options.searched && { searched: options.searched }),
    };
    return {
      ...comparison,
      ...judge(comparison),
      findings: findings(comparison),
    };
  } finally {
    if (!options.backend) backend.close();
  }
}

function compareUnits(
  rate: MeanCourses,
  spiking: MeanCourses,
  firing: Float64Array,
  { neuron, dt }: SpikingNetwork,
): UnitComparison {
  const { units } = rate;
  const mean = new Float64Array(units);
  const deviation = new Float64Array(units);
  for (let unit = 0; unit < units; unit++) {
    const course = rate.unit(unit);
    mean[unit] = course.reduce((sum, r) => sum + r, 0) / course.length;
    deviation[unit] = Math.sqrt(
      course.reduce((sum, r) => sum + (r - mean[unit]) ** 2, 0) /
        course.length,
    );
  }
  // Without a refractory period a unit can fire at every step.
  const most = 1000 / Math.max(neuron.refractory, dt);
  const which = (holds: (hertz: number) => boolean) =>
    [...firing.keys()].filter((unit) => holds(firing[unit]));
  return {
    correlation: unitCorrelations(rate, spiking),
    rate: mean,
    rateDeviation: deviation,
    firing,
    silent: which((hertz) => hertz === 0),
    saturated: which((hertz) => hertz > saturation * most),
  };
}

function decays(network: RateNetwork, stepMs: number): Comparison["decayMs"] {
  const ms = network.layers.flatMap((_, l) =>
    Array.from(decayTimeConstants(network, l), (tau) => tau * stepMs)
  );
  return {
    min: Math.min(...ms),
    median: median(ms),
    max: Math.max(...ms),
  };
}
