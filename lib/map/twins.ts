/** A spiking network and the rate network it comes from, on the same trials. */
import type { Backend } from "../backend/types.ts";
import { countOf } from "../count.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { evaluationSettings } from "../simulate/settings.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRate } from "../simulate/simulate_rate.ts";
import type { Task } from "../tasks/types.ts";
import { MeanCourses } from "./courses.ts";
import { RoundGains } from "./gain.ts";

/** Samples of r in a rate step. */
const samplesPerStep = 10;

/** What was recorded of both. */
export interface Twins {
  /** Mean courses of the rate network: rates and output. */
  readonly rate: MeanCourses;
  /** Mean courses of the spiking network: filtered spikes and output. */
  readonly courses: MeanCourses;
  /** Firing rates, Hz, without the first steps. */
  readonly firing: Float64Array;
  /** Gains of the output, round by round of the conditions. */
  readonly gains: RoundGains;
}

/**
 * Runs both networks on the same stimuli and keeps the mean course of every unit
 * in every condition.
 *
 * @param spiking the network with its calibration
 * @param task what it does
 * @param options `recorded` trials of every condition
 */
export async function recordTwins(
  spiking: SpikingNetwork,
  task: Task,
  { recorded, ...run }: {
    readonly seed: number;
    readonly recorded: number;
    readonly backend: Backend;
    readonly signal?: AbortSignal;
  },
): Promise<Twins> {
  const { accepts, allowed } = evaluationSettings.trials;
  if (!accepts(recorded)) {
    throw new RangeError(
      `Cannot record ${countOf(recorded, "trial")} of every condition: ` +
        `allowed are ${allowed}`,
    );
  }
  const units = unitCount(spiking.rate);
  const request = { task, trials: recorded * task.conditions.length };
  const bins = task.steps - 1;
  const rate = new MeanCourses(units, bins);
  for (
    const { condition, trace } of await simulateRate(spiking.rate, request, {
      ...run,
      record: { rates: true },
    })
  ) {
    // Output k belongs to step k + 1: the courses leave out step 0.
    rate.add(condition!, trace.rates!, trace.outputs, {
      activity: 1,
      output: 1,
      skip: 1,
    });
  }
  const courses = new MeanCourses(units, bins);
  const perStep = stepsPerRateStep(spiking);
  const samples = perStep % samplesPerStep === 0 ? samplesPerStep : perStep;
  const spikes = new Float64Array(units);
  const gains = new RoundGains(rate);
  for await (
    const { condition, trace } of simulateEach(spiking, request, {
      ...run,
      record: { outputs: true, means: { steps: perStep, samples } },
    })
  ) {
    courses.add(condition!, trace.means!, trace.outputs!, {
      activity: 1,
      output: perStep,
    });
    gains.add(condition!, trace.outputs!, perStep);
    for (let unit = 0; unit < units; unit++) {
      spikes[unit] += trace.spikeCounts[unit] - trace.earlyCounts[unit];
    }
  }
  const seconds = request.trials * task.steps * task.stepMs / 1000;
  return {
    rate,
    courses,
    firing: spikes.map((count) => count / seconds),
    gains,
  };
}
