/** How much of a device the kernels may use. */
import type { AdapterFacts } from "./adapter.ts";

/** Limits that decide how work is cut up. */
export interface Capacity {
  /** Most invocations of a workgroup. */
  readonly workgroupSize: number;
  /** Bytes of workgroup storage. */
  readonly workgroupStorage: number;
  /** Bytes of one storage buffer. */
  readonly bufferBytes: number;
  /** Bytes that the buffers of one batch may take together. */
  readonly batchBytes: number;
  /** Most workgroups along one dimension of a dispatch. */
  readonly workgroups: number;
  /** Loop iterations of one invocation in one dispatch. */
  readonly iterations: number;
}

const mebibyte = 2 ** 20;

/**
 * Mesa's llvmpipe ends every loop of an invocation, nested ones included, once
 * they have made 65,536 turns together, and says nothing.
 */
const softwareIterations = 60_000;

/** Enough for steps between which a driver's watchdog may look. */
const hardwareIterations = 2 ** 24;

/** What a device with these limits can do. */
export function capacityOf(
  limits: GPUSupportedLimits,
  { software }: AdapterFacts,
): Capacity {
  return {
    workgroupSize: Math.min(
      limits.maxComputeInvocationsPerWorkgroup,
      limits.maxComputeWorkgroupSizeX,
    ),
    workgroupStorage: limits.maxComputeWorkgroupStorageSize,
    bufferBytes: Math.min(
      limits.maxStorageBufferBindingSize,
      limits.maxBufferSize,
    ),
    batchBytes: (software ? 256 : 1024) * mebibyte,
    workgroups: limits.maxComputeWorkgroupsPerDimension,
    iterations: software ? softwareIterations : hardwareIterations,
  };
}
