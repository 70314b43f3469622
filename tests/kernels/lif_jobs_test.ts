import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import {
  prepareNetwork,
  prepareTrial,
  weightsFor,
} from "../../lib/backend/spiking_network.ts";
import { lifJobs } from "../../lib/kernels/lif/launch.ts";
import type { LifRecording } from "../../lib/kernels/lif/types.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { smallNetwork, smallTrial } from "./lif_networks.ts";

const network = convert(
  smallNetwork({ sizes: [50], channels: 1, seed: 2 }),
  { scalingFactor: 5 },
);
const prepared = prepareNetwork(network);
const outputs: LifRecording = {
  outputs: true,
  spikes: false,
  voltages: 0,
  currents: 0,
  rates: 0,
};

/** Memory of each job of a number of trials. */
function memory(trials: number, columns: number, record: LifRecording) {
  const ready = Array.from(
    { length: trials },
    (_, k) =>
      prepareTrial(
        prepared,
        smallTrial(network, k, { columns }),
        k,
        weightsFor(network),
      ),
  );
  return Array.from(
    lifJobs(prepared, ready, record),
    ({ job }) => job.memoryBytes,
  );
}

Deno.test("lifJobs() needs no more memory for more trials", () => {
  const few = Math.max(...memory(8, 101, outputs));
  const many = memory(300, 101, outputs);
  strictEqual(Math.max(...many), few);
  ok(many.length >= 300 / 4);
});

Deno.test("lifJobs() keeps a number for each unit and step only when asked", () => {
  const [short] = memory(1, 11, outputs);
  const [long] = memory(1, 1011, outputs);
  const steps = 1000 * 100;
  // Outputs and stimulus: 4 bytes a step, not 4 bytes a unit and step.
  ok(long - short < 4.2 * steps, `${(long - short) / steps} bytes a step`);
  const [full] = memory(1, 1011, { ...outputs, voltages: 1 });
  ok(full - long > 4 * 50 * steps);
});

Deno.test("lifJobs() refuses recordings that no memory can hold", () => {
  throws(
    () => memory(1, 200_001, { ...outputs, voltages: 1 }),
    /record every n-th step/,
  );
});

Deno.test("simulateSimd() keeps every spike of units that are pushed to fire at every step", async () => {
  const trial = smallTrial(network, 1, {
    columns: 3,
    stimulation: [{
      kind: "exc",
      units: Array.from({ length: 50 }, (_, i) => i),
      from: 1,
      to: 201,
      probability: 1,
      amount: 100,
    }],
  });
  const [trace] = await simulateSimd(network, [trial], { spikes: true });
  strictEqual(trace.spikes!.steps.length, 50 * 200);
  deepStrictEqual(trace.spikeCounts, new Uint32Array(50).fill(200));
  deepStrictEqual(trace.earlyCounts, new Uint32Array(50).fill(9));
});

Deno.test("a stimulation's coin falls for all of its units alike, at its rate", async () => {
  // No weights, no noise: only the coin moves a unit that starts at rest.
  const quiet = {
    ...convert(smallNetwork({ sizes: [3], channels: 1, seed: 2 }), {
      scalingFactor: 50,
      neuron: { refractory: 50 },
    }),
    factor: 1e9,
  };
  const trial = {
    inputs: new Float32Array(11),
    columns: 11,
    noise: { key: 5, trial: 9, scale: 0 },
    initialVoltage: new Float32Array(3).fill(-60),
    stimulation: [{
      kind: "inh" as const,
      units: [0, 2],
      from: 100,
      to: 900,
      probability: 0.25,
    }],
  };
  const [{ voltages }] = await simulateSimd(quiet, [trial], { voltages: 1 });
  const unit = (i: number) =>
    Array.from(voltages!.subarray(1000 * i, 1000 * (i + 1)));
  deepStrictEqual(unit(0), unit(2));
  ok(unit(1).every((v) => v === -60));
  const tosses = unit(0).map((v, k) => (k ? unit(0)[k - 1] : -60) - v);
  ok(tosses.every((step) => step === 0 || step === 0.5));
  // Index k holds step k + 1.
  ok(tosses.every((step, k) => step === 0 || (k + 1 >= 100 && k + 1 < 900)));
  const heads = tosses.filter((step) => step > 0).length;
  ok(Math.abs(heads - 200) < 50, `${heads} of 800`);
});

Deno.test("the references agree on a network of many layers and factors", () => {
  const rate = smallNetwork({ sizes: [4, 5, 3], channels: 2, seed: 8 });
  const layered = convert(rate, { scalingFactor: [3, 4, 5] });
  const trial = smallTrial(layered, 2, { columns: 3 });
  const keep = { outputs: true };
  const [single] = simulateReference(layered, [trial], keep, "float32");
  const [double] = simulateReference(layered, [trial], keep, "float64");
  for (let t = 0; t < 45; t++) {
    const off = Math.abs(single.outputs![t] - double.outputs![t]);
    ok(
      off < 1e-4 * (1 + Math.abs(double.outputs![t])),
      `step ${t + 1}: ${off}`,
    );
  }
});
