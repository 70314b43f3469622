/**
 * The gradient that `lifScan` gives for the output of a mapped network, beside
 * that of its smoothed model; the numbers of docs/reference/tfjs.md come from here.
 */
import * as tf from "@tensorflow/tfjs";
import { prepareNetwork } from "../../lib/backend/spiking_network.ts";
import { smoothAdjoint, smoothForward } from "../../lib/kernels/lif/smooth.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { firingRate, slopeAt, transferCurve } from "../../lib/map/transfer.ts";
import { type LifConstants, lifScan } from "../../lib/tfjs/mod.ts";

/** Step of the rate network and interval of the smoothed model, ms. */
const interval = 5;

/** A trial and its loss: the squared distance of the output from 1 at its end. */
export interface GradientCase {
  readonly network: RateNetwork;
  /** Duration, ms; the last 30 % are the response window. */
  readonly duration: number;
  readonly constants: LifConstants & { readonly dt: number };
}

/** Gradients by the network's synapses, one number each. */
export interface GradientFound {
  readonly scan: Float64Array;
  /** Of the smoothed model at the inputs and spikes of the scan. */
  readonly smoothed: Float64Array;
  /** Loss of the smoothed model itself with synapses changed by so much. */
  smoothLoss(change: Float64Array): number;
}

