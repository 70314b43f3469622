/** The spiking scan as an op of tfjs. */
import * as tf from "@tensorflow/tfjs";
import {
  surrogateBackward,
  surrogateForward,
} from "../kernels/lif/surrogate.ts";
import { type CpuBackend, cpuValues, type WebGpuBackend } from "./backend.ts";
import { type LifConstants, surrogateNeuron } from "./lif_constants.ts";
import {
  type LifScanAttributes,
  lifScanGradientKernel,
  lifScanKernel,
} from "./lif_types.ts";
import * as webgpu from "./lif_webgpu.ts";
import { scanShape } from "./rate_types.ts";
import { expectBackend, expectBatch, expectShape } from "./shapes.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "./tensors.ts";

/** What a spiking scan takes; B trials, T steps, N units. */
export interface LifScanInputs {
  /**
   * Weights N×N, a row is a postsynaptic unit: those of a rate network divided
   * by the scaling factor.
   */
  readonly weights: Tensor2D;
  /** Decay time constant of each unit's synapses, ms, N. */
  readonly tauDecay: Tensor1D;
  /** Constant input and stimulus of each unit at each step, mV, B×T×N. */
  readonly drive: Tensor3D;
  /** Noise added to the voltages at each step, mV, B×T×N. Defaults to none. */
  readonly noise?: Tensor3D;
  /** Voltages before the first step, mV, B×N. Defaults to the reset voltage. */
  readonly initial?: Tensor2D;
  /** Constants of the units. Default to those of the paper. */
  readonly constants?: LifConstants;
}

/**
 * What a spiking scan gives, B×T×N each; a type of its own, not an interface, so
 * that `tf.tidy()` takes it as a container of tensors.
 */
export type LifScanOutputs = {
  /** Filtered spikes r, 1/s, what the readout reads. */
  readonly rates: Tensor3D;
  /** 1 where a unit spiked, else 0. */
  readonly spikes: Tensor3D;
  /** Voltages before the reset, mV. */
  readonly voltages: Tensor3D;
};

/**
 * Runs a network of leaky integrate-and-fire units over time in one fused op,
 * by the equations of Kim, Li and Sejnowski (PNAS 116:22811, 2019): units are
 * refractory in the first `refractory` ms, too. It has gradients by `weights`,
 * `tauDecay` and `drive`; a spike has the derivative of a fast sigmoid,
 * height/(1 + steepness |v - peak|)² (Zenke and Ganguli, Neural Computation
 * 30:1514, 2018), the reset has none. The scan itself is not smoothed. docs/reference/tfjs.md
 * says what the default height and steepness give.
 *
 * @param inputs see {@linkcode LifScanInputs}
 * @returns rates, spikes and voltages
 * @throws {TypeError} for shapes that do not fit, and tensors that have been
 *   disposed of
 * @throws {RangeError} for constants that are not finite or out of range, an
 *   empty batch, or on `webgpu` for a batch that is too large for the device: its
 *   history takes 20 bytes a trial, step and unit
 * @throws {BackendError} on a backend of tfjs other than `cpu` and `webgpu`; on
 *   `webgpu`, if the device failed in an earlier call: await
 *   {@linkcode checkDevice} to know at once
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { lifScan } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const spikes = tf.tidy(() =>
 *   lifScan({
 *     weights: tf.zeros([1, 1]),
 *     tauDecay: tf.tensor1d([50]),
 *     drive: tf.fill([1, 2000, 1], -30), // 10 mV above threshold, 100 ms
 *   }).spikes
 * );
 * const [count] = await spikes.sum().data();
 * assert.ok(count > 5 && count < 10);
 * ```
 */
