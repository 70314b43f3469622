/** What the ops refuse, and that it spoils nothing: the same on every backend. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../../lib/errors.ts";
import { gpuOf, type WebGpuBackend } from "../../lib/tfjs/backend.ts";
import {
  checkDevice,
  decayRates,
  type LifConstants,
  lifScan,
  rateScan,
  type ScanNoise,
} from "../../lib/tfjs/mod.ts";
import { testWith } from "../require.ts";

type Backend = "cpu" | "webgpu";

const inputs = (shape: [number, number, number] = [2, 7, 5]) => ({
  weights: tf.zeros<tf.Rank.R2>([shape[2], shape[2]]),
  decay: tf.fill<tf.Rank.R1>([shape[2]], 0.5),
  tauDecay: tf.fill<tf.Rank.R1>([shape[2]], 20),
  drive: tf.ones<tf.Rank.R3>(shape),
});

const lif = (constants: LifConstants) => () =>
  lifScan({ ...inputs(), constants });
const noisy = (noise: unknown) => () =>
  rateScan({ ...inputs(), noise: noise as ScanNoise });
const lifNoisy = (noise: unknown) => () =>
  lifScan({ ...inputs(), noise: noise as tf.Tensor3D });

/** Calls that are refused, and the beginning of what is said. */
const refused: readonly [() => unknown, string][] = [
  ...([
    "dt",
    "tauMembrane",
    "refractory",
    "reset",
    "peak",
    "rise",
    "height",
  ] as const)
    .flatMap((name) =>
      [NaN, Infinity, -Infinity, 1e39].map((value) =>
        [
          lif({ [name]: value }),
          `Cannot run lifScan: ${name} is ${value}, allowed is a finite number`,
        ] as [() => unknown, string]
      )
    ),
  [
    lif({ steepness: NaN }),
    "Cannot run lifScan: steepness is NaN, allowed is a finite number from 0",
  ],
  [
    lif({ dt: "0.05" as unknown as number }),
    "Cannot run lifScan: dt is 0.05, allowed is a finite number above 0",
  ],
  [
    lif({ dt: 0.5, tauMembrane: 0.2 }),
    "Cannot run lifScan: tauMembrane is 0.2, allowed is a finite number, at " +
    "least half of the step of 0.5 ms",
  ],
  [
    lif({ dt: 0.5, rise: 0.2 }),
    "Cannot run lifScan: rise is 0.2, allowed is a finite number, at least " +
    "the step of 0.5 ms, or 0 for single exponentials",
  ],
  [
    lif({ reset: -40 }),
    "Cannot run lifScan: reset is -40, allowed is a finite number below the " +
    "peak of -40 mV",
  ],
  [
    lifNoisy(NaN),
    "Cannot run lifScan: noise is NaN, a tensor is needed",
  ],
  [
    lifNoisy([1, 2]),
    "Cannot run lifScan: noise is an array, a tensor is needed",
  ],
  [
    () => lifScan({ ...inputs(), initial: null as unknown as tf.Tensor2D }),
    "Cannot run lifScan: initial is null, a tensor is needed",
  ],
  [
    noisy(NaN),
    "Cannot run rateScan: noise is NaN, allowed are a tensor " +
    "[trials, steps, units] and { seed, trial, amplitude, initial }",
  ],
  [noisy(null), "Cannot run rateScan: noise is null, allowed are a tensor"],
  ...["amplitude", "initial"].flatMap((name) =>
    [NaN, Infinity, -1, 1e39].map((value) =>
      [
        noisy({ seed: 1, [name]: value }),
        `Cannot run rateScan: noise.${name} is ${value}, allowed is a finite ` +
        "number from 0",
      ] as [() => unknown, string]
    )
  ),
  ...[NaN, 0.5, -1, 2 ** 32 - 1].map((value) =>
    [
      noisy({ seed: 1, trial: value }),
      `Cannot run rateScan: noise.trial is ${value}, allowed is a whole number ` +
      "from 0 to 4294967294",
    ] as [() => unknown, string]
  ),
  ...[NaN, undefined, 1.5].map((value) =>
    [
      noisy({ seed: value }),
      `Cannot run rateScan: noise.seed is ${value}, allowed is a whole number`,
    ] as [() => unknown, string]
  ),
  ...[[0, 7, 5], [2, 0, 5], [2, 7, 0]].flatMap((shape) =>
    ([["lifScan", lifScan, "1 step "], [
      "rateScan",
      rateScan,
      "2 steps ",
    ]] as const)
      .map(([op, scan, fewest]) =>
        [
          () => scan(inputs(shape as [number, number, number])),
          `Cannot run ${op}: the drive is [${shape}], that is ${shape[0]} ` +
          `trials, ${shape[1]} steps, ${
            shape[2]
          } units; allowed are at least ` +
          `1 trial, ${fewest}and 1 unit`,
        ] as [() => unknown, string]
      )
  ),
  [
    () => rateScan({ ...inputs(), drive: [[[1]]] as unknown as tf.Tensor3D }),
    "Cannot run rateScan: drive is an array, a tensor is needed",
  ],
  [
    () => decayRates(tf.zeros([2]), NaN, 20),
    "Cannot run decayRates: min is NaN, allowed is a finite number above 0",
  ],
  [
    () => decayRates(tf.zeros([2]), 20, 4),
    "Cannot run decayRates: max is 4, allowed is a finite number from 20",
  ],
  ...(["weights", "drive"] as const).flatMap((name) =>
    ([["lifScan", lifScan], ["rateScan", rateScan]] as const).map((
      [op, scan],
    ) =>
      [
        () => {
          const gone = inputs();
          gone[name].dispose();
          scan(gone);
        },
        `Cannot run ${op}: ${name} is a tensor that has been disposed of`,
      ] as [() => unknown, string]
    )
  ),
];

