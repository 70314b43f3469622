/** The device that WebGPU tests share: the adapter of the machine, at its size. */
import { findAdapter } from "../../lib/kernels/webgpu/adapter.ts";
import type { Capacity } from "../../lib/kernels/webgpu/capacity.ts";
import { Gpu } from "../../lib/kernels/webgpu/gpu.ts";

let shared: Gpu | undefined;

/**
 * Runs a test on a device: one that the tests of a file share, with its compiled
 * kernels, or with `capacity` one of its own, which is closed afterwards.
 */
export async function withGpu(
  test: (gpu: Gpu) => Promise<void>,
  capacity?: Partial<Capacity>,
): Promise<void> {
  if (!capacity) return await test(shared ??= await openGpu({}));
  const gpu = await openGpu(capacity);
  try {
    await test(gpu);
  } finally {
    gpu.close();
    await gpu.lost;
  }
}

async function openGpu(capacity: Partial<Capacity>): Promise<Gpu> {
  const adapter = await findAdapter();
  if (!adapter) throw new Error("Cannot test: no WebGPU adapter");
  return await Gpu.open(adapter, capacity);
}

/** Distance of two float32 numbers in units in the last place. */
export function ulps(a: number, b: number): number {
  const floats = Float32Array.of(a, b);
  const bits = new Int32Array(floats.buffer);
  const ordered = (k: number) => k < 0 ? -(k & 0x7fffffff) : k;
  return Math.abs(ordered(bits[0]) - ordered(bits[1]));
}
