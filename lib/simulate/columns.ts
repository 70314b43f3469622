/** The stimulus of a spiking trial. */
import type { FloatArray } from "../network/types.ts";

/**
 * A spiking trial has one column more than the task has steps: at a step's
 * second half the kernels already take the next column. The last one goes on as
 * it is, as the context of a context-dependent task does in the original.
 */
export function withLastColumnTwice(
  inputs: FloatArray,
  channels: number,
  steps: number,
): Float32Array {
  const columns = steps + 1;
  const longer = new Float32Array(channels * columns);
  for (let c = 0; c < channels; c++) {
    const row = inputs.subarray(c * steps, (c + 1) * steps);
    longer.set(row, c * columns);
    longer[c * columns + steps] = row[steps - 1];
  }
  return longer;
}
