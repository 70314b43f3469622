/** Spike-frequency adaptation, against what its equations say. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import type { SpikingNetwork } from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import type { NeuronChoice } from "../../lib/spiking/neurons.ts";
import { smallNetwork, smallTrial } from "./lif_networks.ts";

/** Steps of the rate network, of 5 ms, that a trial at constant input has. */
const steps = 600;

/** One unit without synapses and its spike times at a constant input, ms. */
function spikeTimes(
  neuron: NeuronChoice,
  input: number,
): { spiking: SpikingNetwork; times: number[] } {
  const rate = smallNetwork({ sizes: [1], channels: 1, seed: 1 });
  const alone = {
    ...rate,
    layers: [{ ...rate.layers[0], weights: new Float32Array(1) }],
    inputs: [{ ...rate.inputs[0], weights: Float32Array.of(input) }],
  };
  const spiking = convert(alone, { scalingFactor: 50, neuron });
  const trial = {
    inputs: new Float32Array(steps + 1).fill(1),
    columns: steps + 1,
    noise: { key: 1, trial: 0, scale: 0 },
    initialVoltage: new Float64Array(1).fill(-65),
  };
  const record = { spikes: true };
  const [{ spikes }] = simulateReference(spiking, [trial], record, "float64");
  const times = Array.from(spikes!.steps, (step) => step * spiking.dt);
  return { spiking, times };
}

/**
 * From a spike to the next, ms: the solution of tm·dv/dt = I - v - w and
 * tau·dw/dt = -w, found by halving.
 *
 * @param w right after the spike, mV
 */
function interval({ neuron }: SpikingNetwork, input: number, w: number) {
  const { tauMembrane: tm, refractory, reset, peak, bias } = neuron;
  const tau = neuron.tauAdaptation!;
  const I = bias + input;
  const left = w * Math.exp(-refractory / tau);
  const v = (s: number) =>
    I + (reset - I) * Math.exp(-s / tm) -
    left * tau / (tau - tm) * (Math.exp(-s / tau) - Math.exp(-s / tm));
  // The voltage may fall again with time, but not before its first crossing.
  let high = 0;
  while (v(high) < peak) high += 0.01;
  let low = Math.max(0, high - 0.01);
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (v(middle) < peak) low = middle;
    else high = middle;
  }
  return refractory + high;
}

const adapting = [
  { name: "alif" },
  { name: "alif", tauAdaptation: 200, adaptationJump: 1 },
  { name: "alif", tauAdaptation: 30, adaptationJump: 3, refractory: 0 },
] as const;

Deno.test("intervals between spikes of an adapting unit lengthen as its equations say", () => {
  for (const neuron of adapting) {
    const { spiking, times } = spikeTimes(neuron, 12);
    const { tauAdaptation, adaptationJump } = spiking.neuron;
    let w = 0;
    const found = times.slice(1).map((time, k) => time - times[k]);
    ok(found.length > 20, `${found.length} intervals`);
    found.slice(0, 20).forEach((duration, k) => {
      w += adaptationJump!;
      const expected = interval(spiking, 12, w);
      ok(
        Math.abs(duration - expected) < 0.01 * expected + 2 * spiking.dt,
        `interval ${k + 1}: ${duration} ms, expected ${expected} ms`,
      );
      w *= Math.exp(-duration / tauAdaptation!);
    });
    const lengthened = found.at(-1)! / found[0];
    ok(lengthened > 1.1, `the last is ${lengthened} times the first`);
  }
});

Deno.test("an adapted unit fires within 1 % of the rate at which adaptation holds it", () => {
  for (const neuron of adapting) {
    for (const input of [6, 12, 24]) {
      const { spiking, times } = spikeTimes(neuron, input);
      const { tauAdaptation, adaptationJump } = spiking.neuron;
      // Where w after a spike is b/(1 - exp(-T/tau)), T stays as it is.
      let [low, high] = [spiking.neuron.refractory + 1e-3, 1000];
      for (let k = 0; k < 50; k++) {
        const T = (low + high) / 2;
        const w = adaptationJump! / -Math.expm1(-T / tauAdaptation!);
        if (interval(spiking, input, w) > T) low = T;
        else high = T;
      }
      const late = times.filter((time) => time > 1500);
      const found = (late.length - 1) / (late.at(-1)! - late[0]);
      ok(late.length > 5, `${late.length} spikes`);
      ok(
        Math.abs(found * low - 1) < 0.01,
        `${1000 * found} Hz at ${input} mV, expected ${1000 / low} Hz`,
      );
    }
  }
});

for (const [plain, adapting] of [["lif", "alif"], ["eif", "adex"]] as const) {
  Deno.test(`${adapting} without a jump is ${plain}, bit for bit`, async () => {
    const rate = smallNetwork({ sizes: [9, 6], channels: 2, seed: 4 });
    for (const synapse of ["double", "single"] as const) {
      const [fixed, still, moved] = [
        plain,
        { name: adapting, adaptationJump: 0 },
        adapting,
      ].map((neuron) => ({
        ...convert(rate, { scalingFactor: 50, synapse, neuron }),
        factor: 0.5,
      }));
      const trials = [smallTrial(fixed, 8, { columns: 30 })];
      for (
        const record of [{ outputs: true, spikes: true }, {
          outputs: true,
          spikes: true,
          voltages: 1,
          currents: 1,
          rates: 1,
        }]
      ) {
        for (const precision of ["float64", "float32"] as const) {
          const of = (network: SpikingNetwork) =>
            simulateReference(network, trials, record, precision);
          equal(of(still), of(fixed));
          ok(
            of(moved)[0].spikes!.steps.length <
              of(fixed)[0].spikes!.steps.length,
          );
        }
        equal(
          await simulateSimd(still, trials, record),
          await simulateSimd(fixed, trials, record),
        );
      }
    }
  });
}

Deno.test("adex that is reset close to its threshold begins with a burst", () => {
  const burst = {
    name: "adex",
    tauAdaptation: 150,
    adaptationJump: 2,
  } as const;
  const first = (reset: number) => {
    const { times } = spikeTimes({ ...burst, reset, refractory: 1 }, 8);
    return times.slice(1, 12).map((time, k) => time - times[k]);
  };
  const bursting = first(-37);
  const adapting = first(-65);
  // Some spikes in close succession, then a pause: intervals grow by a leap.
  ok(bursting[0] < 5, `first interval ${bursting[0]} ms`);
  ok(Math.max(...bursting) > 8 * bursting[0], `${bursting} ms`);
  ok(Math.max(...adapting) < 3 * adapting[0], `${adapting} ms`);
});
