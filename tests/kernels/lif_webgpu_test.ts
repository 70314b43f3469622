import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { simulateReference } from "../../lib/backend/spiking.ts";
import { simulateOnGpu } from "../../lib/backend/webgpu_spiking.ts";
import { decodeMat } from "../../lib/mat5/mod.ts";
import { readModel } from "../../lib/formats/model_file.ts";
import type { Gpu } from "../../lib/kernels/webgpu/gpu.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../../lib/network/spiking.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { testWith } from "../require.ts";
import { withGpu } from "./webgpu_device.ts";
import { randomNetwork } from "./webgpu_networks.ts";

const data = new URL("../data/", import.meta.url);

/** A trial of a network with one pulse. Without noise by default. */
function pulse(
  network: SpikingNetwork,
  columns: number,
  trial = 0,
  scale = 0,
): SpikingTrial {
  const units = network.rate.layers.reduce((sum, { size }) => sum + size, 0);
  const { weights, to } = network.rate.inputs[0];
  const channels = weights.length / network.rate.layers[to].size;
  const random = randomStream(11).fork("trial", trial);
  return {
    inputs: Float32Array.from(
      { length: channels * columns },
      (_, k) => k % columns > 2 ? 2 * random.normal(k) : 0,
    ),
    columns,
    noise: { key: random.key, trial, scale },
    initialVoltage: Float32Array.from(
      { length: units },
      (_, i) => -65 + 45 * random.uniform(i),
    ),
  };
}

async function one(
  gpu: Gpu,
  network: SpikingNetwork,
  trial: SpikingTrial,
  record: Recording,
): Promise<SpikingTrace> {
  const [[trace]] = await simulateOnGpu(
    gpu,
    [{ network, trials: [trial] }],
    record,
  );
  return trace;
}

/** Spikes of a trace as pairs, of units ascending within a step. */
function pairs({ spikes }: SpikingTrace): [number, number][] {
  return Array.from(spikes!.steps, (step, k) => [step, spikes!.units[k]]);
}

/** A random network mapped to spikes; strong enough to keep firing. */
function spikingNetwork(
  sizes: readonly number[],
  options: Omit<Parameters<typeof convert>[1], "scalingFactor">,
  factor: number | number[] = 2,
): SpikingNetwork {
  const rate = randomNetwork({ sizes, channels: 2, seed: 21 });
  return convert(rate, { scalingFactor: factor, ...options });
}

testWith(
  "webgpu",
  "spiking scan in WGSL fires spike for spike as the reference",
  () =>
    withGpu(async (gpu) => {
      const cases = [
        spikingNetwork([20], {}),
        spikingNetwork([20], { synapse: "single" }),
        spikingNetwork([20], { synapse: "none" }),
        spikingNetwork([20], { synapse: "alpha" }),
        spikingNetwork([12, 9], {}, [2, 3]),
        spikingNetwork([14], { refractory: 0 }),
        spikingNetwork([40], { neuron: "qif", downsample: 2 }),
        spikingNetwork([20], { neuron: "eif", refractory: 1 }),
        spikingNetwork([20], {
          neuron: { name: "adex", tauAdaptation: 20, adaptationJump: 2 },
        }),
        spikingNetwork([20], {
          calibration: {
            readout: { gainExcitatory: 1.5, gainInhibitory: 0.5, offset: 0.25 },
            units: {
              bias: new Float64Array(20).fill(0.5),
              gain: new Float64Array(20).fill(1.2),
            },
          },
        }),
      ];
      for (const [k, network] of cases.entries()) {
        const trial = pulse(network, 9);
        const record = {
          outputs: true,
          spikes: true,
          voltages: 1,
          currents: 3,
          rates: 2,
        };
        const trace = await one(gpu, network, trial, record);
        // The reference in single precision counts the refractory period in
        // whole steps, as every fast kernel does.
        const [expected] = simulateReference(
          network,
          [trial],
          record,
          "float32",
        );
        assert.ok(
          expected.spikes!.steps.length > 4,
          `case ${k}: too few spikes to compare`,
        );
        assert.deepEqual(trace.spikes, expected.spikes, `case ${k}`);
        assert.deepEqual(trace.spikeCounts, expected.spikeCounts);
        assert.deepEqual(trace.earlyCounts, expected.earlyCounts);
        for (
          const what of ["outputs", "voltages", "currents", "rates"] as const
        ) {
          const [actual, wanted] = [trace[what]!, expected[what]!];
          assert.equal(actual.length, wanted.length);
          const size = Math.max(...Array.from(wanted, Math.abs), 1);
          wanted.forEach((value, i) =>
            assert.ok(
              Math.abs(actual[i] - value) < 2e-4 * size,
              `${what} ${i} of case ${k}: ${actual[i]}, expected ${value}`,
            )
          );
        }
      }
    }),
);

