/**
 * Adam in WGSL, in the form of TensorFlow 1 (see ../reference.ts), and the norm
 * of the gradient with the scale that clips it.
 */
import type { Dispatch, Gpu } from "../../webgpu/gpu.ts";
import type { KernelSource } from "../../webgpu/source.ts";
import type { AdamStep } from "../reference.ts";

/** Partial sums of squares. */
const partials = 256;

const squaresSource: KernelSource = {
  label: "gradient norm, parts",
  bindings: [
    { name: "shape", type: "vec4u", access: "uniform" },
    { name: "gradient", type: "array<f32>", access: "read" },
    { name: "parts", type: "array<f32>", access: "read_write" },
  ],
  code: `
var<workgroup> partial: array<f32, 64>;
@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  var sum = 0.0f;
  for (var k = group.x * 64u + thread; k < shape.x; k += ${64 * partials}u) {
    sum += gradient[k] * gradient[k];
  }
  partial[thread] = sum;
  workgroupBarrier();
  if (thread == 0u) {
    var total = 0.0f;
    for (var k = 0u; k < 64u; k++) { total += partial[k]; }
    parts[group.x] = total;
  }
}
`,
};

const normSource: KernelSource = {
  label: "gradient norm",
  bindings: [
    // The norm to clip at; 0 for none.
    { name: "clip", type: "vec4f", access: "uniform" },
    { name: "parts", type: "array<f32>", access: "read" },
    { name: "norm", type: "array<f32>", access: "read_write" },
  ],
  code: `
@compute @workgroup_size(1)
fn main() {
  var total = 0.0f;
  for (var k = 0u; k < ${partials}u; k++) { total += parts[k]; }
  let length = sqrt(total);
  norm[0] = length;
  norm[1] = select(1.0f, clip.x / length, clip.x > 0.0f && length > clip.x);
}
`,
};

const adamSource: KernelSource = {
  label: "adam",
  bindings: [
    { name: "step", type: "Step", access: "uniform" },
    { name: "gradient", type: "array<f32>", access: "read" },
    { name: "norm", type: "array<f32>", access: "read" },
    { name: "parameters", type: "array<f32>", access: "read_write" },
    { name: "first", type: "array<f32>", access: "read_write" },
    { name: "second", type: "array<f32>", access: "read_write" },
  ],
  code: `
struct Step {
  count: u32,
  rate: f32, beta1: f32, beta2: f32, rest1: f32, rest2: f32, epsilon: f32,
}
@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let k = at.y * groups.x * 64u + at.x;
  if (k >= step.count) { return; }
  let g = gradient[k] * norm[1];
  let m = step.beta1 * first[k] + step.rest1 * g;
  let v = step.beta2 * second[k] + step.rest2 * (g * g);
  first[k] = m;
  second[k] = v;
  parameters[k] -= step.rate * m / (sqrt(v) + step.epsilon);
}
`,
};

/** The vectors of an update, each of the same length. */
export interface AdamBuffers {
  readonly parameters: GPUBuffer;
  readonly gradient: GPUBuffer;
  readonly first: GPUBuffer;
  readonly second: GPUBuffer;
  /** Norm of the gradient and its scale, 2 numbers; see {@linkcode normDispatches}. */
  readonly norm: GPUBuffer;
}

/** Workgroups of 64 threads for `count` items, over two dimensions where needed. */
export function groupsOf64(
  gpu: Gpu,
  count: number,
): readonly [number, number] {
  const groups = Math.ceil(count / 64);
  const rows = Math.ceil(groups / gpu.capacity.workgroups);
  return [Math.ceil(groups / rows), rows];
}

/** Norm of a gradient of `count` numbers, and the scale that clips it. */
export function normDispatches(
  gpu: Gpu,
  buffers: Pick<AdamBuffers, "gradient" | "norm">,
  count: number,
  clipNorm = 0,
): Dispatch[] {
  const parts = gpu.temporary(gpu.buffer(4 * partials));
  return [{
    kernel: gpu.kernel(squaresSource),
    buffers: [gpu.uniform([count]), buffers.gradient, parts],
    workgroups: [partials],
  }, {
    kernel: gpu.kernel(normSource),
    buffers: [gpu.uniform([], [clipNorm]), parts, buffers.norm],
    workgroups: [1],
  }];
}

/** One Adam update of `count` numbers; the scale is taken from `norm`. */
export function adamDispatch(
  gpu: Gpu,
  buffers: AdamBuffers,
  count: number,
  step: Omit<AdamStep, "scale">,
): Dispatch {
  const { rate, beta1, beta2, epsilon } = step;
  return {
    kernel: gpu.kernel(adamSource),
    buffers: [
      gpu.uniform([count], [rate, beta1, beta2, 1 - beta1, 1 - beta2, epsilon]),
      buffers.gradient,
      buffers.norm,
      buffers.parameters,
      buffers.first,
      buffers.second,
    ],
    workgroups: groupsOf64(gpu, count),
  };
}
