/**
 * The state of units in WGSL: variables of the thread while a dispatch runs,
 * storage between two of them.
 */
import { neuronModels } from "../../../network/neurons.ts";
import { filterOf } from "../../../network/synapses.ts";
import { unitsPerThread } from "./text.ts";
import { divergedBit, type SpikingVariant, trialHeader } from "./variant.ts";

/** The variables of a thread, a place for each of its units. */
export function variables(variant: SpikingVariant): string {
  const perThread = unitsPerThread(variant);
  const { rises } = filterOf(variant.synapse);
  return `var v: array<f32, ${perThread}>;
  var ipsc: array<f32, ${perThread}>;
  var r: array<f32, ${perThread}>;
  ${
    rises
      ? `var h: array<f32, ${perThread}>;
  var hr: array<f32, ${perThread}>;`
      : ""
  }
  ${
    neuronModels[variant.neuron.name].adapts
      ? `var w: array<f32, ${perThread}>;`
      : ""
  }
  var last: array<u32, ${perThread}>;
  var drive: array<f32, ${perThread}>;
  var scale: array<f32, ${perThread}>;
  var spikes: array<u32, ${perThread}>;
  var early: array<u32, ${perThread}>;
  var jump: array<f32, ${perThread}>;
  ${variant.noisy ? `var increments: array<vec4f, ${perThread}>;` : ""}`;
}

/** A unit's state at the start, or as the dispatch before left it. */
export function takeUp({ units, synapse, neuron }: SpikingVariant): string {
  const { adapts } = neuronModels[neuron.name];
  const { rises } = filterOf(synapse);
  return `
        v[c] = state[state_at(0u, trial) + i];
        scale[c] = bitcast<f32>(table[row + ${trialHeader}u + facts[i]]);
        ipsc[c] = 0.0f;
        r[c] = 0.0f;
        ${rises ? "h[c] = 0.0f;\n        hr[c] = 0.0f;" : ""}
        ${adapts ? "w[c] = 0.0f;" : ""}
        last[c] = 0u;
        spikes[c] = 0u;
        early[c] = 0u;
        if (range.first > 1u) {
          ipsc[c] = state[state_at(1u, trial) + i];
          r[c] = state[state_at(2u, trial) + i];
          ${
    rises
      ? `h[c] = state[state_at(3u, trial) + i];
          hr[c] = state[state_at(4u, trial) + i];`
      : ""
  }
          last[c] = u32(state[state_at(5u, trial) + i]);
          ${adapts ? "w[c] = state[state_at(6u, trial) + i];" : ""}
          spikes[c] = counts[(2u * trial) * ${units}u + i];
          early[c] = counts[(2u * trial + 1u) * ${units}u + i];
        }`;
}

/** Leaves a unit's state for the next dispatch; after the last step it is checked. */
export function leave({ units, synapse, neuron }: SpikingVariant): string {
  const { adapts } = neuronModels[neuron.name];
  const { rises } = filterOf(synapse);
  return `
        state[state_at(0u, trial) + i] = v[c];
        state[state_at(1u, trial) + i] = ipsc[c];
        state[state_at(2u, trial) + i] = r[c];
        ${
    rises
      ? `state[state_at(3u, trial) + i] = h[c];
        state[state_at(4u, trial) + i] = hr[c];`
      : ""
  }
        state[state_at(5u, trial) + i] = f32(last[c]);
        ${adapts ? "state[state_at(6u, trial) + i] = w[c];" : ""}
        counts[(2u * trial) * ${units}u + i] = spikes[c];
        if (range.last == range.end && !(is_finite(v[c]) && is_finite(ipsc[c]) &&
          is_finite(r[c])${
    rises ? " && is_finite(h[c]) && is_finite(hr[c])" : ""
  }${adapts ? " && is_finite(w[c])" : ""})) { early[c] |= ${divergedBit}u; }
        counts[(2u * trial + 1u) * ${units}u + i] = early[c];`;
}
