import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { checkDevice, lifScan } from "../../lib/tfjs/mod.ts";
import { createNetwork } from "../../lib/network/create.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { goNoGoNetwork } from "../kernels/lif_networks.ts";
import { testWith } from "../require.ts";
import { assertClose, gradientsOn, numbers } from "./helpers.ts";
import { cosine, differenceAlong, gradientsOf, norm } from "./lif_gradient.ts";

const constants = {
  dt: 0.5,
  refractory: 2.4, // not a whole number of steps
  tauMembrane: 5,
  reset: -65,
  peak: -40,
  height: 0.4,
  steepness: 0.3,
};

/** A step function with the surrogate's derivative. */
const spike = tf.customGrad((x, save) => {
  (save as (tensors: tf.Tensor[]) => void)([x as tf.Tensor]);
  return {
    value: tf.cast(tf.greaterEqual(x as tf.Tensor, 0), "float32"),
    gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const away = tf.add(1, tf.mul(constants.steepness, tf.abs(saved[0])));
      return tf.div(tf.mul(constants.height, dy), tf.square(away));
    },
  };
});

/** A copy through which no gradient passes. */
const stop = (x: tf.Tensor) => tf.tensor(x.dataSync(), x.shape);

/** The scan op by op, for tfjs to differentiate: rates, spikes and voltages. */
function opByOp(
  weights: tf.Tensor,
  tauDecay: tf.Tensor,
  drive: tf.Tensor,
  noise: tf.Tensor,
  rise: number,
): tf.Tensor[] {
  const [trials, steps, units] = drive.shape;
  const { dt, tauMembrane, refractory, reset, peak } = constants;
  const at = (tensor: tf.Tensor, t: number) =>
    tensor.slice([0, t, 0], [trials, 1, units]).reshape([trials, units]);
  const zeros = () => tf.zeros([trials, units]);
  const decay = tf.exp(tf.div(-dt, tauDecay));
  const gain = tf.div(1000, rise > 0 ? tf.mul(tauDecay, rise) : tauDecay);
  let [v, current, h, r, hr] = [
    tf.fill([trials, units], reset),
    zeros(),
    zeros(),
    zeros(),
    zeros(),
  ] as tf.Tensor[];
  let last = new Array<number>(trials * units).fill(0);
  const kept: tf.Tensor[][] = [[], [], []];
  for (let t = 0; t < steps; t++) {
    const open = tf.tensor(
      last.map((step) => t + 1 - step > Math.floor(refractory / dt) ? 1 : 0),
      [trials, units],
    );
    const pull = tf.mul(
      tf.mul(open, dt / tauMembrane),
      tf.sub(tf.add(current, at(drive, t)), v),
    );
    v = tf.add(tf.add(v, pull), at(noise, t));
    const s = spike(tf.sub(v, peak));
    kept[1].push(s);
    kept[2].push(v);
    const detached = stop(s);
    v = tf.add(tf.mul(v, tf.sub(1, detached)), tf.mul(detached, reset));
    const fired = detached.dataSync();
    last = last.map((step, k) => fired[k] ? t + 1 : step);
    const arriving = tf.mul(
      gain,
      tf.matMul(s as tf.Tensor2D, weights as tf.Tensor2D, false, true),
    );
    const own = tf.mul(gain, s);
    if (rise > 0) {
      const riseDecay = Math.exp(-dt / rise);
      current = tf.add(tf.mul(current, decay), tf.mul(h, dt));
      h = tf.add(tf.mul(h, riseDecay), arriving);
      r = tf.add(tf.mul(r, decay), tf.mul(hr, dt));
      hr = tf.add(tf.mul(hr, riseDecay), own);
    } else {
      current = tf.add(tf.mul(current, decay), arriving);
      r = tf.add(tf.mul(r, decay), own);
    }
    kept[0].push(r);
  }
  return kept.map((list) => tf.stack(list, 1));
}

