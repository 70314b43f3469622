/** How much memory training takes, told before it begins. */
import type { RateNetwork } from "../network/types.ts";
import { mostShares } from "./blocks.ts";

/** What says how much memory a training run takes. */
export interface TrainingSize {
  /** Units of each layer. */
  readonly sizes: readonly number[];
  /** Entries of all weight matrices, within and between layers. */
  readonly entries: number;
  /** Synapses: entries that exist. */
  readonly synapses: number;
  /** Steps of a trial. */
  readonly steps: number;
  /** Trials of an update. */
  readonly batch: number;
  /** Workers that share the trials. */
  readonly workers: number;
}

/** What WebAssembly can address, bytes. */
const addressable = 2 ** 32;

/** Largest history of a block of trials, bytes, as `trialBlocks` has it. */
const blockLimit = 2 ** 30;

/** The runtime and the program with nothing to do, and each more worker, bytes. */
const bare = 90e6;
const worker = 25e6;

/**
 * An estimate of the resident memory of a training run at its largest, on the
 * SIMD kernels: weights, masks, moments and their copies in the model file
 * count by entry and by synapse, rates and drives by unit, step and trial that
 * is run at once. Its factors are fitted to measured runs: it lies between 15 %
 * below and 50 % above them.
 *
 * @param size of the network, its trials and its batch
 * @returns bytes
 */
export function trainingBytes(size: TrainingSize): number {
  const { entries, synapses, steps, batch, workers } = size;
  const courses = unitsOf(size) * steps;
  const width = blockWidth(size);
  const blocks = Math.ceil(batch / width);
  const busy = width > 1 && blocks > 1 ? Math.min(workers, blocks) : 1;
  const shared = busy > 1 ? synapses * (60 * busy + 24 * blocks) : 0;
  // Threads that share a single block have its one memory.
  const threads = width === 16 && blocks === 1
    ? Math.min(workers, mostShares)
    : busy;
  return Math.round(
    1.15 * (bare + worker * (threads - 1) + 110 * entries + 240 * synapses +
      courses * (100 + 8 * width * busy) + shared),
  );
}

/**
 * Refuses what the SIMD kernels can never hold: WebAssembly addresses 4 GiB.
 * What is counted is what they need at least, so that nothing is refused that
 * would run.
 *
 * @param size of the network, its trials and its batch
 * @throws {RangeError} naming what is needed and what is allowed
 */
export function checkAddressable(size: TrainingSize): void {
  const { entries, steps, sizes } = size;
  const courses = unitsOf(size) * steps;
  const width = blockWidth(size);
  const histories = width > 1
    ? 8 * width * courses
    : 16 * courses + 4 * steps * Math.max(...sizes);
  const needed = 8 * entries + histories;
  if (needed <= addressable) return;
  throw new RangeError(
    `Cannot train ${unitsOf(size)} units over ${steps} steps on simd: the ` +
      `kernel needs ${gigabytes(needed)} of memory at least, allowed are ` +
      `${gigabytes(addressable)}; take fewer units or shorter trials`,
  );
}

/** The size of a network with its trials. */
export function trainingSize(
  { layers, between }: RateNetwork,
  run: Pick<TrainingSize, "steps" | "batch" | "workers">,
): TrainingSize {
  let entries = 0;
  let synapses = 0;
  for (const { weights, mask } of [...layers, ...between]) {
    entries += weights.length;
    if (mask === undefined) synapses += weights.length;
    else for (const there of mask) if (there) synapses++;
  }
  return { sizes: layers.map(({ size }) => size), entries, synapses, ...run };
}

/** Bytes in words, "1.6 GB". */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function unitsOf({ sizes }: TrainingSize): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Trials in a block, at most 16, fewer where their histories are long. */
function blockWidth(size: TrainingSize): 1 | 4 | 16 {
  const { batch, steps } = size;
  const bytes = 8 * unitsOf(size) * steps;
  if (batch > 12 && 16 * bytes <= blockLimit) return 16;
  if (batch > 1 && 4 * bytes <= blockLimit) return 4;
  return 1;
}
