/** What stands around the scans, in tfjs's own ops; all of it differentiable. */
import * as tf from "@tensorflow/tfjs";
import type { Layer } from "../network/types.ts";
import { settled, type WebGpuBackend } from "./backend.ts";
import { expectNumber } from "./shapes.ts";
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from "./tensors.ts";

/**
 * Effective weights under Dale's principle: magnitudes rectified, times the
 * sign of the presynaptic unit (column), times a mask.
 *
 * @param weights N×N magnitudes; those at 0 or below are absent synapses
 * @param signs N numbers, 1 or -1
 * @param mask N×N of 0 and 1. Defaults to all synapses
 * @returns N×N
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { daleWeights } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const weights = daleWeights(tf.tensor2d([[1, 2], [-3, 4]]), tf.tensor1d([1, -1]));
 * assert.ok((await weights.data()).join() === "1,-2,0,-4");
 * ```
 */
export function daleWeights(
  weights: Tensor2D,
  signs: Tensor1D,
  mask?: Tensor2D,
): Tensor2D {
  return tf.tidy(() => {
    const signed = tf.mul(tf.relu(weights), signs);
    return (mask ? tf.mul(signed, mask) : signed) as Tensor2D;
  });
}

/**
 * dt/tau of each unit from the trained numbers `taus_gaus`: tau =
 * sigmoid(taus_gaus)·(max - min) + min, in steps.
 *
 * @param tausGaus N numbers
 * @param min, max bounds of tau, in steps
 * @returns N
 * @throws {RangeError} for bounds that are not finite, not above 0, or in the
 * wrong order
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { decayRates } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const decay = decayRates(tf.tensor1d([0]), 4, 20);
 * assert.ok(Math.abs((await decay.data())[0] - 1 / 12) < 1e-6);
 * ```
 */
export function decayRates(
  tausGaus: Tensor1D,
  min: number,
  max: number,
): Tensor1D {
  expectNumber("decayRates", "min", min, min > 0, "a finite number above 0");
  expectNumber(
    "decayRates",
    "max",
    max,
    max >= min,
    `a finite number from ${min}`,
  );
  return tf.tidy(() =>
    tf.reciprocal(tf.add(tf.mul(tf.sigmoid(tausGaus), max - min), min))
  );
}

/**
 * Linear readout of rates or filtered spikes.
 *
 * @param rates B×T×N
 * @param weights N×K
 * @param bias K, or one number
 * @returns outputs, B×T×K
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { readOut } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const outputs = readOut(tf.ones([2, 5, 3]), tf.ones([3, 1]), tf.scalar(1));
 * assert.ok(outputs.shape.join() === "2,5,1");
 * assert.ok((await outputs.data())[0] === 4);
 * ```
 */
export function readOut(
  rates: Tensor3D,
  weights: Tensor2D,
  bias: Tensor,
): Tensor3D {
  const [trials, steps, units] = rates.shape;
  return tf.tidy(() =>
    tf.add(tf.matMul(rates.reshape([trials * steps, units]), weights), bias)
      .reshape([trials, steps, weights.shape[1]])
  );
}

/**
 * A layer's parameters as tensors, to train or run a network from a model file
 * in tfjs. The caller disposes of them.
 *
 * @param layer a layer of a `RateNetwork`
 * @param dale whether inhibitory units have negative signs
 * @returns weights and mask N×N, signs and tausGaus N
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { layerTensors } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const { signs } = layerTensors({
 *   size: 2,
 *   inhibitory: Uint8Array.of(0, 1),
 *   sstCount: 0,
 *   weights: new Float32Array(4),
 *   mask: new Uint8Array(4).fill(1),
 *   tausGaus: new Float32Array(2),
 * }, true);
 * assert.ok((await signs.data()).join() === "1,-1");
 * ```
 */
export function layerTensors(layer: Layer, dale: boolean): {
  weights: Tensor2D;
  mask: Tensor2D;
  signs: Tensor1D;
  tausGaus: Tensor1D;
} {
  const { size } = layer;
  const matrix = (values: ArrayLike<number>) =>
    tf.tensor2d(Float32Array.from(values), [size, size]);
  return {
    weights: matrix(layer.weights),
    mask: matrix(layer.mask),
    signs: tf.tensor1d(
      Float32Array.from(layer.inhibitory, (flag) => dale && flag ? -1 : 1),
    ),
    tausGaus: tf.tensor1d(Float32Array.from(layer.tausGaus)),
  };
}

/**
 * Waits for the ops' device, and throws the error that occurred on it, if any.
 * tfjs hides errors of the GPU and returns zeros. The ops of this module
 * remember such errors, and throw at the next call or here.
 *
 * @throws {BackendError} for a lost device, a kernel that does not compile, or
 * too little memory
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { checkDevice } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * await checkDevice(); // nothing to wait for on the CPU
 * ```
 */
export async function checkDevice(): Promise<void> {
  if (tf.getBackend() === "webgpu") {
    await settled(tf.backend() as unknown as WebGpuBackend);
  }
}
