import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
} from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { neuronNames } from "../../lib/network/neurons.ts";
import { synapseNames } from "../../lib/network/synapses.ts";
import {
  goNoGoInputs,
  goNoGoNetwork,
  smallNetwork,
  smallTrial,
} from "./lif_networks.ts";

/** A trace with float32 numbers as bits, so that -0 and 0 differ. */
function bits(trace: SpikingTrace): unknown {
  return Object.fromEntries(
    Object.entries(trace).map(([name, value]) => [
      name,
      value instanceof Float32Array ? new Uint32Array(value.buffer) : value,
    ]),
  );
}

const everything: Recording = {
  outputs: true,
  spikes: true,
  voltages: 3,
  currents: 7,
  rates: 1,
};

async function expectSameBits(
  network: SpikingNetwork,
  trials: Parameters<typeof simulateSimd>[1],
  record: Recording,
): Promise<SpikingTrace[]> {
  const simd = await simulateSimd(network, trials, record);
  const plain = simulateReference(network, trials, record, "float32");
  deepStrictEqual(simd.map(bits), plain.map(bits));
  return simd;
}

/** Any network, small enough to be quick. */
const anyNetwork = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 11 }), {
    minLength: 1,
    maxLength: 3,
  }),
  channels: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
  name: fc.constantFrom(...neuronNames),
  synapse: fc.constantFrom(...synapseNames),
  rise: fc.constantFrom(undefined, 0.004, 0.3, 2, 20, 90),
  refractory: fc.constantFrom(0, 0.05, 0.3, 2),
  downsample: fc.constantFrom(1, 2, 4),
  stepMs: fc.constantFrom(5, 1),
  factor: fc.constantFrom(0.05, 0.5, 2),
  perLayer: fc.boolean(),
  calibrated: fc.boolean(),
}).map((made): SpikingNetwork => {
  const { sizes, channels, seed, synapse, factor } = made;
  const rate = smallNetwork({ sizes, channels, seed });
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const network = convert(rate, {
    scalingFactor: 50,
    neuron: { name: made.name, refractory: made.refractory },
    synapse,
    downsample: made.downsample,
    stepMs: made.stepMs,
    ...(made.calibrated && {
      calibration: {
        readout: { gainExcitatory: 1.5, gainInhibitory: 0.7, offset: 0.25 },
        units: {
          bias: Float32Array.from({ length: units }, (_, i) => i % 3 - 1),
          gain: Float32Array.from({ length: units }, (_, i) => 1 + i / 10),
        },
      },
    }),
  });
  return {
    ...network,
    // Far from any mapping, so that much happens.
    factor: made.perLayer ? sizes.map((_, l) => factor * (l + 1)) : factor,
    // Kernels bear a rise below the step, which `convert` refuses.
    ...(synapse === "double" && made.rise !== undefined && {
      synapse: { kind: synapse, rise: made.rise },
    }),
  };
});

Deno.test("simulateSimd() is bit for bit the float32 reference, for any network", async () => {
  let spikes = 0;
  await fc.assert(
    fc.asyncProperty(
      anyNetwork,
      fc.nat(),
      fc.constantFrom(0, 1, 20),
      fc.boolean(),
      fc.boolean(),
      async (network, seed, scale, stimulated, recorded) => {
        const units = network.rate.layers.reduce((n, l) => n + l.size, 0);
        const trials = [0, 1, 2].map((k) =>
          smallTrial(network, seed + k, {
            columns: 4 + k,
            noise: { key: seed, trial: k, scale },
            stimulation: stimulated
              ? [
                { kind: "exc", units: [0], from: 3, to: 200 },
                {
                  kind: "inh",
                  units: [units - 1, 0],
                  from: 0,
                  to: 50,
                  probability: 0.9,
                  amount: 3,
                },
              ]
              : [],
          })
        );
        const record = recorded ? everything : { outputs: true, spikes: true };
        const traces = await expectSameBits(network, trials, record);
        for (const { spikeCounts } of traces) {
          for (const count of spikeCounts) spikes += count;
        }
      },
    ),
    { numRuns: 150 },
  );
  ok(spikes > 20_000, `${spikes} spikes`);
});

Deno.test("simulateSimd() is bit for bit the float32 reference on a trained network", async () => {
  const network = convert(goNoGoNetwork(), { scalingFactor: 50 });
  const trials = [true, false].map((go, k) => ({
    inputs: goNoGoInputs(go),
    columns: 201,
    noise: { key: 7, trial: k },
  }));
  await expectSameBits(network, trials, { outputs: true, spikes: true });
});

Deno.test("simulateSimd() gives the same outputs whatever is recorded beside them", async () => {
  const rate = smallNetwork({ sizes: [9, 6], channels: 2, seed: 4 });
  for (const rise of [2, 50]) {
    const network = {
      ...convert(rate, { scalingFactor: 50, rise }),
      factor: 0.5,
    };
    const trial = smallTrial(network, 8, { columns: 30 });
    const [plain] = await simulateSimd(network, [trial], {
      outputs: true,
      spikes: true,
    });
    const [full] = await simulateSimd(network, [trial], everything);
    deepStrictEqual(full.outputs, plain.outputs);
    deepStrictEqual(full.spikes, plain.spikes);
    ok(plain.spikes!.steps.length > 50);
  }
});
