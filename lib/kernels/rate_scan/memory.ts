/** An instance of the SIMD kernel with its memory. */
import { rateScan } from "./rate_scan_wasm.ts";

/** What WebAssembly can address, in pages. */
const mostPages = 65536;

/** Functions of the kernel; pointers and sizes are bytes unless simd/ says otherwise. */
export type RateScanFunction =
  | "adam"
  | "multiplyAddRows"
  | "singleNoise"
  | "singleDrive"
  | "singleForward"
  | "singleReadout"
  | "singleReadoutBackward"
  | "singleBackward"
  | "addPartialSums"
  | "addPlaced"
  | "addVector"
  | "reverseSeries"
  | "synapseGradients"
  | "pairGradients"
  | "placeWeights"
  | "vectorNorm"
  | "weightGradients"
  | "lanesForward"
  | "lanesForwardSteps"
  | "lanesForwardUnits"
  | "lanesBackward"
  | "lanesBackwardUnits"
  | "lanesNoise"
  | "totals"
  | "biasGradient"
  | "losses";

type Exports =
  & Record<RateScanFunction, (...values: number[]) => number>
  & { memory: WebAssembly.Memory; heapBase(): number };

const page = 65536;
/** What WebAssembly can address. */
const limit = mostPages * page;

/**
 * Gives an instance of the kernel with a memory of at least so many pages, in place of
 * the one that it gave before.
 */
export type EnlargeMemory = (pages: number) => WebAssembly.Instance;

/**
 * The kernel's memory as a stack: `allocate` takes from the top, `release` gives
 * back everything above a mark. Views are made anew at each use, since growing
 * detaches them.
 */
export class KernelMemory {
  #run: Exports;
  #top: number;
  readonly #enlarge: EnlargeMemory | undefined;

  /**
   * @param enlarge gives instances whose memory does not grow, for one that threads
   *   share; without it there is one instance, with a memory of its own
   */
  constructor(enlarge?: EnlargeMemory) {
    const instance = enlarge?.(1) ?? new WebAssembly.Instance(rateScan());
    this.#enlarge = enlarge;
    this.#run = instance.exports as unknown as Exports;
    this.#top = align(this.#run.heapBase());
  }

  /** The kernel's functions. */
  get run(): Exports {
    return this.#run;
  }

  /** Top of the stack. */
  get mark(): number {
    return this.#top;
  }

  /** Frees everything allocated since `mark` was read. */
  release(mark: number): void {
    this.#top = mark;
  }

  /**
   * Takes `bytes` bytes, at a multiple of 64; what they hold is undefined.
   *
   * @throws {RangeError} if WebAssembly cannot address that much
   */
  allocate(bytes: number): number {
    const at = this.#top;
    const top = align(at + bytes);
    // Vectors may be read past the end of an array by less than 64 bytes.
    const needed = top + 64;
    if (needed > limit) {
      throw new RangeError(
        `Cannot run the network: it needs ${needed} bytes of memory, allowed are ${limit}`,
      );
    }
    if (needed > this.run.memory.buffer.byteLength) this.#grow(needed);
    this.#top = top;
    return at;
  }

  #grow(bytes: number): void {
    const { memory } = this.run;
    const pages = Math.ceil(bytes / page);
    if (this.#enlarge === undefined) {
      memory.grow(pages - memory.buffer.byteLength / page);
      return;
    }
    const held = new Uint8Array(memory.buffer, 0, this.#top);
    this.#run = this.#enlarge(pages).exports as unknown as Exports;
    new Uint8Array(this.run.memory.buffer).set(held);
  }

  /** Allocates an array and fills it. */
  store(values: Float32Array | Uint32Array): number {
    const at = this.allocate(values.byteLength);
    const bytes = new Uint8Array(
      values.buffer,
      values.byteOffset,
      values.byteLength,
    );
    new Uint8Array(this.run.memory.buffer).set(bytes, at);
    return at;
  }

  /** Address of numbers: where they are, or that of a copy on top of the stack. */
  addressOf(values: Float32Array): number {
    return values.buffer === this.run.memory.buffer
      ? values.byteOffset
      : this.store(values);
  }

  /** View of a range of bytes. */
  bytes({ at, bytes }: { at: number; bytes: number }): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, at, bytes);
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, at, length);
  }

  words(at: number, length: number): Uint32Array {
    return new Uint32Array(this.run.memory.buffer, at, length);
  }

  doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.run.memory.buffer, at, length);
  }
}

/** Pages of the smallest memory that threads share: 64 MiB. */
const leastShared = 1024;

/**
 * Size of a memory that threads share and that needs so many pages: the smallest one
 * doubled, so that few sizes are compiled for.
 */
export function sharedPages(needed: number): number {
  let pages = leastShared;
  while (pages < needed) pages *= 2;
  return pages;
}

function align(at: number): number {
  return Math.ceil(at / 64) * 64;
}
