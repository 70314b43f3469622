/** Calibration: cases whose answer is known, and a network that has learned its task. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { openBackend } from "../../lib/backend/open.ts";
import type { Backend } from "../../lib/backend/types.ts";
import { decodeModel, encodeModel } from "../../lib/formats/model_file.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import type { Calibration } from "../../lib/network/spiking.ts";
import { calibrate } from "../../lib/calibrate/calibrate.ts";
import {
  fitReadout,
  fitReadoutUnits,
} from "../../lib/calibrate/calibrate_readout.ts";
import { fitUnits } from "../../lib/calibrate/calibrate_units.ts";
import type { CalibrationRecord } from "../../lib/network/records.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { LeastSquares } from "../../lib/calibrate/least_squares.ts";
import { mappedNetwork } from "../../lib/spiking/mapped.ts";
import {
  firingRate,
  inputFor,
  rateAt,
  transferCurve,
} from "../../lib/map/transfer.ts";
import { goNogo } from "../../lib/tasks/go_nogo.ts";
import { fullModel } from "../formats/samples.ts";
import { fakeBackend, task } from "../simulate/spiking_fakes.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

async function withBackend(run: (backend: Backend) => Promise<void>) {
  const backend = await openBackend();
  try {
    await run(backend);
  } finally {
    backend.close();
  }
}

/** The record that a calibration returns, and what it yields. */
async function finish(events: ReturnType<typeof calibrate>) {
  const seen = [];
  let last: CalibrationRecord | undefined;
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    assert.equal(last, undefined, "the record comes last");
    if (next.value.kind === "calibration") last = next.value.record;
    else seen.push(next.value);
  }
  assert.equal(last, next.value, "for await gives the record too");
  return { record: next.value, seen };
}

function near(found: number, expected: number, tolerance: number, what = "") {
  assert.ok(
    Math.abs(found - expected) <= tolerance,
    `${what} ${found}, expected ${expected} within ${tolerance}`,
  );
}

Deno.test("LeastSquares finds the coefficients that made the samples", () => {
  const fit = new LeastSquares(3);
  for (let k = 0; k < 9; k++) {
    const [a, b] = [k % 3, (k * k) % 5];
    // The second pass over a sample pulls the other way with no weight.
    fit.add([a, b, 1], 2 * a - 0.5 * b + 3);
    fit.add([a, b, 1], 100, 0);
  }
  const found = fit.solve()!;
  [2, -0.5, 3].forEach((value, i) => near(found[i], value, 1e-12));
});

Deno.test("LeastSquares has no answer where the samples do not say", () => {
  const fit = new LeastSquares(2);
  assert.equal(fit.solve(), undefined);
  for (let k = 1; k < 5; k++) fit.add([k, 2 * k], k);
  assert.equal(fit.solve(), undefined);
});

const network = networkOf([layerOf(4, 2)]);
const spiking = convert(network, { scalingFactor: 2 });

/** Filtered spike trains that differ between units, steps and trials. */
const rateOf = (go: boolean, unit: number, step: number) =>
  5 + unit + (go ? 3 * unit : 1) * Math.sin(0.3 * step * (unit + 1));

/** A backend whose rate network gives a weighting of the spiking activity. */
function weighted(gains: readonly number[], offset: number) {
  const isGo = (inputs: ArrayLike<number>) =>
    Array.from(inputs).some((u) => u > 0);
  return fakeBackend((_, trial) => ({
    output: 0,
    rate: (unit, step) => rateOf(isGo(trial.inputs), unit, step / 100),
  }), {
    // Output k is at step k + 1, beside sample k.
    output: (trial, step) =>
      gains.reduce(
        (sum, gain, unit) =>
          sum +
          gain * (unit + 1) / 2 * rateOf(isGo(trial.inputs), unit, step - 1),
        offset,
      ),
  });
}

Deno.test("fitReadout() finds the gains of E and I, and the offset", async () => {
  const backend = weighted([2, 2, 0.5, 0.5], 0.3);
  const found = await fitReadout(spiking, task, {
    seed: 1,
    trials: 6,
    backend,
  });
  near(found.gainExcitatory, 2, 1e-4);
  near(found.gainInhibitory, 0.5, 1e-4);
  near(found.offset, 0.3, 1e-3);
});

Deno.test("fitReadout() never turns a sign", async () => {
  const backend = weighted([2, 2, -0.5, -0.5], 0);
  const options = { seed: 1, trials: 6, backend };
  const found = await fitReadout(spiking, task, options);
  assert.equal(found.gainExcitatory, found.gainInhibitory);
  assert.ok(found.gainExcitatory > 0);
  const against = weighted([-1, -1, -1, -1], 0.2);
  assert.deepEqual(
    await fitReadout(spiking, task, { ...options, backend: against }),
    { gainExcitatory: 1, gainInhibitory: 1, offset: 0 },
  );
  const units = await fitReadoutUnits(spiking, task, options);
  assert.ok(units.units!.every((gain) => gain > 0));
});

