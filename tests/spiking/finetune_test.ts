/** Fine-tuning of mapped networks: its parts, and a real network. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { prepareNetwork } from "../../lib/backend/spiking_network.ts";
import { evaluateSpiking } from "../../lib/evaluate/spiking.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { decodeMat, encodeMat } from "../../lib/formats/mat5.ts";
import { fromRowMajor } from "../../lib/formats/mat5/values.ts";
import type { SpikingNetwork } from "../../lib/network/spiking.ts";
import { calibrate } from "../../lib/spiking/calibrate.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { tuneDefaults, tuneWeights } from "../../lib/spiking/finetune.ts";
import {
  batchGradient,
  prepareBatches,
} from "../../lib/spiking/finetune_batch.ts";
import {
  lossSteps,
  lossWeights,
  outputLoss,
} from "../../lib/spiking/finetune_loss.ts";
import {
  BiasOptimiser,
  calibrationOf,
  parametersOf,
  WeightOptimiser,
} from "../../lib/spiking/finetune_parameters.ts";
import { transferCurve } from "../../lib/spiking/transfer.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { fullModel } from "../formats/samples.ts";
import { task } from "./fakes.ts";
import { layerOf, networkOf } from "./networks.ts";

const original = decodeModel(
  readFileSync(new URL("../data/gonogo_original.mat", import.meta.url)),
).network;

Deno.test("lossSteps() leaves out the onset and the rise of an answer", () => {
  const gonogo = goNogo();
  const steps = (condition: string) =>
    lossSteps(gonogo.trial(randomStream(1), condition), gonogo);
  const shown = (flags: Uint8Array) =>
    flags.join("").replace(/0+|1+/g, (run) => `${run[0]}×${run.length} `);
  assert.equal(shown(steps("go")), "0×6 1×69 0×25 1×100 ");
  assert.equal(shown(steps("nogo")), "0×6 1×194 ");
});

Deno.test("lossWeights() gives the answer most of the loss, where one is due", () => {
  const gonogo = goNogo();
  const { from, to } = gonogo.windows.strict;
  for (const condition of ["go", "nogo"]) {
    const trial = gonogo.trial(randomStream(1), condition);
    const weights = lossWeights(trial, gonogo);
    const sum = (part: Float64Array) => part.reduce((a, b) => a + b, 0);
    assert.ok(Math.abs(sum(weights) - 1) < 1e-12);
    const counts = lossSteps(trial, gonogo);
    weights.forEach((w, step) => assert.equal(w > 0, counts[step] === 1));
    const answer = sum(weights.subarray(from, to));
    const even = (to - from) / counts.reduce((a, b) => a + b, 0);
    const expected = condition === "go" ? 0.8 : even;
    assert.ok(Math.abs(answer - expected) < 1e-12, `${condition} ${answer}`);
  }
});

Deno.test("outputLoss() has the gradient that differences give", () => {
  const trial = task.trial(randomStream(1), "go");
  const outputs = Float64Array.from({ length: 40 }, (_, k) => Math.sin(k));
  const of = (values: Float64Array) =>
    outputLoss(values, trial, task, (k) => Math.floor(k / 2));
  const { byOutput } = of(outputs);
  outputs.forEach((_, k) => {
    const moved = (by: number) =>
      of(outputs.map((o, i) => i === k ? o + by : o)).loss;
    const difference = (moved(1e-4) - moved(-1e-4)) / 2e-4;
    assert.ok(Math.abs(byOutput[k] - difference) < 1e-6, `output ${k}`);
  });
  assert.ok(byOutput.some((g) => g !== 0));
});

/** Two layers, with synapses that are absent and everything calibrated. */
function calibrated(): SpikingNetwork {
  const network = networkOf([layerOf(4, 2), layerOf(3, 1)], 1);
  network.layers[0].weights.set([0, -0.3], 5);
  network.layers[1].mask[2] = 0;
  return convert(network, {
    scalingFactor: [20, 50],
    calibration: {
      readout: {
        gainExcitatory: 1.2,
        gainInhibitory: 0.8,
        offset: 0.1,
        units: Float64Array.from({ length: 7 }, (_, i) => 1 + i / 10),
      },
      units: {
        bias: Float64Array.from({ length: 7 }, (_, i) => i / 10),
        gain: Float64Array.from({ length: 7 }, (_, i) => 1 + i / 20),
      },
      synapses: {
        recurrent: [
          Float32Array.from({ length: 16 }, (_, k) => 0.5 + k / 8),
          Float32Array.from({ length: 9 }, (_, k) => 2 - k / 8),
        ],
        between: [Float32Array.from({ length: 12 }, (_, k) => 1 + k / 4)],
      },
    },
  });
}

