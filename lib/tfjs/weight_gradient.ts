/** The gradient by a dense weight matrix, which both scans end with on the GPU. */
import { groupsOf64 } from "../kernels/adam/webgpu/adam.ts";
import { addPartsSource } from "../kernels/rate_scan/webgpu/dense.ts";
import {
  outerParts,
  outerSource,
  tile,
} from "../kernels/rate_scan/webgpu/outer.ts";
import type { Dispatch, Gpu } from "../kernels/webgpu/gpu.ts";
import type { ScanShape } from "./rate_types.ts";

/**
 * Sums, over trials and steps, what each unit's state is to the loss times what
 * came to it: in parts side by side, which are then added up.
 *
 * @param through gradient by what each unit received, B×T×N
 * @param sent what each unit sent, B×T×N
 * @param byWeights the result, N×N
 */
export function weightGradient(
  gpu: Gpu,
  { trials, steps, units }: ScanShape,
  through: GPUBuffer,
  sent: GPUBuffer,
  byWeights: GPUBuffer,
): Dispatch[] {
  const terms = trials * (steps - 1);
  const room = Math.min(gpu.capacity.bufferBytes, gpu.capacity.batchBytes);
  const { parts, termsPerPart } = outerParts(units, terms, room);
  const product = gpu.temporary(gpu.buffer(4 * parts * units * units));
  const tiles = Math.ceil(units / tile);
  return [{
    kernel: gpu.kernel(outerSource(units)),
    buffers: [
      gpu.uniform([steps, terms, termsPerPart]),
      through,
      sent,
      product,
    ],
    workgroups: [tiles, tiles, parts],
  }, {
    kernel: gpu.kernel(addPartsSource),
    buffers: [gpu.uniform([units * units, parts]), product, byWeights],
    workgroups: groupsOf64(gpu, units * units),
  }];
}
