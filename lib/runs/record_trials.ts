/** Trials that are recorded: run one by one, each given away as it comes. */
import { synapticFilter } from "../analysis/currents.ts";
import { countOf } from "../count.ts";
import { numberArray, rowArray } from "../formats/arrays.ts";
import type { TrialsFile } from "../formats/trials/types.ts";
import { stepsPerRateStep, unitCount } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { selectUnits } from "../network/units.ts";
import type { NoiseScale } from "../simulate/noise_levels.ts";
import { isTask, trialCount, type TrialRequest } from "../simulate/requests.ts";
import { perturbedSpiking, type RunOptions } from "../simulate/run.ts";
import { simulateEach } from "../simulate/simulate.ts";
import { simulateRateEach } from "../simulate/simulate_rate.ts";
import type { CourseSink } from "./course_sinks.ts";
import {
  type Fields,
  joined,
  mappingFields,
  RateGatherer,
  SpikingGatherer,
  taskFields,
  unitFields,
} from "./simulated.ts";
import { aboutSimulation, type SimulationSettings } from "./simulated_about.ts";

/** What may be recorded of a spiking network besides outputs and spikes. */
export type RecordedCourse = "voltages" | "currents" | "ei_currents" | "rates";

/** Where recorded trials go, and what is said of where they came from. */
export interface Recorder {
  /** Takes stimuli, outputs and recordings. */
  readonly sink: CourseSink;
  /** Files that were read. */
  readonly files: Pick<SimulationSettings, "model" | "stimulus">;
  /** Is told after each trial how many are done. */
  readonly taken?: (done: number, total: number) => void;
}

/** How a network is run; the backend is open. */
type Run = RunOptions & Required<Pick<RunOptions, "backend">>;

/** What is recorded. */
export interface WhatIsRecorded {
  readonly courses: readonly RecordedCourse[];
  /** Integration steps between samples. */
  readonly every: number;
}

/**
 * Runs trials of a spiking network; the network before training, for its weights, is
 * in it by now.
 *
 * @param weightsFrom the network before training, if weights are its
 * @returns all but what went to the sink
 * @throws {RangeError} for samples further apart than a trial is long, for
 *   `ei_currents` of weights that change in a trial, and as `simulateEach` does
 */
export async function recordSpiking(
  spiking: SpikingNetwork,
  request: TrialRequest,
  { courses, every }: WhatIsRecorded,
  run: Run,
  { sink, files, taken }: Recorder,
  weightsFrom: RateNetwork | undefined = run.initialWeights,
): Promise<TrialsFile> {
  const total = trialCount(request);
  const steps = stepsPerRateStep(spiking) *
    (isTask(request) ? request.task.steps : columnsOf(request) - 1);
  const wanted = new Set(courses);
  const sampled = Number.isInteger(every) && every >= 1 && every <= steps;
  if (wanted.size > 0 && !sampled) {
    throw new RangeError(
      `Cannot record at every ${countOf(every, "step")}: a trial has ` +
        `${steps} steps of integration, allowed are 1 to ${steps}`,
    );
  }
  if (
    wanted.has("ei_currents") &&
    run.modifications?.some(({ window }) => window !== undefined)
  ) {
    throw new RangeError(
      "Cannot record ei_currents while synapses change in a trial: they are " +
        "recomputed from the spikes with the same weights throughout; leave " +
        "the window out, or record currents",
    );
  }
  const recordings = wanted.size + Number(wanted.has("ei_currents"));
  const samples = unitCount(spiking.rate) * Math.ceil(steps / every);
  await sink.begin({
    bytes: 4 * total * (steps + recordings * samples),
    largest: 4 * total * Math.max(steps, recordings > 0 ? samples : 0),
    initialOutput: spiking.calibration?.readout?.offset ?? 0,
  });
  const task = isTask(request) ? request.task : undefined;
  const gatherer = new SpikingGatherer(
    spiking,
    sink,
    task,
    wanted.has("ei_currents")
      ? {
        filter: synapticFilter(perturbedSpiking(spiking, run, task).network),
        every,
      }
      : undefined,
  );
  const at = (what: RecordedCourse) => wanted.has(what) ? every : undefined;
  const trials = simulateEach(spiking, request, {
    ...run,
    record: {
      outputs: true,
      spikes: true,
      voltages: at("voltages"),
      currents: at("currents"),
      rates: at("rates"),
    },
  });
  let done = 0;
  for await (const trial of trials) {
    await gatherer.add(trial);
    taken?.(++done, total);
  }
  return fileOf({
    ...files,
    network: spiking.rate,
    stepMs: spiking.stepMs,
    spiking,
    task,
    run: { ...run, initialWeights: weightsFrom },
    backend: run.backend.name,
  }, [gatherer.fields(), mappingFields(spiking, every)]);
}

/**
 * Runs trials of a rate network, whose states and rates are recorded at every step.
 *
 * @param stepMs duration of a step
 * @returns all but what went to the sink
 * @throws {RangeError} as `simulateRateEach` does
 */
export async function recordRate(
  network: RateNetwork,
  request: TrialRequest,
  stepMs: number,
  run: Run,
  { sink, files, taken }: Recorder,
): Promise<TrialsFile> {
  const steps = isTask(request) ? request.task.steps : columnsOf(request);
  const total = trialCount(request);
  const course = 4 * total * steps * unitCount(network);
  await sink.begin({ bytes: 2 * course, largest: course });
  const task = isTask(request) ? request.task : undefined;
  const gatherer = new RateGatherer(network, sink, task);
  const trials = simulateRateEach(network, request, {
    ...run,
    stepMs,
    record: { states: true, rates: true },
  });
  let done = 0;
  for await (const trial of trials) {
    await gatherer.add(trial);
    taken?.(++done, total);
  }
  return fileOf({
    ...files,
    network,
    stepMs,
    task,
    run,
    backend: run.backend.name,
  }, [
    gatherer.fields(),
    { arrays: { step_ms: numberArray(stepMs) }, texts: {} },
  ]);
}

/** Columns of stimuli, which have to be the same: an array holds all trials. */
function columnsOf(
  stimuli: readonly { readonly columns: number }[],
): number {
  const [{ columns }] = stimuli;
  const other = stimuli.findIndex((stimulus) => stimulus.columns !== columns);
  if (other < 0) return columns;
  throw new RangeError(
    `Cannot keep trials of several durations in one file: stimulus 0 has ` +
      `${columns} columns, stimulus ${other} has ${stimuli[other].columns}`,
  );
}

/** The file of a simulation. */
async function fileOf(
  settings: SimulationSettings & { readonly stepMs: number },
  parts: readonly Fields[],
): Promise<TrialsFile> {
  const { network, task, run, stepMs } = settings;
  const lesioned = run.lesion === undefined
    ? []
    : selectUnits(network, run.lesion);
  const kind = settings.spiking ? "spiking" : "rate";
  const { arrays, texts } = joined([
    ...parts,
    unitFields(network, { stepMs, lesioned }),
    ...(task ? [taskFields(task, kind)] : []),
  ]);
  return {
    arrays: {
      ...arrays,
      noise: noiseArray(run.noiseScale),
      seed: numberArray(run.seed),
    },
    texts,
    about: await aboutSimulation(settings),
  };
}

/** Strength of the noise: a number, or those that trials took in turn. */
function noiseArray(scale: NoiseScale = 1) {
  return typeof scale === "number" ? numberArray(scale) : rowArray(scale);
}