Deno.test("calibrationOf(parametersOf()) is the same network", () => {
  const spiking = calibrated();
  const parameters = parametersOf(spiking);
  const again = {
    ...spiking,
    calibration: calibrationOf(spiking, parameters, true),
  };
  const [a, b] = [spiking, again].map(prepareNetwork);
  for (const part of ["weights", "readout", "bias", "inputGain"] as const) {
    a[part].forEach((value, k) =>
      assert.ok(Math.abs(b[part][k] - value) <= 1e-6 * Math.abs(value), part)
    );
  }
  assert.equal(b.offset, a.offset);
  // Every synapse of the network is in the list, at its two units.
  const { first, pre, post, original, gains } = parameters.synapses;
  const listed = new Float64Array(49);
  post.forEach((unit, k) => {
    assert.ok(first[pre[k]] <= k && k < first[pre[k] + 1]);
    listed[7 * pre[k] + unit] = Math.sign(original[k] * gains[k]);
  });
  assert.deepEqual(listed, a.weights.map(Math.sign).map((s) => s + 0));
});

Deno.test("BiasOptimiser goes downhill, no further than 10 mV", () => {
  const bias = Float64Array.of(0, 0, 9.9, -9.9);
  const optimiser = new BiasOptimiser(bias);
  const gradient = Float64Array.of(1e-3, 0, -2, 5);
  for (let k = 0; k < 5; k++) optimiser.update(gradient, 0.1);
  assert.ok(Math.abs(bias[0] + 0.5) < 1e-3, `${bias[0]}`);
  assert.deepEqual(bias.slice(1), Float64Array.of(0, 10, -10));
});

Deno.test("WeightOptimiser never turns a sign, and goes downhill", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.tuple(
          fc.double({ min: -3, max: 3, noNaN: true }).filter((w) =>
            Math.abs(w) > 1e-6
          ),
          fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        ),
        { minLength: 1, maxLength: 10 },
      ),
      fc.integer({ min: 1, max: 60 }),
      (pairs, updates) => {
        const original = Float64Array.from(pairs, ([w]) => w);
        const gradient = Float64Array.from(pairs, ([, g]) => g);
        const gains = new Float64Array(original.length).fill(1);
        const optimiser = new WeightOptimiser({ original, gains });
        for (let k = 0; k < updates; k++) optimiser.update(gradient, 0.1);
        gains.forEach((gain, k) => {
          assert.ok(gain >= 1e-3 && Number.isFinite(gain));
          const moved = original[k] * gain - original[k];
          assert.ok(moved * gradient[k] <= 0);
        });
      },
    ),
  );
});

