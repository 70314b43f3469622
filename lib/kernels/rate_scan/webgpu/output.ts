/** Outputs of the readout, and the loss with its gradient, in WGSL. */
import type { KernelSource } from "../../webgpu/source.ts";

/** Threads that share a sum. */
const threads = 64;

/** Adds `partial` up over the threads of a workgroup into `partial[0]`. */
const addUp = `
fn add_up(thread: u32, value: f32) -> f32 {
  workgroupBarrier();
  partial[thread] = value;
  workgroupBarrier();
  for (var half = ${threads / 2}u; half > 0u; half /= 2u) {
    if (thread < half) { partial[thread] += partial[thread + half]; }
    workgroupBarrier();
  }
  return partial[0];
}
`;

/** o_t = w_out r_t + b_out: one workgroup for each step and trial. */
export function outputSource(units: number): KernelSource {
  return {
    label: "readout",
    bindings: [
      // Steps, where readout weights and bias lie.
      { name: "shape", type: "vec4u", access: "uniform" },
      { name: "parameters", type: "array<f32>", access: "read" },
      { name: "rates", type: "array<f32>", access: "read" },
      { name: "outputs", type: "array<f32>", access: "read_write" },
    ],
    code: `
var<workgroup> partial: array<f32, ${threads}>;
${addUp}
@compute @workgroup_size(${threads})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let k = group.x;
  let trial = group.y;
  let at = (trial * shape.x + k + 1u) * ${units}u;
  var sum = 0.0f;
  for (var i = thread; i < ${units}u; i += ${threads}u) {
    sum += parameters[shape.y + i] * rates[at + i];
  }
  let total = add_up(thread, sum);
  if (thread == 0u) {
    outputs[trial * (shape.x - 1u) + k] = total + parameters[shape.z];
  }
}
`,
  };
}

/**
 * Loss of each trial and its gradient by the outputs, times a scale: one
 * workgroup a trial. Results: loss and gradient by the bias, B×2.
 *
 * @param weighted whether each output has a weight in the loss
 */
export function lossSource(
  loss: "l1" | "l2",
  weighted: boolean,
): KernelSource {
  const weight = weighted ? "weights[first + k]" : "1.0f";
  const term = loss === "l2" ? "error * error" : "abs(error)";
  const slope = loss === "l2"
    ? "select(0.0f, error / loss, total > 0.0f)"
    : "sign(error)";
  return {
    label: "loss",
    bindings: [
      { name: "shape", type: "Shape", access: "uniform" },
      { name: "outputs", type: "array<f32>", access: "read" },
      { name: "targets", type: "array<f32>", access: "read" },
      ...weighted
        ? [{ name: "weights", type: "array<f32>", access: "read" } as const]
        : [],
      { name: "gradients", type: "array<f32>", access: "read_write" },
      { name: "results", type: "array<f32>", access: "read_write" },
    ],
    code: `
struct Shape { steps: u32, scale: f32 }
var<workgroup> partial: array<f32, ${threads}>;
${addUp}
@compute @workgroup_size(${threads})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let trial = group.x;
  let count = shape.steps - 1u;
  let first = trial * count;
  var sum = 0.0f;
  for (var k = thread; k < count; k += ${threads}u) {
    let error = outputs[first + k] - targets[trial * shape.steps + k];
    sum += ${weight} * ${term};
  }
  let total = add_up(thread, sum);
  let loss = ${loss === "l2" ? "sqrt(total)" : "total"};
  sum = 0.0f;
  for (var k = thread; k < count; k += ${threads}u) {
    let error = outputs[first + k] - targets[trial * shape.steps + k];
    let gradient = shape.scale * ${weight} * ${slope};
    gradients[first + k] = gradient;
    sum += gradient;
  }
  let by_bias = add_up(thread, sum);
  if (thread == 0u) {
    results[2u * trial] = loss;
    results[2u * trial + 1u] = by_bias;
  }
}
`,
  };
}
