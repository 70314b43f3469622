/**
 * The differentiable spiking scan in WGSL, forward and backward: equations in
 * ../surrogate.ts. One workgroup a trial, units over its threads.
 */
import { type KernelSource, literal } from "../../webgpu/source.ts";
import type { SurrogateNeuron } from "../surrogate.ts";
import { eachUnit, unitsPerThread } from "./text.ts";

/** What sets one kernel apart from another. */
export interface SurrogateVariant {
  readonly units: number;
  readonly workgroupSize: number;
  readonly neuron: SurrogateNeuron;
  readonly noisy: boolean;
}

/** Rows of the state that dispatches hand on, N numbers each. */
export const surrogateRows = 7;

/** Turns of all loops of one thread in one step, at most. */
export function surrogateTurns(variant: SurrogateVariant): number {
  const perThread = unitsPerThread(variant);
  return 4 * perThread + variant.units * (perThread + 1) + 2;
}

const entry = (workgroupSize: number) => `
@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let trial = group.x;`;

/** The scan forward. */
export function surrogateForwardSource(
  variant: SurrogateVariant,
): KernelSource {
  const { units, workgroupSize, noisy } = variant;
  const { rate, refractorySteps, reset, peak, dt, rise } = variant.neuron;
  const perThread = unitsPerThread(variant);
  const words = Math.ceil(units / 32);
  const each = eachUnit(variant);
  return {
    label: "differentiable spiking scan",
    bindings: [
      { name: "range", type: "Range", access: "uniform" },
      { name: "columns", type: "array<f32>", access: "read" },
      // decay, gain, then the initial voltages B×N.
      { name: "facts", type: "array<f32>", access: "read" },
      { name: "drive", type: "array<f32>", access: "read" },
      ...noisy
        ? [{ name: "noise", type: "array<f32>", access: "read" } as const]
        : [],
      // rates, spikes, voltages, currents, active: B×T×N each.
      { name: "history", type: "array<f32>", access: "read_write" },
      { name: "state", type: "array<f32>", access: "read_write" },
    ],
    code: `
struct Range { first: u32, last: u32, steps: u32, trials: u32 }
var<workgroup> fired: array<atomic<u32>, ${3 * words}>;
${entry(workgroupSize)}
  let own = trial * ${surrogateRows * units}u;
  let size = range.trials * range.steps * ${units}u;
  var v: array<f32, ${perThread}>;
  var current: array<f32, ${perThread}>;
  var h: array<f32, ${perThread}>;
  var r: array<f32, ${perThread}>;
  var hr: array<f32, ${perThread}>;
  var last: array<u32, ${perThread}>;
  var spike: array<f32, ${perThread}>;
  var jump: array<f32, ${perThread}>;
  for (var k = thread; k < ${3 * words}u; k += ${workgroupSize}u) {
    atomicStore(&fired[k], 0u);
  }
  ${
      each(`
        if (range.first == 0u) {
          v[c] = facts[(2u + trial) * ${units}u + i];
          current[c] = 0.0f;
          h[c] = 0.0f;
          r[c] = 0.0f;
          hr[c] = 0.0f;
          last[c] = 0u;
        } else {
          v[c] = state[own + i];
          current[c] = state[own + ${units}u + i];
          h[c] = state[own + ${2 * units}u + i];
          r[c] = state[own + ${3 * units}u + i];
          hr[c] = state[own + ${4 * units}u + i];
          last[c] = u32(state[own + ${5 * units}u + i]);
        }`)
    }
  workgroupBarrier();
  for (var t = range.first; t < range.last; t++) {
    let which = t % 3u;
    let now = (trial * range.steps + t) * ${units}u;
    ${
      each(`
        let open = t + 1u - last[c] > ${refractorySteps}u;
        if (open) {
          v[c] += ${literal(rate)} * (current[c] + drive[now + i] - v[c]);
        }
        ${noisy ? "v[c] += noise[now + i];" : ""}
        history[2u * size + now + i] = v[c];
        history[4u * size + now + i] = select(0.0f, 1.0f, open);
        spike[c] = select(0.0f, 1.0f, v[c] >= ${literal(peak)});
        history[size + now + i] = spike[c];
        if (spike[c] > 0.0f) {
          v[c] = ${literal(reset)};
          last[c] = t + 1u;
          atomicOr(&fired[which * ${words}u + (i >> 5u)], 1u << (i & 31u));
        }`)
    }
    workgroupBarrier();
    for (var k = thread; k < ${words}u; k += ${workgroupSize}u) {
      atomicStore(&fired[((t + 2u) % 3u) * ${words}u + k], 0u);
    }
    ${each("jump[c] = 0.0f;")}
    for (var word = 0u; word < ${words}u; word++) {
      var bits = atomicLoad(&fired[which * ${words}u + word]);
      while (bits != 0u) {
        let j = 32u * word + firstTrailingBit(bits);
        bits &= bits - 1u;
        ${each(`jump[c] += columns[j * ${units}u + i];`)}
      }
    }
    ${
      each(`
        let decay = facts[i];
        let gain = facts[${units}u + i];
        ${
        rise > 0
          ? `current[c] = current[c] * decay + h[c] * ${literal(dt)};
        h[c] = h[c] * ${literal(rise)} + gain * jump[c];
        r[c] = r[c] * decay + hr[c] * ${literal(dt)};
        hr[c] = hr[c] * ${literal(rise)} + gain * spike[c];`
          : `current[c] = current[c] * decay + gain * jump[c];
        r[c] = r[c] * decay + gain * spike[c];`
      }
        history[now + i] = r[c];
        history[3u * size + now + i] = current[c];`)
    }
  }
  ${
      each(`
        state[own + i] = v[c];
        state[own + ${units}u + i] = current[c];
        state[own + ${2 * units}u + i] = h[c];
        state[own + ${3 * units}u + i] = r[c];
        state[own + ${4 * units}u + i] = hr[c];
        state[own + ${5 * units}u + i] = f32(last[c]);`)
    }
}
`,
  };
}

