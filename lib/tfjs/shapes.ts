/** Checks of what callers hand to the ops. */
import type { Tensor } from "@tensorflow/tfjs-core";

/**
 * Checks a tensor's shape and type.
 *
 * @throws {TypeError} where they differ
 */
export function expectShape(
  op: string,
  name: string,
  tensor: Tensor,
  shape: readonly number[],
): void {
  const same = tensor.shape.length === shape.length &&
    shape.every((size, k) => size === tensor.shape[k]);
  if (!same || tensor.dtype !== "float32") {
    throw new TypeError(
      `Cannot run ${op}: ${name} is ${tensor.dtype} [${tensor.shape}], ` +
        `expected float32 [${shape.map((size) => size ?? "?")}]`,
    );
  }
}
