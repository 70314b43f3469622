/** Networks as tensors and as layers of models, and back. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../../lib/errors.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { SpikingNetwork } from "../../lib/network/spiking.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { convert } from "../../lib/spiking/convert.ts";
import {
  networkOf,
  networkTensors,
  RateLayer,
  SpikingLayer,
} from "../../lib/tfjs/mod.ts";
import { assertClose, numbers } from "./helpers.ts";
import { testWith } from "../require.ts";

const small = () =>
  createNetwork({ units: 10, channels: 2, sst: 1 }, randomStream(3));
const layered = () =>
  createNetwork({
    units: [8, 6],
    channels: 2,
    activation: "clipped_relu",
    feedback: 0.5,
    readout: "all",
    inputTo: "all",
  }, randomStream(4));

/** A stimulus for two trials, as the simulation and as tfjs take it. */
function stimuli(columns: number, scale = 1) {
  const channels = 2;
  const trials = [0, 1].map((trial) => ({
    columns,
    inputs: Float32Array.from(numbers(`u ${trial}`, channels * columns, scale)),
  }));
  const tensor = tf.tensor3d(
    trials.map(({ inputs }) =>
      Array.from(
        { length: columns },
        (_, t) =>
          Array.from({ length: channels }, (_, c) => inputs[c * columns + t]),
      )
    ),
  );
  return { trials, tensor };
}

/** A network in float32, as tensors hold it. */
function single(network: RateNetwork): RateNetwork {
  const floats = (array: ArrayLike<number>) => Float32Array.from(array);
  return {
    ...network,
    layers: network.layers.map((layer) => ({
      ...layer,
      weights: floats(layer.weights),
      tausGaus: floats(layer.tausGaus),
    })),
    inputs: network.inputs.map((p) => ({ ...p, weights: floats(p.weights) })),
    between: network.between.map((p) => ({ ...p, weights: floats(p.weights) })),
    readout: {
      ...network.readout,
      weights: network.readout.weights.map(floats),
      bias: Math.fround(network.readout.bias),
    },
  };
}

/** A model saved, and loaded again from what was saved. */
async function again(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(tf.io.withSaveHandler((artifacts) => {
    saved = artifacts;
    return Promise.resolve({
      modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" },
    });
  }));
  // As a file would hold it.
  const topology = JSON.parse(JSON.stringify(saved!.modelTopology));
  return await tf.loadLayersModel(
    tf.io.fromMemory({ ...saved!, modelTopology: topology }),
  );
}

function modelOf(layer: tf.layers.Layer, steps: number, channels = 2) {
  return tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [steps, channels] }), layer],
  });
}

for (const [name, make] of [["one layer", small], ["two", layered]] as const) {
  Deno.test(`networkOf() gives back what networkTensors() took: ${name}`, async () => {
    await tf.setBackend("cpu");
    const network = make();
    const { structure, tensors } = networkTensors(network);
    const json = JSON.parse(JSON.stringify(structure));
    assert.deepEqual(
      await networkOf({ structure: json, tensors }),
      single(network),
    );
  });

  Deno.test(`RateLayer runs as simulateRate() does, saved and loaded: ${name}`, async () => {
    await tf.setBackend("cpu");
    const network = make();
    const { trials, tensor } = stimuli(30);
    const runs = await simulateRate(network, trials, {
      seed: 1,
      noiseScale: 0,
    });
    const layer = new RateLayer({ network });
    const model = modelOf(layer, 30);
    const outputs = model.predict(tensor) as tf.Tensor3D;
    const found = await outputs.data();
    // The simulation gives no output for the initial state.
    runs.forEach(({ trace }, i) =>
      assertClose(
        `outputs of trial ${i}`,
        found.slice(i * 30 + 1, (i + 1) * 30),
        trace.outputs,
        1e-5,
      )
    );
    const loaded = await again(model);
    assert.deepEqual(
      await (loaded.predict(tensor) as tf.Tensor).data(),
      found,
    );
    const back = await (loaded.layers.at(-1) as RateLayer).network();
    assert.deepEqual(back, single(network));
  });
}

