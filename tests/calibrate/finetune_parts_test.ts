/** What fine-tuning is made of: its loss, its parameters, the gradient of a batch. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { prepareNetwork } from "../../lib/backend/spiking_network.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { batchGradient } from "../../lib/calibrate/finetune_batch.ts";
import {
  drawBatch,
  prepareBatches,
} from "../../lib/calibrate/finetune_draw.ts";
import { guideLoss, guidesOf } from "../../lib/calibrate/finetune_guide.ts";
import {
  lossSteps,
  lossWeights,
  outputLoss,
} from "../../lib/calibrate/finetune_loss.ts";
import {
  BiasOptimiser,
  calibrationOf,
  parametersOf,
  WeightOptimiser,
} from "../../lib/calibrate/finetune_parameters.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { synapseModel } from "../../lib/spiking/neurons.ts";
import { batchesFrom } from "../../lib/calibrate/finetune_turns.ts";
import { transferCurve } from "../../lib/map/transfer.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { task } from "../simulate/spiking_fakes.ts";
import { calibratedNetwork, layerOf, networkOf } from "../simulate/networks.ts";

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

Deno.test("guideLoss() has the gradient that differences give, and none without a rate", () => {
  const [units, intervals, columns] = [3, 8, 5];
  const random = randomStream(3);
  const draw = (length: number, row: number) =>
    Float64Array.from({ length }, (_, k) => random.uniform(k, row, 0));
  const rates = draw(units * intervals, 0).map((r) => 40 * r);
  const guide = {
    rates: draw(units * columns, 1),
    columns,
    factors: Float64Array.of(20, 30, 40),
  };
  const of = (values: Float64Array) =>
    guideLoss(values, guide, (k) => Math.floor((k + 1) / 2));
  const { loss, byRates } = of(rates);
  assert.ok(loss > 0.1);
  rates.forEach((_, at) => {
    const moved = (by: number) =>
      of(rates.map((r, i) => i === at ? r + by : r)).loss;
    const difference = (moved(1e-3) - moved(-1e-3)) / 2e-3;
    const found =
      byRates[(at % intervals) * units + Math.floor(at / intervals)];
    assert.ok(
      Math.abs(found - difference) < 1e-7,
      `${at} ${found} ${difference}`,
    );
  });
  const still = { ...guide, rates: new Float64Array(units * columns) };
  assert.equal(guideLoss(rates, still, () => 0).loss, 0);
  // As the guide has it: nothing to lose.
  const right = Float64Array.from(rates, (_, at) => {
    const unit = Math.floor(at / intervals);
    const column = Math.min(columns - 1, Math.floor((at % intervals + 1) / 2));
    return guide.factors[unit] * guide.rates[unit * columns + column];
  });
  assert.ok(of(right).loss < 1e-20);
});

Deno.test("guidesOf() are the rate network's trials, of the stimuli that its twin gets", async () => {
  const spiking = convert(networkOf([layerOf(6, 2)]), { scalingFactor: 20 });
  const backend = await openBackend();
  const options = { trials: 4, seed: 8, backend };
  const guides = await guidesOf(spiking, task, options);
  const runs = await simulate(spiking, { task, trials: 4 }, options);
  const rateRuns = await simulateRate(
    spiking.rate,
    runs.map((run) => ({
      inputs: run.trial!.inputs,
      columns: task.steps,
    })),
    { seed: 99, noiseScale: 0, record: { rates: true }, backend },
  );
  guides.forEach(({ rates, columns, factors }, k) => {
    assert.deepEqual(rates, rateRuns[k].trace.rates);
    assert.equal(columns, task.steps);
    assert.deepEqual(Array.from(factors), Array(6).fill(20));
  });
  backend.close();
});

Deno.test("calibrationOf(parametersOf()) is the same network", () => {
  const spiking = calibratedNetwork();
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
  const batches = prepareBatches(spiking, task, [{ noise: 1, curve }]);
  assert.ok(Math.abs(batches.network.dt - 0.25) < 1e-12);
  assert.equal(batches.stepsPerInterval, 20);
  const parameters = parametersOf(spiking);
  const options = { trials: 3, seed: 5, backend, all: true, guide: 0.3 };
  const found = await batchGradient(batches, parameters, options);
  const near = (a: number, b: number, what: string, by = 1e-4) =>
    assert.ok(Math.abs(a - b) <= by * (1 + Math.abs(b)), `${what} ${a} ${b}`);
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
  // The guide adds its own gradient to that of the outputs, and none to the readout.
  const guided = (guide: number) =>
    batchGradient(batches, parameters, { ...options, guide });
  const [without, twice] = [await guided(0), await guided(0.6)];
  assert.deepEqual(found.readout, without.readout);
  const share = found.synapses.map((g, k) => g - without.synapses[k]);
  const most = Math.max(...share.map(Math.abs));
  assert.ok(most > 0);
  share.forEach((g, k) =>
    near(
      (twice.synapses[k] - without.synapses[k]) / most,
      2 * g / most,
      `guide of synapse ${k}:`,
      // Differences of numbers in single precision.
      1e-3,
    )
  );
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
  const strongest = Math.max(...plain.bias.map(Math.abs));
  assert.ok(strongest > 0);
  plain.bias.forEach((g, unit) =>
    near(found.bias[unit] / strongest, g / strongest, `bias ${unit}:`)
  );
  backend.close();
  reference.close();
});

Deno.test("batchGradient() is in the kernel what it is from traces, for layers and calibrations, on any number of workers", async () => {
  const backends = await Promise.all(
    [1, 2, 3].map((workers) => openBackend({ workers })),
  );
  const [one] = backends;
  // Without gradients of its own a backend's traces are taken apart.
  const apart = { ...one, tuningGradient: undefined };
  delete apart.tuningGradient;
  for (const synapse of ["double", "single", "alpha"] as const) {
    const spiking = {
      ...calibratedNetwork(),
      synapse: synapseModel(synapse),
    };
    const curves = [];
    for (const noise of [0.5, 1]) {
      const options = { seed: 1, noiseScale: noise, backend: one };
      curves.push({ noise, curve: await transferCurve(spiking, options) });
    }
    const batches = prepareBatches(spiking, task, curves);
    const parameters = parametersOf(spiking);
    // Eleven trials: one worker has a job of eight, which are two groups, and one
    // of three.
    const options = { trials: 11, seed: 5, all: true, guide: 0.3 };
    const gradient = (backend: typeof one) =>
      batchGradient(batches, parameters, { ...options, backend });
    const [found, ...others] = await Promise.all(backends.map(gradient));
    for (const other of others) assert.deepEqual(other, found);
    const traces = await gradient(apart);
    const near = (a: Float64Array, b: Float64Array, what: string) => {
      const most = Math.max(...b.map(Math.abs));
      assert.ok(most > 0, what);
      b.forEach((value, k) =>
        assert.ok(
          Math.abs(a[k] - value) <= 1e-4 * most,
          `${synapse}, ${what} ${k}: ${a[k]} and ${value}`,
        )
      );
    };
    for (const part of ["synapses", "readout", "bias"] as const) {
      near(found[part], traces[part], part);
    }
    const single = (of: typeof found) => Float64Array.of(of.loss, of.offset);
    near(single(found), single(traces), "loss and offset");
  }
  for (const backend of backends) backend.close();
});

Deno.test("drawBatch() draws what batchGradient() would, before its parameters are known", async () => {
  const spiking = convert(networkOf([layerOf(6, 2)]), { scalingFactor: 20 });
  const backend = await openBackend();
  const curve = await transferCurve(spiking, { seed: 1, backend });
  const curves = [0.5, 1].map((noise) => ({ noise, curve }));
  const batches = prepareBatches(spiking, task, curves);
  const options = { trials: 5, seed: 5, backend, all: true, guide: 0.3 };
  const gradient = (...drawn: Parameters<typeof batchGradient>[3][]) =>
    batchGradient(batches, parametersOf(spiking), options, ...drawn);
  const drawn = await drawBatch(batches, options);
  assert.equal(drawn?.length, 5);
  const found = await gradient();
  assert.deepEqual(await gradient(drawn), found);
  const others = await drawBatch(batches, { ...options, seed: 6 });
  assert.notDeepEqual(await gradient(others), found, "another batch");
  // Trials that are recorded, for a gradient apart, are drawn as they run.
  const readout = { ...options, all: false };
  assert.equal(await drawBatch(batches, readout), undefined);
  backend.close();
});

Deno.test("batchGradient() takes the slopes at the noise that a trial has", async () => {
  const spiking = convert(networkOf([layerOf(6, 2)]), { scalingFactor: 20 });
  const backend = await openBackend();
  const curve = await transferCurve(spiking, { seed: 1, backend });
  const flat = { ...curve, rates: curve.rates.map(() => 0) };
  // Two trials, one of each condition, are both of the first strength.
  const options = { trials: 2, seed: 5, backend, all: true, guide: 0.3 };
  const gradient = (...curves: (typeof curve)[]) =>
    batchGradient(
      prepareBatches(
        spiking,
        task,
        curves.map((curve) => ({ noise: 1, curve })),
      ),
      parametersOf(spiking),
      options,
    );
  const found = await gradient(curve, flat);
  assert.deepEqual(found, await gradient(curve));
  assert.notDeepEqual(found.bias, (await gradient(flat, curve)).bias);
  backend.close();
});

Deno.test("batchesFrom() gives every condition every strength of the noise, however few trials a batch has", async () => {
  const spiking = convert(networkOf([layerOf(6, 2)]), { scalingFactor: 20 });
  const backend = await openBackend();
  const curve = await transferCurve(spiking, { seed: 1, backend });
  backend.close();
  const curves = [0.5, 1, 2].map((noise) => ({ noise, curve }));
  const batches = prepareBatches(spiking, task, curves);
  const { noiseScales } = batches;
  // Two conditions: a batch of four trials has two rounds of them.
  const first = [1, 2, 3, 4].map((number) => {
    const own = batchesFrom(batches, number, 4);
    assert.deepEqual(own.noiseScales.toSorted(), noiseScales.toSorted());
    assert.equal(
      own.slopes[0],
      batches.slopes[noiseScales.indexOf(own.noiseScales[0])],
    );
    return own.noiseScales[0];
  });
  assert.deepEqual(first, [0, 2, 1, 0].map((k) => noiseScales[k]));
  // All of them are in each batch: nothing is to be turned.
  assert.equal(batchesFrom(batches, 5, 6), batches);
});
