/**
 * What a GPU does by WebGPU, beside SIMD on all cores of its machine: first
 * whether its kernels are right (known answers, as `spikernn doctor` asks them),
 * then times of updates and of spiking grids. One script, without a network, that
 * ends within eight minutes: what has no time left is named, and left out.
 *
 *     deno run --no-prompt -A bench/gpu.ts [--minutes M] [--small] [--json FILE]
 *
 * `--small` is for software adapters, on which it says nothing but that it runs.
 * SIMD is timed on 64 trials where there are more, and counted up.
 */
import { parseArgs } from "node:util";
import { knownAnswers } from "../lib/backend/known_answers.ts";
import { openBackend } from "../lib/backend/open.ts";
import type { Backend } from "../lib/backend/types.ts";
import { openWebGpuBackend } from "../lib/backend/webgpu.ts";
import type { SpikingTrial } from "../lib/network/spiking.ts";
import { lookingForCard } from "../lib/runs/graphics_card.ts";
import { convert } from "../lib/spiking/convert.ts";
import { median, rounded } from "./flops.ts";
import {
  goNogoTrials,
  initialNetwork,
  synapseCount,
  trainedNetwork,
} from "./networks.ts";

/** One thing that was timed; times in ms. */
interface GpuTime {
  readonly name: string;
  readonly trials: number;
  readonly webgpu?: number;
  readonly simd?: number;
  /** Trials that SIMD ran, if fewer: its time is counted up. */
  readonly simdTrials?: number;
  /** Operations a second on the GPU, in 1e9, where they are counted. */
  readonly gflops?: number;
  /** Why there is no time. */
  readonly error?: string;
}

const mostForSimd = 64;
const steps = 199;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "8" },
    small: { type: "boolean", default: false },
    json: { type: "string" },
  },
});
const minutes = Number(values.minutes);
if (!(minutes >= 0)) {
  console.error(
    `Cannot time a GPU: --minutes is ${values.minutes}, allowed are numbers of 0 or more`,
  );
  Deno.exit(2);
}
const end = performance.now() + 60_000 * minutes;
const sizes = values.small
  ? { units: [20], batches: [4], factors: [50], trials: 1, columns: 11 }
  : {
    units: [200, 1000, 4000],
    batches: [16, 256, 4096],
    factors: [20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75],
    trials: 100,
    columns: 201,
  };

/** Median of some runs after a first one that does not count. */
async function timed(run: () => Promise<unknown>): Promise<number> {
  const one = async () => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  const first = await one();
  // A tenth of a second or ten runs tell enough; what takes long runs twice.
  const times = [await one()];
  while (times.length < 10 && first * times.length < 2000) {
    times.push(await one());
  }
  return median(times);
}

async function updates(
  backend: Backend,
  units: number,
  batch: number,
): Promise<{ ms: number; flops: number }> {
  const network = initialNetwork([units]);
  const session = await backend.open(network);
  try {
    const trials = goNogoTrials(0, batch);
    const options = { learningRate: 1e-12 };
    const ms = await timed(() => session.update(trials, "l2", options));
    return { ms, flops: 6 * synapseCount(network) * steps * batch };
  } finally {
    session.close();
  }
}

const webgpu = await lookingForCard(
  { note: console.error },
  () => openWebGpuBackend(),
);
const simd = await openBackend({ workers: navigator.hardwareConcurrency });
const adapter = webgpu.gpu.facts;
const answers = [];
for await (const answer of knownAnswers(webgpu)) {
  answers.push(answer);
  const { name, passed, difference, error } = answer;
  console.error(
    `${passed ? "right" : "WRONG"}  ${name}: ${
      error ?? `off by ${difference.toExponential(1)}`
    }`,
  );
}

