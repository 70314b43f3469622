/**
 * What is timed of the kernels, as the product uses them: updates and evaluations
 * of rate networks, trials of a spiking one. `deno task bench` times them, and
 * `deno task bench --compare REF` those of two checkouts side by side.
 */
import { openBackend } from "../lib/backend/open.ts";
import { calibrate } from "../lib/calibrate/calibrate.ts";
import { searchScalingFactor } from "../lib/map/search.ts";
import { convert } from "../lib/spiking/convert.ts";
import { createNetwork } from "../lib/network/create.ts";
import { randomStream } from "../lib/random/stream.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { goNogo } from "../lib/tasks/go_nogo.ts";
import {
  goNogoTrials,
  initialNetwork,
  smallNetwork,
  synapseCount,
  trainedNetwork,
} from "./networks.ts";

/** Something to time. */
export interface BenchCase {
  readonly name: string;
  /** Trials of a run, and workers that share them. */
  readonly trials: number;
  readonly workers: number;
  /** A run takes seconds: it is compared only where it is asked for by name. */
  readonly isLong?: boolean;
  readonly open: () => Promise<OpenCase>;
}

/** A case that is ready. */
export interface OpenCase {
  /**
   * Operations of a run, where they are counted: two a synapse that exists and
   * step for the forward scan, two for the backward one and two for the gradient
   * by its weight; nothing else.
   */
  readonly flops?: number;
  run(): Promise<unknown>;
  close(): void;
}

const steps = 199;
const size = "N=200 T=200";

function update(
  name: string,
  network: () => RateNetwork | Promise<RateNetwork>,
  trials: number,
  workers = 1,
): BenchCase {
  const shared = workers === 1 ? "" : `, ${workers} workers`;
  return {
    name: `train/update ${name}${shared}`,
    trials,
    workers,
    async open() {
      const rate = await network();
      const backend = await openBackend({ workers });
      const session = await backend.open(rate);
      let next = 0;
      return {
        flops: 6 * synapseCount(rate) * steps * trials,
        run() {
          const fresh = goNogoTrials(next += trials, trials);
          // The network must stay what its name says, however often it is updated.
          return session.update(fresh, "l2", { learningRate: 1e-12 });
        },
        close() {
          session.close();
          backend.close();
        },
      };
    },
  };
}

/** 1,000 units, with so many of the synapses that there can be. */
const thousand = (connection: number) => () =>
  createNetwork({ channels: 1, units: 1000, connection }, randomStream(1));

/** Updates, and evaluations, of rate networks. */
export const rateCases: readonly BenchCase[] = [
  update(`${size} batch=1`, () => initialNetwork([200]), 1),
  update(`${size} batch=1 trained`, trainedNetwork, 1),
  ...[1, 2, 4].map((workers) =>
    update(`${size} batch=16`, () => initialNetwork([200]), 16, workers)
  ),
  update("N=50 T=200 batch=16", () => initialNetwork([50]), 16),
  ...[1, 2].flatMap((workers) => [
    update("N=1000 T=200 batch=16", thousand(0.2), 16, workers),
    update("N=1000 T=200 batch=16, 5 %", thousand(0.05), 16, workers),
  ]),
  ...[1, 2].map((workers) =>
    update(
      "N=3x200 T=200 batch=1",
      () => initialNetwork([200, 200, 200]),
      1,
      workers,
    )
  ),
  {
    name: "evaluate/rate N=200 trials=100",
    trials: 100,
    workers: 1,
    async open() {
      const rate = await trainedNetwork();
      const backend = await openBackend();
      const session = await backend.open(rate);
      let next = 0;
      return {
        flops: 2 * synapseCount(rate) * steps * 100,
        run: () => session.run(goNogoTrials(next += 100, 100)),
        close() {
          session.close();
          backend.close();
        },
      };
    },
  },
];

function spiking(
  name: string,
  trials: number,
  options: Partial<Parameters<typeof convert>[1]> = {},
): BenchCase {
  return {
    name,
    trials,
    workers: 1,
    async open() {
      const task = goNogo();
      const backend = await openBackend();
      const network = convert(await trainedNetwork(), {
        ...{ scalingFactor: 50, stepMs: task.stepMs },
        ...options,
      });
      const columns = task.steps + 1;
      const inputs = new Float32Array(columns).fill(1, 50, 75);
      let next = 0;
      const trial = () => ({
        inputs,
        columns,
        noise: { key: 1, trial: next++ },
      });
      return {
        run: () =>
          backend.simulate(network, Array.from({ length: trials }, trial), {
            outputs: true,
          }),
        close: () => backend.close(),
      };
    },
  };
}

/** `map --calibrate tune` of a network at its factor, a seed a run. */
function tuning(
  units: number,
  network: () => Promise<RateNetwork>,
  scalingFactor: number,
): BenchCase {
  return {
    name: `tune N=${units}, 2 workers`,
    // How many it takes is part of what is compared.
    trials: 1,
    workers: 2,
    isLong: true,
    async open() {
      const task = goNogo();
      const backend = await openBackend({ workers: 2 });
      const { stepMs } = task;
      const spiking = convert(await network(), { scalingFactor, stepMs });
      let seed = 0;
      return {
        async run() {
          const options = { seed: ++seed, steps: ["tune"] as const, backend };
          for await (const _ of calibrate(spiking, task, options));
        },
        close: () => backend.close(),
      };
    },
  };
}

/**
 * Trials of the spiking twin of a trained Go-NoGo network of 200 units, at a
 * scaling factor of 50, where units fire 8 times a second; the whole search over
 * 12 factors with 100 trials each; and whole tunings, which take minutes.
 */
export const spikingCases: readonly BenchCase[] = [
  spiking("lif/trial N=200 1s", 1),
  spiking("lif/trials N=200 1s x4", 4),
  spiking("lif/trial N=200 1s single", 1, { synapse: "single" }),
  spiking("lif/trial N=200 1s qif", 1, { neuron: "qif" }),
  spiking("lif/trial N=200 1s eif", 1, { neuron: "eif" }),
  spiking("lif/trial N=200 1s alif", 1, { neuron: "alif" }),
  spiking("lif/trial N=200 1s adex", 1, { neuron: "adex" }),
  {
    name: "lif/grid 12x100, 2 workers",
    trials: 1200,
    workers: 2,
    isLong: true,
    async open() {
      const backend = await openBackend({ workers: 2 });
      const rate = await trainedNetwork();
      const options = { seed: 1, trials: 100, backend };
      return {
        async run() {
          const events = searchScalingFactor(rate, goNogo(), options);
          for await (const _ of events);
        },
        close: () => backend.close(),
      };
    },
  },
  tuning(200, trainedNetwork, 45),
  tuning(50, smallNetwork, 45),
];
