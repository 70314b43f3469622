/** What networks do on trials of their task: outputs, spikes and firing rates. */
import type { Backend } from "../../backend/types.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import type { FloatArray, RateNetwork } from "../../network/types.ts";
import { simulateEach } from "../../simulate/simulate.ts";
import { simulateRate } from "../../simulate/simulate_rate.ts";
import { unitCount } from "../../network/geometry.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import type { Task } from "../../tasks/types.ts";
import type { Simulated } from "../../records/events.ts";
import { thinned } from "../figures/layers.ts";
import type { ConditionOutput, OutputData } from "../figures/output.ts";
import type { RasterData, TrialSpikes } from "../figures/raster.ts";
import type { RatesData } from "../figures/rates.ts";
import { responseWindow, stimulusWindows } from "./network.ts";
import { unitGroups } from "./order.ts";

/** What to run. */
export interface ActivityRequest {
  readonly network: RateNetwork;
  /** Its spiking twin; left out, the rate network is shown alone. */
  readonly spiking?: SpikingNetwork;
  readonly task: Task;
  /** Conditions to show. Defaults to all of the task's. */
  readonly conditions?: readonly string[];
  /** Trials of each condition behind means and rates. */
  readonly trials: number;
  /** Trials of each condition in the raster. */
  readonly rasterTrials: number;
  readonly seed: number;
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: Simulated) => void;
}

/** The data of the three figures; rasters and rates need the spiking network. */
export interface Activity {
  readonly output: OutputData;
  readonly raster?: RasterData;
  readonly rates?: RatesData;
}

/** Points of a curve: more than a printed figure shows. */
const mostPoints = 400;

/** Mean and standard deviation over trials, point by point. */
class Course {
  readonly #sum: Float64Array;
  readonly #squares: Float64Array;
  #trials = 0;

  constructor(readonly places: readonly number[]) {
    this.#sum = new Float64Array(places.length);
    this.#squares = new Float64Array(places.length);
  }

  add(outputs: FloatArray): void {
    this.#trials++;
    this.places.forEach((place, k) => {
      // Welford's recurrence: no cancellation, whatever the mean.
      const change = outputs[place] - this.#sum[k];
      this.#sum[k] += change / this.#trials;
      this.#squares[k] += change * (outputs[place] - this.#sum[k]);
    });
  }

  /** @param timeOf time of a place, ms */
  result(condition: string, timeOf: (place: number) => number) {
    const { length } = this.places;
    const spread = this.#trials > 1 ? this.#trials - 1 : 1;
    return {
      condition,
      times: this.places.map(timeOf),
      mean: this.#sum,
      deviation: Float64Array.from(
        { length },
        (_, k) => Math.sqrt(this.#squares[k] / spread),
      ),
    } satisfies ConditionOutput;
  }
}

/** Courses by condition, made when a condition is first seen. */
class Courses {
  readonly #courses = new Map<string, Course>();

  add(condition: string, outputs: FloatArray): void {
    let course = this.#courses.get(condition);
    if (!course) {
      course = new Course(thinned(outputs.length, mostPoints));
      this.#courses.set(condition, course);
    }
    course.add(outputs);
  }

  /** @param task has the words for conditions */
  results(task: Task, timeOf: (place: number) => number): ConditionOutput[] {
    return Array.from(
      this.#courses,
      ([condition, course]) =>
        course.result(conditionLabel(task, condition), timeOf),
    );
  }
}

/**
 * Runs the networks on the same stimuli.
 *
 * @throws {RangeError} for unknown conditions, or numbers of trials below 1
 */
export async function collectActivity(
  request: ActivityRequest,
): Promise<Activity> {
  const { network, spiking, task, trials, seed, backend, signal } = request;
  const conditions = request.conditions ?? task.conditions;
  const trialRequest = {
    task,
    conditions,
    trials: trials * conditions.length,
  };
  const run = { seed, backend, signal };
  const rateCourses = new Courses();
  const targets = new Map<string, FloatArray>();
  for (
    const { condition, trace, trial } of await simulateRate(
      network,
      trialRequest,
      run,
    )
  ) {
    rateCourses.add(condition!, trace.outputs);
    if (trial) targets.set(condition!, trial.target);
  }
  const rate = {
    name: "Rate",
    trials: trialRequest.trials,
    // Output k belongs to step k + 1.
    conditions: rateCourses.results(task, (k) => (k + 1) * task.stepMs),
  };
  const output = (networks: OutputData["networks"]): OutputData => ({
    duration: task.steps * task.stepMs,
    stimuli: stimulusWindows(task),
    response: responseWindow(task),
    networks,
    targets: Array.from(targets, ([condition, values]) => ({
      condition: conditionLabel(task, condition),
      times: Array.from(values, (_, k) => (k + 1) * task.stepMs),
      values,
    })),
  });
  if (!spiking) return { output: output([rate]) };
  const twin = await spikingActivity(request, spiking, trialRequest, run);
  return { ...twin, output: output([rate, twin.network]) };
}

async function spikingActivity(
  { network, task, rasterTrials, onProgress }: ActivityRequest,
  spiking: SpikingNetwork,
  request: { task: Task; conditions: readonly string[]; trials: number },
  run: { seed: number; backend?: Backend; signal?: AbortSignal },
) {
  const groups = unitGroups(network);
  const place = new Uint32Array(unitCount(network));
  groups.flatMap(({ units }) => units).forEach((unit, k) => place[unit] = k);
  const courses = new Courses();
  const rasters = new Map<string, TrialSpikes[]>(
    request.conditions.map((condition) => [condition, []]),
  );
  const counts = new Float64Array(place.length);
  let done = 0;
  const record = { outputs: true, spikes: true };
  for await (
    const { condition, trace } of simulateEach(spiking, request, {
      ...run,
      record,
    })
  ) {
    courses.add(condition!, trace.outputs!);
    const kept = rasters.get(condition!)!;
    if (kept.length < rasterTrials) {
      const { steps, units } = trace.spikes!;
      kept.push({
        times: Float32Array.from(steps, (step) => step * spiking.dt),
        units: units.map((unit) => place[unit]),
      });
    }
    for (let unit = 0; unit < counts.length; unit++) {
      counts[unit] += trace.spikeCounts[unit] - trace.earlyCounts[unit];
    }
    onProgress?.({ kind: "simulated", done: ++done, total: request.trials });
  }
  const seconds = request.trials * task.steps * task.stepMs / 1000;
  return {
    network: {
      name: "Spiking",
      trials: request.trials,
      // Sample i (from 0) is taken after i + 1 integration steps.
      conditions: courses.results(task, (k) => (k + 1) * spiking.dt),
    },
    raster: {
      populations: groups.map(({ layer, type, size }) => ({
        layer,
        type,
        size,
      })),
      duration: task.steps * task.stepMs,
      stimuli: stimulusWindows(task),
      conditions: Array.from(rasters, ([condition, trials]) => ({
        condition: conditionLabel(task, condition),
        trials,
      })),
    } satisfies RasterData,
    rates: {
      trials: request.trials,
      populations: groups.map(({ layer, type, units }) => ({
        layer,
        type,
        rates: units.map((unit) => counts[unit] / seconds),
      })),
    } satisfies RatesData,
  };
}