testWith(
  "webgpu",
  "spiking scan in WGSL gives the original's noise-free trial over 2,000 steps",
  () =>
    withGpu(async (gpu) => {
      const model = await readModel(
        new URL("gonogo_original.mat", data).pathname,
      );
      const original = decodeMat(
        readFileSync(new URL("lif_noise_free_float64.mat", data)),
      );
      const numbers = (name: string) => {
        const value = original.get(name);
        assert.ok(value?.kind === "numeric", name);
        return value.data as Float64Array;
      };
      const network = convert(model.network, { scalingFactor: 50 });
      const columns = 21;
      const trial = {
        inputs: Float32Array.from(numbers("u").subarray(0, columns)),
        columns,
        noise: { key: 1, trial: 0, scale: 0 },
        initialVoltage: Float32Array.from(numbers("v0")),
      };
      const trace = await one(gpu, network, trial, {
        outputs: true,
        spikes: true,
      });
      const found = pairs(trace);
      const record = { spikes: true };
      const [whole] = simulateReference(network, [trial], record, "float32");
      assert.deepEqual(found, pairs(whole));
      // The original's own refractory test lets a unit go a step earlier at times.
      const raster = numbers("raster_full");
      const count = raster.length / 2;
      const expected = Array.from(
        { length: count },
        (_, k) => [raster[count + k], raster[k] - 1],
      )
        .filter(([step]) => step <= 2000)
        .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
      assert.equal(found.length, expected.length);
      const early = expected.filter(([step, unit], k) => {
        assert.equal(found[k][1], unit);
        assert.ok(found[k][0] - step <= 2 && found[k][0] >= step);
        return found[k][0] !== step;
      });
      assert.ok(early.length <= 5, `${early.length} spikes at another step`);
      const outputs = numbers("out");
      trace.outputs!.forEach((o, k) =>
        assert.ok(Math.abs(o - outputs[k]) < 2e-3)
      );
    }),
);

testWith(
  "webgpu",
  "spiking scan in WGSL with noise draws the streams' numbers and has the same statistics",
  () =>
    withGpu(async (gpu) => {
      const network = spikingNetwork([20], {});
      const trials = Array.from(
        { length: 12 },
        (_, b) => pulse(network, 7, b, 1),
      );
      const [traces] = await simulateOnGpu(gpu, [{ network, trials }], {
        spikes: true,
      });
      const expected = simulateReference(
        network,
        trials,
        { spikes: true },
        "float64",
      );
      const counts = traces.map((trace) =>
        trace.spikeCounts.reduce((a, b) => a + b)
      );
      const wanted = expected.map(({ spikes }) => spikes!.steps.length);
      const mean = (values: number[]) =>
        values.reduce((a, b) => a + b) / values.length;
      assert.ok(mean(wanted) > 20);
      assert.ok(Math.abs(mean(counts) / mean(wanted) - 1) < 0.05);
      // Over the first steps rounding has not told yet.
      traces.forEach((trace, b) => {
        const early = (list: readonly (readonly [number, number])[]) =>
          list.filter(([step]) => step <= 150);
        assert.deepEqual(
          early(pairs(trace)),
          early(pairs(expected[b])),
          `trial ${b}`,
        );
      });
    }),
);