Deno.test("fitReadoutUnits() leaves gains that are right, and moves others", async () => {
  const options = { seed: 1, trials: 6 };
  const right = await fitReadoutUnits(spiking, task, {
    ...options,
    backend: weighted([1, 1, 1, 1], 0),
  });
  right.units!.forEach((gain) => near(gain, 1, 1e-3));
  const moved = await fitReadoutUnits(spiking, task, {
    ...options,
    backend: weighted([1, 1, 1, 1.5], 0),
  });
  near(moved.units![3], 1.5, 0.2);
  assert.ok(moved.units![3] > Math.max(...moved.units!.slice(0, 3)));
});

Deno.test("transferCurve() without noise is the LIF's equation", () =>
  withBackend(async (backend) => {
    const curve = await transferCurve(spiking, {
      seed: 1,
      backend,
      noiseScale: 0,
    });
    const { tauMembrane, refractory, reset, peak, bias } = spiking.neuron;
    for (const input of [1, 4, 10, 20]) {
      const I = bias + input;
      const ms = refractory +
        tauMembrane * Math.log((I - reset) / (I - peak));
      // Steps of 0.05 ms, and a spike more or less over 6 s.
      near(
        firingRate(curve, input),
        1000 / ms,
        0.02 * 1000 / ms,
        `${input} mV`,
      );
      near(inputFor(curve, firingRate(curve, input)), input, 0.3);
    }
    assert.equal(firingRate(curve, -1), 0);
    // Any current below the peak gives silence: the one next to it is taken.
    near(inputFor(curve, 0), 0, 0.3);
  }));

Deno.test("rateAt() is each activation", () => {
  assert.equal(rateAt("sigmoid", 0), 0.5);
  near(rateAt("softplus", 0), Math.LN2, 1e-15);
  assert.equal(rateAt("softplus", 1000), 20);
  assert.equal(rateAt("clipped_relu", -3), 0);
  assert.equal(rateAt("clipped_relu", 3), 3);
  assert.equal(rateAt("clipped_relu", 30), 20);
});

Deno.test("fitUnits() makes unconnected units fire as the sigmoid says", () =>
  withBackend(async (backend) => {
    const size = 5;
    const drives = Float32Array.of(-3, -1, 0, 1, 3);
    const alone = networkOf(
      [{
        ...layerOf(size),
        weights: new Float32Array(size * size),
      }],
      1,
      { inputs: [{ from: "input", to: 0, weights: drives }] },
    );
    const constant = {
      ...task,
      trial: () => ({
        ...task.trial({} as never, "go"),
        inputs: new Float32Array(20).fill(1),
      }),
    };
    const twin = convert(alone, { scalingFactor: 50 });
    const units = await fitUnits(twin, constant, {
      seed: 1,
      trials: 10,
      iterations: 0,
      backend,
    });
    const curve = await transferCurve(twin, { seed: 2, backend });
    let wrong = 0;
    drives.forEach((drive, unit) => {
      const wanted = 50 * rateAt("sigmoid", drive);
      const before = firingRate(curve, drive);
      const after = firingRate(curve, drive + units.bias[unit]);
      // The rate unit's own noise blurs its state: not exactly the wanted rate.
      near(after, wanted, 2 + 0.1 * wanted, `unit ${unit}, before ${before}:`);
      if (Math.abs(before - wanted) > 2) wrong++;
      near(units.gain[unit], 1, 0.5);
    });
    assert.ok(wrong >= 2, "without biases some are wrong");
  }));

const small = decodeModel(
  readFileSync(new URL("../data/gonogo_small.mat", import.meta.url)),
).network;