/** What is timed, each a name, its trials and how. */
async function* times(): AsyncGenerator<GpuTime> {
  for (const units of sizes.units) {
    /** Time of a trial in the batch before, on both. */
    let each = 0;
    for (const trials of sizes.batches) {
      const name = `update, ${units} units, batch ${trials}`;
      const row = await oneOf(name, trials, async (simdTrials) => {
        const { ms, flops } = await updates(webgpu, units, trials);
        const cpu = await updates(simd, units, simdTrials);
        return { webgpu: ms, gflops: flops / ms / 1e6, simd: cpu.ms };
      }, each);
      const { webgpu: gpu = 0, simd: cpu = 0 } = row;
      each = gpu / trials + cpu / trials;
      yield row;
    }
  }
  const rate = await trainedNetwork();
  const { factors, columns } = sizes;
  const networks = factors.map((scalingFactor) =>
    convert(rate, { scalingFactor })
  );
  const trialsOf = (count: number) =>
    Array.from({ length: count }, (_, trial): SpikingTrial => ({
      inputs: new Float32Array(columns).fill(trial % 2, 50, 75),
      columns,
      noise: { key: 1, trial },
    }));
  const all = sizes.trials * factors.length;
  const name = `spiking grid, ${factors.length} factors of ${sizes.trials} ` +
    `trials of ${(columns - 1) * 5} ms, 200 units`;
  yield await oneOf(name, all, async (simdTrials) => {
    const trials = trialsOf(sizes.trials);
    const jobs = networks.map((network) => ({ network, trials }));
    const record = { outputs: true };
    const gpu = await timed(() => webgpu.simulateAll(jobs, record));
    const some = trialsOf(simdTrials);
    const cpu = await timed(() => simd.simulate(networks[0], some, record));
    return { webgpu: gpu, simd: cpu };
  });
}

/**
 * Times one thing, unless the time is over or it fails.
 *
 * @param each what a trial is known to take, ms: twice of it must be left
 */
async function oneOf(
  name: string,
  trials: number,
  measure: (simdTrials: number) => Promise<{
    readonly webgpu: number;
    readonly simd: number;
    readonly gflops?: number;
  }>,
  each = 0,
): Promise<GpuTime> {
  if (performance.now() + 2 * each * trials > end) {
    return { name, trials, error: "left out, the time is over" };
  }
  const simdTrials = Math.min(trials, mostForSimd);
  try {
    const found = await measure(simdTrials);
    return {
      ...{ name, trials },
      ...found,
      simd: found.simd * trials / simdTrials,
      ...(simdTrials < trials && { simdTrials }),
    };
  } catch (error) {
    // Such as a batch that its memory does not hold.
    return { name, trials, error: (error as Error).message };
  }
}

const rows: GpuTime[] = [];
for await (const row of times()) {
  rows.push(row);
  console.error(`${row.name}: ${row.error ?? `${rounded(row.webgpu!)} ms`}`);
}
webgpu.close();
simd.close();

const wrong = answers.filter(({ passed }) => !passed).length;
const report = {
  ...{ adapter, simd: simd.description, cores: navigator.hardwareConcurrency },
  ...{ answers, times: rows },
};
if (values.json !== undefined) {
  await Deno.writeTextFile(values.json, JSON.stringify(report, null, 1) + "\n");
}
console.log(
  `${adapter.name}${adapter.software ? " (software)" : ""}, ` +
    `${answers.length - wrong} of ${answers.length} answers right; ` +
    `beside ${simd.description}\n`,
);
console.log("| | webgpu, ms | simd, ms | times as fast | GFLOP/s |");
console.log("| --- | --- | --- | --- | --- |");
for (const { name, webgpu, simd, simdTrials, gflops, error } of rows) {
  if (webgpu === undefined || simd === undefined) {
    console.log(`| ${name} | ${error} | | | |`);
    continue;
  }
  const counted = simdTrials === undefined ? "" : `, from ${simdTrials} trials`;
  const cells = [
    name,
    rounded(webgpu),
    `${rounded(simd)}${counted}`,
    rounded(simd / webgpu),
    gflops === undefined ? "" : rounded(gflops),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}
if (wrong > 0) Deno.exit(1);
