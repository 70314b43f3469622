import assert from "node:assert/strict";
import { convert } from "../../lib/spiking/convert.ts";
import { channelCount, stepsPerRateStep } from "../../lib/network/geometry.ts";
import { neuronModel, synapseModel } from "../../lib/spiking/neurons.ts";
import { neuronNames } from "../../lib/network/neurons.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

const network = networkOf([layerOf(4, 2)], 2);

Deno.test("convert() has the paper's constants by default", () => {
  assert.deepEqual(convert(network, { scalingFactor: 50 }), {
    rate: network,
    factor: 50,
    neuron: {
      name: "lif",
      tauMembrane: 10,
      refractory: 2,
      reset: -65,
      peak: -40,
      bias: -40,
    },
    synapse: { kind: "double", rise: 2 },
    stepMs: 5,
    dt: 0.05,
  });
});

Deno.test("convert() takes models, constants, downsampling", () => {
  const spiking = convert(network, {
    scalingFactor: 50,
    neuron: { name: "lif", peak: -50 },
    refractory: 0,
    synapse: "single",
    downsample: 2,
    stepMs: 20,
  });
  assert.equal(spiking.neuron.bias, -50);
  assert.equal(spiking.neuron.refractory, 0);
  assert.deepEqual(spiking.synapse, { kind: "single", rise: 0 });
  assert.equal(spiking.dt, 0.1);
  assert.equal(stepsPerRateStep(spiking), 200);
});

Deno.test("convert() puts initial weights in place of trained ones only", () => {
  const initial = networkOf(
    [{
      ...layerOf(4, 2),
      weights: new Float32Array(16).fill(7),
      tausGaus: new Float32Array(4).fill(9),
    }],
    2,
    {
      // Files of the original do not hold the readout before training.
      readout: {
        from: [0],
        weights: [new Float32Array(4).fill(NaN)],
        bias: NaN,
      },
    },
  );
  const { rate } = convert(network, {
    scalingFactor: 50,
    initialWeights: initial,
  });
  assert.deepEqual(rate.layers[0].weights, initial.layers[0].weights);
  assert.deepEqual(rate.layers[0].tausGaus, network.layers[0].tausGaus);
  assert.equal(rate.readout, network.readout);
  assert.throws(
    () =>
      convert(network, {
        scalingFactor: 50,
        initialWeights: networkOf([layerOf(3)], 2),
      }),
    { name: "TypeError", message: /layers of 3 units.*layers of 4/ },
  );
});

Deno.test("convert() rejects factors that cannot be", () => {
  assert.throws(() => convert(network, { scalingFactor: 0.02 }), {
    name: "RangeError",
    message: /did you mean 1\/lambda = 50\?$/,
  });
  const relu = { ...network, activation: "clipped_relu" } as const;
  convert(relu, { scalingFactor: 1 });
  assert.throws(() => convert(relu, { scalingFactor: 261 }), RangeError);
  for (const factor of [0, -20, NaN, Infinity, 1.9, 751]) {
    assert.throws(() => convert(network, { scalingFactor: factor }), {
      name: "RangeError",
      message: /^Cannot convert the network: a scaling factor of/,
    });
  }
  const two = networkOf([layerOf(4), layerOf(3)]);
  assert.deepEqual(convert(two, { scalingFactor: [40, 50] }).factor, [40, 50]);
  assert.throws(() => convert(two, { scalingFactor: [40, 50, 60] }), {
    name: "TypeError",
    message: /3 scaling factors, allowed are one, or one for each of 2 layers/,
  });
  assert.throws(() => convert(two, { scalingFactor: [40, 0] }), RangeError);
});

Deno.test("convert() rejects networks without finite trained weights", () => {
  const layer = layerOf(4, 2);
  const weights = layer.weights.slice();
  weights[5] = NaN;
  assert.throws(
    () => convert(networkOf([{ ...layer, weights }], 2), { scalingFactor: 50 }),
    { name: "RangeError", message: /weights of layer 0 hold NaN at index 5/ },
  );
  assert.throws(
    () =>
      convert(
        networkOf([{ ...layer, weights: new Float32Array(15) }], 2),
        { scalingFactor: 50 },
      ),
    { name: "TypeError", message: /are 15 numbers, 16 are needed/ },
  );
  assert.throws(
    () =>
      convert(
        networkOf([layer], 2, { readout: { from: [0], weights: [], bias: 0 } }),
        { scalingFactor: 50 },
      ),
    { name: "TypeError", message: /readout weights of layer 0 are missing/ },
  );
  assert.throws(
    () =>
      convert(
        networkOf([layer], 2, {
          inputs: [{ from: "input", to: 0, weights: new Float32Array(7) }],
        }),
        { scalingFactor: 50 },
      ),
    { name: "TypeError", message: /input weights are 7 numbers/ },
  );
});

