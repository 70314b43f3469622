/** Mean filtered spikes from spikes alone. */
import assert from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import { stepsPerRateStep } from "../../lib/network/geometry.ts";
import { synapseNames } from "../../lib/network/synapses.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { convert } from "../../lib/spiking/convert.ts";

const network = createNetwork({ units: 10, channels: 1 }, randomStream(1));
const bins = 40;
const columns = bins + 1;
const stimulus = { inputs: new Float32Array(columns).fill(20), columns };

for (const synapse of synapseNames) {
  Deno.test(`means of filtered spikes are those of recorded rates, synapse ${synapse}`, async () => {
    const spiking = convert(network, { scalingFactor: 20, synapse });
    const perBin = stepsPerRateStep(spiking);
    for (const samples of [perBin, 10]) {
      const every = perBin / samples;
      const [{ trace }] = await simulate(spiking, [stimulus], {
        seed: 1,
        record: { rates: every, means: { steps: perBin, samples } },
      });
      assert.equal(trace.spikes, undefined);
      const means = trace.means!;
      assert.equal(means.length, network.layers[0].size * bins);
      assert.ok(Math.max(...means) > 20);
      for (let at = 0; at < means.length; at++) {
        const of = trace.rates!.subarray(at * samples, (at + 1) * samples);
        const mean = Array.from<number>(of).reduce((a, b) => a + b) / samples;
        // What is recorded loses digits step by step, in single precision.
        assert.ok(
          Math.abs(means[at] - mean) <= 1e-3 * Math.max(1, mean),
          `${at}: ${means[at]}, ${mean} recorded`,
        );
      }
    }
  });
}

Deno.test("simulate() refuses means of samples that do not fit their steps", async () => {
  const spiking = convert(network, { scalingFactor: 20 });
  for (const means of [{ steps: 100, samples: 30 }, { steps: 0, samples: 1 }]) {
    const options = { seed: 1, record: { means } };
    await assert.rejects(
      simulate(spiking, [stimulus], options),
      /a divisor of the second/,
    );
  }
});
