/**
 * Work for a kernel as data: what to write into its memory, what to call, what
 * to read. The same job runs in this thread or in a worker, with the same
 * result, because it says everything that the kernel needs to know.
 */

/** Where a job's memory may start: above the static data of every kernel. */
export const jobBase = 65536;

/** Element types of what a job reads. */
export type ElementType = "uint8" | "uint32" | "float32" | "float64";

/** What is copied out of a kernel's memory after its calls. */
export interface WasmRead {
  /** Byte address, a multiple of the element's size. */
  readonly at: number;
  /**
   * Number of elements; or where the kernel has written it (a 32-bit word at
   * that address), so that a list can be as short as it turned out to be.
   */
  readonly length: number | { readonly countAt: number };
  readonly type: ElementType;
}

/** One piece of work. */
export interface WasmJob {
  /** Name of the module, as the pool was given it. */
  readonly module: string;
  /** Bytes of memory that the job needs, from address 0. */
  readonly memoryBytes: number;
  /** Arrays whose bytes are copied into memory. */
  readonly writes: readonly {
    readonly at: number;
    readonly data: ArrayBufferView;
  }[];
  /** Exported functions to call, in order. */
  readonly calls: readonly {
    readonly name: string;
    readonly args: readonly number[];
  }[];
  readonly reads: readonly WasmRead[];
}

/** One array that a job read. */
export type WasmArray =
  | Uint8Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** What a job read, in order. */
export type WasmResult = WasmArray[];

/**
 * Runs a job on an instance that exports its memory. It is written without
 * reference to anything outside, since workers are sent its source.
 *
 * @throws {RangeError} if memory cannot grow that far
 * @throws {WebAssembly.RuntimeError} if the kernel traps
 */
export function runJob(
  instance: WebAssembly.Instance,
  job: WasmJob,
): WasmResult {
  const exports = instance.exports as Record<string, WebAssembly.ExportValue>;
  const memory = exports.memory as WebAssembly.Memory;
  const missing = job.memoryBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  for (const { at, data } of job.writes) {
    new Uint8Array(memory.buffer).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      at,
    );
  }
  for (const { name, args } of job.calls) {
    (exports[name] as (...values: number[]) => void)(...args);
  }
  const arrays = {
    uint8: Uint8Array,
    uint32: Uint32Array,
    float32: Float32Array,
    float64: Float64Array,
  };
  return job.reads.map(({ at, length, type }) => {
    const count = typeof length === "number"
      ? length
      : new Uint32Array(memory.buffer, length.countAt, 1)[0];
    const array = arrays[type];
    const end = at + array.BYTES_PER_ELEMENT * count;
    return new array(memory.buffer.slice(at, end) as ArrayBuffer);
  });
}
