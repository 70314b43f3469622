import assert from "node:assert/strict";
import { convert, type ConvertOptions } from "../../lib/spiking/convert.ts";
import { coarseStep } from "../../lib/spiking/integration.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

const network = networkOf([layerOf(4, 2)], 2);

const refused: readonly [Partial<ConvertOptions>, string][] = [
  [
    { rise: 0.01 },
    "a rise time of 0.01 ms with integration steps of 0.05 ms, which would " +
    "make a spike's current 5.03 times what it should be; allowed are 0.05 ms " +
    "and more, 0 for a single exponential, or a smaller step",
  ],
  [
    { rise: 1, downsample: 25 },
    "a rise time of 1 ms with integration steps of 1.25 ms",
  ],
  [
    { neuron: { tauMembrane: 0.02 } },
    "a membrane time constant of 0.02 ms with integration steps of 0.05 ms, " +
    "with which the voltage would leap beyond its input further and further; " +
    "allowed are 0.025 ms and more, or a smaller step",
  ],
  [
    { neuron: { tauMembrane: 0.04 } },
    "a membrane time constant of 0.04 ms with integration steps of 0.05 ms, " +
    "with which a lif unit would leap from its reset of -65 mV to its peak of " +
    "-40 mV in one step without input; allowed are time constants above " +
    "0.05 ms, or a smaller step",
  ],
  [
    { neuron: "qif", downsample: 10 },
    "a membrane time constant of 10 ms with integration steps of 0.5 ms, with " +
    "which a qif unit would leap from its reset of -65 mV to its peak of 30 mV",
  ],
];

Deno.test("convert() refuses constants that the integration step is too long for", () => {
  for (const [options, message] of refused) {
    assert.throws(
      () => convert(network, { scalingFactor: 50, ...options }),
      (error) => {
        assert.ok(error instanceof RangeError);
        const wanted = `Cannot convert the network: ${message}`;
        assert.equal(error.message.slice(0, wanted.length), wanted);
        return true;
      },
    );
  }
  const fast = networkOf([layerOf(4, 2)], 2, { taus: [0.5] });
  assert.throws(
    () =>
      convert(fast, {
        scalingFactor: 50,
        synapse: "single",
        stepMs: 2.5,
        downsample: 50,
      }),
    /a decay time constant of 1.25 ms with integration steps of 2.5 ms/,
  );
});

Deno.test("convert() takes constants down to where the step still suits them", () => {
  for (
    const options of [
      { rise: 0.05 },
      { rise: 0 },
      { synapse: "none", neuron: { tauMembrane: 0.06 } },
      { neuron: "eif", downsample: 4 },
      { neuron: "qif", downsample: 4 },
      { downsample: 25 },
    ] as const
  ) convert(network, { scalingFactor: 50, ...options });
});

Deno.test("coarseStep() says what a coarse step does to the synapses, in numbers", () => {
  const remark = (options: Partial<ConvertOptions>) =>
    coarseStep(convert(network, { scalingFactor: 50, ...options }));
  assert.equal(remark({}), undefined);
  assert.equal(remark({ downsample: 5 }), undefined);
  assert.equal(remark({ synapse: "none", downsample: 50 }), undefined);
  assert.match(
    remark({ downsample: 25 })!,
    /^integration steps of 1.25 ms are coarse for synapses that rise in 2 ms and decay in \d+ ms: a spike's current is up to \d\d % too large/,
  );
});
