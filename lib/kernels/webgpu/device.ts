/** Asks an adapter for a device. */
import { BackendError } from "../../errors.ts";
import type { AdapterFacts } from "./adapter.ts";

/** Flags of buffers in the WebGPU standard, which the type library lacks as values. */
export const usage = {
  mapRead: 0x01,
  copySource: 0x04,
  copyDestination: 0x08,
  uniform: 0x40,
  storage: 0x80,
};

/**
 * A device with all that the adapter can give of what kernels need.
 *
 * @throws {BackendError} if the adapter gives no device
 */
export async function requestDevice(
  adapter: GPUAdapter,
  facts: AdapterFacts,
): Promise<GPUDevice> {
  const { limits } = adapter;
  try {
    return await adapter.requestDevice({
      requiredLimits: {
        maxBufferSize: limits.maxBufferSize,
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup:
          limits.maxComputeInvocationsPerWorkgroup,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
      },
    });
  } catch (error) {
    throw new BackendError(
      `Cannot open the GPU ${facts.name}: ${(error as Error).message}`,
    );
  }
}
