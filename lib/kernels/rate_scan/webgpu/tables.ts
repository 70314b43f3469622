/**
 * Synapses as tables that neighbouring threads read side by side: entry (k, i)
 * is the k-th synapse of unit i, at index k·N + i. Rows that are shorter than
 * the longest are filled with synapses of weight 0.
 */
import { type KernelSource, literal } from "../../webgpu/source.ts";
import type { Wiring } from "../types.ts";

/** A table of synapses. */
export interface SynapseTable {
  /** Synapses of the unit that has most, rounded up to a multiple of `unroll`. */
  readonly rows: number;
  /** Per entry: the unit at the other end, and room for the effective weight. */
  readonly entries: Uint32Array;
  /** Per entry: number of its synapse plus 1, 0 for none; top bit: inhibitory. */
  readonly sources: Uint32Array;
}

/** Synapses that one turn of a kernel's loop handles. */
export const unroll = 4;

/**
 * The table of a wiring: synapses that come in at each unit, or go out from it.
 */
export function synapseTable(
  wiring: Pick<Wiring, "units" | "post" | "pre" | "signs">,
  direction: "incoming" | "outgoing",
): SynapseTable {
  const { units, signs } = wiring;
  const [own, other] = direction === "incoming"
    ? [wiring.post, wiring.pre]
    : [wiring.pre, wiring.post];
  const filled = new Uint32Array(units);
  for (const unit of own) filled[unit]++;
  const longest = filled.reduce((most, count) => Math.max(most, count), 1);
  const rows = Math.ceil(longest / unroll) * unroll;
  const entries = new Uint32Array(2 * rows * units);
  const sources = new Uint32Array(rows * units);
  filled.fill(0);
  for (let s = 0; s < own.length; s++) {
    const at = filled[own[s]]++ * units + own[s];
    entries[2 * at] = other[s];
    sources[at] = s + 1 + (signs[wiring.pre[s]] < 0 ? 0x8000_0000 : 0);
  }
  return { rows, entries, sources };
}

/** Writes the effective weights, rectified and signed, into a table. */
export function weightsSource(dale: boolean): KernelSource {
  return {
    label: "effective weights",
    bindings: [
      // Entries, and where the weights start among the parameters.
      { name: "shape", type: "vec4u", access: "uniform" },
      { name: "parameters", type: "array<f32>", access: "read" },
      { name: "sources", type: "array<u32>", access: "read" },
      { name: "entries", type: "array<vec2u>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(
  @builtin(global_invocation_id) at: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let k = at.y * groups.x * 64u + at.x;
  if (k >= shape.x) { return; }
  let source = sources[k];
  let synapse = source & 0x7fffffffu;
  if (synapse == 0u) { return; }
  var weight = parameters[shape.y + synapse - 1u];
  ${dale ? "weight = select(weight, 0.0f, weight <= 0.0f);" : ""}
  entries[k].y = bitcast<u32>(select(weight, -weight, source >> 31u == 1u));
}
`,
  };
}

/** dt/tau of every unit, from `taus_gaus`. */
export function alphasSource(taus: Wiring["taus"]): KernelSource {
  const [min, max = min] = taus;
  return {
    label: "decay",
    bindings: [
      // Units, and where `taus_gaus` starts among the parameters.
      { name: "place", type: "vec4u", access: "uniform" },
      { name: "parameters", type: "array<f32>", access: "read" },
      { name: "alphas", type: "array<f32>", access: "read_write" },
    ],
    code: `
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) at: vec3u) {
  if (at.x >= place.x) { return; }
  let s = 1.0f / (1.0f + exp(-parameters[place.y + at.x]));
  alphas[at.x] = 1.0f / (s * ${literal(max - min)} + ${literal(min)});
}
`,
  };
}