async function compare(backend: Backend): Promise<void> {
  await tf.setBackend(backend);
  tf.engine().startScope();
  for (const [call, message] of refused) {
    assert.throws(call, (error) => {
      assert.ok(
        error instanceof RangeError || error instanceof TypeError,
        `${error}`,
      );
      assert.equal(error.message.slice(0, message.length), message);
      return true;
    });
  }
  // Nothing of it has reached the device.
  await checkDevice();
  const { spikes } = lifScan({
    ...inputs([1, 100, 3]),
    drive: tf.fill([1, 100, 3], 500),
  });
  assert.ok((await spikes.sum().data())[0] > 0);
  const rates = rateScan(inputs());
  assert.ok((await rates.sum().data())[0] > 0);
  await checkDevice();
  tf.engine().endScope();
}

Deno.test("the ops say what cannot be on cpu, and go on", () => compare("cpu"));

testWith(
  "webgpu",
  "the ops say the same on webgpu before anything is compiled, and go on",
  () => compare("webgpu"),
);

Deno.test("lifScan() takes a refractory period beyond every trial", async () => {
  await tf.setBackend("cpu");
  const { spikes } = lifScan({
    ...inputs([1, 400, 1]),
    drive: tf.fill([1, 400, 1], 500),
    initial: tf.fill([1, 1], 0),
    constants: { refractory: 1e30 },
  });
  assert.equal((await spikes.sum().data())[0], 1);
});

testWith(
  "webgpu",
  "lifScan() takes a refractory period beyond every trial on webgpu",
  async () => {
    await tf.setBackend("webgpu");
    const { spikes } = lifScan({
      ...inputs([1, 400, 1]),
      drive: tf.fill([1, 400, 1], 500),
      initial: tf.fill([1, 1], 0),
      constants: { refractory: 1e30 },
    });
    assert.equal((await spikes.sum().data())[0], 1);
    await checkDevice();
  },
);

Deno.test("the ops say which backends of tfjs they run on", async () => {
  await tf.setBackend("cpu");
  const made = inputs();
  tf.registerBackend("other", tf.findBackendFactory("cpu"));
  try {
    await tf.setBackend("other");
    tf.tidy(() => {
      for (const scan of [lifScan, rateScan]) {
        assert.throws(() => scan(made), (error) => {
          assert.ok(error instanceof BackendError);
          assert.match(
            error.message,
            /^Cannot run (lif|rate)Scan on tfjs's backend "other": allowed are cpu and webgpu, await tf.setBackend\("cpu"\) first$/,
          );
          return true;
        });
      }
    });
  } finally {
    await tf.setBackend("cpu");
    tf.removeBackend("other");
  }
});

testWith(
  "webgpu",
  "a kernel that does not compile is reported once, other ops go on",
  async () => {
    await tf.setBackend("webgpu");
    const gpu = gpuOf(tf.backend() as unknown as WebGpuBackend);
    const bad = { label: "bad kernel", bindings: [], code: "fn main( {" };
    for (let turn = 0; turn < 2; turn++) {
      gpu.kernel(bad);
      await assert.rejects(
        checkDevice(),
        { name: "BackendError", message: /Cannot compile the kernel bad/ },
      );
      const rates = rateScan(inputs());
      assert.ok((await rates.sum().data())[0] > 0);
      await checkDevice();
    }
  },
);
