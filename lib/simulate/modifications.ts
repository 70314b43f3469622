/** Modifications of synapses for a whole trial or for windows of it. */
import { modify, type WeightChange } from "../network/modify.ts";
import type { RateNetwork, WeightsFrom } from "../network/types.ts";
import { type EpochName, epochNames, epochWindows } from "../tasks/epochs.ts";
import type { Task } from "../tasks/types.ts";
import {
  type Clock,
  type TimeWindow,
  wholeSteps,
  windowMs,
} from "./windows.ts";

/** A change of synapses, for whole trials or for a window of them. */
export interface Modification extends WeightChange {
  /**
   * When the change holds: a window of time, or an epoch of the task. Defaults
   * to the whole trial. Changed synapses transmit what is sent in the window;
   * input that was sent before does not change.
   */
  readonly window?: TimeWindow | EpochName;
}

/** A network with modifications. */
export interface ModifiedNetwork {
  /** The network to run. */
  readonly network: RateNetwork;
  /** Its weights from a step on, for a trial of a duration; none for whole trials. */
  readonly weights?: (durationMs: number) => readonly WeightsFrom[];
}

/** Time as a kernel counts it. */
export interface ModificationClock extends Omit<Clock, "durationMs"> {
  /** Duration of a step of the kernel, ms. */
  readonly kernelStep: number;
  /** For epochs. */
  readonly task?: Task;
}

/**
 * A network with modifications, and how its weights change within a trial.
 *
 * @param network stays as it is
 * @param finish what else is done to every network of weights, such as a lesion
 * @throws {RangeError} as `modify` does, for a window outside the trial, and for
 *   an epoch that the task does not have
 */
export function withModifications(
  network: RateNetwork,
  modifications: readonly Modification[],
  clock: ModificationClock,
  finish: (network: RateNetwork) => RateNetwork,
): ModifiedNetwork {
  const apply = (those: readonly Modification[]) =>
    finish(
      modify(network, those.map(({ window: _, ...change }) => change)),
    );
  if (modifications.every(({ window }) => window === undefined)) {
    return { network: apply(modifications) };
  }
  // All synapses have a place in it; the weights are those of the trials.
  const whole = finish(network);
  const known = new Map<string, RateNetwork>();
  const during = (active: readonly boolean[]) => {
    if (!active.includes(true)) return undefined;
    const key = active.map(Number).join("");
    let found = known.get(key);
    if (!found) {
      found = apply(modifications.filter((_, k) => active[k]));
      known.set(key, found);
    }
    return found;
  };
  const plans = new Map<number, WeightsFrom[]>();
  return {
    network: whole,
    weights(durationMs) {
      let plan = plans.get(durationMs);
      if (plan) return plan;
      const windows = modifications.map(({ window }) =>
        window === undefined
          ? [{ from: 0, to: Infinity }]
          : windowsOf(window, { ...clock, durationMs })
            .map((ms) => wholeSteps(ms, clock.kernelStep))
      );
      const begins = new Set(
        windows.flat().flatMap(({ from, to }) => [from, to]),
      );
      plan = [...begins].filter(Number.isFinite).sort((a, b) => a - b)
        .map((from) => ({
          from,
          network: during(
            windows.map((own) =>
              own.some((w) => w.from <= from && from < w.to)
            ),
          ),
        }));
      plans.set(durationMs, plan);
      return plan;
    },
  };
}

/** A window, or an epoch's windows, in ms. */
function windowsOf(
  window: TimeWindow | EpochName,
  clock: ModificationClock & Clock,
): { from: number; to: number }[] {
  if (typeof window !== "string") return [windowMs(window, clock)];
  if (!epochNames.includes(window)) {
    throw new RangeError(
      `Cannot modify synapses in ${JSON.stringify(window)}: allowed are ` +
        `windows of time and ${epochNames.join(", ")}`,
    );
  }
  const { task } = clock;
  const epochs = task ? epochWindows(task, window) : [];
  if (epochs.length === 0) {
    throw new RangeError(
      `Cannot modify synapses in the ${window}: ` +
        (task
          ? `task ${task.name} has none`
          : "stimuli have no epochs, give a window of time"),
    );
  }
  return epochs.map((epoch) => windowMs({ ...epoch, unit: "steps" }, clock));
}
