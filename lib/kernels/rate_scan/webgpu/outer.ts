/**
 * Gradient by the effective weights, a matrix product over all steps and trials:
 * dW[i, j] = sum_{b, t} moved[b, t, i] r[b, t-1, j]. A workgroup makes a tile of
 * 64×64; the sum is cut into parts that run side by side and are added later.
 */
import type { KernelSource } from "../../webgpu/source.ts";

/** Rows and columns of a tile. */
export const tile = 64;

/** Terms that a workgroup loads at a time. */
const depth = 16;

/** Most terms of a part: keeps loops short where they are limited. */
const longestPart = 32_768;

/**
 * In how many parts the sum is cut.
 *
 * @param terms steps times trials
 * @param bytes most bytes that the parts may take
 */
export function outerParts(
  units: number,
  terms: number,
  bytes: number,
): { parts: number; termsPerPart: number } {
  const tiles = Math.ceil(units / tile) ** 2;
  const wanted = Math.max(
    Math.min(Math.ceil(256 / tiles), Math.ceil(terms / 256)),
    Math.ceil(terms / longestPart),
    1,
  );
  const fit = Math.max(Math.floor(bytes / (4 * units * units)), 1);
  const parts = Math.min(wanted, fit);
  return { parts, termsPerPart: Math.ceil(terms / parts) };
}

/** The kernel for a number of units. */
export function outerSource(units: number): KernelSource {
  return {
    label: "weight gradient",
    bindings: [
      // Steps, terms, terms of a part.
      { name: "shape", type: "vec4u", access: "uniform" },
      { name: "moved", type: "array<f32>", access: "read" },
      { name: "rates", type: "array<f32>", access: "read" },
      { name: "product", type: "array<f32>", access: "read_write" },
    ],
    code: `
var<workgroup> post: array<vec4f, ${depth * tile / 4}>;
var<workgroup> pre: array<vec4f, ${depth * tile / 4}>;

fn four(at: u32, first: u32, from_moved: bool) -> vec4f {
  var values = vec4f(0.0f);
  for (var m = 0u; m < 4u; m++) {
    let unit = first + m;
    if (unit < ${units}u) {
      if (from_moved) { values[m] = moved[at + unit]; }
      else { values[m] = rates[at + unit]; }
    }
  }
  return values;
}

@compute @workgroup_size(256)
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let first_post = group.y * ${tile}u;
  let first_pre = group.x * ${tile}u;
  let row = thread / 16u;
  let column = thread % 16u;
  var sum0 = vec4f(0.0f);
  var sum1 = vec4f(0.0f);
  var sum2 = vec4f(0.0f);
  var sum3 = vec4f(0.0f);
  let begin = group.z * shape.z;
  let end = min(begin + shape.z, shape.y);
  for (var chunk = begin; chunk < end; chunk += ${depth}u) {
    // Thread (row, column) loads term \`row\`, four units of either factor.
    let term = chunk + row;
    var loaded_post = vec4f(0.0f);
    var loaded_pre = vec4f(0.0f);
    if (term < end) {
      let trial = term / (shape.x - 1u);
      let step = term % (shape.x - 1u);
      let at = (trial * shape.x + step) * ${units}u;
      loaded_post = four(at + ${units}u, first_post + 4u * column, true);
      loaded_pre = four(at, first_pre + 4u * column, false);
    }
    post[thread] = loaded_post;
    pre[thread] = loaded_pre;
    workgroupBarrier();
    for (var k = 0u; k < ${depth}u; k++) {
      let a = post[16u * k + row];
      let b = pre[16u * k + column];
      sum0 += a.x * b;
      sum1 += a.y * b;
      sum2 += a.z * b;
      sum3 += a.w * b;
    }
    workgroupBarrier();
  }
  let sums = array<vec4f, 4>(sum0, sum1, sum2, sum3);
  for (var m = 0u; m < 4u; m++) {
    let i = first_post + 4u * row + m;
    for (var n = 0u; n < 4u; n++) {
      let j = first_pre + 4u * column + n;
      if (i < ${units}u && j < ${units}u) {
        product[(group.z * ${units}u + i) * ${units}u + j] = sums[m][n];
      }
    }
  }
}
`,
  };
}
