/** A task and a backend whose every number is known. */
import type { Backend, RateTrial } from "../../lib/backend/types.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import type { Task } from "../../lib/tasks/types.ts";

/** Two conditions, 20 steps: "go" wants an output of 1 from step 10, "stay" 0. */
export const task: Task = {
  name: "fake",
  description: "Output 1 after a pulse, else 0.",
  stepMs: 5,
  steps: 20,
  channels: ["cue"],
  conditions: ["go", "stay"],
  timing: {},
  stimuli: [{ name: "cue", from: 5, to: 10 }],
  windows: {
    paper: { from: 10, to: 19 },
    paperSpiking: { from: 10, to: 20 },
    strict: { from: 10, to: 19 },
  },
  stopping: { loss: 7, performance: 0.95, trials: 0 },
  trial(random, condition) {
    const chosen = condition ?? (random.uniform() < 0.5 ? "go" : "stay");
    const on = chosen === "go" ? 1 : 0;
    return {
      condition: chosen,
      inputs: new Float32Array(20).fill(on, 5, 10),
      target: new Float32Array(20).fill(on, 10),
      expects: on ? { reach: 0.7 } : { within: 0.3 },
    };
  },
};

/** What a fake spiking network does in a trial. */
export interface FakeResponse {
  /** Output over the whole trial. */
  output: number | ((step: number) => number);
  /** Spikes of every unit. */
  spikes?: (unit: number) => number;
  /** Filtered spike train of a unit at a sample of its recording. */
  rate?: (unit: number, step: number) => number;
}

/** A backend that answers as it is told and remembers what it was asked. */
export interface FakeBackend extends Backend {
  readonly calls: {
    network: SpikingNetwork;
    trials: readonly SpikingTrial[];
    record: Recording;
  }[];
  readonly rateTrials: RateTrial[];
  readonly opened: RateNetwork[];
  closed: number;
}

/**
 * @param respond answers a spiking trial
 * @param rate output, and rates, of a rate network at a step
 */
export function fakeBackend(
  respond: (
    network: SpikingNetwork,
    trial: SpikingTrial,
  ) => FakeResponse,
  rate: {
    output: (trial: RateTrial, step: number) => number;
    rate?: (trial: RateTrial, unit: number, step: number) => number;
  } = { output: () => 0 },
): FakeBackend {
  const fake: FakeBackend = {
    name: "reference",
    description: "fake",
    calls: [],
    rateTrials: [],
    opened: [],
    closed: 0,
    open(network) {
      fake.opened.push(network);
      const units = network.layers.reduce((sum, { size }) => sum + size, 0);
      const refuse = () => {
        throw new Error("Cannot train: this backend only runs networks");
      };
      return Promise.resolve({
        run(trials, record) {
          fake.rateTrials.push(...trials);
          return Promise.resolve(trials.map((trial) => ({
            outputs: Float32Array.from(
              { length: trial.steps - 1 },
              (_, k) => rate.output(trial, k + 1),
            ),
            rates: record?.rates
              ? Float32Array.from(
                { length: units * trial.steps },
                (_, k) =>
                  rate.rate?.(
                    trial,
                    Math.floor(k / trial.steps),
                    k % trial.steps,
                  ) ?? 0,
              )
              : undefined,
          })));
        },
        gradient: refuse,
        update: refuse,
        network: () => network,
        optimiser: refuse,
        set: refuse,
        restore: refuse,
        close() {},
      });
    },
    simulate(network, trials, record) {
      fake.calls.push({ network, trials, record });
      // A backend may fail outside of a promise; it is a promise here.
      try {
        return Promise.resolve(
          trials.map((trial) =>
            traceOf(network, trial, record, respond(network, trial))
          ),
        );
      } catch (error) {
        return Promise.reject(error);
      }
    },
    close() {
      fake.closed++;
    },
  };
  return fake;
}

function traceOf(
  network: SpikingNetwork,
  trial: SpikingTrial,
  record: Recording,
  { output, spikes, rate }: FakeResponse,
): SpikingTrace {
  const units = network.rate.layers.reduce((sum, { size }) => sum + size, 0);
  const steps = Math.round((trial.columns - 1) * network.stepMs / network.dt);
  const sampled = (every: number | undefined) => {
    if (!every) return undefined;
    const samples = Math.floor(steps / every);
    return Float32Array.from(
      { length: units * samples },
      (_, k) => rate?.(Math.floor(k / samples), (k % samples) * every) ?? 0,
    );
  };
  return {
    steps,
    outputs: record.outputs
      ? Float32Array.from(
        { length: steps },
        (_, i) => typeof output === "number" ? output : output(i),
      )
      : undefined,
    spikeCounts: Uint32Array.from(
      { length: units },
      (_, unit) => spikes?.(unit) ?? 0,
    ),
    earlyCounts: new Uint32Array(units),
    rates: sampled(record.rates),
    // Rates of fakes change from rate step to rate step, or not at all.
    means: sampled(record.means?.steps),
  };
}
