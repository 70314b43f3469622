import assert from "node:assert/strict";
import {
  laneCount,
  LeastSquaresLanes,
} from "../../lib/kernels/least_squares/lanes.ts";
import {
  type LeastSquares,
  solveLeastSquares,
} from "../../lib/kernels/least_squares/reference.ts";
import {
  gather,
  sparseSystem,
  transposed,
} from "../../lib/kernels/least_squares/system.ts";
import { randomStream } from "../../lib/random/stream.ts";

const units = 23;
const random = randomStream(11);
const numbers = (name: string, count = units) =>
  Float64Array.from(
    { length: count },
    (_, k) => random.fork(name).normal(k, 0),
  );
// One weight in three is there; one unit is alone.
const weights = numbers("weights", units * units).map((weight, at) =>
  at % 3 === 0 && at >= units ? weight : 0
);
const leaks = numbers("leaks").map((value) => 0.5 + Math.abs(value));
const system = sparseSystem(weights, leaks);

function problem(k: number, tolerance = 1e-6): LeastSquares {
  const slopes = numbers(`slopes ${k}`).map(Math.abs);
  const f = numbers(`f ${k}`);
  const gradient = new Float64Array(units);
  transposed(system, slopes, f, gradient);
  const mu = 10 ** (k % 4 - 3);
  return { slopes, f, gradient, mu, tolerance, step: new Float64Array(units) };
}

Deno.test("solveLeastSquares() solves the damped normal equations", () => {
  const { slopes, f, gradient, mu, step } = problem(0, 1e-12);
  solveLeastSquares(system, {
    ...{ slopes, f, gradient, mu, step },
    tolerance: 1e-12,
  });
  // J'(J·step + f) + mu·step = 0, by dense arithmetic.
  const jacobian = (i: number, j: number) =>
    weights[i * units + j] * slopes[j] - (i === j ? leaks[i] : 0);
  for (let j = 0; j < units; j++) {
    let sum = mu * step[j];
    for (let i = 0; i < units; i++) {
      let row = f[i];
      for (let k = 0; k < units; k++) row += jacobian(i, k) * step[k];
      sum += jacobian(i, j) * row;
    }
    assert.ok(Math.abs(sum) < 1e-9, `${sum} at ${j}`);
  }
});

Deno.test("gather() and transposed() apply one matrix and its transpose", () => {
  const [slopes, v, w] = ["slopes", "v", "w"].map((name) => numbers(name));
  const [image, back] = [new Float64Array(units), new Float64Array(units)];
  gather(system, v.map((value, j) => value * slopes[j]), v, image);
  transposed(system, slopes, w, back);
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, k) => sum + value * b[k], 0);
  assert.ok(Math.abs(dot(image, w) - dot(v, back)) < 1e-10);
});

Deno.test("LeastSquaresLanes gives the reference's bits, whatever runs beside it", () => {
  const problems = Array.from({ length: 11 }, (_, k) => problem(k));
  const expected = problems.map((one) => {
    const step = new Float64Array(units);
    solveLeastSquares(system, { ...one, step });
    return step;
  });
  const lanes = new LeastSquaresLanes(system);
  const at: number[] = [];
  let [begun, done] = [0, 0];
  const begin = (lane: number) => {
    if (begun === problems.length) return;
    at[lane] = begun;
    lanes.begin(lane, problems[begun++]);
  };
  for (let lane = 0; lane < laneCount; lane++) begin(lane);
  while (done < problems.length) {
    for (const lane of lanes.advance()) {
      assert.deepEqual(problems[at[lane]].step, expected[at[lane]]);
      done++;
      begin(lane);
    }
  }
  assert.deepEqual(lanes.advance(), []);
});

Deno.test("LeastSquaresLanes forgets a problem that is left", () => {
  const lanes = new LeastSquaresLanes(system);
  const [left, kept] = [problem(1), problem(2)];
  lanes.begin(0, left);
  lanes.begin(1, kept);
  lanes.leave(0);
  assert.deepEqual(lanes.advance(), [1]);
  assert.ok(left.step.every((value) => value === 0));
  assert.ok(kept.step.some((value) => value !== 0));
});
