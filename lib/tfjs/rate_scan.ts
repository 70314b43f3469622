/** The rate scan as an op of tfjs. */
import * as tf from "@tensorflow/tfjs";
import { type Activation, activations } from "../network/types.ts";
import { randomStream } from "../random/stream.ts";
import { type CpuBackend, cpuValues, type WebGpuBackend } from "./backend.ts";
import * as cpu from "./rate_cpu.ts";
import {
  type RateScanAttributes,
  rateScanGradientKernel,
  rateScanKernel,
  scanShape,
} from "./rate_types.ts";
import * as webgpu from "./rate_webgpu.ts";
import {
  expectBackend,
  expectBatch,
  expectNumber,
  expectShape,
} from "./shapes.ts";
import type { Tensor1D, Tensor2D, Tensor3D } from "./tensors.ts";

/** Noise of a scan, drawn from counters: the same seed gives the same noise. */
export interface ScanNoise {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  /** Counter of the batch's first trial; the others follow. Defaults to 0. */
  readonly trial?: number;
  /** Standard deviation of the noise of a step. Defaults to 0.1, the model's. */
  readonly amplitude?: number;
  /** Standard deviation of the initial state. Defaults to 0.01, the model's. */
  readonly initial?: number;
}

/** What a rate scan takes; B trials, T steps, N units. */
export interface RateScanInputs {
  /**
   * Effective weights N×N, a row is a postsynaptic unit; see {@linkcode
   * daleWeights}.
   */
  readonly weights: Tensor2D;
  /** dt/tau of each unit, N; see {@linkcode decayRates}. */
  readonly decay: Tensor1D;
  /** Input to each unit, B×T×N: that of step t moves the state at step t + 1. */
  readonly drive: Tensor3D;
  /**
   * Noise added to the states: numbers, B×T×N, of which those of step 0 are the
   * initial state, or how to draw them. Defaults to none.
   */
  readonly noise?: Tensor3D | ScanNoise;
  /** Transfer function. Defaults to `sigmoid`. */
  readonly activation?: Activation;
}

/**
 * Runs a rate network over time in one fused op,
 *
 *     x_t = x_{t-1} + decay (weights r_{t-1} + drive_{t-1} - x_{t-1}) + noise_t,
 *     r_t = phi(x_t),
 *
 * the equations of Kim, Li and Sejnowski (PNAS 116:22811, 2019). It has
 * gradients by `weights`, `decay` and `drive` (backpropagation through time),
 * and so, through tfjs's own ops, by everything from which these are computed.
 * On tfjs's `cpu` backend it runs on the SIMD kernel, on `webgpu` as WGSL on
 * the backend's own device, where tensors stay.
 *
 * @param inputs see {@linkcode RateScanInputs}
 * @returns rates r, B×T×N
 * @throws {TypeError} for shapes that do not fit, and tensors that have been
 * disposed of
 * @throws {RangeError} for an unknown activation, noise out of range, an empty
 * batch, or fewer than 2 steps
 * @throws {BackendError} on a backend of tfjs other than `cpu` and `webgpu`; on
 * `webgpu`, if the device failed in an earlier call: await {@linkcode
 * checkDevice} to know at once
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { rateScan } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const weights = tf.variable(tf.zeros<tf.Rank.R2>([3, 3]));
 * const { value, grads } = tf.variableGrads(() =>
 *   rateScan({
 *     weights,
 *     decay: tf.fill<tf.Rank.R1>([3], 0.1),
 *     drive: tf.ones<tf.Rank.R3>([2, 50, 3]),
 *     noise: { seed: 1 },
 *   }).sum()
 * );
 * assert.ok(value.shape.length === 0);
 * assert.ok(grads[weights.name].shape.join() === "3,3");
 * ```
 */
export function rateScan(inputs: RateScanInputs): Tensor3D {
  const { weights, decay, drive, noise, activation = "sigmoid" } = inputs;
  expectBackend("rateScan");
  const { trials, steps, units } = expectBatch("rateScan", drive, 2);
  expectShape("rateScan", "weights", weights, [units, units]);
  expectShape("rateScan", "decay", decay, [units]);
  if (!activations.includes(activation)) {
    throw new RangeError(
      `Cannot run rateScan: activation "${activation}", ` +
        `allowed are ${activations.join(", ")}`,
    );
  }
  const given = noise instanceof tf.Tensor ? noise : undefined;
  if (given) {
    expectShape("rateScan", "noise", given, [trials, steps, units]);
  }
  const attributes: RateScanAttributes = {
    activation,
    noise: drawnNoise(noise instanceof tf.Tensor ? undefined : noise, trials),
  };
  return tf.tidy(() => {
    const [rates] = tf.engine().runKernel(
      rateScanKernel,
      { weights, decay, drive, ...given && { noise: given } },
      attributes as unknown as tf.NamedAttrMap,
    ) as unknown as Tensor3D[];
    return rates;
  });
}

