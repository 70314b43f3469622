/** What the tfjs tests share. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkDevice } from "../../lib/tfjs/mod.ts";
import { randomStream } from "../../lib/random/stream.ts";

/** Random numbers as a plain array. */
export function numbers(purpose: string, length: number, scale = 1): number[] {
  const random = randomStream(5).fork(purpose);
  return Array.from({ length }, (_, k) => scale * random.normal(k));
}

/** Fails where two tensors differ by more than a part of the largest number. */
export function assertClose(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length, what);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    largest = Math.max(largest, Math.abs(expected[k]));
  }
  assert.ok(largest > 0, `${what}: nothing but zeros to compare with`);
  for (let k = 0; k < expected.length; k++) {
    const gap = Math.abs(actual[k] - expected[k]);
    assert.ok(
      gap <= tolerance * largest,
      `${what}: number ${k} is ${actual[k]}, expected ${expected[k]}`,
    );
  }
}

/** Value and gradients of a loss on a backend, as plain arrays. */
export async function gradientsOn(
  backend: "cpu" | "webgpu",
  inputs: readonly (readonly [number[], number[]])[],
  loss: (...tensors: tf.Tensor[]) => tf.Scalar,
): Promise<ArrayLike<number>[]> {
  await tf.setBackend(backend);
  const tensors = inputs.map(([values, shape]) => tf.tensor(values, shape));
  const { value, grads } = tf.valueAndGrads(loss)(tensors);
  const found = await Promise.all(
    [value, ...grads].map((tensor) => tensor.data()),
  );
  await checkDevice();
  tf.dispose([value, ...grads, ...tensors]);
  return found;
}
