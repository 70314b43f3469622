/** What runs in Deno, Node, Bun and a browser alike, and what it gives there. */
import * as main from "../../mod.ts";
import * as fileEntry from "../../lib/entry/files.ts";
import * as mapping from "../../lib/entry/mapping.ts";
import { libraryRuns as runsBy } from "../golden/library_runs.ts";
import { openPool } from "../../lib/backend/pool.ts";
import { workerSource } from "../../lib/backend/pool_worker.ts";
import { jobBase } from "../../lib/kernels/job.ts";
import { lif } from "../../lib/kernels/lif/lif_wasm.ts";
import { loadTask } from "../../lib/entry/tasks.ts";
import { runtime } from "../../lib/platform/runtime.ts";

/** The golden runs, by the entries for programs. */
export const libraryRuns = (): ReturnType<typeof runsBy> =>
  runsBy({ ...main, ...fileEntry, ...mapping });

const { createNetwork, openBackend, randomStream } = main;
const { readModel, writeModel, writeNewModel } = main;
const { decodeModel, decodeNpz, encodeModel, encodeNpz } = fileEntry;

/** What runs the program. */
export const name: string = runtime;

async function failure(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "nothing was thrown";
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
}

/** What becomes of workers that do not start, die, or are out of memory. */
export async function workers(): Promise<Record<string, string>> {
  const job = {
    module: "lif",
    memoryBytes: jobBase + 64,
    writes: [],
    calls: [],
    reads: [{ at: jobBase, length: 4, type: "float32" as const }],
  };
  const modules = { lif: lif() };
  const tried = async (program: () => string) => {
    // In browsers nothing tells of a worker that has ended: that much is waited for.
    const startMs = runtime === "browser" ? 6000 : 30_000;
    const pool = openPool({ workers: 2, modules, program, startMs });
    const found = await failure(async () => {
      const results = await Promise.all([pool.run(job), pool.run(job)]);
      throw new Error(`${results.length} results`);
    });
    pool.close();
    return found.replace(/ the last one with .*/, " …");
  };
  let started = 0;
  const dying = `{
    const listen = setInterval(() => {
      const take = globalThis.onmessage;
      if (!take) return;
      clearInterval(listen);
      globalThis.onmessage = (event) => event.data.job ? close() : take(event);
    });
  }`;
  return {
    usual: await tried(() => workerSource),
    "throws at its start": await tried(() => `throw new Error("no");`),
    "wrong syntax": await tried(() => "this is no program"),
    "the first dies": await tried(() =>
      (started++ === 0 ? dying : "") + workerSource
    ),
  };
}

/** Whether threads that share layers, or the trials of a batch, have the bits of one. */
export async function team(): Promise<boolean> {
  const steps = 120;
  const trialOf = (trial: number) => ({
    inputs: Float32Array.from(
      { length: steps },
      (_, k) => randomStream(trial).normal(k),
    ),
    target: new Float32Array(steps).fill(1),
    steps,
    noise: { key: 5, trial },
  });
  const run = async (count: number) => {
    const backend = await openBackend({ workers: count });
    const network = createNetwork(
      { channels: 1, units: [16, 16, 16] },
      randomStream(3),
    );
    const session = await backend.open(network);
    for (const batch of [1, 1, 1, 1, 16, 14]) {
      await session.update(
        Array.from({ length: batch }, (_, trial) => trialOf(trial)),
        "l2",
        { learningRate: 0.02 },
      );
    }
    const weights = session.network().layers.map((layer) => layer.weights);
    session.close();
    backend.close();
    return JSON.stringify(weights.map((values) => Array.from(values)));
  };
  const alone = await run(1);
  return await run(3) === alone && await run(4) === alone;
}