testWith(
  "webgpu",
  "spiking scan in WGSL gives the same whatever the batch, the chunks and the segments",
  async () => {
    const networks = [2, 3, 5].map((factor) => {
      // The adaptation current is state that one dispatch leaves to the next.
      const network = spikingNetwork([35], { neuron: "alif" });
      return { ...network, factor };
    });
    const shared = networks.map((network) => ({
      ...network,
      rate: networks[0].rate,
    }));
    const trials = [0, 1, 2].map((b) => pulse(shared[0], 4, b, 1));
    const record = {
      outputs: true,
      spikes: true,
      voltages: 7,
      currents: 40,
      rates: 1,
    };
    const jobs = shared.map((network) => ({ network, trials }));
    const found: SpikingTrace[][] = [];
    for (
      const capacity of [
        {},
        { iterations: 3000 },
        { bufferBytes: 30_000 },
        { batchBytes: 50_000 },
      ]
    ) {
      await withGpu(async (gpu) => {
        found.push((await simulateOnGpu(gpu, jobs, record)).flat());
      }, capacity);
    }
    const single: SpikingTrace[] = [];
    await withGpu(async (gpu) => {
      for (const network of shared) {
        for (const trial of trials) {
          single.push(await one(gpu, network, trial, record));
        }
      }
    });
    for (const traces of [...found.slice(1), single]) {
      traces.forEach((trace, k) => {
        for (
          const what of [
            "outputs",
            "spikeCounts",
            "earlyCounts",
            "spikes",
            "voltages",
            "currents",
            "rates",
          ] as const
        ) {
          assert.deepEqual(
            trace[what],
            found[0][k][what],
            `${what} of trial ${k}`,
          );
        }
      });
    }
    assert.notDeepEqual(found[0][0].outputs, found[0][3].outputs);
  },
);

testWith(
  "webgpu",
  "spiking scan in WGSL stimulates chosen units with one coin a step",
  () =>
    withGpu(async (gpu) => {
      const quiet = spikingNetwork([4], {});
      const rate = {
        ...quiet.rate,
        layers: quiet.rate.layers.map((layer) => ({
          ...layer,
          weights: new Float32Array(16),
        })),
      };
      const network = {
        ...quiet,
        rate,
        neuron: { ...quiet.neuron, tauMembrane: 1e9 },
      };
      const trial: SpikingTrial = {
        ...pulse(network, 11),
        initialVoltage: new Float32Array(4).fill(-1000),
        stimulation: [
          { kind: "exc", units: [1, 2], from: 101, to: 501 },
          {
            kind: "inh",
            units: [2],
            from: 301,
            to: 401,
            probability: 1,
            amount: 2,
          },
        ],
      };
      const { voltages, steps } = await one(gpu, network, trial, {
        voltages: 1,
      });
      const rows = [0, 1, 2, 3].map((i) =>
        voltages!.subarray(i * steps, (i + 1) * steps)
      );
      const near = (a: number, b: number) => Math.abs(a - b) < 1e-2;
      assert.ok(near(rows[0][999], -1000) && near(rows[3][999], -1000));
      const heads = (rows[1][999] + 1000) / 0.5;
      assert.ok(heads > 160 && heads < 240, `${heads} heads of 400`);
      assert.ok(near(rows[1][99], -1000) && near(rows[1][500], rows[1][999]));
      assert.ok(near(rows[2][999], rows[1][999] - 200));
      const record = { voltages: 1 };
      const [same] = simulateReference(network, [trial], record, "float32");
      assert.ok(same.voltages!.every((v, k) => near(v, voltages![k])));
    }),
);
