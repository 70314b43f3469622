/**
 * Reads damaged files, many of them: each must be read soundly or refused with
 * a ModelFileError, within a second and 200 MB. Prints what happened; exits
 * with 1 and writes the file that broke a reader.
 *
 *     deno run -A --v8-flags=--expose-gc tools/fuzz_formats.ts [RUNS] [SEED]
 *
 * The memory is that of the whole process. With the flag, garbage of the reads
 * before is collected now and then, and does not count as that of the next.
 */
import { decodeMat, encodeMat } from "../lib/mat5/mod.ts";
import { decodeModel, encodeModel } from "../lib/formats/model_file.ts";
import { decodeNpz, encodeNpz } from "../lib/formats/npz.ts";
import {
  decodeSafeTensors,
  encodeSafeTensors,
} from "../lib/formats/safetensors.ts";
import { createNetwork } from "../lib/network/create.ts";
import { randomStream } from "../lib/random/stream.ts";
import { getTask } from "../lib/tasks/registry.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../lib/train/checkpoint.ts";
import { train } from "../lib/train/train.ts";
import { damaged, numbersFrom } from "../tests/formats/mutate.ts";
import { floats, fullModel, network } from "../tests/formats/samples.ts";
import { assertSound } from "../tests/formats/sound.ts";

interface Subject {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly read: (bytes: Uint8Array) => void;
}

/** The files to damage, with their readers. */
async function subjects(): Promise<Subject[]> {
  const readModel = (bytes: Uint8Array) => assertSound(decodeModel(bytes));
  const list: Subject[] = [];
  const folder = new URL("../tests/data/mat/", import.meta.url);
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".mat")) continue;
    const bytes = Deno.readFileSync(new URL(name, folder));
    list.push({ name, bytes, read: decodeMat });
  }
  const models = {
    "model": fullModel([4]),
    "model of two layers": fullModel([3, 2]),
    "model without Dale's principle": fullModel([3], false),
    "network alone": { network: network([5]) },
  };
  for (const [name, model] of Object.entries(models)) {
    const bytes = encodeModel(model);
    const plain = encodeMat(decodeMat(bytes), { compress: false });
    list.push({ name, bytes, read: readModel });
    list.push({ name: `${name}, plain`, bytes: plain, read: readModel });
  }
  const arrays = {
    a: { data: floats(12, 1), shape: [3, 4] },
    b: { data: Uint8Array.of(1, 0) },
    c: { data: Float64Array.of(1, 2, 3) },
  };
  for (const compress of [true, false]) {
    const bytes = encodeNpz(arrays, { compress });
    list.push({ name: `npz, compressed ${compress}`, bytes, read: decodeNpz });
  }
  const tensors = new Map([
    ["weights", { shape: [3, 4], data: floats(12, 2) }],
    ["count", { shape: [1], data: BigInt64Array.of(7n) }],
    ["flags", { shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ]);
  list.push({
    name: "safetensors",
    bytes: encodeSafeTensors(tensors, new Map([["version", "1"]])),
    read: decodeSafeTensors,
  });
  list.push({
    name: "checkpoint",
    bytes: await checkpoint(),
    read: decodeCheckpoint,
  });
  return list.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The last checkpoint of a short run. */
async function checkpoint(): Promise<Uint8Array> {
  const task = getTask("go-nogo", { T: 40, stim_on: 5, stim_dur: 5 });
  const network = createNetwork(
    { channels: 1, units: [4, 3] },
    randomStream(1),
  );
  const options = { seed: 1, updates: 4, evalTrials: 2, checkpoints: true };
  let bytes: Uint8Array | undefined;
  for await (const event of train(network, task, options)) {
    if (event.kind !== "checkpoint") continue;
    const { name, timing } = task;
    bytes = encodeCheckpoint({
      state: event.state,
      seed: 1,
      settings: { N: 4 },
      task: { name, timing, fingerprint: "made up" },
    });
  }
  return bytes!;
}

/** What the readings of one file came to. */
interface Tally {
  read: number;
  refused: number;
  slowest: number;
}

function attempt(
  { name, read }: Subject,
  bytes: Uint8Array,
  tally: Tally,
): void {
  const start = performance.now();
  try {
    read(bytes);
    tally.read++;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ModelFileError") {
      const path = Deno.makeTempFileSync({ prefix: "fuzz-", suffix: ".bin" });
      Deno.writeFileSync(path, bytes);
      console.error(`${name}: ${path}:`, error);
      Deno.exit(1);
    }
    tally.refused++;
  }
  tally.slowest = Math.max(tally.slowest, performance.now() - start);
}

/** Largest resident memory of this process so far, in MB, where Linux says it. */
function peakMemory(): string {
  try {
    const status = Deno.readTextFileSync("/proc/self/status");
    const kilobytes = Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]);
    return `${Math.round(kilobytes / 1024)} MB`;
  } catch {
    return "unknown";
  }
}

/** Lets the event loop turn now and then: Deno frees failed zlib streams there. */
async function breathe(run: number): Promise<void> {
  if (run % 8 !== 0) return;
  if (run % 256 === 0) (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setTimeout(resolve, 0));
}

const runs = Number(Deno.args[0] ?? 100_000);
const next = numbersFrom(Number(Deno.args[1] ?? 1));
const list = await subjects();
const tallies = list.map((): Tally => ({ read: 0, refused: 0, slowest: 0 }));
for (const [i, subject] of list.entries()) {
  for (let length = 0; length < subject.bytes.length; length++) {
    attempt(subject, subject.bytes.subarray(0, length), tallies[i]);
    await breathe(length);
  }
}
for (let run = 0; run < runs; run++) {
  const i = run % list.length;
  attempt(list[i], damaged(list[i].bytes, next), tallies[i]);
  await breathe(run);
}
list.forEach(({ name, bytes }, i) => {
  const { read, refused, slowest } = tallies[i];
  console.log(
    `${name} (${bytes.length} bytes): ${read} read, ${refused} refused, slowest ${
      slowest.toFixed(1)
    } ms`,
  );
});
const cuts = list.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(
  `${runs} damaged and ${cuts} cut files; peak memory ${peakMemory()}`,
);