Deno.test("RateLayer learns by model.fit(), and the types of its units stay", async () => {
  await tf.setBackend("cpu");
  const network = small();
  const layer = new RateLayer({ network, noise: { seed: 1 } });
  const model = modelOf(layer, 12);
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  const targets = tf.ones([2, 12, 1]);
  const { history } = await model.fit(stimuli(12).tensor, targets, {
    epochs: 15,
    verbose: 0,
  });
  const losses = history.loss as number[];
  assert.ok(losses.at(-1)! < losses[0] / 2, `${losses}`);
  const trained = await layer.network();
  const [before, after] = [network.layers[0], trained.layers[0]];
  assert.deepEqual(after.mask, before.mask);
  assert.deepEqual(after.inhibitory, before.inhibitory);
  assert.deepEqual(trained.inputs, single(network).inputs);
  const moved = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).some((value, k) => value !== b[k]);
  assert.ok(moved(after.weights, Float32Array.from(before.weights)));
  assert.ok(moved(after.tausGaus, Float32Array.from(before.tausGaus)));
  assert.ok(
    moved(
      trained.readout.weights[0],
      Float32Array.from(network.readout.weights[0]),
    ),
  );
  const absent = Array.from(before.weights).findIndex((weight) => weight <= 0);
  assert.ok(after.weights[absent] <= 0, "absent synapses stay absent");
});

/** Calibrated in every way, two layers, a factor each. */
function calibrated(): SpikingNetwork {
  const rate = layered();
  const units = 14;
  const spread = (purpose: string, length: number) =>
    Float64Array.from(numbers(purpose, length), (x) => 1 + 0.1 * x);
  return {
    ...convert(rate, { scalingFactor: [30, 40], downsample: 5 }),
    calibration: {
      readout: {
        gainExcitatory: 1.1,
        gainInhibitory: 0.9,
        offset: 0.25,
        units: spread("readout", units),
      },
      units: {
        bias: Float64Array.from(numbers("bias", units)),
        gain: spread("gain", units),
      },
      synapses: {
        recurrent: rate.layers.map(({ size }, l) =>
          spread(`r ${l}`, size ** 2)
        ),
        between: rate.between.map(({ weights }, k) =>
          spread(`b ${k}`, weights.length)
        ),
      },
    },
  };
}

Deno.test("SpikingLayer runs as simulate() does, calibrated, saved and loaded", async () => {
  await tf.setBackend("cpu");
  for (
    const network of [
      convert(small(), { scalingFactor: 20, synapse: "single", downsample: 5 }),
      calibrated(),
    ]
  ) {
    const { trials, tensor } = stimuli(21, 30);
    const { neuron: { reset }, rate } = network;
    const units = rate.layers.reduce((sum, { size }) => sum + size, 0);
    const runs = await simulate(network, trials, {
      seed: 1,
      noiseScale: 0,
      initialVoltage: new Float32Array(units).fill(reset),
      record: { outputs: true, spikes: true },
    });
    const model = modelOf(new SpikingLayer({ network }), 21);
    const found = await (model.predict(tensor) as tf.Tensor).data();
    const steps = 20 * 20;
    assert.equal(found.length, 2 * steps);
    const spikes = runs.map(({ trace }) => trace.spikes!.steps.length);
    assert.ok(Math.max(...spikes) > 20, `${spikes} spikes`);
    runs.forEach(({ trace }, i) =>
      assertClose(
        `outputs of trial ${i}`,
        found.slice(i * steps, (i + 1) * steps),
        trace.outputs!,
        1e-4,
      )
    );
    const loaded = await again(model);
    assert.deepEqual(
      await (loaded.predict(tensor) as tf.Tensor).data(),
      found,
    );
    const back = await (loaded.layers.at(-1) as SpikingLayer).network();
    assert.deepEqual(back, single(rate));
  }
});

Deno.test("SpikingLayer gives spikes, learns, and draws other noise at each call", async () => {
  await tf.setBackend("cpu");
  const network = convert(small(), { scalingFactor: 20, downsample: 5 });
  const noisy = new SpikingLayer({
    network,
    output: "spikes",
    noise: { seed: 1 },
  });
  const { tensor } = stimuli(9, 8);
  const run = () => (noisy.apply(tensor) as tf.Tensor).data();
  const [first, second] = [await run(), await run()];
  assert.notDeepEqual(first, second);
  assert.ok(first.every((spike) => spike === 0 || spike === 1));
  const layer = new SpikingLayer({ network, surrogate: { steepness: 1 } });
  const model = modelOf(layer, 9);
  model.compile({ optimizer: tf.train.adam(0.02), loss: "meanSquaredError" });
  const { history } = await model.fit(
    tensor,
    tf.fill([2, 160, 1], 0.5),
    { epochs: 8, verbose: 0 },
  );
  const losses = history.loss as number[];
  assert.ok(losses.at(-1)! < losses[0], `${losses}`);
});