Deno.test("batchGradient() by the readout is what differences give, and SIMD what the reference does", async () => {
  const network = networkOf([layerOf(6, 2)]);
  network.layers[0].weights.forEach((_, k, all) => all[k] *= 10);
  const spiking = convert(network, { scalingFactor: 20 });
  const backend = await openBackend();
  const reference = await openBackend({ name: "reference" });
  const curve = await transferCurve(spiking, { seed: 1, backend });
  const batches = prepareBatches(spiking, task, curve);
  assert.ok(Math.abs(batches.coarse.dt - 0.25) < 1e-12);
  assert.equal(batches.stepsPerInterval, 20);
  const parameters = parametersOf(spiking);
  const options = { trials: 3, seed: 5, backend, all: true };
  const found = await batchGradient(batches, parameters, options);
  const near = (a: number, b: number, what: string) =>
    assert.ok(Math.abs(a - b) <= 1e-4 * (1 + Math.abs(b)), `${what} ${a} ${b}`);
  const { original: weights, gains } = parameters.readout;
  for (let k = 0; k < weights.length; k++) {
    const at = async (by: number) => {
      const moved = gains.slice();
      moved[k] += by / weights[k];
      const readout = { ...parameters.readout, gains: moved };
      return (await batchGradient(batches, { ...parameters, readout }, options))
        .loss;
    };
    near(
      found.readout[k],
      (await at(1e-4) - await at(-1e-4)) / 2e-4,
      `readout ${k}:`,
    );
  }
  const plain = await batchGradient(batches, parameters, {
    ...options,
    backend: reference,
  });
  near(plain.loss, found.loss, "loss");
  const largest = Math.max(...plain.synapses.map(Math.abs));
  assert.ok(largest > 0);
  plain.synapses.forEach((g, k) =>
    near(found.synapses[k] / largest, g / largest, `synapse ${k}:`)
  );
  const most = Math.max(...plain.bias.map(Math.abs));
  assert.ok(most > 0);
  plain.bias.forEach((g, unit) =>
    near(found.bias[unit] / most, g / most, `bias ${unit}:`)
  );
  backend.close();
  reference.close();
});

Deno.test("tuneWeights() makes a network right that its factor does not, with its signs", async () => {
  const backend = await openBackend();
  const gonogo = goNogo();
  const twin = convert(original, { scalingFactor: 35 });
  const options = {
    ...tuneDefaults,
    seed: 1,
    updates: 20,
    batch: 8,
    trials: 16,
    learningRate: 0.1,
    backend,
  };
  const calibration = await tuneWeights(twin, gonogo, options);
  const tuned = { ...twin, calibration };
  const score = (network: SpikingNetwork) =>
    evaluateSpiking(network, gonogo, {
      seed: 9,
      trials: 30,
      balanced: true,
      backend,
    });
  const [before, after] = [await score(twin), await score(tuned)];
  assert.ok(before.strict.value < 0.6, `before ${before.strict.value}`);
  assert.ok(after.strict.value > 0.8, `after ${after.strict.value}`);
  assert.ok(after.outputError < 0.5 * before.outputError);
  const [a, b] = [twin, tuned].map(prepareNetwork);
  assert.deepEqual(b.weights.map(Math.sign), a.weights.map(Math.sign));
  assert.deepEqual(b.readout.map(Math.sign), a.readout.map(Math.sign));
  assert.ok(a.weights.some((w, k) => Math.abs(b.weights[k] / w - 1) > 0.05));
  assert.equal(tuned.rate, twin.rate, "the rate network is as it was");
  const alone = await tuneWeights(twin, gonogo, {
    ...options,
    updates: 2,
    weights: "readout",
  });
  assert.equal(alone.synapses, undefined);
  assert.deepEqual(
    await tuneWeights(twin, gonogo, { ...options, updates: 2 }),
    await tuneWeights(twin, gonogo, { ...options, updates: 2 }),
    "the same seed, the same result",
  );
  backend.close();
});

Deno.test("calibrate() tunes from the factor alone too, where what was kept does not do", async () => {
  const backend = await openBackend();
  const twin = convert(original, { scalingFactor: 65 });
  for (const steps of [["readout", "tune"], ["tune"]] as const) {
    let updates = 0;
    const events = calibrate(twin, goNogo(), {
      seed: 1,
      steps,
      trials: 8,
      validation: 10,
      tune: { updates: 1, batch: 2, learningRate: 1e-6 },
      onUpdate: () => updates++,
      backend,
    });
    let next = await events.next();
    while (!next.done) next = await events.next();
    const { outcomes } = next.value;
    assert.ok(outcomes.at(-1)!.after.strict.value < 0.95);
    assert.equal(
      outcomes[0].step === "readout" && outcomes[0].kept,
      steps.length > 1,
    );
    assert.equal(updates, steps.length, `updates of ${steps.join(", ")}`);
  }
  backend.close();
});

