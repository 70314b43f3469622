/**
 * Known answers: what every backend must get right on a small network of its
 * own, computed here by the references, and how fast it is.
 */
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { SpikingTrial } from "../network/spiking.ts";
import { streamOfKey } from "../random/stream.ts";
import {
  knownNetwork,
  knownSpikingKey,
  knownSpikingNetwork,
  knownStimulus,
  knownTrial,
} from "./known.ts";
import { referenceSession } from "./rate_reference.ts";
import { simulateReference } from "./spiking.ts";
import type { Backend } from "./types.ts";

/** One answer and how far it is from the known one. */
export interface KnownAnswer {
  /** What was computed. */
  readonly name: string;
  readonly passed: boolean;
  /**
   * Largest difference from the reference, in units of its largest number; NaN
   * if nothing came of it.
   */
  readonly difference: number;
  /** Largest difference that passes. */
  readonly allowed: number;
  /** Why nothing came of it. */
  readonly error?: string;
}

/** A time. */
export interface KnownTime {
  readonly name: string;
  readonly milliseconds: number;
}

const units = 40;
const steps = 60;

/** Largest difference in units of the largest expected number. */
function difference(actual: FloatArray, expected: FloatArray): number {
  if (actual.length !== expected.length) return NaN;
  let gap = 0;
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    const here = Math.abs(actual[k] - expected[k]);
    if (Number.isNaN(here)) return NaN;
    gap = Math.max(gap, here);
    largest = Math.max(largest, Math.abs(expected[k]));
  }
  return gap / largest;
}

/** A computation that has a known answer. */
interface Question {
  readonly name: string;
  readonly allowed: number;
  ask(backend: Backend): Promise<number>;
}

/** Units whose state is nothing but the noise of the step. */
function noiseNetwork(): RateNetwork {
  const network = knownNetwork(units);
  const [layer] = network.layers;
  return {
    ...network,
    taus: [1],
    layers: [{ ...layer, weights: new Float32Array(units * units) }],
    inputs: [{ from: "input", to: 0, weights: new Float32Array(units) }],
  };
}

const questions: readonly Question[] = [
  {
    name: "noise",
    allowed: 1e-5,
    async ask(backend) {
      const session = await backend.open(noiseNetwork());
      const trial = knownTrial(steps, 3);
      const [{ states }] = await session.run([trial], { states: true });
      session.close();
      if (!("key" in trial.noise)) throw new Error("the noise is drawn");
      const random = streamOfKey(trial.noise.key);
      const expected = Float64Array.from(
        { length: units * steps },
        (_, k) => {
          const [unit, step] = [Math.floor(k / steps), k % steps];
          return (step === 0 ? 0.01 : 0.1) * random.normal(unit, step, 3);
        },
      );
      return difference(states!, expected);
    },
  },
  {
    name: "rate scan",
    allowed: 1e-4,
    async ask(backend) {
      const network = knownNetwork(units);
      const trials = [knownTrial(steps, 0)];
      const session = await backend.open(network);
      const [actual] = await session.run(trials);
      session.close();
      const oracle = referenceSession(network, { precision: "float64" });
      const [expected] = await oracle.run(trials);
      return difference(actual.outputs, expected.outputs);
    },
  },
  {
    name: "gradient",
    allowed: 1e-3,
    async ask(backend) {
      const network = knownNetwork(units);
      const trials = [0, 1, 2].map((number) => knownTrial(steps, number));
      const session = await backend.open(network);
      const { gradient: actual } = await session.gradient(trials, "l2");
      session.close();
      const oracle = referenceSession(network, { precision: "float64" });
      const { gradient: expected } = await oracle.gradient(trials, "l2");
      return Math.max(
        ...(["weights", "readout", "tausGaus"] as const).map((part) =>
          difference(actual[part][0], expected[part][0])
        ),
      );
    },
  },
  {
    name: "spiking trial",
    allowed: 1e-3,
    async ask(backend) {
      const network = knownSpikingNetwork(units);
      const trials = [spikingTrial(5, 0)];
      const record = { outputs: true };
      const [actual] = await backend.simulate(network, trials, record);
      const [expected] = simulateReference(network, trials, record, "float32");
      const counts = difference(
        Float64Array.from(actual.spikeCounts),
        Float64Array.from(expected.spikeCounts),
      );
      return Math.max(counts, difference(actual.outputs!, expected.outputs!));
    },
  },
];

/** A trial without noise: rounding alone then tells backends apart. */
function spikingTrial(columns: number, scale: number): SpikingTrial {
  return {
    inputs: knownStimulus(columns),
    columns,
    noise: { key: knownSpikingKey, trial: 0, scale },
  };
}

/**
 * Asks a backend for the known answers, one after the other.
 *
 * @returns each as it is found; a backend that fails gives an answer that has
 *   not passed, and why
 */
export async function* knownAnswers(
  backend: Backend,
): AsyncGenerator<KnownAnswer, void> {
  for (const { name, allowed, ask } of questions) {
    try {
      const found = await ask(backend);
      yield { name, passed: found <= allowed, difference: found, allowed };
    } catch (error) {
      yield {
        name,
        passed: false,
        difference: NaN,
        allowed,
        error: (error as Error).message,
      };
    }
  }
}

/** Steps of the spiking trial that is timed; its time is that of 1 s. */
const timedColumns = 11;

/** A backend that takes longer than this for one trial is not timed on 16, in ms. */
const patience = 50;

/**
 * Times a backend: updates of 200 units over 200 steps on 1 and on 16 trials, and
 * a second of a spiking network of 200 units. What fails is left out, and what
 * would take long on a slow backend.
 */
export async function* knownTimes(
  backend: Backend,
): AsyncGenerator<KnownTime, void> {
  const network = knownNetwork(200);
  const tasks = [1, 16].map((batch) => ({
    name: `update, ${batch} trial${batch > 1 ? "s" : ""}`,
    scale: 1,
    async prepare() {
      const session = await backend.open(network);
      const trials = Array.from(
        { length: batch },
        (_, b) => knownTrial(200, b),
      );
      return () => session.update(trials, "l2", { learningRate: 1e-4 });
    },
  }));
  const spiking = {
    name: "spiking trial of 1 s",
    scale: 200 / (timedColumns - 1),
    prepare() {
      const spiking = knownSpikingNetwork(200);
      const trial = spikingTrial(timedColumns, 1);
      return Promise.resolve(() =>
        backend.simulate(spiking, [trial], { outputs: true })
      );
    },
  };
  let slow = false;
  for (const { name, scale, prepare } of [...tasks, spiking]) {
    if (slow && name === tasks[1].name) continue;
    try {
      const task = await prepare();
      const milliseconds = scale * await fastest(task);
      slow ||= milliseconds > patience;
      yield { name, milliseconds };
    } catch {
      // The known answers say what is wrong.
    }
  }
}

/** The shortest of a few times after a first one. */
async function fastest(task: () => Promise<unknown>): Promise<number> {
  const first = performance.now();
  await task();
  const began = performance.now();
  // What compiles kernels the first time does not take this long.
  if (began - first > 3000) return began - first;
  let shortest = Infinity;
  for (let k = 0; k < 5 && performance.now() - began < 300; k++) {
    const start = performance.now();
    await task();
    shortest = Math.min(shortest, performance.now() - start);
  }
  return shortest;
}
