/** The factor that transfer functions predict, and a search that begins there. */
import assert from "node:assert/strict";
import { around, predictFactor } from "../../lib/map/predict.ts";
import { convert } from "../../lib/spiking/convert.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { graded, search } from "../simulate/searching.ts";
import { task as fake } from "../simulate/spiking_fakes.ts";

const grid = [25, 30, 40, 50, 60, 80, 110, 120, 130];

/** Units without synapses that an input of 1 drives by so many mV. */
function driven(drives: readonly number[]): RateNetwork {
  const size = drives.length;
  return {
    activation: "sigmoid",
    dale: false,
    taus: [4],
    layers: [{
      size,
      inhibitory: new Uint8Array(size),
      sstCount: 0,
      weights: new Float32Array(size * size),
      mask: new Uint8Array(size * size),
      tausGaus: new Float32Array(size),
    }],
    inputs: [{ from: "input", to: 0, weights: Float32Array.from(drives) }],
    between: [],
    readout: { from: [0], weights: [new Float32Array(size)], bias: 0 },
  };
}

/** An input of 1 throughout: states end at the drive. */
const steady = {
  ...fake,
  steps: 400,
  conditions: ["go"],
  trial: () => ({
    condition: "go",
    inputs: new Float32Array(400).fill(1),
    target: new Float32Array(400),
    expects: { within: 0.3 },
  }),
};

Deno.test("predictFactor() is the firing rate over the unit's rate: one unit, and the fit to two", async () => {
  // A leaky unit with its bias at the peak, so many mV above it: 1/ν is the
  // refractory time and the way from -65 to -40 mV.
  const hertz = (x: number) => 1000 / (2 + 10 * Math.log((x + 25) / x));
  const rate = (x: number) => 1 / (1 + Math.exp(-x));
  for (const drives of [[6], [12], [6, 12]]) {
    const spiking = convert(driven(drives), { scalingFactor: 50 });
    const found = await predictFactor(spiking, steady, { seed: 1 });
    const sum = (of: (x: number) => number) =>
      drives.reduce((total, x) => total + of(x), 0);
    const wanted = sum((x) => hertz(x) * rate(x)) / sum((x) => rate(x) ** 2);
    assert.ok(Math.abs(found / wanted - 1) < 0.04, `${found}, ${wanted}`);
  }
});

Deno.test("around() takes the nearest factor and two to each side, within the grid", () => {
  assert.deepEqual(around(grid, 52), [1, 5]);
  assert.deepEqual(around(grid, 1), [0, 2]);
  assert.deepEqual(around(grid, 1000), [6, 8]);
  assert.deepEqual(around([45], 20), [0, 0]);
  assert.deepEqual(around(grid, NaN), [0, 8]);
});

Deno.test("a search from a prediction finds what the whole grid gives, and tries no factor beyond", async () => {
  const whole = await search({ backend: graded(), factors: grid });
  for (const predict of [30, 50, 80]) {
    const { record, events } = await search({
      ...{ backend: graded(), factors: grid, predict },
    });
    assert.equal(record.chosen, whole.record.chosen);
    assert.deepEqual(record.plateau, whole.record.plateau);
    assert.equal(record.settings.predict, predict);
    // Right from 34 to 100: one factor beyond the plateau is tried, or those
    // that it began with.
    assert.ok(!record.factors.includes(130), `${record.factors}`);
    assert.deepEqual(
      record.factors,
      grid.filter((factor) => record.factors.includes(factor)),
    );
    for (const event of events) {
      if (event.kind === "factor") assert.ok(event.done <= event.total);
    }
  }
});

Deno.test("from a prediction too far up, the paper's rule goes down to the first of equals", async () => {
  const options = { factors: grid, select: "paper" as const };
  const whole = await search({ ...options, backend: graded() });
  const { record } = await search({
    ...{ ...options, backend: graded(), predict: 80 },
  });
  assert.equal(record.chosen, whole.record.chosen);
  assert.equal(record.chosen, 25);
});

Deno.test("a factor that fails at the edge does not end a search from a prediction", async () => {
  const { record } = await search({
    ...{ backend: graded([40, 50]), factors: grid, predict: 25 },
  });
  assert.equal(record.chosen, 60);
  assert.deepEqual(record.failures?.map(({ factor }) => factor), [40, 50]);
});
