/** Activity of both networks on the same trials, once for all analyses. */
import type {
  Activity,
  NamedSpan,
  SpikeTrains,
} from "../../analysis/activity.ts";
import { binCount, binCourse, binSpikes } from "../../analysis/binning.ts";
import {
  type ConditionVariable,
  conditionVariables,
} from "../../analysis/variables.ts";
import type { Backend } from "../../backend/types.ts";
import { channelCount, unitCount } from "../../network/geometry.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import type { RateNetwork } from "../../network/types.ts";
import { randomStream } from "../../random/stream.ts";
import { simulateEach } from "../../simulate/simulate.ts";
import { simulateRateEach } from "../../simulate/simulate_rate.ts";
import type { TrialRequest } from "../../simulate/requests.ts";
import { drawTrials } from "../../tasks/draw.ts";
import type { Expectation, Task } from "../../tasks/types.ts";

/** How trials are run. */
interface GatherOptions {
  readonly seed: number;
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  /** Called after each trial. */
  readonly onTrial: () => void;
}

/** Duration of trials without a stimulus, ms. */
const silenceMs = 1000;

/**
 * Rates of a rate network, averaged over bins.
 *
 * @throws {RangeError} for a bin that is not above 0 or longer than the trial
 */
export async function gatherRate(
  network: RateNetwork,
  request: { readonly task: Task; readonly trials: number },
  binMs: number,
  { onTrial, ...run }: GatherOptions,
): Promise<Activity> {
  const { task, trials } = request;
  const units = unitCount(network);
  const { steps, stepMs } = task;
  const bins = binCount(steps * stepMs, binMs);
  const values = new Float32Array(trials * units * bins);
  const conditions: string[] = [];
  const record = { rates: true };
  for await (
    const { condition, trace } of simulateRateEach(network, request, {
      ...run,
      record,
    })
  ) {
    const from = conditions.length * units * bins;
    binCourse(
      trace.rates!,
      { steps, stepMs, binMs },
      values.subarray(from, from + units * bins),
    );
    conditions.push(condition!);
    onTrial();
  }
  return { trials, units, bins, binMs, values, conditions };
}

/** Spikes of a spiking network on trials of a task, or on stimuli. */
export async function gatherSpikes(
  twin: SpikingNetwork,
  request: TrialRequest,
  durationMs: number,
  { onTrial, ...run }: GatherOptions,
): Promise<SpikeTrains> {
  const parts: {
    readonly steps: Uint32Array;
    readonly units: Uint32Array;
  }[] = [];
  const conditions: string[] = [];
  const record = { spikes: true };
  for await (
    const { condition, trace } of simulateEach(twin, request, {
      ...run,
      record,
    })
  ) {
    parts.push(trace.spikes!);
    conditions.push(condition!);
    onTrial();
  }
  const count = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const trial = new Uint32Array(count);
  const unit = new Uint32Array(count);
  const time = new Float64Array(count);
  let at = 0;
  parts.forEach(({ steps, units }, index) => {
    trial.fill(index, at, at + steps.length);
    unit.set(units, at);
    for (const step of steps) time[at++] = step * twin.dt;
  });
  return {
    trials: parts.length,
    units: unitCount(twin.rate),
    durationMs,
    trial,
    unit,
    time,
    conditions,
  };
}

/** Spikes in a second without a stimulus: all channels at 0. */
export function gatherSilence(
  twin: SpikingNetwork,
  trials: number,
  options: GatherOptions,
): Promise<SpikeTrains> {
  const columns = Math.ceil(silenceMs / twin.stepMs) + 1;
  const inputs = new Float32Array(channelCount(twin.rate) * columns);
  const stimulus = { inputs, columns, condition: "no stimulus" };
  return gatherSpikes(
    twin,
    Array.from({ length: trials }, () => stimulus),
    (columns - 1) * twin.stepMs,
    {
      ...options,
      // Other noise than in the trials of the task.
      seed: randomStream(options.seed).fork("silence").key,
    },
  );
}

/** Activity of spikes in bins. */
export function spikingActivity(spikes: SpikeTrains, binMs: number): Activity {
  return binSpikes(spikes, binMs);
}

/** The condition variables of a task, the answer among them. */
export async function taskVariables(task: Task): Promise<ConditionVariable[]> {
  const trials = await drawTrials(task, randomStream(0).fork("answers"), {
    count: task.conditions.length,
    condition: task.conditions,
  });
  return conditionVariables({
    conditions: task.conditions,
    channels: task.channels,
    answers: Object.fromEntries(
      trials.map(({ condition, expects }) => [condition, answerOf(expects)]),
    ),
  });
}

function answerOf(expects: Expectation): string {
  if ("within" in expects) return "0";
  return expects.reach > 0 ? "+1" : "-1";
}

/** The windows of a task, ms: stimuli, the delays between them, the response. */
export function taskWindows(
  { stimuli, windows, stepMs, steps }: Task,
): NamedSpan[] {
  const found: NamedSpan[] = [];
  const add = (name: string, from: number, to: number) => {
    if (from < to) found.push({ name, from: from * stepMs, to: to * stepMs });
  };
  const sorted = [...stimuli].sort((a, b) => a.from - b.from);
  let end: number | undefined;
  let delays = 0;
  const gaps = sorted.filter(({ from }, k) => k > 0 && from > sorted[k - 1].to)
    .length;
  for (const { name, from, to } of sorted) {
    if (end !== undefined && from > end) {
      add(gaps > 1 ? `delay ${++delays}` : "delay", end, from);
    }
    add(name, from, to);
    end = Math.max(end ?? 0, to);
  }
  // Output k belongs to step k + 1.
  add(
    "response",
    windows.strict.from + 1,
    Math.min(windows.strict.to + 1, steps),
  );
  return found;
}