/** Files written, read and refused, in a folder that is empty. */
export async function files(folder: string): Promise<unknown[]> {
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const path = `${folder}/of/a/run/a.mat`;
  await writeModel(path, { network });
  await writeModel(path, { network });
  const named = (text: string) => text.replaceAll(folder, "FOLDER");
  const task = `${folder}/task.ts`;
  return [
    named(await writeNewModel(path, { network })),
    JSON.stringify((await readModel(path)).network.layers[0].weights) ===
      JSON.stringify(network.layers[0].weights),
    named(await failure(() => readModel(`${folder}/none.mat`))),
    named(await failure(() => readModel(`${folder}/of`))),
    named(await failure(() => readModel(`${path}/b.mat`))),
    named(await failure(() => writeModel(`${folder}/of/a`, { network }))),
    named(await failure(() => writeModel(`${path}/b.mat`, { network }))),
    named(await failure(() => loadTask(`${folder}/none.ts`))),
    (await loadTask(task, { trust: true })).name,
    named(
      // Not `using`, which Node 22 does not know.
      await failure(async () => (await loadTask(task)).close()),
    ).replace(/(Node|Bun) [\d.]+/, "$1"),
  ];
}

/** Whether a model survives as bytes. */
export function bytes(): boolean {
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const read = decodeModel(encodeModel({ network })).network;
  return JSON.stringify(read.layers[0].weights) ===
    JSON.stringify(network.layers[0].weights);
}

/** What becomes of long work whose signal a timer aborts while it computes. */
export async function stopped(): Promise<string[]> {
  const task = main.getTask("go-nogo");
  const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
  const spiking = main.convert(network, { scalingFactor: 50 });
  const stops = async (work: (signal: AbortSignal) => Promise<unknown>) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new RangeError("enough")), 30);
    return await failure(() => work(stop.signal));
  };
  const options = { seed: 1, trials: 20_000 };
  return [
    await stops((signal) =>
      main.simulate(spiking, task, { ...options, record: {}, signal })
    ),
    await stops((signal) =>
      main.evaluate(network, task, { ...options, signal })
    ),
    await stops((signal) =>
      main.finished(
        main.searchScalingFactor(network, task, {
          seed: 1,
          trials: 900,
          signal,
        }),
      )
    ),
    await stops(async (signal) => {
      const training = { seed: 1, updates: 3000, evalTrials: 1, signal };
      const { reason } = await main.finished(
        main.train(network, task, training),
      );
      throw new RangeError(reason);
    }),
  ];
}

/** Compressed files, as numbers that messages can hold. */
export interface Packed {
  readonly mat: readonly number[];
  readonly npz: readonly number[];
}

/** Compressed files as they are elsewhere: of so many units, seed 2. */
export function packed(): Packed {
  const network = createNetwork({ channels: 1, units: 60 }, randomStream(2));
  const data = network.layers[0].weights;
  return {
    mat: Array.from(encodeModel({ network })),
    npz: Array.from(encodeNpz({ w: { data } }, { compress: true })),
  };
}

/** What compressed files are here: whether read, damaged ones refused, one written. */
export async function unpacked({ mat, npz }: Packed): Promise<unknown[]> {
  const network = createNetwork({ channels: 1, units: 60 }, randomStream(2));
  const { weights } = network.layers[0];
  const [matBytes, npzBytes] = [mat, npz].map((bytes) =>
    Uint8Array.from(bytes)
  );
  const kept = (read: ArrayLike<number> | undefined) =>
    JSON.stringify(Array.from(read ?? [])) ===
      JSON.stringify(Array.from(weights));
  const damaged = (bytes: Uint8Array) =>
    bytes.map((byte, k) => k === bytes.length >> 1 ? byte ^ 1 : byte);
  // The reason is in the words of whatever has unpacked it.
  const refused = async (read: () => unknown) =>
    (await failure(async () => await read())).replace(/ \(.*\)/, "");
  return [
    kept(decodeModel(matBytes).network.layers[0].weights),
    kept(decodeNpz(npzBytes).get("w")?.data),
    await refused(() => decodeModel(damaged(matBytes))),
    (await refused(() => decodeNpz(damaged(npzBytes)))).slice(0, 38),
    kept(decodeNpz(encodeNpz({ w: { data: weights } })).get("w")?.data),
  ];
}
