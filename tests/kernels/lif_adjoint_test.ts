/** The adjoint of the smoothed model: against differences, and on SIMD. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { runJob } from "../../lib/kernels/job.ts";
import { simulateTrial64 } from "../../lib/kernels/lif/reference.ts";
import {
  propagator,
  smoothAdjoint,
  smoothForward,
  type SmoothNetwork,
  type SmoothTrial,
} from "../../lib/kernels/lif/smooth.ts";
import {
  adjointJobs,
  adjointSum,
} from "../../lib/kernels/lif/smooth_launch.ts";
import {
  filterOf,
  type SynapseModel,
  synapseNames,
} from "../../lib/network/synapses.ts";
import { synapseModel } from "../../lib/spiking/neurons.ts";
import { lif } from "../../lib/kernels/lif/lif_wasm.ts";
import { randomStream } from "../../lib/random/stream.ts";

const interval = 5;

function smoothNetwork(
  units: number,
  synapse: SynapseModel,
  seed: number,
): SmoothNetwork {
  const random = randomStream(seed);
  const first = [0];
  const post: number[] = [];
  const weights: number[] = [];
  for (let j = 0; j < units; j++) {
    for (let i = 0; i < units; i++) {
      if (random.uniform(i, j) > 0.4) continue;
      post.push(i);
      weights.push(0.01 * random.normal(i, j, 1));
    }
    first.push(post.length);
  }
  return {
    units,
    synapse,
    decay: Float64Array.from(
      { length: units },
      // The rise time constant among them, where the filters have no difference.
      (_, i) => i === 0 ? 2 : 10 + 40 * random.uniform(i, 0, 2),
    ),
    interval,
    synapses: {
      first: Uint32Array.from(first),
      post: Uint32Array.from(post),
      weights: Float64Array.from(weights),
    },
    readout: Float64Array.from(
      { length: units },
      (_, i) => 0.1 * random.normal(i, 0, 3),
    ),
  };
}

/** A smooth transfer function: up to some 20 Hz per mV. */
function expected(input: number) {
  const scale = 0.02 * interval;
  return {
    spikes: scale * Math.log1p(Math.exp(input)),
    slope: scale / (1 + Math.exp(-input)),
  };
}

function driveOf(units: number, intervals: number, seed: number) {
  const random = randomStream(seed);
  return Float64Array.from(
    { length: intervals * units },
    (_, k) => random.normal(k, 0, 4),
  );
}

const double = synapseModel("double");
const single = synapseModel("single");

/** Synapses of every kind that decays. */
const filters = synapseNames.filter((kind) => filterOf({ kind }).decays)
  .map((kind) => synapseModel(kind));

for (const synapse of filters) {
  Deno.test(`smoothAdjoint() is what differences of the model give, ${synapse.kind} synapses`, () => {
    const [units, intervals] = [5, 12];
    const network = smoothNetwork(units, synapse, 1);
    const drive = driveOf(units, intervals, 2);
    // Of the second degree, in the outputs and in every unit's filtered spikes.
    const loss = (net: SmoothNetwork, inputs: Float64Array) => {
      const { outputs, rates } = smoothForward(net, inputs, expected);
      return outputs.reduce((sum, o, k) => sum + (k + 1) * (o - 0.5) ** 2, 0) +
        rates.reduce((sum, r, at) => sum + 1e-3 * (at % 7) * (r - 2) ** 2, 0);
    };
    const { outputs, rates, spikes, slopes } = smoothForward(
      network,
      drive,
      expected,
    );
    const byRates = Float32Array.from(rates, (r, at) => {
      const k = Math.floor(at / units);
      return 2 * (k + 1) * (outputs[k] - 0.5) * network.readout[at % units] +
        2e-3 * (at % 7) * (r - 2);
    });
    const found = smoothAdjoint(network, [{ spikes, slopes, byRates }]);
    const h = 1e-5;
    const difference = (at: (shift: number) => number) =>
      (at(h) - at(-h)) / (2 * h);
    const near = (gradient: number, by: number, what: string) =>
      assert.ok(
        Math.abs(gradient - by) <= 1e-5 * (1 + Math.abs(by)),
        `${what}: ${gradient}, differences give ${by}`,
      );
    for (let at = 0; at < network.synapses.weights.length; at++) {
      const by = difference((shift) => {
        const weights = Float64Array.from(network.synapses.weights);
        weights[at] += shift;
        const synapses = { ...network.synapses, weights };
        return loss({ ...network, synapses }, drive);
      });
      near(found.weights[at], by, `synapse ${at}`);
    }
    for (let unit = 0; unit < units; unit++) {
      const by = difference((shift) =>
        loss(
          network,
          drive.map((x, k) => k % units === unit ? x + shift : x),
        )
      );
      near(found.drive[unit], by, `drive of unit ${unit}`);
    }
    assert.ok(found.weights.some((g) => Math.abs(g) > 1e-2));
  });
}

