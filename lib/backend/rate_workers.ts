/** Rate-scan jobs in a pool's workers. */
import type { WasmJob } from "../kernels/job.ts";
import type { KernelJob } from "../kernels/rate_scan/job.ts";
import type { KernelMemory } from "../kernels/rate_scan/memory.ts";
import type { Pool } from "./pool.ts";

/** Name of the rate-scan module in a pool. */
export const rateScanModule = "rate_scan";

/** The kernel may read this far past the end of an array. */
const overread = 64;

/**
 * Hands a job to a worker. What it needs is copied at once, so that the memory
 * may be used again; what it gives is finished by whoever called, in order.
 */
export async function runInPool(
  pool: Pool,
  memory: KernelMemory,
  job: KernelJob<unknown>,
): Promise<Uint8Array[]> {
  const found = await pool.run(asWasmJob(memory, job));
  return found.map((values) => new Uint8Array(values.buffer));
}

function asWasmJob(memory: KernelMemory, job: KernelJob<unknown>): WasmJob {
  return {
    module: rateScanModule,
    memoryBytes: job.memoryBytes + overread,
    writes: job.inputs.map((range) => ({
      at: range.at,
      data: new Uint32Array(memory.bytes(range).slice().buffer),
    })),
    calls: job.calls.map(({ name, values }) => ({ name, args: values })),
    reads: job.outputs.map(({ at, bytes }) => ({
      at,
      length: bytes / 4,
      type: "uint32",
    })),
  };
}
