/** The differentiable spiking scan of tfjs's `webgpu` backend. */
import type { TensorInfo } from "@tensorflow/tfjs-core";
import { historyParts } from "../kernels/lif/surrogate.ts";
import {
  surrogateBackwardSource,
  surrogateForwardSource,
  surrogateRows,
  surrogateTurns,
} from "../kernels/lif/webgpu/surrogate.ts";
import {
  surrogateGradientSource,
  transposeSource,
} from "../kernels/lif/webgpu/surrogate_sums.ts";
import { chunks } from "../kernels/webgpu/chunks.ts";
import type { Gpu } from "../kernels/webgpu/gpu.ts";
import {
  betweenKernels,
  gpuBuffer,
  gpuOf,
  newGpuTensor,
  type WebGpuBackend,
} from "./backend.ts";
import type { LifScanAttributes } from "./lif_types.ts";
import { scanShape } from "./rate_types.ts";
import { weightGradient } from "./weight_gradient.ts";

/** decay, gain and initial voltages in one buffer. */
function facts(
  gpu: Gpu,
  parts: readonly (readonly [GPUBuffer, number])[],
): GPUBuffer {
  const total = parts.reduce((sum, [, length]) => sum + length, 0);
  const all = gpu.temporary(gpu.buffer(4 * total));
  let at = 0;
  for (const [buffer, length] of parts) {
    gpu.copy(buffer, all, 4 * length, 4 * at);
    at += length;
  }
  return all;
}

/**
 * The history of a batch, 5×B×T×N.
 *
 * @throws {RangeError} if it is larger than a buffer of the device
 */
export function lifForward(
  backend: WebGpuBackend,
  inputs: Record<string, TensorInfo>,
  { neuron }: LifScanAttributes,
): TensorInfo {
  const { trials, steps, units } = scanShape(inputs.drive.shape);
  const bytes = 4 * historyParts.length * trials * steps * units;
  const most = gpuOf(backend).capacity.bufferBytes;
  if (bytes > most) {
    throw new RangeError(
      `Cannot run lifScan: the history of ${trials} trials of ${steps} steps ` +
        `and ${units} units takes ${bytes} bytes, allowed are ${most}`,
    );
  }
  const buffer = (name: string) => gpuBuffer(backend, inputs[name]);
  const noise = inputs.noise && buffer("noise");
  const [weights, decay, gain, drive, initial] = [
    "weights",
    "decay",
    "gain",
    "drive",
    "initial",
  ].map(buffer);
  const history = newGpuTensor(backend, [
    historyParts.length,
    trials,
    steps,
    units,
  ]);
  return betweenKernels(backend, (gpu) => {
    const variant = {
      units,
      workgroupSize: gpu.workgroupSizeFor(units),
      neuron,
      noisy: noise !== undefined,
    };
    const columns = gpu.temporary(gpu.buffer(4 * units * units));
    gpu.run([{
      kernel: gpu.kernel(transposeSource(units)),
      buffers: [weights, columns],
      workgroups: [Math.ceil(units / 64), units],
    }]);
    const buffers = [
      columns,
      facts(gpu, [[decay, units], [gain, units], [initial, trials * units]]),
      drive,
      ...noise ? [noise] : [],
      history.buffer,
      gpu.temporary(gpu.buffer(4 * trials * surrogateRows * units)),
    ];
    const kernel = gpu.kernel(surrogateForwardSource(variant));
    const turns = surrogateTurns(variant);
    for (const [first, last] of chunks(gpu, 0, steps, turns)) {
      gpu.run([{
        kernel,
        buffers: [gpu.uniform([first, last, steps, trials]), ...buffers],
        workgroups: [trials],
      }]);
    }
    return history.info;
  });
}

/** Gradients by weights, decay, gain and drive. */
export function lifBackward(
  backend: WebGpuBackend,
  inputs: Record<string, TensorInfo>,
  { neuron }: LifScanAttributes,
): TensorInfo[] {
  const shape = inputs.history.shape.slice(1);
  const { trials, steps, units } = scanShape(shape);
  const [weights, decay, gain, history, byHistory] = [
    "weights",
    "decay",
    "gain",
    "history",
    "byHistory",
  ].map((name) => gpuBuffer(backend, inputs[name]));
  const byWeights = newGpuTensor(backend, [units, units]);
  const byDecay = newGpuTensor(backend, [units]);
  const byGain = newGpuTensor(backend, [units]);
  const byDrive = newGpuTensor(backend, shape);
  return betweenKernels(backend, (gpu) => {
    const variant = {
      units,
      workgroupSize: gpu.workgroupSizeFor(units),
      neuron,
      noisy: false,
    };
    const size = 4 * trials * steps * units;
    const known = facts(gpu, [[decay, units], [gain, units]]);
    const through = gpu.temporary(gpu.buffer(size));
    const state = gpu.temporary(
      gpu.buffer(4 * trials * surrogateRows * units),
    );
    const kernel = gpu.kernel(surrogateBackwardSource(variant));
    const turns = surrogateTurns(variant);
    for (const [first, last] of chunks(gpu, 0, steps, turns).reverse()) {
      gpu.run([{
        kernel,
        buffers: [
          gpu.uniform([first, last, steps, trials]),
          weights,
          known,
          history,
          byHistory,
          byDrive.buffer,
          through,
          state,
        ],
        workgroups: [trials],
      }]);
    }
    const spikes = gpu.temporary(gpu.buffer(size));
    gpu.copy(history, spikes, size, 0, size);
    const scan = { trials, steps, units };
    gpu.run([...weightGradient(gpu, scan, through, spikes, byWeights.buffer), {
      kernel: gpu.kernel(surrogateGradientSource(units)),
      buffers: [
        gpu.uniform([trials]),
        weights,
        known,
        byWeights.buffer,
        state,
        byDecay.buffer,
        byGain.buffer,
      ],
      workgroups: [Math.ceil(units / 64)],
    }]);
    return [byWeights.info, byDecay.info, byGain.info, byDrive.info];
  });
}