Deno.test("convert() rejects a downsampling that splits a rate step", () => {
  for (const downsample of [0, -1, 1.5, 3, 200]) {
    assert.throws(
      () => convert(network, { scalingFactor: 50, downsample }),
      { name: "RangeError", message: /a downsampling of/ },
    );
  }
  for (const stepMs of [0, -5, NaN]) {
    assert.throws(
      () => convert(network, { scalingFactor: 50, stepMs }),
      { name: "RangeError", message: /a step of/ },
    );
  }
});

Deno.test("channelCount() counts the columns of w_in", () => {
  assert.equal(channelCount(network), 2);
  assert.equal(channelCount(networkOf([layerOf(2)], 1, { inputs: [] })), 0);
});

Deno.test("neuronModel() keeps every model at its rheobase", () => {
  assert.deepEqual(neuronModel("qif"), {
    name: "qif",
    tauMembrane: 10,
    refractory: 2,
    reset: -65,
    peak: 30,
    bias: 0,
  });
  const eif = neuronModel({ name: "eif", slope: 1, threshold: -45 });
  assert.equal(eif.bias, -46);
  // At the rheobase the largest dv/dt below the peak is 0, at the threshold.
  const drift = (v: number) =>
    eif.bias - v + eif.slope! * Math.exp((v - eif.threshold!) / eif.slope!);
  assert.equal(drift(-45), 0);
  assert.ok(drift(-46) > 0 && drift(-44) > 0);
  assert.equal(neuronModel({ peak: -50, bias: -45 }).bias, -45);
  assert.deepEqual(neuronModel({ name: "alif", peak: -45 }), {
    name: "alif",
    tauMembrane: 10,
    refractory: 2,
    reset: -65,
    peak: -45,
    bias: -45,
    tauAdaptation: 100,
    adaptationJump: 0.5,
  });
});

Deno.test("neuronModel() names its constants in the order in which files hold them", () => {
  const order = ["name", "tauMembrane", "refractory", "reset", "peak", "bias"];
  for (const name of neuronNames) {
    for (const given of [{ name }, { bias: -41, reset: -70, name }]) {
      assert.deepEqual(Object.keys(neuronModel(given)).slice(0, 6), order);
    }
  }
});

Deno.test("neuronModel() rejects constants out of range", () => {
  const bad = [
    // deno-lint-ignore no-explicit-any
    ["izhikevich" as any, /allowed are lif, qif, eif/],
    // deno-lint-ignore no-explicit-any
    ["toString" as any, /allowed are lif, qif, eif/],
    [{ tauMembrane: 0 }, /membrane time constant is 0 ms/],
    [{ refractory: -1 }, /refractory period is -1 ms/],
    [{ reset: -40 }, /reset voltage is -40 mV/],
    [{ bias: NaN }, /its bias is NaN/],
    [{ name: "eif", slope: 0 }, /sharpness of spike initiation is 0 mV/],
    [
      { name: "alif", tauAdaptation: 0 },
      /constant of the adaptation current is 0 ms, it must be above 0/,
    ],
    [
      { name: "alif", adaptationJump: -1 },
      /at a spike is -1 mV.*must be 0 or more/,
    ],
    [
      { tauAdaptation: 50 },
      /model lif with a constant "tauAdaptation": it has tauMembrane, refrac/,
    ],
    [{ name: "qif", slope: 2 }, /model qif with a constant "slope"/],
  ] as const;
  for (const [choice, message] of bad) {
    assert.throws(() => neuronModel(choice), { name: "RangeError", message });
  }
});

Deno.test("synapseModel() takes a rise of 0 as a single exponential", () => {
  assert.deepEqual(synapseModel(), { kind: "double", rise: 2 });
  assert.deepEqual(synapseModel("double", 0), { kind: "single", rise: 0 });
  assert.deepEqual(synapseModel("none"), { kind: "none", rise: 0 });
  assert.deepEqual(synapseModel("alpha"), { kind: "alpha", rise: 0 });
  assert.throws(() => synapseModel("single", 2), RangeError);
  assert.throws(() => synapseModel("double", -1), RangeError);
  // deno-lint-ignore no-explicit-any
  assert.throws(() => synapseModel("triple" as any), {
    name: "RangeError",
    message: /allowed are double, single, alpha, none/,
  });
});
