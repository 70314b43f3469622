/** A step of one unit in WGSL, but for what the spikes of this step do. */
import { literal } from "../../webgpu/source.ts";
import { adaptationOf } from "../adaptation.ts";
import { neuronModels } from "../../../network/neurons.ts";
import { filterOf } from "../../../network/synapses.ts";
import { earlySteps, type LifNeuron, spikeVoltage } from "../types.ts";
import {
  spikeSummaries,
  spikeWords,
  type SpikingVariant,
  stimulationWords,
} from "./variant.ts";

/** One of the facts of a unit. */
export function fact({ units }: SpikingVariant, row: number): string {
  return `bitcast<f32>(facts[${row * units}u + i])`;
}

/** Keeps a unit's value every so many steps, where `base` says; 0 for never. */
export function sample(
  { units }: SpikingVariant,
  every: number,
  base: string,
  value: string,
): string {
  return every === 0 ? "" : `
        if (t % ${every}u == 0u) {
          let kept = t / ${every}u - (range.recorded - 1u) / ${every}u - 1u;
          samples[${base} + kept * ${units}u + i] = bitcast<u32>(${value});
        }`;
}

/** The constants of a neuron model as literals. */
function literals(neuron: LifNeuron): Record<string, string> {
  return Object.fromEntries(
    Object.entries(neuron).flatMap(([name, value]) =>
      typeof value === "number" ? [[name, literal(value)]] : []
    ),
  );
}

/** Voltage, synapses, output and samples of a unit, and whether it fires. */
export function unitStep(variant: SpikingVariant): string {
  const { units, neuron } = variant;
  const { adapts, wgsl } = neuronModels[neuron.name];
  const adaptation = adaptationOf(neuron, variant.dt);
  const words = spikeWords(units);
  const summaries = spikeSummaries(units);
  return `
        let current = ipsc[c] + drive[c]${adapts ? " - w[c]" : ""};
        if (t - last[c] > ${variant.refractorySteps}u) {
          v[c] += (${wgsl(literals(neuron))}) * ${
    literal(variant.dt / neuron.tauMembrane)
  };
        }
        ${adapts ? `w[c] *= ${literal(adaptation.decay)};` : ""}
        ${
    variant.noisy
      ? `if (amplitude != 0.0f) {
          if ((t & 3u) == 0u || t == range.first) {
            increments[c] = increment_block(i, t >> 2u, counter, key);
          }
          v[c] += amplitude * increments[c][t & 3u];
        }`
      : ""
  }
        ${variant.stimulated ? stimulate : ""}
        let spiked = v[c] >= ${literal(neuron.peak)};
        let gain = select(0.0f, ${fact(variant, 3)}, spiked);
        let decay = ${fact(variant, 2)};
        ${filter(variant)}
        ${
    variant.outputs ? `output += r[c] * ${fact(variant, 4)} * scale[c];` : ""
  }
        ${sample(variant, variant.rates, "sampled + range.rates", "r[c]")}
        ${
    sample(
      variant,
      variant.voltages,
      "sampled + range.voltages",
      `select(v[c], ${literal(spikeVoltage)}, spiked)`,
    )
  }
        if (spiked) {
          v[c] = ${literal(neuron.reset)};
          ${adapts ? `w[c] += ${literal(adaptation.jump)};` : ""}
          last[c] = t;
          spikes[c] += 1u;
          if (t <= ${earlySteps}u) { early[c] += 1u; }
          atomicOr(&fired[which * ${words}u + (i >> 5u)], 1u << (i & 31u));
          atomicOr(&fired_words[which * ${summaries}u + (i >> 10u)],
            1u << ((i >> 5u) & 31u));
        }`;
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
  const { decays, rises } = filterOf(synapse);
  if (rises) {
    const rise = rises === "tr"
      ? literal(Math.exp(-dt / synapse.rise))
      : "decay";
    return `
        ipsc[c] = ipsc[c] * decay + h[c] * ${literal(dt)};
        h[c] = h[c] * ${rise};
        r[c] = r[c] * decay + hr[c] * ${literal(dt)};
        hr[c] = hr[c] * ${rise} + gain;`;
  }
  return decays
    ? `
        ipsc[c] = ipsc[c] * decay;
        r[c] = r[c] * decay + gain;`
    : `
        ipsc[c] = 0.0f;
        r[c] = gain;`;
}
