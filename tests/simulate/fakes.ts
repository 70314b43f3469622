/** A backend whose outputs the test decides, and networks for it. */
import type {
  Backend,
  RateSession,
  RateTrial,
} from "../../lib/backend/types.ts";
import type {
  SpikingNetwork,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import type { RateNetwork } from "../../lib/network/types.ts";

/** What the test decides. */
export interface Answers {
  rate?(trial: RateTrial): Float32Array;
  spiking?(
    trial: SpikingTrial,
  ): { outputs: Float32Array; spikeCounts: Uint32Array };
}

/** What the backend was asked for. */
export interface Asked {
  rateTrials: RateTrial[];
  rateCalls: { trials: number; rates?: boolean }[];
  spikingTrials: SpikingTrial[];
  spikingCalls: number[];
  closed: number;
  sessionsClosed: number;
}

export function fakeBackend(
  answers: Answers,
): { backend: Backend; asked: Asked } {
  const asked: Asked = {
    rateTrials: [],
    rateCalls: [],
    spikingTrials: [],
    spikingCalls: [],
    closed: 0,
    sessionsClosed: 0,
  };
  const backend: Backend = {
    name: "reference",
    description: "fake",
    open: (network) => Promise.resolve(session(network)),
    simulate(_network, trials, record) {
      if (!record.outputs) throw new Error("outputs were not asked for");
      asked.spikingTrials.push(...trials);
      asked.spikingCalls.push(trials.length);
      return Promise.resolve(trials.map((trial) => {
        const { outputs, spikeCounts } = answers.spiking!(trial);
        return {
          steps: outputs.length,
          outputs,
          spikeCounts,
          earlyCounts: new Uint32Array(spikeCounts.length),
        };
      }));
    },
    close: () => void asked.closed++,
  };
  const session = (network: RateNetwork) =>
    ({
      run(trials, record) {
        asked.rateTrials.push(...trials);
        asked.rateCalls.push({ trials: trials.length, rates: record?.rates });
        return Promise.resolve(trials.map((trial) => ({
          outputs: answers.rate!(trial),
          rates: record?.rates ? new Float32Array(trial.steps) : undefined,
        })));
      },
      network: () => network,
      close: () => void asked.sessionsClosed++,
    }) as RateSession;
  return { backend, asked };
}

/** Two excitatory, two SST and one PV unit in two layers. */
export function network(channels: number): RateNetwork {
  const layer = (inhibitory: number[], sstCount: number) => {
    const size = inhibitory.length;
    return {
      size,
      inhibitory: Uint8Array.from(inhibitory),
      sstCount,
      weights: new Float32Array(size * size),
      mask: new Uint8Array(size * size).fill(1),
      tausGaus: new Float32Array(size),
    };
  };
  return {
    activation: "sigmoid",
    dale: true,
    taus: [4, 20],
    layers: [layer([0, 1, 0], 1), layer([1, 1], 1)],
    inputs: [{
      from: "input",
      to: 0,
      weights: new Float32Array(3 * channels),
    }],
    between: [],
    readout: { from: [1], weights: [new Float32Array(2)], bias: 0 },
  };
}

export function spikingNetwork(
  channels: number,
  stepMs: number,
): SpikingNetwork {
  return {
    rate: network(channels),
    factor: 50,
    neuron: {
      name: "lif",
      tauMembrane: 10,
      refractory: 2,
      reset: -65,
      peak: -40,
      bias: -40,
    },
    synapse: { kind: "double", rise: 2 },
    stepMs,
    dt: 0.05,
  };
}
