/**
 * Work for the kernel as data: it runs on the instance whose memory it was laid
 * out in, or on another one to whose memory the same bytes are copied, at the
 * same addresses.
 */
import type { KernelCall } from "./tasks.ts";

/** Bytes in the kernel's memory. */
export interface ByteRange {
  readonly at: number;
  readonly bytes: number;
}

/** One piece of work. */
export interface KernelJob<Result> {
  /** Memory that the work needs in all. */
  readonly memoryBytes: number;
  /** What must be in memory before the calls. */
  readonly inputs: readonly ByteRange[];
  readonly calls: readonly KernelCall[];
  /** What is read after them. */
  readonly outputs: readonly ByteRange[];
  /** Makes the result of the outputs, which it copies. */
  readonly finish: (outputs: readonly Uint8Array[]) => Result;
}

/** Bytes as numbers; they start at a multiple of 8. */
export function asFloats(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Likewise in double precision. */
export function asDoubles(bytes: Uint8Array): Float64Array {
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
}