testWith("webgpu", "RateLayer gives the same outputs on webgpu", async () => {
  await tf.setBackend("cpu");
  const network = small();
  const run = async () => {
    const model = modelOf(new RateLayer({ network }), 20);
    return await (model.predict(stimuli(20).tensor) as tf.Tensor).data();
  };
  const expected = await run();
  await tf.setBackend("webgpu");
  assertClose("outputs", await run(), expected, 1e-4);
  await tf.setBackend("cpu");
});

Deno.test("networkOf() says what is wrong with tensors, and of what shape they should be", async () => {
  await tf.setBackend("cpu");
  const { structure, tensors } = networkTensors(small());
  const name = "layers.0.weights";
  const wrong: [object, RegExp][] = [
    [
      { tensors: { ...tensors, [name]: undefined } },
      /layers\.0\.weights is missing, a tensor \[10,10\] is needed/,
    ],
    [
      { tensors: { ...tensors, [name]: tf.zeros([100]) } },
      /layers\.0\.weights is \[100\], expected \[10,10\]/,
    ],
    [
      { tensors: { ...tensors, more: tf.zeros([1]) } },
      /more is not part of it/,
    ],
    [
      { tensors: { ...tensors, "layers.0.mask": tf.fill([10, 10], 0.5) } },
      /mask holds 0\.5, allowed are 0 and 1/,
    ],
    [{ structure: { ...structure, activation: "tanh" } }, /activation is tanh/],
    [
      { structure: { ...structure, layers: undefined } },
      /layers of its structure is undefined, a list/,
    ],
    [{ structure: undefined }, /a list is needed/],
    [{ structure: { ...structure, readout: [1] } }, /names layer 1, it has 1/],
  ];
  for (const [change, message] of wrong) {
    await assert.rejects(
      networkOf({ structure, tensors, ...change }),
      (error: Error) => {
        assert.ok(/^Cannot make a network of tensors: /.test(error.message));
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

Deno.test("layers say what they cannot be made of, and on which backends they run", async () => {
  await tf.setBackend("cpu");
  const network = small();
  const refused: [() => unknown, RegExp][] = [
    [
      () => new RateLayer({}),
      /^TypeError: Cannot make a RateLayer: it has no network/,
    ],
    [
      () => new RateLayer({ network, output: "spikes" as never }),
      /^RangeError: .* output is spikes, allowed are outputs, rates/,
    ],
    [
      () =>
        new SpikingLayer({
          network: convert(network, {
            scalingFactor: 9,
            neuron: { name: "qif" },
          }),
        }),
      /^RangeError: Cannot make a SpikingLayer: its units are qif, lif is needed/,
    ],
    [
      () =>
        new SpikingLayer({
          network: convert(network, { scalingFactor: 9, synapse: "none" }),
        }),
      /synapses are none, double or single is needed/,
    ],
    [
      () => modelOf(new RateLayer({ network }), 20, 3),
      /^TypeError: Cannot build the layer .* input is \[,20,3\], expected \[trials, steps, 2\]/,
    ],
  ];
  for (const [make, message] of refused) {
    assert.throws(make, (error) => message.test(String(error)));
  }
  await assert.rejects(new RateLayer({ network }).network(), /not built yet/);
  const layer = new RateLayer({ network });
  const input = tf.ones([1, 20, 2]);
  layer.apply(input);
  tf.registerBackend("other", () => tf.findBackend("cpu"));
  await tf.setBackend("other");
  try {
    assert.throws(
      () => layer.apply(input),
      (error) =>
        error instanceof BackendError &&
        /^Cannot run RateLayer on .*"other": allowed are cpu and webgpu/
          .test(error.message),
    );
  } finally {
    await tf.setBackend("cpu");
  }
});
