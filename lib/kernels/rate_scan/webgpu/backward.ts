/**
 * Backpropagation through time in WGSL: one workgroup a trial, from the last
 * step to the first,
 *
 *     g_t = phi'(x_t) (dL/dr_t + Weff^T moved_{t+1}) + (1 - alpha) g_{t+1},
 *     moved_t = alpha g_t,
 *
 * where g_t = dL/dx_t. `moved` takes the place of the drives in their history;
 * it is the gradient by the drive, and its products with the rates are the
 * gradient by the weights.
 */
import type { KernelSource } from "../../webgpu/source.ts";
import type { Activation } from "../../../network/activations.ts";
import { activationFunctions } from "./activation.ts";

/** What sets one backward kernel apart from another. */
export interface BackwardVariant {
  readonly activation: Activation;
  readonly units: number;
  readonly workgroupSize: number;
  /**
   * `outputs`: dL/do, B×(T-1), that comes in through the readout, whose
   * gradient is added up too; `rates`: dL/dr, B×T×N.
   */
  readonly from: "outputs" | "rates";
  /** Whether `moved` of a step fits into workgroup storage. */
  readonly shared: boolean;
}

/** Turns of all loops of one thread in one step. */
export function backwardTurns(
  variant: BackwardVariant,
  rows: number,
  unroll: number,
): number {
  return Math.ceil(variant.units / variant.workgroupSize) *
      (rows / unroll + 3) + 1;
}

/** The kernel of a variant. */
export function backwardSource(variant: BackwardVariant): KernelSource {
  const { units, workgroupSize, shared } = variant;
  const outputs = variant.from === "outputs";
  const perThread = Math.ceil(units / workgroupSize);
  const eachUnit = (body: string) => `
    for (var c = 0u; c < ${perThread}u; c++) {
      let j = thread + c * ${workgroupSize}u;
      if (j < ${units}u) {${body}
      }
    }`;
  const moved = (k: number) =>
    shared ? `shared_moved[entry${k}.x]` : `drives[after + entry${k}.x]`;
  return {
    label: "rate scan gradient",
    bindings: [
      { name: "range", type: "Range", access: "uniform" },
      { name: "outgoing", type: "array<vec2u>", access: "read" },
      { name: "alphas", type: "array<f32>", access: "read" },
      ...outputs
        ? [{ name: "parameters", type: "array<f32>", access: "read" } as const]
        : [],
      { name: "incoming_gradient", type: "array<f32>", access: "read" },
      { name: "rates", type: "array<f32>", access: "read" },
      { name: "drives", type: "array<f32>", access: "read_write" },
      // dL/dx, then the sums for alpha and readout: B×3×N.
      { name: "sums", type: "array<f32>", access: "read_write" },
    ],
    code: `
struct Range { first: u32, last: u32, steps: u32, rows: u32, readout: u32 }
${activationFunctions(variant.activation)}
${shared ? `var<workgroup> shared_moved: array<f32, ${units}>;` : ""}

@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let trial = group.x;
  var g: array<f32, ${perThread}>;
  var by_alpha: array<f32, ${perThread}>;
  var by_readout: array<f32, ${perThread}>;
  var moved: array<f32, ${perThread}>;
  let whole = range.last == range.steps;
  let own = trial * ${3 * units}u;
  ${
      eachUnit(`
        g[c] = 0.0f;
        moved[c] = 0.0f;
        by_alpha[c] = 0.0f;
        by_readout[c] = 0.0f;
        if (!whole) {
          g[c] = sums[own + j];
          by_alpha[c] = sums[own + ${units}u + j];
          by_readout[c] = sums[own + ${2 * units}u + j];
          moved[c] = drives[(trial * range.steps + range.last) * ${units}u + j];
        }
        ${shared ? "shared_moved[j] = moved[c];" : ""}`)
    }
  ${shared ? "workgroupBarrier();" : "storageBarrier();"}
  for (var t = range.last - 1u; t >= max(range.first, 1u); t--) {
    let now = (trial * range.steps + t) * ${units}u;
    let after = now + ${units}u;
    // Nothing comes back from beyond the last step.
    let rows = select(range.rows, 0u, t + 1u == range.steps);
    ${
      outputs
        ? `let by_output =
      incoming_gradient[trial * (range.steps - 1u) + t - 1u];`
        : ""
    }
    ${
      eachUnit(`
        ${
        outputs
          ? "var sum = parameters[range.readout + j] * by_output;"
          : "var sum = incoming_gradient[now + j];"
      }
        for (var k = j; k < rows * ${units}u; k += ${4 * units}u) {
          let entry0 = outgoing[k];
          let entry1 = outgoing[k + ${units}u];
          let entry2 = outgoing[k + ${2 * units}u];
          let entry3 = outgoing[k + ${3 * units}u];
          sum += bitcast<f32>(entry0.y) * ${moved(0)};
          sum += bitcast<f32>(entry1.y) * ${moved(1)};
          sum += bitcast<f32>(entry2.y) * ${moved(2)};
          sum += bitcast<f32>(entry3.y) * ${moved(3)};
        }
        let rate = rates[now + j];
        let alpha = alphas[j];
        g[c] = sum * slope(rate) + (g[c] - alpha * g[c]);
        by_alpha[c] += g[c] * drives[now + j];
        ${outputs ? "by_readout[c] += by_output * rate;" : ""}
        moved[c] = alpha * g[c];
        drives[now + j] = moved[c];`)
    }
    ${
      shared
        ? `workgroupBarrier();${eachUnit("shared_moved[j] = moved[c];")}
    workgroupBarrier();`
        : "storageBarrier();"
    }
  }
  ${
      eachUnit(`
        sums[own + j] = g[c];
        sums[own + ${units}u + j] = by_alpha[c];
        sums[own + ${2 * units}u + j] = by_readout[c];`)
    }
}
`,
  };
}
