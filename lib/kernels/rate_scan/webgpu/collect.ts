/**
 * Gathers the gradient vector, in the layout of the parameters, from what the
 * other kernels left: products for the weights, sums per trial for the rest.
 */
import { type KernelSource, literal } from "../../webgpu/source.ts";
import type { Wiring } from "../types.ts";

/** The kernel of a network. */
export function collectSource(
  wiring: Pick<Wiring, "dale" | "taus" | "units">,
): KernelSource {
  const { units } = wiring;
  const [min, max] = wiring.taus;
  const range = literal((max ?? min) - min);
  return {
    label: "gradient",
    bindings: [
      { name: "shape", type: "Shape", access: "uniform" },
      { name: "parameters", type: "array<f32>", access: "read" },
      // Postsynaptic unit, presynaptic unit with the sign in the top bit; then
      // one pair a unit, which says whether it is read.
      { name: "synapses", type: "array<vec2u>", access: "read" },
      { name: "product", type: "array<f32>", access: "read" },
      { name: "sums", type: "array<f32>", access: "read" },
      { name: "results", type: "array<f32>", access: "read" },
      { name: "gradient", type: "array<f32>", access: "read_write" },
    ],
    code: `
struct Shape {
  synapses: u32, trials: u32, parts: u32,
  // 1: adds to what is there already.
  add: u32,
  // Where the parts of a parameter vector lie.
  weights: u32, readout: u32, taus_gaus: u32, bias: u32,
}

fn over_trials(part: u32, unit: u32) -> f32 {
  var sum = 0.0f;
  for (var b = 0u; b < shape.trials; b++) {
    sum += sums[(b * 3u + part) * ${units}u + unit];
  }
  return sum;
}

@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let k = at.y * groups.x * 64u + at.x;
  let s = shape.synapses;
  var place = shape.bias;
  var value = 0.0f;
  if (k > s + ${2 * units}u) { return; }
  if (k < s) {
    place = shape.weights + k;
    let synapse = synapses[k];
    let pre = synapse.y & 0x7fffffffu;
    ${wiring.dale ? "if (parameters[place] > 0.0f) {" : "{"}
      for (var part = 0u; part < shape.parts; part++) {
        value += product[(part * ${units}u + synapse.x) * ${units}u + pre];
      }
    }
    if (synapse.y >> 31u == 1u) { value = -value; }
  } else if (k < s + ${units}u) {
    let unit = k - s;
    place = shape.readout + unit;
    if (synapses[k].x == 1u) { value = over_trials(2u, unit); }
  } else if (k < s + ${2 * units}u) {
    let unit = k - s - ${units}u;
    place = shape.taus_gaus + unit;
    ${
      max === undefined ? "" : `
    let sigmoid = 1.0f / (1.0f + exp(-parameters[place]));
    let tau = sigmoid * ${range} + ${literal(min)};
    value = over_trials(1u, unit) *
      (-${range} * sigmoid * (1.0f - sigmoid) / (tau * tau));`
    }
  } else {
    for (var b = 0u; b < shape.trials; b++) { value += results[2u * b + 1u]; }
  }
  if (shape.add == 1u) { value += gradient[place]; }
  gradient[place] = value;
}
`,
  };
}
