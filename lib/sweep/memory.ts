/** How many points this machine's memory holds at once. */

/** What says how much memory a point takes. */
export interface PointSize {
  /** Units of all layers. */
  readonly units: number;
  /** Trials in one update. */
  readonly batch: number;
  /** Steps of a trial. */
  readonly steps: number;
}

/** A worker with nothing in it: the runtime, the program, its buffers, bytes. */
const bare = 120e6;

/** Of the memory that is free, this much may be taken. */
const share = 0.8;

/**
 * An estimate of the memory that a point takes at its largest, bytes: rates,
 * states and their adjoints of every trial of an update, and weights with their
 * gradients, masks and moments, in single precision; evaluation and the model
 * file hold some of them again.
 */
export function pointBytes({ units, batch, steps }: PointSize): number {
  const courses = 4 * units * steps * Math.max(batch, 8) * 4;
  const matrices = 16 * units * units * 4;
  return bare + courses + matrices;
}

/**
 * How many workers the machine has room for: one a core, but fewer where the
 * largest points would not fit beside each other in the memory that is free.
 * Where it cannot be known how much that is, one a core.
 *
 * @param cores of the machine
 * @param sizes of the points
 * @returns number of workers, 1 or more
 */
export function workersWithin(
  cores: number,
  sizes: readonly PointSize[],
): number {
  const free = freeMemory();
  if (free === undefined || sizes.length === 0) return cores;
  const largest = sizes.reduce((most, size) => {
    const bytes = pointBytes(size);
    return bytes > most ? bytes : most;
  }, 0);
  return Math.min(cores, Math.max(1, Math.floor(share * free / largest)));
}

function freeMemory(): number | undefined {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "systemMemoryInfo",
  });
  return state === "granted" ? Deno.systemMemoryInfo().available : undefined;
}
