/** What the differentiable spiking scan needs before and after it, in WGSL. */
import type { KernelSource } from "../../webgpu/source.ts";
import { surrogateRows } from "./surrogate.ts";

/** Columns of a matrix N×N as rows. */
export function transposeSource(units: number): KernelSource {
  return {
    label: "transpose",
    bindings: [
      { name: "matrix", type: "array<f32>", access: "read" },
      { name: "transposed", type: "array<f32>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= ${units}u) { return; }
  transposed[at.y * ${units}u + at.x] = matrix[at.x * ${units}u + at.y];
}
`,
  };
}

/**
 * Gradients by decay and gain, from the sums of the trials and the gradient by
 * the weights: sum_t g W s of a unit is its row of W times that of dL/dW.
 */
export function surrogateGradientSource(units: number): KernelSource {
  return {
    label: "decay and gain gradient",
    bindings: [
      // Trials.
      { name: "shape", type: "vec4u", access: "uniform" },
      { name: "weights", type: "array<f32>", access: "read" },
      { name: "facts", type: "array<f32>", access: "read" },
      { name: "by_weights", type: "array<f32>", access: "read" },
      { name: "state", type: "array<f32>", access: "read" },
      { name: "by_decay", type: "array<f32>", access: "read_write" },
      { name: "by_gain", type: "array<f32>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let i = at.x;
  if (i >= ${units}u) { return; }
  var decay = 0.0f;
  var gain = 0.0f;
  for (var b = 0u; b < shape.x; b++) {
    let own = b * ${surrogateRows * units}u;
    decay += state[own + ${5 * units}u + i];
    gain += state[own + ${6 * units}u + i];
  }
  var product = 0.0f;
  for (var k = 0u; k < ${units}u; k++) {
    product += weights[i * ${units}u + k] * by_weights[i * ${units}u + k];
  }
  by_decay[i] = decay;
  by_gain[i] = gain + product / facts[${units}u + i];
}
`,
  };
}
