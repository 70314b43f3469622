import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { openPool } from "../../lib/backend/pool.ts";
import { simulateReference, simulateSimd } from "../../lib/backend/spiking.ts";
import { DivergedError } from "../../lib/network/diverged.ts";
import { lif } from "../../lib/kernels/lif/lif_wasm.ts";
import type { SpikingTrace, SpikingTrial } from "../../lib/network/spiking.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { neuronNames } from "../../lib/network/neurons.ts";
import { synapseNames } from "../../lib/network/synapses.ts";
import { smallNetwork, smallTrial } from "../kernels/lif_networks.ts";

const record = { outputs: true, spikes: true, voltages: 50 };

const rate = smallNetwork({ sizes: [13, 6], channels: 2, seed: 3 });
// Strong synapses, as no mapping has them, so that much happens.
const network = { ...convert(rate, { scalingFactor: 50 }), factor: 0.5 };

function trialsOf(count: number): SpikingTrial[] {
  return Array.from({ length: count }, (_, k) =>
    smallTrial(network, k, {
      columns: 5 + k % 3,
      noise: { key: 99, trial: k },
      stimulation: k % 2
        ? [{ kind: "exc", units: [1, 5], from: 100, to: 300 }]
        : [],
    }));
}

Deno.test("simulateSimd() does not depend on workers, splits or the trials beside", async () => {
  const trials = trialsOf(23);
  const alone: SpikingTrace[] = [];
  for (const trial of trials) {
    alone.push(...await simulateSimd(network, [trial], record));
  }
  deepStrictEqual(await simulateSimd(network, trials, record), alone);
  const reversed = await simulateSimd(network, trials.toReversed(), record);
  deepStrictEqual(reversed.toReversed(), alone);
  for (const workers of [1, 2, 3]) {
    const pool = openPool({ workers, modules: { lif: lif() } });
    try {
      const shared = await simulateSimd(network, trials, record, pool);
      deepStrictEqual(shared, alone);
      const part = await simulateSimd(
        network,
        trials.slice(5, 9),
        record,
        pool,
      );
      deepStrictEqual(part, alone.slice(5, 9));
    } finally {
      pool.close();
    }
  }
});

Deno.test("simulate() gives the same on simd, with workers, and on the reference", async () => {
  const trials = trialsOf(5);
  const traces: SpikingTrace[][] = [];
  for (
    const options of [
      { name: "simd" },
      { name: "simd", workers: 2 },
      { name: "reference" },
    ] as const
  ) {
    const backend = await openBackend(options);
    try {
      traces.push(await backend.simulate(network, trials, record));
    } finally {
      backend.close();
    }
  }
  deepStrictEqual(traces[1], traces[0]);
  deepStrictEqual(traces[2], traces[0]);
  ok(traces[0][0].spikes!.steps.length > 20);
});

