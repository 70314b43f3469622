/**
 * The spiking scan in WGSL: one workgroup a trial, units over its threads, one
 * barrier a step. A dispatch runs steps [first, last), 1-based, and leaves the
 * state for the next one.
 *
 * Spikes of a step are bits in workgroup storage. There are three sets of them
 * in turn: one that is written, one that may still be read by a thread that is
 * behind, and one that is cleared for the step after.
 */
import { normalFunctions } from "../../normal/webgpu/source.ts";
import { type KernelSource, literal } from "../../webgpu/source.ts";
import { earlySteps, type LifNeuron, spikeVoltage } from "../types.ts";
import {
  divergedBit,
  factRows,
  outputBlock,
  spikeWords,
  type SpikingVariant,
  stimulationWords,
  trialHeader,
} from "./variant.ts";

function derivative({ name, slope = 1, threshold = 0 }: LifNeuron): string {
  switch (name) {
    case "lif":
      return "current - v[c]";
    case "qif":
      return "v[c] * v[c] + current";
    case "eif":
      return `current - v[c] + ${literal(slope)} * ` +
        `exp((v[c] - ${literal(threshold)}) / ${literal(slope)})`;
  }
}

/** One coin a step for all units of a stimulation. */
const stimulate = `
        for (var s = 0u; s < stimulations; s++) {
          let at = stimulation + s * ${stimulationWords}u;
          let bits = table[table[at + 4u] + (i >> 5u)];
          if (t >= table[at] && t < table[at + 1u] &&
            ((bits >> (i & 31u)) & 1u) == 1u) {
            let words = pcg4d(table[at + 5u], t >> 2u, counter,
              table[at + 6u]);
            if (words[t & 3u] <= table[at + 2u]) {
              v[c] += bitcast<f32>(table[at + 3u]);
            }
          }
        }`;

/** One step of the synapses, but for the weights of the spikes of this step. */
function filter({ synapse, dt }: SpikingVariant): string {
  const rise = literal(Math.exp(-dt / synapse.rise));
  switch (synapse.kind) {
    case "double":
      return `
        ipsc[c] = ipsc[c] * decay + h[c] * ${literal(dt)};
        h[c] = h[c] * ${rise};
        r[c] = r[c] * decay + hr[c] * ${literal(dt)};
        hr[c] = hr[c] * ${rise} + gain;`;
    case "single":
      return `
        ipsc[c] = ipsc[c] * decay;
        r[c] = r[c] * decay + gain;`;
    case "none":
      return `
        ipsc[c] = 0.0f;
        r[c] = gain;`;
  }
}

