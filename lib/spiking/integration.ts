/** Whether the integration step suits the constants of a spiking network. */
import { expm1 } from "../arithmetic/elementary.ts";
import { decayTimeConstants } from "../network/effective.ts";
import { neuronModels } from "../network/neurons.ts";
import type { NeuronModel, SpikingNetwork } from "../network/spiking.ts";
import { filterOf, riseTime, synapticDecay } from "../network/synapses.ts";

/** Above this excess of a spike's current a step is remarked on. */
const remarkable = 0.1;

/**
 * Refuses an integration step with which the equations no longer say what the
 * constants mean.
 *
 * @throws {RangeError} for a rise or decay time constant below the step, since a
 *   spike then has another integral than 1; for a membrane time constant below
 *   half of the step, where Euler's method is unstable; and where a unit gets
 *   from the reset to the peak in one step without input
 */
export function checkStep(spiking: SpikingNetwork): void {
  const { neuron, synapse, dt } = spiking;
  const { tauMembrane, reset, peak } = neuron;
  const steps = `integration steps of ${shown(dt)} ms`;
  const { decays, rises } = filterOf(synapse);
  if (rises === "tr" && synapse.rise < dt) {
    throw new RangeError(
      `Cannot convert the network: a rise time of ${shown(synapse.rise)} ms ` +
        `with ${steps}, which would make a spike's current ` +
        `${shown(discreteIntegral(dt, synapse.rise))} times what it should ` +
        `be; allowed are ${shown(dt)} ms and more, 0 for a ` +
        `single exponential, or a smaller step${inSeconds(synapse.rise)}`,
    );
  }
  const decay = shortestDecay(spiking);
  if (decays && decay < dt) {
    throw new RangeError(
      `Cannot convert the network: a decay time constant of ${
        shown(decay)
      } ms ` +
        `with ${steps}, which would make a spike's current ` +
        `${shown(discreteIntegral(dt, decay))} times what it should be; ` +
        `allowed are ${shown(dt)} ms and more, or a smaller step`,
    );
  }
  // Whole multiples of the step may fall short of it by rounding.
  if (2 * tauMembrane < dt * (1 - 1e-9)) {
    throw new RangeError(
      `Cannot convert the network: a membrane time constant of ` +
        `${
          shown(tauMembrane)
        } ms with ${steps}, with which the voltage would ` +
        `leap beyond its input further and further; allowed are ` +
        `${shown(dt / 2)} ms and more, or a smaller step` +
        inSeconds(tauMembrane),
    );
  }
  const leap = dt * derivativeAtReset(neuron) / tauMembrane;
  if (reset + leap >= peak) {
    const least = dt * derivativeAtReset(neuron) / (peak - reset);
    throw new RangeError(
      `Cannot convert the network: a membrane time constant of ` +
        `${shown(tauMembrane)} ms with ${steps}, with which a ${neuron.name} ` +
        `unit would leap from its reset of ${reset} mV to its peak of ` +
        `${peak} mV in one step without input; allowed are time constants ` +
        `above ${shown(least)} ms, or a smaller step`,
    );
  }
}

/**
 * What a coarse integration step does to the synapses, in a sentence; nothing
 * where that is little. With the constants of the paper it is 1.3 %.
 */
export function coarseStep(spiking: SpikingNetwork): string | undefined {
  const { synapse, dt } = spiking;
  if (!filterOf(synapse).decays) return undefined;
  const decay = shortestDecay(spiking);
  const rise = riseTime(synapse, decay);
  const excess = discreteIntegral(dt, decay) *
      (rise === undefined ? 1 : discreteIntegral(dt, rise)) - 1;
  if (excess <= remarkable) return undefined;
  return `integration steps of ${shown(dt)} ms are coarse for synapses that ` +
    (rise === undefined ? "decay" : `rise in ${shown(rise)} ms and decay`) +
    ` in ${shown(decay)} ms: a spike's current is up to ` +
    `${Math.round(100 * excess)} % too large, and a scaling factor suits the ` +
    "step that it was searched at";
}

/** Time constants of which any is meant, ms. */
const plausible = { least: 0.1, most: 10_000 };

/** For a time that would be plausible in seconds: what was meant; else nothing. */
function inSeconds(ms: number): string {
  const meant = 1000 * ms;
  return ms > 0 && ms < plausible.least &&
      meant >= plausible.least && meant <= plausible.most
    ? `; times are in ms: did you mean ${shown(meant)}?`
    : "";
}

/**
 * What is odd about the times of a neuron model, which may have been given in
 * another unit than ms; nothing for usual ones.
 */
export function oddTimes({ neuron, dt }: SpikingNetwork): string | undefined {
  const { refractory, tauMembrane, tauAdaptation } = neuron;
  if (refractory > 0 && refractory < dt) {
    return `a refractory period of ${
      shown(refractory)
    } ms is shorter than an ` +
      `integration step of ${shown(dt)} ms, and so none` +
      inSeconds(refractory);
  }
  const times = {
    "membrane time constant": tauMembrane,
    "refractory period": refractory,
    "decay time constant of the adaptation current": tauAdaptation ?? 100,
  };
  for (const [name, ms] of Object.entries(times)) {
    const hint = inSeconds(ms);
    if (hint) return `a ${name} of ${shown(ms)} ms is short${hint}`;
    if (ms > plausible.most) {
      return `a ${name} of ${shown(ms)} ms is ${shown(ms / 1000)} s: times ` +
        "are in ms";
    }
  }
  return undefined;
}

/** Integral of an exponential that is added up step by step, as a multiple of the true one. */
function discreteIntegral(dt: number, tau: number): number {
  return dt / tau / -expm1(-dt / tau);
}

/** tm·dv/dt at the reset without input, the bias at most at the rheobase. */
function derivativeAtReset(neuron: NeuronModel): number {
  const { derivative, rheobase } = neuronModels[neuron.name];
  const current = Math.min(neuron.bias, rheobase(neuron));
  return derivative(neuron.reset, current, neuron);
}

/** The shortest decay time constant of the synapses, ms. */
function shortestDecay({ rate, synapse, stepMs }: SpikingNetwork): number {
  let least = Infinity;
  rate.layers.forEach((_, l) => {
    for (const tau of decayTimeConstants(rate, l)) {
      least = Math.min(least, synapticDecay(synapse, tau, stepMs));
    }
  });
  return least;
}

/** Three digits, without a row of zeros. */
function shown(value: number): string {
  return `${Number(value.toPrecision(3))}`;
}
