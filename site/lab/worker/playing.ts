/** One trial by both networks, and how often they are right. */
import {
  type Backend,
  type FloatArray,
  getTask,
  type Model,
  type OutputKind,
  scoreTrial,
  simulate,
  simulateRate,
  type SpikingNetwork,
  type Task,
  type Trial,
  withAmplitude,
} from "../../../lib/entry/web.ts";
import { stepsPerRateStep } from "../../../lib/network/geometry.ts";
import { type Change, perturbationsOf } from "../changes.ts";
import type { Ask, PlayedTrial, Stimulus, Tell } from "../protocol.ts";
import { bytesOf } from "./numbers.ts";

/** What playing works with. */
export interface PlayParts {
  readonly model: Model;
  readonly task: Task;
  readonly twin?: SpikingNetwork;
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly tell: (message: Tell, moved?: Transferable[]) => void;
}

/** Points of the spiking output that are drawn. */
const outputPoints = 500;

/** The task with another delay and amplitude. */
export function stimulusTask(
  task: Task,
  { delay, amplitude }: Pick<Stimulus, "delay" | "amplitude">,
): Task {
  const timed = delay === undefined || delay === task.timing.delay
    ? task
    : getTask(task.name, lengthened(task, delay));
  return amplitude === 1 ? timed : withAmplitude(timed, amplitude);
}

/** The timings with another delay; the trial is longer or shorter by as much. */
function lengthened({ timing }: Task, delay: number) {
  const T = timing.T + Math.max(0, delay - timing.delay);
  return { ...timing, delay, T };
}

/** The seed of trials that are played. */
export const playSeed = (trial: number) => 1000 + trial;

/** What is shown if nothing is asked for: the first trial of all. */
export function firstStimulus({ conditions }: Task): Stimulus {
  const [condition] = conditions;
  return { condition, noise: 1, amplitude: 1, trial: 0 };
}

/** Runs one trial of both networks. */
export async function trialOf(
  stimulus: Stimulus,
  changes: readonly Change[],
  { model, task: own, twin, backend, signal }: PlayParts,
): Promise<PlayedTrial> {
  const task = stimulusTask(own, stimulus);
  const options = {
    ...perturbationsOf(changes),
    seed: playSeed(stimulus.trial),
    ...{ noiseScale: stimulus.noise, condition: stimulus.condition },
    ...{ trials: 1, backend, signal },
  };
  const [rate] = await simulateRate(model.network, task, {
    ...options,
    record: { rates: true },
  });
  const trial = rate.trial!;
  const { steps, stepMs } = task;
  const right = [
    `rate network: ${
      verdict(rate.trace.outputs, trial, task, { kind: "rate" })
    }`,
  ];
  let times = new Float32Array(0);
  let units = new Uint32Array(0);
  let spiking = new Float32Array(0);
  if (twin) {
    const [run] = await simulate(twin, task, {
      ...options,
      record: { outputs: true, spikes: true },
    });
    const { outputs, spikes } = run.trace;
    times = Float32Array.from(spikes!.steps, (step) => step * twin.dt);
    units = Uint32Array.from(spikes!.units);
    const points = Math.min(outputPoints, outputs!.length);
    spiking = Float32Array.from(
      { length: points },
      (_, k) => outputs![Math.floor((k + 1) * outputs!.length / points) - 1],
    );
    const kind = {
      kind: "spiking",
      samplesPerStep: stepsPerRateStep(twin),
    } as const;
    right.push(`spiking network: ${verdict(outputs!, trial, task, kind)}`);
  }
  const rates = bytesOf(rate.trace.rates!);
  return {
    durationMs: steps * stepMs,
    stepMs,
    columns: steps,
    rates: rates.bytes,
    mostRate: rates.most,
    spikeTimes: times,
    spikeUnits: units,
    spiking,
    right,
    condition: trial.condition,
    inputs: trial.inputs.slice(),
    target: trial.target.slice(),
    output: Float32Array.from(rate.trace.outputs),
  };
}

/** Runs the trial that was asked for, and tells what both networks did. */
export async function play(
  { number, stimulus, changes }: Extract<Ask, { kind: "play" }>,
  parts: PlayParts,
): Promise<void> {
  const begun = performance.now();
  const trial = await trialOf(stimulus, changes, parts);
  const milliseconds = performance.now() - begun;
  parts.tell({ kind: "played", number, milliseconds, ...trial });
}

/** Tells the first trial of all by a spiking network of some factor. */
export async function showTwin(
  factor: string,
  tuned: boolean,
  parts: PlayParts,
): Promise<void> {
  const trial = await trialOf(firstStimulus(parts.task), [], parts);
  parts.tell({ kind: "twin", factor, tuned, ...trial });
}

function verdict(
  outputs: FloatArray,
  trial: Trial,
  task: Task,
  kind: OutputKind,
): string {
  return scoreTrial(outputs, trial, task, kind).strict ? "right" : "wrong";
}
