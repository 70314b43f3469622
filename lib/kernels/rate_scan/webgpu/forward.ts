/**
 * The rate scan forward in WGSL: one workgroup a trial, units over its threads,
 *
 *     x_t = x_{t-1} + alpha (Weff r_{t-1} + drive_t - x_{t-1}) + noise_t,
 *     r_t = phi(x_t).
 *
 * A dispatch runs steps [first, last) and picks up where the one before it
 * stopped, from the histories.
 */
import { normalFunctions } from "../../normal/webgpu/source.ts";
import type { KernelSource } from "../../webgpu/source.ts";
import type { Activation } from "../../../network/activations.ts";
import { activationFunctions } from "./activation.ts";

/** What sets one forward kernel apart from another. */
export interface ForwardVariant {
  readonly activation: Activation;
  readonly units: number;
  /** C; `drive` adds up input weights times channels. */
  readonly channels: number;
  readonly workgroupSize: number;
  /** `channels`: u, B×C×T; `given`: the drive itself, B×T×N, that of step t at t - 1. */
  readonly drive: "channels" | "given";
  /** `drawn`: from keys and counters; `given`: what is added to x, B×T×N. */
  readonly noise: "drawn" | "given";
  /** Whether states are kept, B×T×N; otherwise only the last ones, B×N. */
  readonly keepStates: boolean;
  /** Whether Weff r + drive - x is kept for the way back, B×T×N. */
  readonly keepDrives: boolean;
  /** Whether the rates of a step fit into workgroup storage. */
  readonly shared: boolean;
}

/** Turns of all loops of one thread in one step. */
export function forwardTurns(
  variant: ForwardVariant,
  rows: number,
  unroll: number,
): number {
  const perUnit = rows / unroll + 1 +
    (variant.drive === "channels" ? variant.channels : 0);
  return Math.ceil(variant.units / variant.workgroupSize) * (perUnit + 2) + 1;
}

/** The kernel of a variant. */
export function forwardSource(variant: ForwardVariant): KernelSource {
  const { units, channels, workgroupSize, shared } = variant;
  const drawn = variant.noise === "drawn";
  const perThread = Math.ceil(units / workgroupSize);
  const stateAt = variant.keepStates ? "now + i" : `trial * ${units}u + i`;
  const stateBefore = variant.keepStates
    ? `before + i`
    : `trial * ${units}u + i`;
  const eachUnit = (body: string) => `
    for (var c = 0u; c < ${perThread}u; c++) {
      let i = thread + c * ${workgroupSize}u;
      if (i < ${units}u) {${body}
      }
    }`;
  const rate = (k: number) =>
    shared ? `shared_rates[entry${k}.x]` : `rates[before + entry${k}.x]`;
  return {
    label: "rate scan",
    bindings: [
      { name: "range", type: "Range", access: "uniform" },
      { name: "incoming", type: "array<vec2u>", access: "read" },
      // Noise counters, then input weights C×N as bits.
      { name: "unit_facts", type: "array<u32>", access: "read" },
      { name: "alphas", type: "array<f32>", access: "read" },
      { name: "inputs", type: "array<f32>", access: "read" },
      drawn
        ? { name: "noises", type: "array<vec4u>", access: "read" }
        : { name: "disturbances", type: "array<f32>", access: "read" },
      { name: "rates", type: "array<f32>", access: "read_write" },
      { name: "states", type: "array<f32>", access: "read_write" },
      ...variant.keepDrives
        ? [
          { name: "drives", type: "array<f32>", access: "read_write" } as const,
        ]
        : [],
    ],
    code: `
struct Range { first: u32, last: u32, steps: u32, rows: u32 }
${drawn ? normalFunctions : ""}
${activationFunctions(variant.activation)}
${shared ? `var<workgroup> shared_rates: array<f32, ${units}>;` : ""}

@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let trial = group.x;
  var x: array<f32, ${perThread}>;
  var r: array<f32, ${perThread}>;
  ${
      drawn
        ? `var normals: array<vec4f, ${perThread}>;
  // Key, trial counter, amplitudes of the initial state and of a step.
  let noise = noises[trial];
  let initial = bitcast<f32>(noise.z);
  let amplitude = bitcast<f32>(noise.w);`
        : ""
    }
  if (range.first == 0u) {
    let now = trial * range.steps * ${units}u;
    ${
      eachUnit(`
        ${
        drawn
          ? `x[c] = 0.0f;
        if (initial != 0.0f || amplitude != 0.0f) {
          normals[c] = normal_block(unit_facts[i], 0u, noise.y, noise.x);
          x[c] = initial * normals[c].x;
        }`
          : `x[c] = disturbances[now + i];`
      }
        r[c] = phi(x[c]);
        rates[now + i] = r[c];
        states[${stateAt}] = x[c];
        ${shared ? "shared_rates[i] = r[c];" : ""}`)
    }
  } else {
    let before = (trial * range.steps + range.first - 1u) * ${units}u;
    ${
      eachUnit(`
        x[c] = states[${stateBefore}];
        ${shared ? "shared_rates[i] = rates[before + i];" : ""}`)
    }
  }
  ${shared ? "workgroupBarrier();" : "storageBarrier();"}
  for (var t = max(range.first, 1u); t < range.last; t++) {
    let now = (trial * range.steps + t) * ${units}u;
    let before = now - ${units}u;
    ${
      eachUnit(`
        ${
        drawn
          ? `if (amplitude != 0.0f && ((t & 3u) == 0u || t == range.first)) {
          normals[c] = normal_block(unit_facts[i], t >> 2u, noise.y, noise.x);
        }`
          : ""
      }
        ${
        variant.drive === "given"
          ? "var sum = inputs[before + i];"
          : `var sum = 0.0f;
        for (var channel = 0u; channel < ${channels}u; channel++) {
          sum += bitcast<f32>(unit_facts[(channel + 1u) * ${units}u + i]) *
            inputs[(trial * ${channels}u + channel) * range.steps + t - 1u];
        }`
      }
        for (var k = i; k < range.rows * ${units}u; k += ${4 * units}u) {
          let entry0 = incoming[k];
          let entry1 = incoming[k + ${units}u];
          let entry2 = incoming[k + ${2 * units}u];
          let entry3 = incoming[k + ${3 * units}u];
          sum += bitcast<f32>(entry0.y) * ${rate(0)};
          sum += bitcast<f32>(entry1.y) * ${rate(1)};
          sum += bitcast<f32>(entry2.y) * ${rate(2)};
          sum += bitcast<f32>(entry3.y) * ${rate(3)};
        }
        let drive = sum - x[c];
        ${variant.keepDrives ? "drives[now + i] = drive;" : ""}
        x[c] += alphas[i] * drive;
        ${
        drawn
          ? "if (amplitude != 0.0f) { x[c] += amplitude * normals[c][t & 3u]; }"
          : "x[c] += disturbances[now + i];"
      }
        r[c] = phi(x[c]);
        rates[now + i] = r[c];
        ${variant.keepStates ? "states[now + i] = x[c];" : ""}`)
    }
    ${
      shared
        ? `workgroupBarrier();${eachUnit("shared_rates[i] = r[c];")}
    workgroupBarrier();`
        : "storageBarrier();"
    }
  }
  ${variant.keepStates ? "" : eachUnit(`states[trial * ${units}u + i] = x[c];`)}
}
`,
  };
}