Deno.test("tuneWeights() leaves a network alone that is always right", async () => {
  const backend = await openBackend();
  const gonogo = goNogo();
  // Without a Go trial, and without weights, silence is right.
  const silent = {
    ...gonogo,
    conditions: ["nogo"],
    trial: () => gonogo.trial(randomStream(1), "nogo"),
  };
  const still = convert(original, { scalingFactor: 1e6 });
  let updates = 0;
  const calibration = await tuneWeights(still, silent, {
    ...tuneDefaults,
    seed: 1,
    trials: 1,
    backend,
    onUpdate: () => updates++,
  });
  assert.equal(updates, 0);
  assert.ok(calibration.synapses!.recurrent[0].every((gain) => gain === 1));
  backend.close();
});

Deno.test("calibrate() tunes on top of what was kept, and refuses settings", async () => {
  const network = networkOf([layerOf(4, 2)]);
  const spiking = convert(network, { scalingFactor: 20 });
  const backend = await openBackend();
  const options = {
    seed: 1,
    steps: ["readout", "tune"] as const,
    trials: 4,
    validation: 4,
    backend,
  };
  const tune = { updates: 3, batch: 2 };
  const events = calibrate(spiking, task, { ...options, tune });
  let next = await events.next();
  while (!next.done) next = await events.next();
  assert.deepEqual(
    next.value.outcomes.map(({ step }) => step),
    ["readout", "tune"],
  );
  assert.equal(next.value.settings.tuneUpdates, 3);
  assert.equal(next.value.settings.tuneSynapses, 1);
  for (
    const [wrong, what] of [
      [{ updates: 0 }, /updates is 0/],
      [{ batch: 1.5 }, /batch is 1.5/],
      [{ learningRate: 0 }, /learning rate of 0/],
      [{ weights: "none" as "all" }, /allowed are all, readout/],
    ] as const
  ) {
    await assert.rejects(
      calibrate(spiking, task, { ...options, tune: wrong }).next(),
      (error) => error instanceof RangeError && what.test(error.message),
    );
  }
  backend.close();
});

Deno.test("a model file keeps gains of synapses, and refuses wrong ones", () => {
  const { rate, calibration } = calibrated();
  const { search } = fullModel([3]);
  const model = {
    network: rate,
    search: {
      ...search!,
      calibration: {
        factor: [20, 50],
        calibration: calibration!,
        outcomes: [],
        settings: { seed: 1 },
      },
    },
  };
  const bytes = encodeModel(model);
  const read = decodeModel(bytes);
  assert.deepEqual(
    read.search?.calibration?.calibration.synapses,
    calibration!.synapses,
  );
  assert.deepEqual(encodeModel(read), bytes);
  const with_ = (field: string, value: Parameters<typeof fromRowMajor>) => {
    const fields = new Map(decodeMat(bytes));
    fields.set(field, fromRowMajor(...value));
    return () => decodeModel(encodeMat(fields));
  };
  const field = "spikernn_synapse_gain_inter_0_1";
  assert.throws(with_(field, [new Float32Array(12), 3, 4]), /gains above 0/);
  assert.throws(with_(field, [new Float32Array(9).fill(1), 3, 3]), /3x4/);
  // Another program has searched since: its result counts, without the gains.
  const searched = with_("opt_scaling_factor", [Float64Array.of(7), 1, 1])();
  assert.equal(searched.search?.calibration, undefined);
  assert.equal(searched.extra, undefined);
});

Deno.test("convert() refuses gains of synapses that are not the network's", () => {
  const { rate, calibration } = calibrated();
  const { recurrent, between } = calibration!.synapses!;
  const with_ = (synapses: object) => () =>
    convert(rate, {
      scalingFactor: 50,
      calibration: { synapses: { recurrent, between, ...synapses } },
    });
  with_({})();
  assert.throws(with_({ recurrent: [] }), /0 layers.*needed are 2 and 1/);
  assert.throws(with_({ between: [recurrent[0]] }), TypeError);
  const negative = between[0].map((gain, k) => k === 3 ? -1 : gain);
  assert.throws(with_({ between: [negative] }), /gain of -1/);
});