Deno.test("calibrate() makes an output that is too large right, and says so", () =>
  withBackend(async (backend) => {
    // Five times the usual step takes a fifth of the time.
    const twin = convert(small, { scalingFactor: 30, downsample: 5 });
    const gonogo = goNogo({ T: 130 });
    const options = {
      seed: 3,
      steps: ["readout", "weights"],
      trials: 10,
      validation: 20,
      backend,
    } as const;
    const { record, seen } = await finish(calibrate(twin, gonogo, options));
    const [readout, weights] = record.outcomes;
    assert.deepEqual(record.outcomes.map(({ step }) => step), options.steps);
    assert.ok(readout.before.strict.value < 0.6, "Go outputs are twice 1");
    assert.ok(readout.kept && readout.after.strict.value > 0.8);
    assert.ok(readout.after.outputError < 0.5 * readout.before.outputError);
    assert.deepEqual(seen.map(({ kind }) => kind), [
      "calibrated",
      "calibrated",
    ]);
    assert.deepEqual(weights.before, readout.after, "each step by itself");
    assert.equal(record.factor, 30);
    const again = await finish(calibrate(twin, gonogo, options));
    assert.deepEqual(again.record, record, "the same seed, the same result");

    const model = {
      network: small,
      search: {
        ...fullModel([3]).search!,
        chosen: 30,
        factors: [30],
        scores: [readout.before],
        settings: { stepMs: 5, dt: 0.25 },
        calibration: record,
      },
    };
    const read = decodeModel(encodeModel(model));
    assert.deepEqual(read.search?.calibration, record);
    // The network of the file is the calibrated one: the same scores.
    const seed = 9;
    const evaluated = { seed, trials: 6, balanced: true, backend };
    assert.deepEqual(
      await evaluateSpiking(mappedNetwork(read), gonogo, evaluated),
      await evaluateSpiking(
        { ...twin, calibration: record.calibration },
        gonogo,
        evaluated,
      ),
    );
  }));

Deno.test("calibrate() leaves out what does not help", async () => {
  // Perfect as it is; any readout makes no difference to a fake's output.
  const backend = fakeBackend((_, trial) => ({
    output: trial.inputs.some((u) => u > 0) ? 1 : 0,
  }));
  const { record } = await finish(calibrate(spiking, task, {
    seed: 1,
    trials: 4,
    validation: 4,
    steps: ["readout"],
    force: true,
    backend,
  }));
  assert.deepEqual(record.calibration, {});
  assert.deepEqual(record.outcomes.map(({ kept }) => kept), [false]);
});

Deno.test("calibrate() fits and validates on different trials", async () => {
  const backend = fakeBackend(() => ({ output: 0 }));
  await finish(calibrate(spiking, task, {
    seed: 1,
    trials: 4,
    validation: 4,
    steps: ["readout"],
    force: true,
    backend,
  }));
  // Activity is recorded, sample by sample, on trials of the correspondence.
  const keys = backend.calls.filter(({ trials }) => trials.length === 4)
    .map(({ record, trials }) =>
      `${record.rates ? "fit" : "validation"} ${trials[0].noise.key}`
    );
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 2);
  assert.equal(new Set(keys.map((key) => key.split(" ")[1])).size, 2);
});

Deno.test("calibrate() refuses what it cannot do", async () => {
  const backend = fakeBackend(() => ({ output: 0 }));
  const refused = (options: object, what: RegExp, network = spiking) =>
    assert.rejects(
      finish(
        calibrate(network, task, { seed: 1, backend, force: true, ...options }),
      ),
      (error) => error instanceof RangeError && what.test(error.message),
    );
  await refused({ steps: [] }, /allowed are readout, units, weights/);
  await refused({ steps: ["readout", "readout"] }, /each once/);
  await refused({ steps: ["magic"] }, /magic/);
  await refused({ trials: 0 }, /trials is 0/);
  await refused({ iterations: -1 }, /iterations is -1/);
});

Deno.test("convert() refuses a calibration of other units or signs", () => {
  const with_ = (calibration: Calibration) => () =>
    convert(network, { scalingFactor: 50, calibration });
  const bias = new Float64Array(4);
  const gain = new Float64Array(4).fill(1);
  with_({ units: { bias, gain } })();
  assert.throws(with_({ units: { bias: bias.slice(1), gain } }), TypeError);
  assert.throws(with_({ units: { bias, gain: bias } }), /gain of 0/);
  const readout = { gainExcitatory: 1, gainInhibitory: 1, offset: 0 };
  assert.throws(
    with_({ readout: { ...readout, gainInhibitory: -1 } }),
    /gain of -1/,
  );
  assert.throws(with_({ readout: { ...readout, offset: NaN } }), RangeError);
  assert.throws(with_({ readout: { ...readout, units: bias } }), RangeError);
});

Deno.test("decodeModel() leaves a calibration out that turns a sign, and says so", () => {
  const model = fullModel([3]);
  const score = model.search!.scores[0];
  const calibration: CalibrationRecord = {
    factor: 25,
    calibration: {
      readout: { gainExcitatory: -1, gainInhibitory: 1, offset: 0 },
    },
    outcomes: [{ step: "readout", before: score, after: score, kept: true }],
    settings: { seed: 1 },
  };
  const bytes = encodeModel({
    ...model,
    search: { ...model.search!, calibration },
  });
  const { search, remarks = [] } = decodeModel(bytes);
  assert.equal(search?.calibration, undefined);
  assert.match(remarks.join("\n"), /gainExcitatory/);
});