/**
 * The scan backward. \`through\`, gain times the gradient that reaches what
 * arrives at a unit at step t, is kept in row t + 1: its products with the spikes
 * are the gradient by the weights, and after the last step it is zero.
 */
export function surrogateBackwardSource(
  variant: SurrogateVariant,
): KernelSource {
  const { units, workgroupSize } = variant;
  const { rate, peak, height, steepness, dt, rise } = variant.neuron;
  const perThread = unitsPerThread(variant);
  const each = eachUnit(variant);
  const vector = (name: string) => `var ${name}: array<f32, ${perThread}>;`;
  const [byArriving, byOwn] = rise > 0 ? ["gh", "ghr"] : ["gi", "gr"];
  // gv, gi, gh, gr, ghr, by_decay, by_gain.
  const rows = ["gv", "gi", "gh", "gr", "ghr", "by_decay", "by_gain"];
  return {
    label: "differentiable spiking scan, gradient",
    bindings: [
      { name: "range", type: "Range", access: "uniform" },
      { name: "weights", type: "array<f32>", access: "read" },
      { name: "facts", type: "array<f32>", access: "read" },
      { name: "history", type: "array<f32>", access: "read" },
      // By rates, spikes and voltages, in the places of the history.
      { name: "by_history", type: "array<f32>", access: "read" },
      { name: "by_drive", type: "array<f32>", access: "read_write" },
      { name: "through", type: "array<f32>", access: "read_write" },
      { name: "state", type: "array<f32>", access: "read_write" },
    ],
    code: `
struct Range { first: u32, last: u32, steps: u32, trials: u32 }
${entry(workgroupSize)}
  let own = trial * ${surrogateRows * units}u;
  let size = range.trials * range.steps * ${units}u;
  ${[...rows, "by_spike"].map(vector).join("\n  ")}
  ${
      each(`
        ${rows.map((name) => `${name}[c] = 0.0f;`).join(" ")}
        if (range.last < range.steps) {
          ${
        rows.map((name, row) =>
          `${name}[c] = state[own + ${row * units}u + i];`
        ).join("\n          ")
      }
        }`)
    }
  for (var step = range.last; step > range.first; step--) {
    let t = step - 1u;
    let now = (trial * range.steps + t) * ${units}u;
    let after = now + ${units}u;
    ${
      each(`
        gr[c] += by_history[now + i];
        let spike = history[size + now + i];
        let gain = facts[${units}u + i];
        by_spike[c] = by_history[size + now + i] + gain * ${byOwn}[c];
        by_gain[c] += ${byOwn}[c] * spike;
        if (step < range.steps) { through[after + i] = gain * ${byArriving}[c]; }`)
    }
    storageBarrier();
    if (step < range.steps) {
      for (var j = 0u; j < ${units}u; j++) {
        let arriving = through[after + j];
        ${each(`by_spike[c] += weights[j * ${units}u + i] * arriving;`)}
      }
    }
    ${
      each(`
        let away = 1.0f +
          ${literal(steepness)} * abs(history[2u * size + now + i] - ${
        literal(peak)
      });
        let by_voltage = (1.0f - history[size + now + i]) * gv[c] +
          ${
        literal(height)
      } * by_spike[c] / (away * away) + by_history[2u * size + now + i];
        let pulled = by_voltage * history[4u * size + now + i] *
          ${literal(rate)};
        by_drive[now + i] = pulled;
        if (t > 0u) {
          by_decay[c] += gi[c] * history[3u * size + now - ${units}u + i] +
            gr[c] * history[now - ${units}u + i];
        } else {
          through[now + i] = 0.0f;
        }
        let decay = facts[i];
        ${
        rise > 0
          ? `gh[c] = gi[c] * ${literal(dt)} + gh[c] * ${literal(rise)};
        ghr[c] = gr[c] * ${literal(dt)} + ghr[c] * ${literal(rise)};`
          : ""
      }
        gi[c] = gi[c] * decay + pulled;
        gr[c] = gr[c] * decay;
        gv[c] = by_voltage - pulled;`)
    }
    storageBarrier();
  }
  ${
      each(
        rows.map((name, row) => `
        state[own + ${row * units}u + i] = ${name}[c];`).join(""),
      )
    }
}
`,
  };
}
