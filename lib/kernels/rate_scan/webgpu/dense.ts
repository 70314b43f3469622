/** The rate scan on matrices as they are: every unit may reach every other. */
import type { KernelSource } from "../../webgpu/source.ts";
import { unroll } from "./tables.ts";

/** Rows of the table of a dense matrix. */
export function denseRows(units: number): number {
  return Math.ceil(units / unroll) * unroll;
}

/**
 * Makes a synapse table of a matrix N×N (post×pre) of effective weights:
 * incoming synapses, or outgoing ones.
 */
export function denseTableSource(
  units: number,
  direction: "incoming" | "outgoing",
): KernelSource {
  const entry = direction === "incoming"
    ? `i * ${units}u + k`
    : `k * ${units}u + i`;
  return {
    label: `${direction} weights`,
    bindings: [
      { name: "weights", type: "array<f32>", access: "read" },
      { name: "entries", type: "array<vec2u>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let i = at.x;
  let k = at.y;
  if (i >= ${units}u) { return; }
  var entry = vec2u(0u);
  if (k < ${units}u) { entry = vec2u(k, bitcast<u32>(weights[${entry}])); }
  entries[k * ${units}u + i] = entry;
}
`,
  };
}

/** Gradients by drive and alpha, from what the way back left: see ./backward.ts. */
export function denseGradientSource(units: number): KernelSource {
  return {
    label: "drive and decay gradient",
    bindings: [
      // Trials, steps.
      { name: "shape", type: "vec4u", access: "uniform" },
      { name: "moved", type: "array<f32>", access: "read" },
      { name: "sums", type: "array<f32>", access: "read" },
      { name: "by_drive", type: "array<f32>", access: "read_write" },
      { name: "by_alpha", type: "array<f32>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  let i = at.x;
  let t = at.y;
  let trial = at.z;
  if (i >= ${units}u) { return; }
  let place = (trial * shape.y + t) * ${units}u + i;
  // The drive of step t + 1 is the one given for step t.
  if (t + 1u < shape.y) { by_drive[place] = moved[place + ${units}u]; }
  else { by_drive[place] = 0.0f; }
  if (t == 0u && trial == 0u) {
    var sum = 0.0f;
    for (var b = 0u; b < shape.x; b++) {
      sum += sums[(b * 3u + 1u) * ${units}u + i];
    }
    by_alpha[i] = sum;
  }
}
`,
  };
}

/** Adds up the parts of a product: see ./outer.ts. */
export const addPartsSource: KernelSource = {
  label: "sum of parts",
  bindings: [
    // Numbers, parts.
    { name: "shape", type: "vec4u", access: "uniform" },
    { name: "parts", type: "array<f32>", access: "read" },
    { name: "total", type: "array<f32>", access: "read_write" },
  ],
  code: `
@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let k = at.y * groups.x * 64u + at.x;
  if (k >= shape.x) { return; }
  var sum = 0.0f;
  for (var part = 0u; part < shape.y; part++) {
    sum += parts[part * shape.x + k];
  }
  total[k] = sum;
}
`,
};
