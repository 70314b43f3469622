import assert from "node:assert/strict";
import {
  adam,
  adamRate,
  gradientNorm,
} from "../../lib/kernels/adam/reference.ts";

Deno.test("adam() moves by about the learning rate at first", () => {
  const parameters = Float64Array.of(1, -2, 3);
  const first = new Float64Array(3);
  const second = new Float64Array(3);
  const step = {
    rate: adamRate(0.01, 0.9, 0.999, 1),
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    scale: 1,
  };
  adam(parameters, Float64Array.of(5, -0.1, 0), first, second, step, (x) => x);
  // m / sqrt(v) is 0.1 / sqrt(0.001) for any gradient, and so is 1 / the rate.
  assert.ok(Math.abs(parameters[0] - 0.99) < 1e-8);
  assert.ok(Math.abs(parameters[1] + 1.99) < 1e-7);
  assert.equal(parameters[2], 3);
  assert.ok(Math.abs(first[0] - 0.5) < 1e-15);
  assert.ok(Math.abs(second[0] - 0.025) < 1e-15);
});

Deno.test("adam() puts epsilon beside the uncorrected second moment", () => {
  const parameters = Float64Array.of(0);
  const step = {
    rate: 1,
    beta1: 0.5,
    beta2: 0.75,
    epsilon: 0.5,
    scale: 2,
  };
  const moments = [new Float64Array(1), new Float64Array(1)];
  adam(parameters, Float64Array.of(1), moments[0], moments[1], step, (x) => x);
  // g = 2: m = 1, v = 1, and the move is 1 / (1 + 0.5).
  assert.equal(parameters[0], -1 / 1.5);
});

Deno.test("adamRate() corrects the bias of both moments", () => {
  assert.equal(
    adamRate(0.01, 0.9, 0.999, 3),
    0.01 * Math.sqrt(1 - 0.999 ** 3) / (1 - 0.9 ** 3),
  );
});

Deno.test("gradientNorm() is the L2 norm", () => {
  assert.equal(gradientNorm(Float32Array.of(3, 0, -4)), 5);
});