Deno.test("adjoint on SIMD agrees with the reference, with any number of trials", () => {
  const instance = new WebAssembly.Instance(lif());
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 15 }),
      fc.constantFrom(single, double),
      fc.integer({ min: 1, max: 1000 }),
      (trialCount, units, intervals, synapse, seed) => {
        const network = smoothNetwork(units, synapse, seed);
        const random = randomStream(seed).fork("trials");
        const trials: SmoothTrial[] = Array.from(
          { length: trialCount },
          (_, b) => ({
            spikes: Float32Array.from(
              { length: intervals * units },
              (_, k) => Math.floor(1.3 * random.uniform(k, b, 0)),
            ),
            slopes: Float32Array.from(
              { length: intervals * units },
              (_, k) => 0.1 * random.uniform(k, b, 1),
            ),
            byRates: Float32Array.from(
              { length: intervals * units },
              (_, k) => 0.1 * random.normal(k, b, 2),
            ),
          }),
        );
        const results = Array.from(
          adjointJobs(network, trials),
          (job) => runJob(instance, job),
        );
        const found = adjointSum(network, results);
        const right = smoothAdjoint(network, trials);
        // Terms of order 1 may cancel, within a trial and between trials; what
        // is rounded is the terms.
        const alone = trials.map((trial) => smoothAdjoint(network, [trial]));
        for (const part of ["weights", "drive"] as const) {
          const scale = alone.reduce(
            (sum, of) => sum + Math.max(...of[part].map(Math.abs)),
            1e-2,
          );
          right[part].forEach((value, k) =>
            assert.ok(
              Math.abs(found[part][k] - value) <= 1e-5 * scale,
              `${part} ${k}: ${found[part][k]}, reference ${value}`,
            )
          );
        }
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("propagator() carries filters as the simulation does", () => {
  const network = smoothNetwork(2, double, 3);
  const { decay, rise, risen, spike, rising } = propagator(network);
  // A unit that fires once, read out alone; every step an interval of 5 ms.
  const dt = 0.05;
  const trace = simulateTrial64(
    {
      units: 1,
      channels: 1,
      neuron: {
        name: "lif",
        tauMembrane: 10,
        refractory: 2,
        reset: -65,
        peak: -40,
      },
      synapse: double,
      dt,
      stepsPerColumn: 100,
      decay: network.decay.slice(1),
      bias: Float64Array.of(-65),
      inputGain: Float64Array.of(1),
      weights: new Float64Array(1),
      factors: Float64Array.of(1),
      readout: Float64Array.of(1),
      offset: 0,
      inputWeights: new Float64Array(1),
    },
    {
      key: 1,
      trial: 0,
      amplitude: 0,
      inputs: new Float64Array(5),
      columns: 5,
      initial: Float64Array.of(-39),
      stimulations: [],
    },
    { outputs: true, spikes: false, voltages: 0, currents: 0, rates: 0 },
  );
  assert.equal(trace.spikeCounts[0], 1);
  let [r, s] = [spike[1], rising[1]];
  for (let k = 0; k < 3; k++) {
    // The spike of step 1 is in the middle of an interval that ends 50 steps on.
    const simulated = trace.outputs![50 + 100 * k];
    assert.ok(
      Math.abs(r / simulated - 1) < 0.03,
      `${r} after interval ${k}, simulated ${simulated}`,
    );
    [r, s] = [decay[1] * r + risen[1] * s, rise[1] * s];
  }
});

Deno.test("propagator() refuses synapses without a filter", () => {
  const network = smoothNetwork(2, { kind: "none", rise: 0 }, 1);
  assert.throws(() => propagator(network), RangeError);
});
