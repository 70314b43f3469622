/**
 * What the ops need of tfjs's backends: reading and making tensors, on the CPU
 * as arrays, on the GPU as buffers of tfjs's own device.
 */
import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import type { BackendError } from "../errors.ts";
import { adapterFacts } from "../kernels/webgpu/adapter.ts";
import { Gpu } from "../kernels/webgpu/gpu.ts";

/** The part of tfjs's `cpu` backend that is used. */
export interface CpuBackend {
  readonly data: {
    get(id: DataId): { readonly values: ArrayLike<number> };
  };
  makeTensorInfo(
    shape: number[],
    dtype: "float32",
    values: Float32Array,
  ): TensorInfo;
}

/** The part of tfjs's `webgpu` backend that is used. */
export interface WebGpuBackend {
  readonly device: GPUDevice;
  readonly adapterInfo?: unknown;
  readonly commandEncoder: GPUCommandEncoder | null;
  readonly tensorMap: {
    get(id: DataId): { readonly resource: GPUBuffer };
  };
  uploadToGPU(id: DataId): void;
  makeTensorInfo(shape: number[], dtype: "float32"): TensorInfo;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** A tensor's numbers on the `cpu` backend, not copied where they are floats. */
export function cpuValues(
  backend: CpuBackend,
  tensor: TensorInfo,
): Float32Array {
  const { values } = backend.data.get(tensor.dataId);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/** A tensor's buffer on the device; uploads it where it is not there yet. */
export function gpuBuffer(
  backend: WebGpuBackend,
  tensor: TensorInfo,
): GPUBuffer {
  backend.uploadToGPU(tensor.dataId);
  return backend.tensorMap.get(tensor.dataId).resource;
}

/** A new tensor and its buffer, whose contents are undefined. */
export function newGpuTensor(
  backend: WebGpuBackend,
  shape: number[],
): { info: TensorInfo; buffer: GPUBuffer } {
  const info = backend.makeTensorInfo(shape, "float32");
  return { info, buffer: gpuBuffer(backend, info) };
}

const devices = new WeakMap<GPUDevice, Gpu>();

/** The device of a backend, as the kernels use it. */
export function gpuOf(backend: WebGpuBackend): Gpu {
  const known = devices.get(backend.device);
  if (known) return known;
  const info = backend.device.adapterInfo ?? {};
  const gpu = new Gpu(
    backend.device,
    adapterFacts(info as Parameters<typeof adapterFacts>[0]),
  );
  devices.set(backend.device, gpu);
  return gpu;
}

/**
 * Runs kernels between tfjs's own: what tfjs has recorded goes first.
 *
 * @throws {BackendError} for what the device reported since the last call; tfjs
 *   itself would go on with zeros
 */
export function betweenKernels<T>(
  backend: WebGpuBackend,
  run: (gpu: Gpu) => T,
): T {
  const gpu = gpuOf(backend);
  gpu.throwFailureOnce();
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  try {
    return run(gpu);
  } finally {
    gpu.release();
  }
}

/**
 * Waits for the device of tfjs's `webgpu` backend and throws what went wrong on
 * it: tfjs calls are synchronous, so an error is known only later.
 *
 * @throws {BackendError} for a lost device, a kernel that does not compile, or
 *   too little memory
 */
export async function settled(backend: WebGpuBackend): Promise<void> {
  const gpu = gpuOf(backend);
  await Promise.race([
    backend.device.queue.onSubmittedWorkDone(),
    gpu.lost.then((error: BackendError) => {
      throw error;
    }),
  ]);
  await gpu.compiled();
  gpu.throwFailureOnce();
}
