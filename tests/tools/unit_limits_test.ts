/** What limits units in following their rate units. */
import assert from "node:assert/strict";
import { MeanCourses } from "../../lib/map/courses.ts";
import type { RateNetwork } from "../../lib/network/types.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { shotNoise, signal } from "../../tools/unit_limits.ts";

/** Unit 0 excites unit 1 by 4; a decay of ten steps of 5 ms. */
const network: RateNetwork = {
  activation: "sigmoid",
  dale: true,
  taus: [10],
  layers: [{
    size: 2,
    inhibitory: Uint8Array.of(0, 0),
    sstCount: 0,
    weights: Float32Array.of(0, 0, 4, 0),
    mask: Uint8Array.of(1, 1, 1, 1),
    tausGaus: new Float32Array(2),
  }],
  inputs: [{ from: "input", to: 0, weights: Float32Array.of(1, 1) }],
  between: [],
  readout: { from: [0], weights: [Float32Array.of(1, 1)], bias: 0 },
};

const spiking = convert(network, { scalingFactor: 40 });

Deno.test("shotNoise() is that of random spikes through the synapse", () => {
  const [first, second] = shotNoise(spiking, [26, 100]);
  assert.equal(first, 0);
  // 0.1 mV s a spike, 26 Hz, 50 + 2 ms: 0.1² · 26 / 0.104 = 2.5.
  assert(Math.abs(second - Math.sqrt(2.5)) < 1e-9, `${second}`);
});

Deno.test("signal() is the spread of the input over mean courses", () => {
  const courses = new MeanCourses(2, 4);
  const activity = [0, 1, 0, 1, 0.5, 0.5, 0.5, 0.5];
  courses.add("a", activity, [0, 0, 0, 0], { activity: 1, output: 1 });
  assert.deepEqual([...signal(spiking, courses)], [0, 2]);
});