/** The kernel of a variant. */
export function spikingSource(variant: SpikingVariant): KernelSource {
  const { units, channels, workgroupSize, neuron, synapse } = variant;
  const perThread = Math.ceil(units / workgroupSize);
  const words = spikeWords(units);
  const summaries = Math.ceil(words / 32);
  const lanes = workgroupSize / outputBlock;
  const double = synapse.kind === "double";
  const samples = variant.spikes || variant.voltages > 0 ||
    variant.currents > 0 || variant.rates > 0;
  const eachUnit = (body: string) => `
    for (var c = 0u; c < ${perThread}u; c++) {
      let i = thread + c * ${workgroupSize}u;
      if (i < ${units}u) {${body}
      }
    }`;
  const fact = (row: number) => `bitcast<f32>(facts[${row * units}u + i])`;
  const sample = (every: number, base: string, value: string) =>
    every === 0 ? "" : `
        if (t % ${every}u == 0u) {
          let kept = t / ${every}u - (range.recorded - 1u) / ${every}u - 1u;
          samples[${base} + kept * ${units}u + i] = bitcast<u32>(${value});
        }`;
  return {
    label: `spiking scan (${neuron.name})`,
    bindings: [
      { name: "range", type: "Range", access: "uniform" },
      // Column j: weights onto every unit from unit j.
      { name: "columns", type: "array<f32>", access: "read" },
      { name: "facts", type: "array<u32>", access: "read" },
      { name: "table", type: "array<u32>", access: "read" },
      { name: "inputs", type: "array<f32>", access: "read" },
      { name: "state", type: "array<f32>", access: "read_write" },
      { name: "counts", type: "array<u32>", access: "read_write" },
      ...variant.outputs
        ? [
          {
            name: "outputs",
            type: "array<f32>",
            access: "read_write",
          } as const,
        ]
        : [],
      ...samples
        ? [
          {
            name: "samples",
            type: "array<u32>",
            access: "read_write",
          } as const,
        ]
        : [],
    ],
    code: `
struct Range {
  // Steps [first, last), of which \`recorded\` is the first of this recording.
  first: u32, last: u32, recorded: u32,
  // Trials, columns of the stimulus, and rows of the trial table.
  trials: u32, columns: u32, row: u32,
  // Steps of a trial's outputs, words of its samples, where its voltages,
  // currents and rates start among them.
  output_steps: u32, sample_words: u32,
  voltages: u32, currents: u32, rates: u32,
  // One past the last step of the trial.
  end: u32,
}
${variant.noisy || variant.stimulated ? normalFunctions : ""}
var<workgroup> fired: array<atomic<u32>, ${3 * words}>;
var<workgroup> fired_words: array<atomic<u32>, ${3 * summaries}>;
${
      variant.outputs
        ? `var<workgroup> partial: array<f32, ${outputBlock * workgroupSize}>;
var<workgroup> partial_rows: array<f32, ${workgroupSize}>;`
        : ""
    }

// Told by its bits: a compiler may take it that no number is anything else.
fn is_finite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7f800000u) != 0x7f800000u;
}

fn state_at(row: u32, trial: u32) -> u32 {
  return (row * range.trials + trial) * ${units}u;
}

@compute @workgroup_size(${workgroupSize})
fn main(
  @builtin(local_invocation_index) thread: u32,
  @builtin(workgroup_id) group: vec3u,
) {
  let trial = group.x;
  let row = trial * range.row;
  let key = table[row];
  let counter = table[row + 1u];
  let amplitude = bitcast<f32>(table[row + 2u]);
  let stimulations = table[row + 3u];
  let stimulation = table[row + 4u];
  let output_offset = bitcast<f32>(table[row + 5u]);
  ${samples ? "let sampled = trial * range.sample_words;" : ""}
  var v: array<f32, ${perThread}>;
  var ipsc: array<f32, ${perThread}>;
  var r: array<f32, ${perThread}>;
  ${
      double
        ? `var h: array<f32, ${perThread}>;
  var hr: array<f32, ${perThread}>;`
        : ""
    }
  var last: array<u32, ${perThread}>;
  var drive: array<f32, ${perThread}>;
  var scale: array<f32, ${perThread}>;
  var spikes: array<u32, ${perThread}>;
  var early: array<u32, ${perThread}>;
  var jump: array<f32, ${perThread}>;
  ${variant.noisy ? `var normals: array<vec4f, ${perThread}>;` : ""}
  for (var k = thread; k < ${3 * words}u; k += ${workgroupSize}u) {
    atomicStore(&fired[k], 0u);
  }
  for (var k = thread; k < ${3 * summaries}u; k += ${workgroupSize}u) {
    atomicStore(&fired_words[k], 0u);
  }
  ${
      eachUnit(`
        v[c] = state[state_at(0u, trial) + i];
        scale[c] = bitcast<f32>(table[row + ${trialHeader}u + facts[i]]);
        ipsc[c] = 0.0f;
        r[c] = 0.0f;
        ${double ? "h[c] = 0.0f;\n        hr[c] = 0.0f;" : ""}
        last[c] = 0u;
        spikes[c] = 0u;
        early[c] = 0u;
        if (range.first > 1u) {
          ipsc[c] = state[state_at(1u, trial) + i];
          r[c] = state[state_at(2u, trial) + i];
          ${
        double
          ? `h[c] = state[state_at(3u, trial) + i];
          hr[c] = state[state_at(4u, trial) + i];`
          : ""
      }
          last[c] = u32(state[state_at(5u, trial) + i]);
          spikes[c] = counts[(2u * trial) * ${units}u + i];
          early[c] = counts[(2u * trial + 1u) * ${units}u + i];
        }`)
    }
  workgroupBarrier();
  var column = 0xffffffffu;
  var t = range.first;
  for (; t < range.last; t++) {
    let which = t % 3u;
    // Rounded half up.
    let wanted = (2u * t + ${variant.stepsPerColumn}u) / ${
      2 * variant.stepsPerColumn
    }u;
    if (wanted != column) {
      column = wanted;
      ${
      eachUnit(`
        drive[c] = ${fact(1)};
        for (var channel = 0u; channel < ${channels}u; channel++) {
          drive[c] += bitcast<f32>(
              facts[(${factRows}u + channel) * ${units}u + i]) *
            inputs[(trial * ${channels}u + channel) * range.columns + column];
        }`)
    }
    }
    ${variant.outputs ? "var output = 0.0f;" : ""}
    ${
      eachUnit(`
        let current = ipsc[c] + drive[c];
        if (t - last[c] > ${variant.refractorySteps}u) {
          v[c] += (${derivative(neuron)}) * ${
        literal(variant.dt / neuron.tauMembrane)
      };
        }
        ${
        variant.noisy
          ? `if (amplitude != 0.0f) {
          if ((t & 3u) == 0u || t == range.first) {
            normals[c] = normal_block(i, t >> 2u, counter, key);
          }
          v[c] += amplitude * normals[c][t & 3u];
        }`
          : ""
      }
        ${variant.stimulated ? stimulate : ""}
        let spiked = v[c] >= ${literal(neuron.peak)};
        let gain = select(0.0f, ${fact(3)}, spiked);
        let decay = ${fact(2)};
        ${filter(variant)}
        ${variant.outputs ? `output += r[c] * ${fact(4)} * scale[c];` : ""}
        ${sample(variant.rates, "sampled + range.rates", "r[c]")}
        ${
        sample(
          variant.voltages,
          "sampled + range.voltages",
          `select(v[c], ${literal(spikeVoltage)}, spiked)`,
        )
      }
        if (spiked) {
          v[c] = ${literal(neuron.reset)};
          last[c] = t;
          spikes[c] += 1u;
          if (t <= ${earlySteps}u) { early[c] += 1u; }
          atomicOr(&fired[which * ${words}u + (i >> 5u)], 1u << (i & 31u));
          atomicOr(&fired_words[which * ${summaries}u + (i >> 10u)],
            1u << ((i >> 5u) & 31u));
        }`)
    }
    ${
      variant.outputs
        ? `let turn = (t - range.first) % ${outputBlock}u;
    partial[turn * ${workgroupSize}u + thread] = output;`
        : ""
    }
    workgroupBarrier();
    let next = (t + 2u) % 3u;
    for (var k = thread; k < ${words}u; k += ${workgroupSize}u) {
      atomicStore(&fired[next * ${words}u + k], 0u);
      ${
      variant.spikes
        ? `samples[sampled + (t - range.recorded) * ${words}u + k] =
        atomicLoad(&fired[which * ${words}u + k]);`
        : ""
    }
    }
    for (var k = thread; k < ${summaries}u; k += ${workgroupSize}u) {
      atomicStore(&fired_words[next * ${summaries}u + k], 0u);
    }
    for (var s = 0u; s < ${summaries}u; s++) {
      var some = atomicLoad(&fired_words[which * ${summaries}u + s]);
      if (some == 0u) { continue; }
      ${eachUnit("jump[c] = 0.0f;")}
      while (some != 0u) {
        let word = 32u * s + firstTrailingBit(some);
        some &= some - 1u;
        var bits = atomicLoad(&fired[which * ${words}u + word]);
        while (bits != 0u) {
          let j = 32u * word + firstTrailingBit(bits);
          bits &= bits - 1u;
          ${eachUnit(`jump[c] += columns[j * ${units}u + i];`)}
        }
      }
      ${
      eachUnit(`
        ${double ? "h" : "ipsc"}[c] += jump[c] * ${fact(5)} * scale[c];`)
    }
    }
    ${
      variant.currents
        ? eachUnit(
          sample(variant.currents, "sampled + range.currents", "ipsc[c]"),
        )
        : ""
    }
    ${
      variant.outputs
        ? `if (turn == ${outputBlock - 1}u || t + 1u == range.last) {
      // Eight threads' numbers of one step, then what is left of the step.
      var sum = 0.0f;
      for (var k = 0u; k < ${outputBlock}u; k++) {
        sum += partial[thread * ${outputBlock}u + k];
      }
      partial_rows[thread] = sum;
      workgroupBarrier();
      if (thread <= turn) {
        sum = 0.0f;
        for (var k = 0u; k < ${lanes}u; k++) {
          sum += partial_rows[thread * ${lanes}u + k];
        }
        outputs[trial * range.output_steps + t - turn + thread - range.recorded] =
          sum + output_offset;
      }
    }`
        : ""
    }
  }
  ${
      eachUnit(`
        state[state_at(0u, trial) + i] = v[c];
        state[state_at(1u, trial) + i] = ipsc[c];
        state[state_at(2u, trial) + i] = r[c];
        ${
        double
          ? `state[state_at(3u, trial) + i] = h[c];
        state[state_at(4u, trial) + i] = hr[c];`
          : ""
      }
        state[state_at(5u, trial) + i] = f32(last[c]);
        counts[(2u * trial) * ${units}u + i] = spikes[c];
        if (range.last == range.end && !(is_finite(v[c]) && is_finite(ipsc[c]) &&
          is_finite(r[c])${
        double ? " && is_finite(h[c]) && is_finite(hr[c])" : ""
      })) { early[c] |= ${divergedBit}u; }
        counts[(2u * trial + 1u) * ${units}u + i] = early[c];`)
    }
}
`,
  };
}
