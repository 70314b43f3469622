/** The rate scan of tfjs's `webgpu` backend, on its device and buffers. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import {
  backwardSource,
  backwardTurns,
} from "../kernels/rate_scan/webgpu/backward.ts";
import {
  denseGradientSource,
  denseRows,
  denseTableSource,
} from "../kernels/rate_scan/webgpu/dense.ts";
import {
  forwardSource,
  forwardTurns,
} from "../kernels/rate_scan/webgpu/forward.ts";
import { unroll } from "../kernels/rate_scan/webgpu/tables.ts";
import { chunks } from "../kernels/webgpu/chunks.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import {
  betweenKernels,
  gpuBuffer,
  newGpuTensor,
  type WebGpuBackend,
} from "./backend.ts";
import { type RateScanAttributes, scanShape } from "./rate_types.ts";
import { weightGradient } from "./weight_gradient.ts";

/** The table of a dense matrix; a temporary buffer. */
function table(
  gpu: Gpu,
  weights: GPUBuffer,
  units: number,
  direction: "incoming" | "outgoing",
): GPUBuffer {
  const rows = denseRows(units);
  const entries = gpu.temporary(gpu.buffer(8 * rows * units));
  gpu.run([{
    kernel: gpu.kernel(denseTableSource(units, direction)),
    buffers: [weights, entries],
    workgroups: [Math.ceil(units / 64), rows],
  }]);
  return entries;
}

/** Rates and drives of a batch. */
export function rateForward(
  backend: WebGpuBackend,
  inputs: Record<string, TensorInfo>,
  { activation, noise }: RateScanAttributes,
): TensorInfo[] {
  const { weights, decay, drive } = inputs;
  const { trials, steps, units } = scanShape(drive.shape);
  const given = inputs.noise && gpuBuffer(backend, inputs.noise);
  const [w, alphas, u] = [weights, decay, drive].map((tensor) =>
    gpuBuffer(backend, tensor)
  );
  const rates = newGpuTensor(backend, [...drive.shape]);
  const drives = newGpuTensor(backend, [...drive.shape]);
  return betweenKernels(backend, (gpu) => {
    const variant = {
      activation,
      units,
      channels: 0,
      workgroupSize: gpu.workgroupSizeFor(units),
      drive: "given",
      noise: given ? "given" : "drawn",
      keepStates: false,
      keepDrives: true,
      shared: 4 * units <= gpu.capacity.workgroupStorage,
    } as const;
    const numbers = Uint32Array.from({ length: units }, (_, i) => i);
    const noises = new Uint32Array(4 * trials);
    const floats = new Float32Array(noises.buffer);
    for (let b = 0; b < trials; b++) {
      noises.set([noise.key, noise.trial + b], 4 * b);
      floats.set([noise.initial, noise.step], 4 * b + 2);
    }
    const buffers = [
      table(gpu, w, units, "incoming"),
      gpu.temporary(gpu.upload(numbers)),
      alphas,
      u,
      given ?? gpu.temporary(gpu.upload(noises)),
      rates.buffer,
      gpu.temporary(gpu.buffer(4 * trials * units)),
      drives.buffer,
    ];
    const kernel = gpu.kernel(forwardSource(variant));
    const rows = denseRows(units);
    const turns = forwardTurns(variant, rows, unroll);
    for (const [first, last] of chunks(gpu, 0, steps, turns)) {
      gpu.run([{
        kernel,
        buffers: [gpu.uniform([first, last, steps, rows]), ...buffers],
        workgroups: [trials],
      }]);
    }
    return [rates.info, drives.info];
  });
}

/** Gradients by weights, decay and drive. */
export function rateBackward(
  backend: WebGpuBackend,
  inputs: Record<string, TensorInfo>,
  activation: RateScanAttributes["activation"],
): TensorInfo[] {
  const { trials, steps, units } = scanShape(inputs.rates.shape);
  const { weights, decay, rates, drives, byRates } = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      gpuBuffer(backend, tensor),
    ]),
  );
  const byWeights = newGpuTensor(backend, [units, units]);
  const byDecay = newGpuTensor(backend, [units]);
  const byDrive = newGpuTensor(backend, [...inputs.rates.shape]);
  return betweenKernels(backend, (gpu) => {
    const workgroupSize = gpu.workgroupSizeFor(units);
    const shared = 4 * units <= gpu.capacity.workgroupStorage;
    const variant = {
      activation,
      units,
      workgroupSize,
      from: "rates",
      shared,
    } as const;
    const rows = denseRows(units);
    const bytes = 4 * trials * steps * units;
    // The way back overwrites the drives, which belong to a tensor.
    const moved = gpu.temporary(gpu.buffer(bytes));
    gpu.copy(drives, moved, bytes);
    const sums = gpu.temporary(gpu.buffer(12 * trials * units));
    const entries = table(gpu, weights, units, "outgoing");
    const kernel = gpu.kernel(backwardSource(variant));
    const turns = backwardTurns(variant, rows, unroll);
    for (const [first, last] of chunks(gpu, 0, steps, turns).reverse()) {
      gpu.run([{
        kernel,
        buffers: [
          gpu.uniform([first, last, steps, rows]),
          entries,
          decay,
          byRates,
          rates,
          moved,
          sums,
        ],
        workgroups: [trials],
      }]);
    }
    const scan = { trials, steps, units };
    gpu.run([...weightGradient(gpu, scan, moved, rates, byWeights.buffer), {
      kernel: gpu.kernel(denseGradientSource(units)),
      buffers: [
        gpu.uniform([trials, steps]),
        moved,
        sums,
        byDrive.buffer,
        byDecay.buffer,
      ],
      workgroups: [Math.ceil(units / 64), steps, trials],
    }]);
    return [byWeights.info, byDecay.info, byDrive.info];
  });
}