/** Trial counters are below this. */
const counters = 2 ** 32;

function drawnNoise(
  drawn: ScanNoise | undefined,
  trials: number,
): RateScanAttributes["noise"] {
  if (drawn === undefined) return { key: 0, trial: 0, initial: 0, step: 0 };
  if (drawn === null || typeof drawn !== "object") {
    throw new TypeError(
      `Cannot run rateScan: noise is ${drawn}, allowed are a tensor ` +
        "[trials, steps, units] and { seed, trial, amplitude, initial }",
    );
  }
  const { seed, trial = 0, amplitude = 0.1, initial = 0.01 } = drawn;
  const check = (
    name: string,
    value: number,
    allowed: boolean,
    what: string,
  ) => expectNumber("rateScan", `noise.${name}`, value, allowed, what);
  check(
    "seed",
    seed,
    Number.isSafeInteger(seed) && seed >= 0,
    "a whole number from 0 to 2^53 - 1",
  );
  check(
    "trial",
    trial,
    Number.isInteger(trial) && trial >= 0 && trial + trials <= counters,
    `a whole number from 0 to ${counters - trials}`,
  );
  const deviation = "a finite number from 0";
  check("amplitude", amplitude, amplitude >= 0, deviation);
  check("initial", initial, initial >= 0, deviation);
  return {
    key: randomStream(seed).fork("rate scan").key,
    trial,
    initial,
    step: amplitude,
  };
}

type Inputs = Record<string, tf.TensorInfo>;

function onCpu({ inputs, backend, attrs }: {
  inputs: Inputs;
  backend: unknown;
  attrs: unknown;
}): tf.TensorInfo[] {
  const own = backend as CpuBackend;
  const { weights, decay, drive, noise } = inputs;
  const { rates, drives } = cpu.rateForward(scanShape(drive.shape), {
    weights: cpuValues(own, weights),
    decay: cpuValues(own, decay),
    drive: cpuValues(own, drive),
    ...noise && { noise: cpuValues(own, noise) },
  }, attrs as RateScanAttributes);
  return [rates, drives].map((values) =>
    own.makeTensorInfo([...drive.shape], "float32", values)
  );
}

function gradientOnCpu({ inputs, backend, attrs }: {
  inputs: Inputs;
  backend: unknown;
  attrs: unknown;
}): tf.TensorInfo[] {
  const own = backend as CpuBackend;
  const shape = scanShape(inputs.rates.shape);
  const values = (name: string) => cpuValues(own, inputs[name]);
  const found = cpu.rateBackward(shape, {
    weights: values("weights"),
    decay: values("decay"),
    rates: values("rates"),
    drives: values("drives"),
    byRates: values("byRates"),
  }, (attrs as RateScanAttributes).activation);
  const { units } = shape;
  return [
    own.makeTensorInfo([units, units], "float32", found.weights),
    own.makeTensorInfo([units], "float32", found.decay),
    own.makeTensorInfo([...inputs.rates.shape], "float32", found.drive),
  ];
}

tf.registerKernel({
  kernelName: rateScanKernel,
  backendName: "cpu",
  kernelFunc: (call) => onCpu(call as Parameters<typeof onCpu>[0]),
});
tf.registerKernel({
  kernelName: rateScanGradientKernel,
  backendName: "cpu",
  kernelFunc: (call) => gradientOnCpu(call as Parameters<typeof onCpu>[0]),
});
tf.registerKernel({
  kernelName: rateScanKernel,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) =>
    webgpu.rateForward(
      backend as WebGpuBackend,
      inputs as Inputs,
      attrs as unknown as RateScanAttributes,
    ),
});
tf.registerKernel({
  kernelName: rateScanGradientKernel,
  backendName: "webgpu",
  kernelFunc: ({ inputs, backend, attrs }) =>
    webgpu.rateBackward(
      backend as WebGpuBackend,
      inputs as Inputs,
      (attrs as unknown as RateScanAttributes).activation,
    ),
});

tf.registerGradient({
  kernelName: rateScanKernel,
  inputsToSave: ["weights", "decay"],
  outputsToSave: [true, true],
  gradFunc: (dy, saved, attrs) => {
    const [weights, decay, rates, drives] = saved;
    const byRates = (dy as tf.Tensor[])[0];
    // All at once, here: tfjs frees what each of the functions below makes.
    const [byWeights, byDecay, byDrive] = tf.engine().runKernel(
      rateScanGradientKernel,
      { weights, decay, rates, drives, byRates },
      attrs,
    ) as unknown as tf.Tensor[];
    return {
      weights: () => byWeights,
      decay: () => byDecay,
      drive: () => byDrive,
    };
  },
});