/** Compares a backend with the same scan op by op on tfjs's cpu backend. */
async function compare(
  backend: "cpu" | "webgpu",
  trials: number,
  steps: number,
  units: number,
  rise: number,
): Promise<void> {
  const shape = [trials, steps, units];
  const size = trials * steps * units;
  const inputs = (): [number[], number[]][] => [
    [numbers("weights", units * units, 0.06), [units, units]],
    [numbers("tau", units).map((x) => 15 + 2 * x), [units]],
    [numbers("drive", size, 5).map((x) => x - 37), shape],
  ];
  const noise = numbers("noise", size, 1);
  const importance = [0, 1, 2].map((k) =>
    numbers(`importance ${k}`, size, [0.01, 1, 0.1][k])
  );
  const loss = (scan: typeof opByOp) => (...tensors: tf.Tensor[]) => {
    const [weights, tauDecay, drive] = tensors;
    const parts = scan(weights, tauDecay, drive, tf.tensor(noise, shape), rise);
    return tf.addN(
      parts.map((part, k) =>
        tf.sum(tf.mul(part, tf.tensor(importance[k], shape)))
      ),
    ) as tf.Scalar;
  };
  const fused: typeof opByOp = (weights, tauDecay, drive, noise, rise) => {
    const { rates, spikes, voltages } = lifScan({
      weights: weights as tf.Tensor2D,
      tauDecay: tauDecay as tf.Tensor1D,
      drive: drive as tf.Tensor3D,
      noise: noise as tf.Tensor3D,
      constants: { ...constants, rise },
    });
    return [rates, spikes, voltages];
  };
  const actual = await gradientsOn(backend, inputs(), loss(fused));
  const expected = await gradientsOn("cpu", inputs(), loss(opByOp));
  ["loss", "weights", "tauDecay", "drive"].forEach((what, k) =>
    assertClose(`${what} (rise ${rise})`, actual[k], expected[k], 2e-4)
  );
}

Deno.test("lifScan() on cpu has the surrogate gradients of the same scan op by op", async () => {
  await compare("cpu", 2, 60, 6, 2);
  await compare("cpu", 1, 60, 5, 0);
});

testWith(
  "webgpu",
  "lifScan() on webgpu has the surrogate gradients of the same scan op by op",
  async () => {
    await compare("webgpu", 2, 60, 6, 2);
    await compare("webgpu", 1, 60, 40, 0);
    await checkDevice();
  },
);

Deno.test("lifScan() fires as the equation of a single unit says", async () => {
  await tf.setBackend("cpu");
  const { spikes } = lifScan({
    weights: tf.zeros([1, 1]),
    tauDecay: tf.tensor1d([50]),
    drive: tf.fill([1, 4000, 1], -30),
  });
  const times = [...await spikes.data()].flatMap((s, t) => s ? [t] : []);
  // v = -30 - 35 exp(-t/tm) from the end of the refractory 2 ms to -40 mV.
  const interval = 2 + 10 * Math.log(35 / 10);
  for (let k = 0; k < times.length; k++) {
    assert.ok(
      Math.abs(0.05 * (times[k] + 1) - (k + 1) * interval) < 0.1 * (k + 1),
    );
  }
  assert.equal(times.length, Math.floor(200 / interval));
});

const networks: Record<string, RateNetwork> = {
  "the original's network": goNoGoNetwork(),
  "a new network": createNetwork({ channels: 1, units: 50 }, randomStream(1)),
};

for (const [name, network] of Object.entries(networks)) {
  for (const [duration, dt] of [[100, 0.05], [1000, 0.25]]) {
    Deno.test(`lifScan() has by default the gradient of the smoothed model, ${name}, ${duration} ms`, async () => {
      await tf.setBackend("cpu");
      const found = await gradientsOf({ network, duration, constants: { dt } });
      const ratio = norm(found.scan) / norm(found.smoothed);
      assert.ok(ratio > 1 / 3 && ratio < 3, `${ratio} times as long`);
      const alike = cosine(found.scan, found.smoothed);
      assert.ok(alike > 0.9, `cosine ${alike}`);
      // Against it the loss of the smoothed model falls as fast as it can.
      const along = differenceAlong(found, found.scan);
      const most = differenceAlong(found, found.smoothed);
      assert.ok(along > 0.8 * most && most > 0, `${along}, ${most}`);
    });
  }
}

Deno.test("lifScan() has by default about the same gradient at five times the step", async () => {
  await tf.setBackend("cpu");
  const network = networks["a new network"];
  const [fine, coarse] = await Promise.all(
    [0.05, 0.25].map((dt) =>
      gradientsOf({ network, duration: 500, constants: { dt } })
    ),
  );
  const ratio = norm(coarse.scan) / norm(fine.scan);
  assert.ok(ratio > 0.6 && ratio < 1.6, `${ratio}`);
});