export function norm(values: ArrayLike<number>): number {
  return Math.sqrt(dot(values, values));
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

/** Cosine of the angle between two gradients. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return dot(a, b) / (norm(a) * norm(b));
}

/** Gradients of a Go trial at scaling factor 50. */
export async function gradientsOf(
  { network, duration, constants }: GradientCase,
): Promise<GradientFound> {
  const { dt } = constants;
  const spiking = convert(network, { scalingFactor: 50, stepMs: interval });
  const { units, factors, weights, readout, decay, inputWeights } =
    prepareNetwork(spiking);
  const factor = factors[0];
  const curve = await transferCurve(spiking, { seed: 1 });
  const steps = Math.round(duration / dt);
  const perInterval = Math.round(interval / dt);
  const intervals = Math.floor(steps / perInterval);
  const first = new Uint32Array(units + 1);
  const post: number[] = [];
  const synapses: number[] = [];
  for (let j = 0; j < units; j++) {
    for (let i = 0; i < units; i++) {
      if (weights[j * units + i] === 0) continue;
      post.push(i);
      synapses.push(weights[j * units + i] / factor);
    }
    first[j + 1] = post.length;
  }
  const smooth = {
    units,
    synapse: spiking.synapse,
    decay,
    interval,
    synapses: {
      first,
      post: Uint32Array.from(post),
      weights: Float64Array.from(synapses),
    },
    readout: readout.map((w) => w / factor),
  };
  const random = randomStream(9);
  // A pulse of 125 ms, in short trials at their beginning.
  const from = duration < 500 ? 10 : 250;
  const input = (t: number) => t * dt >= from && t * dt < from + 125 ? 1 : 0;
  const drive = new Float32Array(steps * units);
  const noise = new Float32Array(steps * units);
  const amplitude = 0.1 * Math.sqrt(dt / 0.05);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < units; i++) {
      drive[t * units + i] = -40 + inputWeights[i] * input(t);
      noise[t * units + i] = amplitude * random.normal(i, t, 0);
    }
  }
  const initial = Float32Array.from(
    { length: units },
    (_, i) => -65 + 25 * random.uniform(i, 0, 1),
  );
  const matrix = new Float32Array(units * units);
  for (let j = 0; j < units; j++) {
    for (let i = 0; i < units; i++) {
      matrix[i * units + j] = weights[j * units + i] / factor;
    }
  }
  const shape: [number, number, number] = [1, steps, units];
  const window = Math.floor(0.7 * steps);
  const run = (w: tf.Tensor2D) =>
    lifScan({
      weights: w,
      tauDecay: tf.tensor1d(Float32Array.from(decay)),
      drive: tf.tensor3d(drive, shape),
      noise: tf.tensor3d(noise, shape),
      initial: tf.tensor2d(initial, [1, units]),
      constants,
    });
  const weight = tf.tensor2d(matrix, [units, units]);
  const gradient = tf.tidy(() =>
    tf.grad((w: tf.Tensor) => {
      const { rates } = run(w as tf.Tensor2D);
      const late = rates.slice([0, window, 0], [1, steps - window, units])
        .reshape([steps - window, units]);
      const outputs = tf.matMul(
        late as tf.Tensor2D,
        tf.tensor2d(Float32Array.from(smooth.readout), [units, 1]),
      );
      return tf.mean(tf.square(tf.sub(outputs, 1)));
    })(weight)
  );
  const byWeight = await gradient.data();
  const { rates, spikes } = tf.tidy(() => run(weight));
  const [rateHistory, spikeHistory] = await Promise.all(
    [rates.data(), spikes.data()],
  );
  tf.dispose([weight, gradient, rates, spikes]);
  const scan = new Float64Array(post.length);
  for (let j = 0; j < units; j++) {
    for (let at = first[j]; at < first[j + 1]; at++) {
      scan[at] = byWeight[post[at] * units + j];
    }
  }

  // The same trial as intervals: what came to the units, and how often they fired.
  const counts = new Float32Array(intervals * units);
  const slopes = new Float32Array(intervals * units);
  const drives = new Float64Array(intervals * units);
  for (let k = 0; k < intervals; k++) {
    const middle = k * perInterval + (perInterval >> 1);
    for (let i = 0; i < units; i++) {
      drives[k * units + i] = inputWeights[i] * input(middle);
      for (let t = k * perInterval; t < (k + 1) * perInterval; t++) {
        counts[k * units + i] += spikeHistory[t * units + i];
      }
    }
  }
  // Filtered spikes times weights are the synaptic current, but for the decay of
  // the receiving unit; that of the sender is near enough for a slope.
  for (let k = 0; k < intervals; k++) {
    const middle = k * perInterval + (perInterval >> 1);
    const current = Float64Array.from(
      drives.subarray(k * units, (k + 1) * units),
    );
    for (let j = 0; j < units; j++) {
      const r = rateHistory[middle * units + j];
      for (let at = first[j]; at < first[j + 1]; at++) {
        current[post[at]] += synapses[at] * r;
      }
    }
    for (let i = 0; i < units; i++) {
      slopes[k * units + i] = slopeAt(curve, current[i]) * interval / 1000;
    }
  }
  const firstOfWindow = Math.floor(0.7 * intervals);
  const outputAt = (k: number) =>
    dot(
      rateHistory.subarray(
        ((k + 1) * perInterval - 1) * units,
        (k + 1) * perInterval * units,
      ),
      smooth.readout,
    );
  const byRates = new Float32Array(intervals * units);
  for (let k = firstOfWindow; k < intervals; k++) {
    const by = 2 * (outputAt(k) - 1) / (intervals - firstOfWindow);
    for (let i = 0; i < units; i++) {
      byRates[k * units + i] = by * smooth.readout[i];
    }
  }
  const trial = { spikes: counts, slopes, byRates };
  return {
    scan,
    smoothed: smoothAdjoint(smooth, [trial]).weights,
    smoothLoss(change) {
      const changed = smooth.synapses.weights.map((w, k) => w + change[k]);
      const { outputs } = smoothForward(
        { ...smooth, synapses: { ...smooth.synapses, weights: changed } },
        drives,
        (input) => ({
          spikes: firingRate(curve, input) * interval / 1000,
          slope: 0,
        }),
      );
      const late = outputs.subarray(firstOfWindow);
      return late.reduce((sum, o) => sum + (o - 1) ** 2, 0) / late.length;
    },
  };
}

/**
 * Derivative of the smoothed model's loss along a gradient, by finite
 * differences.
 */
export function differenceAlong(
  { smoothLoss }: GradientFound,
  gradient: Float64Array,
): number {
  // A step that the curve, which is straight between its points, looks smooth to.
  const h = 0.01;
  const unit = gradient.map((g) => h * g / norm(gradient));
  return (smoothLoss(unit) - smoothLoss(unit.map((g) => -g))) / (2 * h);
}
