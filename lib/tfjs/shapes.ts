/**
 * Checks of what callers hand to the ops: all of them before anything is compiled
 * or computed, and the same on every backend.
 */
import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../errors.ts";
import { type ScanShape, scanShape } from "./rate_types.ts";

/** tfjs's backends that the ops have kernels for. */
const backends: readonly string[] = ["cpu", "webgpu"];

/**
 * Checks that tfjs's backend is one that the ops run on.
 *
 * @throws {BackendError} for any other
 */
export function expectBackend(op: string): void {
  const name = tf.getBackend();
  // Before its first use tfjs has none: it takes one with the first tensor.
  if (!name || backends.includes(name)) return;
  throw new BackendError(
    `Cannot run ${op} on tfjs's backend "${name}": allowed are ` +
      `${backends.join(" and ")}, await tf.setBackend("${backends[0]}") first`,
  );
}

function expectTensor(op: string, name: string, value: unknown): void {
  if (!(value instanceof tf.Tensor)) {
    throw new TypeError(
      `Cannot run ${op}: ${name} is ${described(value)}, a tensor is needed`,
    );
  }
  if (value.isDisposed) {
    throw new TypeError(
      `Cannot run ${op}: ${name} is a tensor that has been disposed of; ` +
        "tf.keep() takes one out of the tf.tidy() that made it",
    );
  }
}

function described(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return value !== null && typeof value === "object"
    ? "an object"
    : String(value);
}

/**
 * Checks a tensor's shape and type.
 *
 * @throws {TypeError} if they differ, or it is not a tensor, or disposed of
 */
export function expectShape(
  op: string,
  name: string,
  tensor: tf.Tensor,
  shape: readonly number[],
): void {
  expectTensor(op, name, tensor);
  const same = tensor.shape.length === shape.length &&
    shape.every((size, k) => size === tensor.shape[k]);
  if (!same || tensor.dtype !== "float32") {
    throw new TypeError(
      `Cannot run ${op}: ${name} is ${tensor.dtype} [${tensor.shape}], ` +
        `expected float32 [${shape.map((size) => size ?? "?")}]`,
    );
  }
}

/**
 * The sizes of a batch, from its drive B×T×N.
 *
 * @param fewestSteps that the op takes
 * @throws {TypeError} if the drive is no tensor of three dimensions
 * @throws {RangeError} for a batch without trials, steps or units
 */
export function expectBatch(
  op: string,
  drive: tf.Tensor,
  fewestSteps: number,
): ScanShape {
  expectTensor(op, "drive", drive);
  const shape = scanShape(drive.shape);
  const { trials, steps, units } = shape;
  expectShape(op, "drive", drive, [trials, steps, units]);
  if (trials < 1 || steps < fewestSteps || units < 1) {
    throw new RangeError(
      `Cannot run ${op}: the drive is [${drive.shape}], that is ${trials} ` +
        `trials, ${steps} steps, ${units} units; allowed are at least 1 trial, ` +
        `${fewestSteps} step${fewestSteps > 1 ? "s" : ""} and 1 unit`,
    );
  }
  return shape;
}

/**
 * Checks a number that kernels take.
 *
 * @param allowed whether it is in its range, beside being finite in float32
 * @param what the range in words
 * @throws {RangeError} if it is not
 */
export function expectNumber(
  op: string,
  name: string,
  value: number,
  allowed: boolean,
  what: string,
): void {
  if (
    typeof value === "number" && Number.isFinite(Math.fround(value)) && allowed
  ) return;
  throw new RangeError(
    `Cannot run ${op}: ${name} is ${described(value)}, allowed is ${what}`,
  );
}
