/** The trials of `simulate`: run one by one, each given away as it comes. */
import { synapticFilter } from "../../analysis/currents.ts";
import { countOf } from "../../count.ts";
import { perturbedSpiking } from "../../simulate/run.ts";
import type { NoiseScale } from "../../simulate/noise_levels.ts";
import { numberArray, rowArray } from "../../formats/arrays.ts";
import type { Model } from "../../network/records.ts";
import { stepsPerRateStep, unitCount } from "../../network/geometry.ts";
import { simulateEach, type SimulateOptions } from "../../simulate/simulate.ts";
import { simulateRateEach } from "../../simulate/simulate_rate.ts";
import {
  isTask,
  trialCount,
  type TrialRequest,
} from "../../simulate/requests.ts";
import { largestVariable } from "../../mat5/begun.ts";
import type { TrialsFormat } from "../../formats/trials/names.ts";
import { selectUnits } from "../../network/units.ts";
import type { TrialsFile } from "../../formats/trials/types.ts";
import type { Task } from "../../tasks/types.ts";
import type { Invocation } from "../command.ts";
import { asUsage, UsageError } from "../../runs/errors.ts";
import type { Perturbations } from "../perturbation_flags.ts";
import { Counted } from "../../runs/progress/counted.ts";
import { factorOf, mappingOf, toSpiking } from "../../runs/spiking_flags.ts";
import type { CourseSink } from "../../runs/course_sinks.ts";
import {
  type Fields,
  joined,
  mappingFields,
  RateGatherer,
  SpikingGatherer,
  taskFields,
  unitFields,
} from "../../runs/simulated.ts";
import {
  aboutSimulation,
  type SimulationSettings,
} from "../../runs/simulated_about.ts";
import type { simulateFlags } from "../flags/simulate.ts";

/** What `simulate` was asked. */
export type Given = Invocation<typeof simulateFlags>;

/** How a simulation is run. */
type Run =
  & Pick<SimulateOptions, "seed" | "backend" | "signal" | "initialWeights">
  & Perturbations;

/** What a file says of where its trials came from. */
interface Origin {
  readonly run: Run;
  readonly files: Pick<SimulationSettings, "model" | "stimulus">;
  /** Where stimuli, outputs and recordings go. */
  readonly sink: CourseSink;
  /** Of the file. */
  readonly format: TrialsFormat;
}

/** Runs trials of the spiking network. */
export async function runSpiking(
  { flags, output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  { run, files, sink, format }: Origin,
): Promise<TrialsFile> {
  const mapping = mappingOf(flags, model);
  const spiking = await toSpiking(model, {
    ...mapping,
    scalingFactor: factorOf(flags, model),
    stepMs: task.stepMs,
  }, output);
  const total = trialCount(request);
  const steps = stepsPerRateStep(spiking) *
    (isTask(request) ? task.steps : request[0].columns - 1);
  const wanted = new Set(flags.record);
  if (wanted.size > 0 && flags.every > steps) {
    throw new UsageError(
      `Cannot record at every ${
        countOf(flags.every, "step")
      }: a trial has ${steps} ` +
        `steps of integration, allowed are 1 to ${steps}`,
    );
  }
  const recordings = wanted.size + Number(wanted.has("ei_currents"));
  const samples = unitCount(model.network) * Math.ceil(steps / flags.every);
  const largest = Math.max(steps, recordings > 0 ? samples : 0);
  checkSize(format, total, 4 * largest);
  sink.begin?.({
    bytes: 4 * total * (steps + recordings * samples),
    initialOutput: spiking.calibration?.readout?.offset ?? 0,
  });
  const every = (what: string) => wanted.has(what) ? flags.every : undefined;
  const counted = new Counted("simulate", "trials", output);
  const trialTask = isTask(request) ? task : undefined;
  const gatherer = new SpikingGatherer(
    spiking,
    sink,
    trialTask,
    wanted.has("ei_currents")
      ? {
        filter: synapticFilter(
          perturbedSpiking(spiking, run, trialTask).network,
        ),
        every: flags.every,
      }
      : undefined,
  );
  await asUsage(async () => {
    const trials = simulateEach(spiking, request, {
      ...run,
      record: {
        outputs: true,
        spikes: true,
        voltages: every("voltages"),
        currents: every("currents"),
        rates: every("rates"),
      },
    });
    let done = 0;
    for await (const trial of trials) {
      await gatherer.add(trial);
      counted.show(++done, total);
    }
  });
  output.endProgress();
  return fileOf({
    ...files,
    network: model.network,
    stepMs: task.stepMs,
    spiking,
    task: trialTask,
    run: { ...run, initialWeights: mapping.initialWeights },
    backend: run.backend!.name,
  }, [gatherer.fields(), mappingFields(spiking, flags.every)]);
}

/** Runs trials of the rate network. */
export async function runRate(
  { output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  { run, files, sink, format }: Origin,
): Promise<TrialsFile> {
  const steps = isTask(request) ? task.steps : request[0].columns;
  const total = trialCount(request);
  const course = 4 * steps * unitCount(model.network);
  checkSize(format, total, course);
  sink.begin?.({ bytes: 2 * course * total });
  const trialTask = isTask(request) ? task : undefined;
  const gatherer = new RateGatherer(model.network, sink, trialTask);
  const counted = new Counted("simulate", "trials", output);
  await asUsage(async () => {
    const trials = simulateRateEach(model.network, request, {
      ...run,
      stepMs: task.stepMs,
      record: { states: true, rates: true },
    });
    let done = 0;
    for await (const trial of trials) {
      await gatherer.add(trial);
      counted.show(++done, total);
    }
  });
  output.endProgress();
  return fileOf({
    ...files,
    network: model.network,
    stepMs: task.stepMs,
    task: trialTask,
    run,
    backend: run.backend!.name,
  }, [
    gatherer.fields(),
    { arrays: { step_ms: numberArray(task.stepMs) }, texts: {} },
  ]);
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

/**
 * Says before the first trial that a .mat file could not hold them all.
 *
 * @param bytes of the largest array of a trial
 * @throws {UsageError} if it could not
 */
function checkSize(format: TrialsFormat, trials: number, bytes: number): void {
  const array = trials * bytes;
  if (format !== "mat" || array <= largestVariable) return;
  const gibibytes = (count: number) => Number((count / 2 ** 30).toFixed(1));
  throw new UsageError(
    `Cannot keep ${countOf(trials, "trial")} in a .mat file: an array would ` +
      `take ${gibibytes(array)} GiB, allowed is ${
        gibibytes(largestVariable)
      }; ` +
      "write .npz or .nwb, run fewer trials, or keep less at a larger --every",
  );
}

/** Strength of the noise: a number, or those that trials took in turn. */
function noiseArray(scale: NoiseScale = 1) {
  return typeof scale === "number" ? numberArray(scale) : rowArray(scale);
}
