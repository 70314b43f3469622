import { ok } from "node:assert/strict";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import type { NeuronName, SpikingNetwork } from "../../lib/network/spiking.ts";
import { smallNetwork } from "./lif_networks.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { neuronNames } from "../../lib/network/neurons.ts";

/** The network with another integration step, ms. */
function withStep(network: SpikingNetwork, dt: number): SpikingNetwork {
  return { ...network, dt };
}

/** One unit that drives itself, with a constant input of some mV. */
function selfDriven(name: NeuronName, input: number): SpikingNetwork {
  const rate = smallNetwork({ sizes: [1], channels: 1, seed: 1, taus: [4] });
  const alone = {
    ...rate,
    layers: [{ ...rate.layers[0], weights: Float32Array.of(0.5) }],
    inputs: [{ ...rate.inputs[0], weights: Float32Array.of(input) }],
  };
  // No refractory period: its end is rounded to whole steps, up or down.
  return convert(alone, { scalingFactor: 50, neuron: name, refractory: 0 });
}

/** Spike times of unit 0, in ms, noise off. */
function spikeTimes(network: SpikingNetwork): number[] {
  const trial = {
    inputs: new Float32Array(9).fill(1),
    columns: 9,
    noise: { key: 1, trial: 0, scale: 0 },
    initialVoltage: new Float64Array(1).fill(-64),
  };
  const [{ spikes }] = simulateReference(
    network,
    [trial],
    { spikes: true },
    "float64",
  );
  return Array.from(spikes!.steps, (step) => step * network.dt);
}

for (const name of neuronNames) {
  Deno.test(`halving dt halves the error of ${name} spike times`, () => {
    // Spike times are multiples of dt, which makes a single error jump; the mean
    // over many inputs and spikes does not.
    const steps = [0.02, 0.01, 0.005, 0.0025];
    const sums = steps.map(() => 0);
    let count = 0;
    for (let k = 0; k < 24; k++) {
      const input = name === "qif" ? 150 + 10.3 * k : 20 + 1.7 * k;
      const network = selfDriven(name, input);
      const exact = spikeTimes(withStep(network, 0.0003125));
      const tried = steps.map((dt) => spikeTimes(withStep(network, dt)));
      const common = Math.min(exact.length, ...tried.map((t) => t.length));
      count += common;
      tried.forEach((times, s) => {
        for (let i = 0; i < common; i++) {
          sums[s] += Math.abs(times[i] - exact[i]);
        }
      });
    }
    ok(count > 50, `${count} spikes`);
    const order = Math.log2(sums[0] / sums[3]) / 3;
    ok(
      order > 0.85 && order < 1.15,
      `order ${order}, errors ${sums.map((sum) => sum / count)} ms`,
    );
  });
}

Deno.test("the SIMD kernel converges like the reference", async () => {
  const network = convert(
    smallNetwork({ sizes: [12], channels: 1, seed: 9 }),
    { scalingFactor: 20 },
  );
  const counts = [];
  for (const dt of [0.1, 0.05, 0.0125]) {
    const [{ spikeCounts }] = await simulateSimd(
      withStep(network, dt),
      [{
        inputs: new Float32Array(21).fill(3),
        columns: 21,
        noise: { key: 1, trial: 0, scale: 0 },
      }],
      {},
    );
    counts.push(spikeCounts.reduce((sum, n) => sum + n, 0));
  }
  const [coarse, usual, fine] = counts;
  ok(fine > 50, `${fine} spikes`);
  ok(Math.abs(usual - fine) / fine < 0.05, `${counts} spikes`);
  ok(Math.abs(coarse - fine) / fine < 0.1, `${counts} spikes`);
});