export function lifScan(inputs: LifScanInputs): LifScanOutputs {
  const { weights, tauDecay, drive, noise, initial } = inputs;
  expectBackend("lifScan");
  const { trials, steps, units } = expectBatch("lifScan", drive, 1);
  expectShape("lifScan", "weights", weights, [units, units]);
  expectShape("lifScan", "tauDecay", tauDecay, [units]);
  if (noise !== undefined) {
    expectShape("lifScan", "noise", noise, [trials, steps, units]);
  }
  if (initial !== undefined) {
    expectShape("lifScan", "initial", initial, [trials, units]);
  }
  const { rise = 2, dt = 0.05 } = inputs.constants ?? {};
  const neuron = surrogateNeuron(inputs.constants ?? {}, steps);
  return tf.tidy(() => {
    const history = tf.engine().runKernel(lifScanKernel, {
      weights,
      decay: tf.exp(tf.div(-dt, tauDecay)),
      // Filtered spikes are in 1/s, times in ms.
      gain: tf.div(1000, rise > 0 ? tf.mul(tauDecay, rise) : tauDecay),
      drive,
      initial: initial ?? tf.fill([trials, units], neuron.reset),
      ...noise && { noise },
    }, { neuron } as unknown as tf.NamedAttrMap) as tf.Tensor4D;
    const part = (k: number) =>
      tf.slice(history, [k, 0, 0, 0], [1, trials, steps, units])
        .reshape([trials, steps, units]) as Tensor3D;
    return { rates: part(0), spikes: part(1), voltages: part(2) };
  });
}

type Call = {
  inputs: Record<string, tf.TensorInfo>;
  backend: unknown;
  attrs: unknown;
};

function onCpu({ inputs, backend, attrs }: Call): tf.TensorInfo {
  const own = backend as CpuBackend;
  const values = (name: string) => cpuValues(own, inputs[name]);
  const { shape } = inputs.drive;
  const history = surrogateForward(scanShape(shape), {
    weights: values("weights"),
    decay: values("decay"),
    gain: values("gain"),
    drive: values("drive"),
    initial: values("initial"),
    ...inputs.noise && { noise: values("noise") },
  }, (attrs as LifScanAttributes).neuron);
  const parts = history.length / tf.util.sizeFromShape([...shape]);
  return own.makeTensorInfo([parts, ...shape], "float32", history);
}

function gradientOnCpu({ inputs, backend, attrs }: Call): tf.TensorInfo[] {
  const own = backend as CpuBackend;
  const values = (name: string) => cpuValues(own, inputs[name]);
  const shape = inputs.history.shape.slice(1);
  const { units } = scanShape(shape);
  const found = surrogateBackward(
    scanShape(shape),
    {
      weights: values("weights"),
      decay: values("decay"),
      gain: values("gain"),
    },
    values("history"),
    values("byHistory"),
    (attrs as LifScanAttributes).neuron,
  );
  return [
    own.makeTensorInfo([units, units], "float32", found.weights),
    own.makeTensorInfo([units], "float32", found.decay),
    own.makeTensorInfo([units], "float32", found.gain),
    own.makeTensorInfo(shape, "float32", found.drive),
  ];
}

tf.registerKernel({
  kernelName: lifScanKernel,
  backendName: "cpu",
  kernelFunc: (call) => onCpu(call as Call),
});
tf.registerKernel({
  kernelName: lifScanGradientKernel,
  backendName: "cpu",
  kernelFunc: (call) => gradientOnCpu(call as Call),
});
tf.registerKernel({
  kernelName: lifScanKernel,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) =>
    webgpu.lifForward(
      backend as WebGpuBackend,
      inputs as Call["inputs"],
      attrs as unknown as LifScanAttributes,
    ),
});
tf.registerKernel({
  kernelName: lifScanGradientKernel,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) =>
    webgpu.lifBackward(
      backend as WebGpuBackend,
      inputs as Call["inputs"],
      attrs as unknown as LifScanAttributes,
    ),
});

tf.registerGradient({
  kernelName: lifScanKernel,
  inputsToSave: ["weights", "decay", "gain"],
  outputsToSave: [true],
  gradFunc: (dy, saved, attrs) => {
    const [weights, decay, gain, history] = saved;
    // All at once, here: tfjs frees what each of the functions below makes.
    const found = tf.engine().runKernel(lifScanGradientKernel, {
      weights,
      decay,
      gain,
      history,
      byHistory: dy as tf.Tensor,
    }, attrs) as unknown as tf.Tensor[];
    return {
      weights: () => found[0],
      decay: () => found[1],
      gain: () => found[2],
      drive: () => found[3],
    };
  },
});