Deno.test("simulateSimd() says which trial left the finite numbers", async () => {
  const trials = trialsOf(6);
  const huge = { ...trials[4], inputs: trials[4].inputs.slice().fill(3e38) };
  const bad = [...trials.slice(0, 4), huge, trials[5]];
  for (const name of neuronNames) {
    const fragile = {
      ...convert(rate, { scalingFactor: 50, neuron: name }),
      factor: 1e-38,
    };
    await rejects(
      simulateSimd(fragile, trials, record),
      (error: Error) =>
        error instanceof DivergedError && /trial 0 /.test(error.message),
    );
  }
  const pool = openPool({ workers: 2, modules: { lif: lif() } });
  try {
    for (const workers of [undefined, pool]) {
      await rejects(
        simulateSimd(network, bad, record, workers),
        (error: Error) =>
          error instanceof DivergedError &&
          /trial 4 \(number 4 /.test(error.message),
      );
    }
  } finally {
    pool.close();
  }
  const wrecked = { ...trials[1], inputs: trials[1].inputs.slice().fill(NaN) };
  await rejects(simulateSimd(network, [wrecked], record), RangeError);
});

Deno.test("simulateSimd() refuses trials of wrong shape", async () => {
  const [trial] = trialsOf(1);
  const short = trial.inputs.slice(1);
  const few = new Float32Array(18);
  await rejects(
    simulateSimd(network, [{ ...trial, inputs: short }], record),
    TypeError,
  );
  await rejects(
    simulateSimd(network, [{ ...trial, columns: 1 }], record),
    TypeError,
  );
  await rejects(
    simulateSimd(network, [{ ...trial, initialVoltage: few }], record),
    TypeError,
  );
  const stimulation = [
    { kind: "exc", units: [19], from: 1, to: 2 } as const,
  ];
  await rejects(
    simulateSimd(network, [{ ...trial, stimulation }], record),
    /unit 19, allowed are 0 to 18/,
  );
  await rejects(
    simulateSimd(network, [trial], { voltages: 0.5 }),
    RangeError,
  );
});

Deno.test("simulateSimd() follows the float64 reference until their spikes part", async () => {
  // Rounding grows with every spike, so only the beginning can be compared.
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.constantFrom(...synapseNames),
      fc.constantFrom(...neuronNames),
      async (seed, synapse, neuron) => {
        const made = convert(
          smallNetwork({ sizes: [7, 4], channels: 1, seed }),
          { scalingFactor: 2, synapse, neuron: { name: neuron } },
        );
        const trial = smallTrial(made, seed, { columns: 4 });
        const keep = { outputs: true, voltages: 1, currents: 1, rates: 1 };
        const [simd] = await simulateSimd(made, [trial], keep);
        const [exact] = simulateReference(made, [trial], keep, "float64");
        const steps = 60;
        for (
          const kind of ["outputs", "voltages", "currents", "rates"] as const
        ) {
          const got = simd[kind]!, wanted = exact[kind]!;
          const rows = wanted.length / simd.steps;
          for (let row = 0; row < rows; row++) {
            let largest = 0;
            for (let t = 0; t < steps; t++) {
              const at = row * simd.steps + t;
              const off = Math.abs(got[at] - wanted[at]);
              largest = Math.max(largest, Math.abs(wanted[at]));
              ok(
                off <= 1e-3 + 1e-4 * largest,
                `${kind} ${row} step ${t + 1}: ${got[at]}, ${wanted[at]}`,
              );
            }
          }
        }
      },
    ),
    { numRuns: 40, seed: 1 },
  );
});

Deno.test("initial voltages are drawn evenly from the reset to 30 mV", async () => {
  const big = convert(
    smallNetwork({ sizes: [400], channels: 1, seed: 5 }),
    { scalingFactor: 50 },
  );
  const trial: SpikingTrial = {
    inputs: new Float32Array(2),
    columns: 2,
    noise: { key: 12, trial: 3, scale: 0 },
  };
  const [{ voltages }] = await simulateSimd(big, [trial], { voltages: 1 });
  // Refractory from the start: without a spike the first step changes nothing.
  const first = Array.from({ length: 400 }, (_, i) => voltages![100 * i]);
  const fired = first.filter((v) => v === 30).length;
  ok(Math.abs(fired / 400 - 70 / 95) < 0.07, `${fired} of 400 fire at step 1`);
  const below = first.filter((v) => v < 30);
  ok(below.every((v) => v >= -65 && v < -40));
  const mean = below.reduce((sum, v) => sum + v, 0) / below.length;
  ok(Math.abs(mean + 52.5) < 2.5, `mean ${mean}`);
  strictEqual(new Set(below).size, below.length);
});

Deno.test("simulateTogether() gives each network what simulate() gives it alone", async () => {
  const factors = [0.4, 0.5, 0.7];
  const trials = trialsOf(4);
  for (const workers of [1, 2]) {
    const backend = await openBackend({ name: "simd", workers });
    const runs = factors.map((factor, k) => ({
      network: { ...network, factor },
      trials: trials.map((trial) => ({
        ...trial,
        // One network has noise of its own, so it shares none.
        noise: { ...trial.noise, scale: k === 2 ? 0.5 : 1 },
      })),
    }));
    const found = await backend.simulateTogether!(runs, record);
    for (const [k, one] of found.entries()) {
      const { network: own, trials } = runs[k];
      deepStrictEqual(one, {
        status: "fulfilled",
        value: await backend.simulate(own, trials, record),
      });
    }
    // Seventeen do not fit into one job; a failure is one network's own.
    const many = Array.from({ length: 17 }, (_, k) => ({
      network: k === 3 ? { ...network, factor: 1e-38 } : network,
      trials: trials.slice(0, 2),
    }));
    const all = await backend.simulateTogether!(many, record);
    ok(all[3].status === "rejected" && all[3].reason instanceof DivergedError);
    deepStrictEqual(all[16], all[0]);
    ok(all[16].status === "fulfilled");
    backend.close();
  }
});
