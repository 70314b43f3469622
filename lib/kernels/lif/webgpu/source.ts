/**
 * The spiking scan in WGSL: one workgroup a trial, units over its threads, one
 * barrier a step. A dispatch runs steps [first, last), 1-based, and leaves the
 * state for the next one.
 *
 * Spikes of a step are bits in workgroup storage. There are three sets of them
 * in turn: one that is written, one that may still be read by a thread that is
 * behind, and one that is cleared for the step after.
 */
import { filterOf } from "../../../network/synapses.ts";
import { incrementFunctions } from "../../normal/webgpu/source.ts";
import type { KernelSource } from "../../webgpu/source.ts";
import { eachUnit } from "./text.ts";
import { leave, takeUp, variables } from "./unit_state.ts";
import { fact, sample, unitStep } from "./unit_step.ts";
import {
  factRows,
  outputBlock,
  spikeSummaries,
  spikeWords,
  type SpikingVariant,
} from "./variant.ts";

/** The kernel of a variant. */
export function spikingSource(variant: SpikingVariant): KernelSource {
  const { units, channels, workgroupSize, neuron, synapse } = variant;
  const words = spikeWords(units);
  const summaries = spikeSummaries(units);
  const lanes = workgroupSize / outputBlock;
  const samples = variant.spikes || variant.voltages > 0 ||
    variant.currents > 0 || variant.rates > 0;
  const each = eachUnit(variant);
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
${variant.noisy || variant.stimulated ? incrementFunctions : ""}
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
  ${variables(variant)}
  for (var k = thread; k < ${3 * words}u; k += ${workgroupSize}u) {
    atomicStore(&fired[k], 0u);
  }
  for (var k = thread; k < ${3 * summaries}u; k += ${workgroupSize}u) {
    atomicStore(&fired_words[k], 0u);
  }
  ${each(takeUp(variant))}
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
      each(`
        drive[c] = ${fact(variant, 1)};
        for (var channel = 0u; channel < ${channels}u; channel++) {
          drive[c] += bitcast<f32>(
              facts[(${factRows}u + channel) * ${units}u + i]) *
            inputs[(trial * ${channels}u + channel) * range.columns + column];
        }`)
    }
    }
    ${variant.outputs ? "var output = 0.0f;" : ""}
    ${each(unitStep(variant))}
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
      ${each("jump[c] = 0.0f;")}
      while (some != 0u) {
        let word = 32u * s + firstTrailingBit(some);
        some &= some - 1u;
        var bits = atomicLoad(&fired[which * ${words}u + word]);
        while (bits != 0u) {
          let j = 32u * word + firstTrailingBit(bits);
          bits &= bits - 1u;
          ${each(`jump[c] += columns[j * ${units}u + i];`)}
        }
      }
      ${
      each(`
        ${filterOf(synapse).rises ? "h" : "ipsc"}[c] += jump[c] * ${
        fact(variant, 5)
      } * scale[c];`)
    }
    }
    ${
      variant.currents
        ? each(
          sample(
            variant,
            variant.currents,
            "sampled + range.currents",
            "ipsc[c]",
          ),
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
  ${each(leave(variant))}
}
`,
  };
}
