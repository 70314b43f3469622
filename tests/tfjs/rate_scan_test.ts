import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkDevice, rateScan } from "../../lib/tfjs/mod.ts";
import { lifCurve } from "../../lib/network/activations.ts";
import type { Activation } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { testWith } from "../require.ts";
import { assertClose, gradientsOn, numbers } from "./helpers.ts";

const phi: Record<Activation, (x: tf.Tensor) => tf.Tensor> = {
  sigmoid: tf.sigmoid,
  clipped_relu: (x) => tf.clipByValue(x, 0, 20),
  softplus: (x) => tf.clipByValue(tf.softplus(x), 0, 20),
  retanh: (x) => tf.relu(tf.tanh(x)),
  lif(x) {
    const { height, bend, steep, shift, ceiling } = lifCurve;
    const t = tf.softplus(x.mul(steep).add(shift)).mul(bend);
    return tf.clipByValue(t.add(1).sqrt().sub(1).mul(height), 0, ceiling);
  },
};

/** The scan op by op, for tfjs to differentiate. */
function opByOp(
  weights: tf.Tensor,
  decay: tf.Tensor,
  drive: tf.Tensor,
  noise: tf.Tensor,
  activation: Activation,
): tf.Tensor {
  const [trials, steps, units] = drive.shape;
  const at = (tensor: tf.Tensor, t: number) =>
    tensor.slice([0, t, 0], [trials, 1, units]).reshape([trials, units]);
  let x = at(noise, 0);
  const rates = [phi[activation](x)];
  for (let t = 1; t < steps; t++) {
    const input = tf.add(
      tf.matMul(
        rates[t - 1] as tf.Tensor2D,
        weights as tf.Tensor2D,
        false,
        true,
      ),
      at(drive, t - 1),
    );
    x = tf.add(tf.add(x, tf.mul(decay, tf.sub(input, x))), at(noise, t));
    rates.push(phi[activation](x));
  }
  return tf.stack(rates, 1);
}

/** Compares a backend with the same scan op by op on tfjs's cpu backend. */
async function compare(
  backend: "cpu" | "webgpu",
  trials: number,
  steps: number,
  units: number,
  activation: Activation,
): Promise<void> {
  const shape = [trials, steps, units];
  const size = trials * steps * units;
  const inputs = [
    [numbers("weights", units * units, 1.5 / Math.sqrt(units)), [units, units]],
    [numbers("decay", units).map((x) => 0.15 + 0.02 * x), [units]],
    [numbers("drive", size, 0.7), shape],
  ] as const;
  const noise = numbers("noise", size, 0.1);
  const importance = numbers("importance", size);
  const loss = (scan: typeof opByOp) => (...tensors: tf.Tensor[]) => {
    const [weights, decay, drive] = tensors;
    const rates = scan(
      weights,
      decay,
      drive,
      tf.tensor(noise, shape),
      activation,
    );
    return tf.sum(tf.mul(rates, tf.tensor(importance, shape))) as tf.Scalar;
  };
  const fused: typeof opByOp = (weights, decay, drive, noise, activation) =>
    rateScan({
      weights: weights as tf.Tensor2D,
      decay: decay as tf.Tensor1D,
      drive: drive as tf.Tensor3D,
      noise: noise as tf.Tensor3D,
      activation,
    });
  const actual = await gradientsOn(
    backend,
    inputs.map(([v, s]) => [[...v], [...s]]),
    loss(fused),
  );
  const expected = await gradientsOn(
    "cpu",
    inputs.map(([v, s]) => [[...v], [...s]]),
    loss(opByOp),
  );
  ["loss", "weights", "decay", "drive"].forEach((what, k) =>
    assertClose(`${what} (${activation})`, actual[k], expected[k], 1e-4)
  );
}

Deno.test("rateScan() on cpu has the gradients of the same scan op by op", async () => {
  await compare("cpu", 2, 12, 7, "sigmoid");
  await compare("cpu", 1, 9, 12, "clipped_relu");
  await compare("cpu", 3, 5, 1, "softplus");
  await compare("cpu", 2, 6, 5, "retanh");
  await compare("cpu", 2, 7, 5, "lif");
});

testWith(
  "webgpu",
  "rateScan() on webgpu has the gradients of the same scan op by op",
  async () => {
    await compare("webgpu", 2, 12, 7, "sigmoid");
    await compare("webgpu", 1, 9, 70, "clipped_relu");
    await compare("webgpu", 3, 5, 1, "softplus");
    await compare("webgpu", 2, 6, 5, "retanh");
    await compare("webgpu", 2, 7, 5, "lif");
    await checkDevice();
  },
);

/** Rates from drawn noise alone. */
async function drawn(backend: "cpu" | "webgpu"): Promise<Float32Array> {
  await tf.setBackend(backend);
  const rates = tf.tidy(() =>
    rateScan({
      weights: tf.zeros([5, 5]),
      decay: tf.ones([5]),
      drive: tf.zeros([2, 7, 5]),
      noise: { seed: 3, trial: 4, amplitude: 2, initial: 1 },
    })
  );
  const values = await rates.data() as Float32Array;
  rates.dispose();
  return values;
}

Deno.test("rateScan() draws the numbers of the random streams", async () => {
  const rates = await drawn("cpu");
  const stream = randomStream(3).fork("rate scan");
  for (let b = 0; b < 2; b++) {
    for (let t = 0; t < 7; t++) {
      for (let i = 0; i < 5; i++) {
        const x = (t === 0 ? 1 : 2) * stream.normal(i, t, 4 + b);
        const r = rates[(b * 7 + t) * 5 + i];
        assert.ok(
          Math.abs(r - 1 / (1 + Math.exp(-x))) < 1e-6,
          `${b} ${t} ${i}`,
        );
      }
    }
  }
});

testWith(
  "webgpu",
  "rateScan() on webgpu draws the same numbers as on cpu",
  async () => {
    assertClose("rates", await drawn("webgpu"), await drawn("cpu"), 1e-5);
  },
);

Deno.test("rateScan() says which shape does not fit", async () => {
  await tf.setBackend("cpu");
  tf.tidy(() => {
    const inputs = {
      weights: tf.zeros<tf.Rank.R2>([5, 5]),
      decay: tf.ones<tf.Rank.R1>([5]),
      drive: tf.zeros<tf.Rank.R3>([2, 7, 5]),
    };
    assert.throws(
      () => rateScan({ ...inputs, decay: tf.ones([4]) }),
      /Cannot run rateScan: decay is float32 \[4\], expected float32 \[5\]/,
    );
    assert.throws(
      () => rateScan({ ...inputs, weights: tf.zeros([5, 5], "int32") }),
      TypeError,
    );
    assert.throws(
      () => rateScan({ ...inputs, activation: "tanh" as Activation }),
      RangeError,
    );
    assert.throws(
      () => rateScan({ ...inputs, drive: tf.zeros([2, 1, 5]) }),
      RangeError,
    );
  });
});
