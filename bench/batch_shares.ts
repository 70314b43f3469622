/**
 * What each thread computes of an update with a batch of 16 trials, one thread
 * after the other in this one, and what only one thread can do: times on several
 * cores less all waiting, whatever else runs on the machine.
 *
 *   deno run -A bench/batch_shares.ts [updates]
 */
import { flatten, parametersOf, wire } from "../lib/backend/wiring.ts";
import { blockGradient } from "../lib/kernels/rate_scan/lanes_gradient.ts";
import { LanesStructure } from "../lib/kernels/rate_scan/lanes_structure.ts";
import { KernelMemory } from "../lib/kernels/rate_scan/memory.ts";
import { type KernelTask, runCalls } from "../lib/kernels/rate_scan/tasks.ts";
import { ParameterVectors } from "../lib/kernels/rate_scan/vectors.ts";
import { createNetwork } from "../lib/network/create.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { randomStream } from "../lib/random/stream.ts";
import { goNogoTrials, synapseCount } from "./networks.ts";

const updates = Number(Deno.args[0] ?? 60);
const width = 16;

/** The time that a tenth of the runs stay below: others disturb the rest. */
function lowTenth(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 10)];
}

/**
 * Time of a thread's calls, as if the others were done: in a memory of its own it
 * meets nobody.
 */
function threadTime(memory: KernelMemory, { calls }: KernelTask): number {
  const start = performance.now();
  runCalls(memory, calls);
  return performance.now() - start;
}

/** Makes updates by so many threads; gives times of each, and of what is not shared. */
function updateTimes(network: RateNetwork, threads: number) {
  const wired = wire(network);
  const memory = new KernelMemory();
  const vectors = new ParameterVectors(memory, wired.wiring, wired.layout);
  const parameters = vectors.view(vectors.parameters);
  flatten(wired, network, parametersOf(network), parameters);
  const structure = new LanesStructure(vectors);
  const alone: number[] = [];
  const shared = Array.from({ length: threads }, (): number[] => []);

  /** An update, as a session makes it. */
  function update(number: number): void {
    const start = performance.now();
    structure.update();
    const trials = goNogoTrials(width * number, width).map((trial) => ({
      ...trial,
      noise: { key: 1, trial: number, initial: 0.1, step: 0.05 },
    }));
    const mark = memory.mark;
    vectors.view(vectors.gradients).fill(0);
    const { tasks, finish } = blockGradient(
      vectors,
      structure,
      { trials, width, parts: 4 },
      { name: "l2", scale: 1 / width },
      false,
      threads,
    );
    const placed = performance.now();
    tasks.forEach((task, k) => shared[k].push(threadTime(memory, task)));
    const ran = performance.now();
    finish();
    memory.release(mark);
    vectors.finishGradients();
    vectors.gradientNorm();
    const rest = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, scale: 1 };
    vectors.adam({ ...rest, rate: 1e-12 });
    alone.push(placed - start + performance.now() - ran);
  }
  return { alone, shared, update };
}

for (const [units, connection] of [[200, 0.2], [1000, 0.2], [1000, 0.05]]) {
  const network = createNetwork(
    { channels: 1, units, connection },
    randomStream(1),
  );
  const counts = [1, 2, 4];
  const runs = counts.map((threads) => updateTimes(network, threads));
  for (let k = 0; k < updates; k++) for (const run of runs) run.update(k);
  console.log(`N=${units}, ${synapseCount(network)} synapses`);
  const alone = lowTenth(runs.flatMap(({ alone }) => alone));
  const slowest = runs.map(({ shared }) => Math.max(...shared.map(lowTenth)));
  for (const [k, threads] of counts.entries()) {
    const ms = alone + slowest[k];
    console.log(
      `  ${threads} threads: ${slowest[k].toFixed(2)} ms the slowest, ` +
        `${alone.toFixed(2)} ms not shared, ${ms.toFixed(2)} ms in all ` +
        `(${(ms / (alone + slowest[0])).toFixed(3)})`,
    );
  }
}
