import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import {
  checkDevice,
  daleWeights,
  decayRates,
  lifScan,
  rateScan,
  readOut,
} from "../../lib/tfjs/mod.ts";
import { testWith } from "../require.ts";

/** Trains a network on noise; returns the number of tensors after every step. */
function train(updates: number): number[] {
  const [trials, steps, units] = [2, 6, 5];
  const weights = tf.variable(tf.ones<tf.Rank.R2>([units, units]));
  const tausGaus = tf.variable(tf.zeros<tf.Rank.R1>([units]));
  const readout = tf.variable(tf.ones<tf.Rank.R2>([units, 1]));
  const signs = tf.tensor1d([1, 1, 1, 1, -1]);
  const drive = tf.ones<tf.Rank.R3>([trials, steps, units]);
  const bias = tf.scalar(0);
  const optimiser = tf.train.adam(0.01);
  const counts: number[] = [];
  for (let update = 0; update < updates; update++) {
    optimiser.minimize(() => {
      const effective = daleWeights(weights, signs);
      const rates = rateScan({
        weights: effective,
        decay: decayRates(tausGaus, 4, 20),
        drive,
        noise: { seed: 1, trial: update * trials },
      });
      const { spikes } = lifScan({
        weights: effective,
        tauDecay: tf.fill([units], 20),
        drive: tf.mul(drive, -35) as tf.Tensor3D,
        constants: { dt: 1 },
      });
      const outputs = readOut(rates, readout, bias);
      return tf.add(tf.mean(tf.square(outputs)), tf.mean(spikes)) as tf.Scalar;
    });
    // Without a gradient, too.
    tf.tidy(() => {
      rateScan({ weights, decay: tf.ones([units]), drive });
    });
    rateScan({ weights, decay: signs, drive }).dispose();
    counts.push(tf.memory().numTensors);
  }
  optimiser.dispose();
  tf.dispose([weights, tausGaus, readout, signs, drive, bias]);
  return counts;
}

Deno.test("the ops keep no tensors over 1,000 updates on cpu", async () => {
  await tf.setBackend("cpu");
  const counts = train(1000);
  assert.equal(counts.at(-1), counts[1]);
});

testWith(
  "webgpu",
  "the ops keep no tensors and no buffers over updates on webgpu",
  async () => {
    await tf.setBackend("webgpu");
    const counts = train(30);
    await checkDevice();
    assert.equal(counts.at(-1), counts[1]);
    const bytes = () =>
      (tf.memory() as unknown as { numBytesInGPU: number }).numBytesInGPU;
    const before = bytes();
    train(30);
    await checkDevice();
    // A history alone takes 1,200 bytes.
    assert.ok(bytes() < before + 1000, `${before} bytes, then ${bytes()}`);
  },
);
