import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { modify } from "../../lib/network/modify.ts";
import type { WeightsFrom } from "../../lib/network/types.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import type { Modification } from "../../lib/simulate/modifications.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { epochWindows } from "../../lib/tasks/epochs.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { smallNetwork } from "../kernels/lif_networks.ts";
import { layerOf, networkOf } from "./networks.ts";
import { fakeBackend, task } from "./spiking_fakes.ts";

const network = networkOf([layerOf(4, 2, 1)]);
const spiking = convert(network, { scalingFactor: 50 });
const weak: Modification = { from: "I", to: "I", kind: "scale", amount: 0.5 };

/** What a backend is asked for: a network, and where its weights change. */
async function asked(modifications: Modification[], lesion?: "E") {
  const backend = fakeBackend(() => ({ output: 0 }));
  const options = { seed: 1, trials: 1, backend, modifications, lesion };
  await evaluate(network, task, options);
  await evaluateSpiking(spiking, task, options);
  await simulate(spiking, task, options);
  await simulateRate(network, task, options);
  const froms = (weights: readonly WeightsFrom[] = []) =>
    weights.map(({ from, network: of = network }) => [
      from,
      of.layers[0].weights[15],
    ]);
  const [rate, again] = backend.rateTrials;
  const [twin, simulated] = backend.calls;
  assert.deepEqual(froms(again.weights), froms(rate.weights));
  assert.deepEqual(simulated.network, twin.network);
  assert.deepEqual(twin.network.rate, backend.opened[0], "the same synapses");
  return {
    network: backend.opened[0],
    rate: froms(rate.weights),
    spiking: froms(twin.trials[0].weights),
    weights: rate.weights,
  };
}

const f = Math.fround;

Deno.test("modifications of whole trials change the network that runs", async () => {
  const found = await asked([weak]);
  assert.deepEqual(found.network, modify(network, [weak]));
  assert.deepEqual(found.rate, []);
  assert.deepEqual(found.spiking, []);
  assert.equal(network.layers[0].weights[15], f(0.16));
});

Deno.test("modifications of a window change the weights of the trial there", async () => {
  // Steps of 5 ms; 100 integration steps of 0.05 ms each.
  const found = await asked([{ ...weak, window: { from: 25, to: 40 } }]);
  assert.deepEqual(found.network, network);
  assert.deepEqual(found.rate, [[5, f(0.08)], [8, f(0.16)]]);
  assert.deepEqual(found.spiking, [
    [500, f(0.08)],
    [800, f(0.16)],
  ]);
  const steps = { from: 5, to: 20, unit: "steps" } as const;
  const both = await asked([
    { ...weak, window: steps },
    { ...weak, amount: 3 },
    { ...weak, amount: 0, window: { from: 50, to: 75 } },
  ]);
  assert.deepEqual(both.rate, [
    [0, f(f(0.16) * 3)],
    [5, f(f(0.08) * 3)],
    [10, 0],
    [15, f(f(0.08) * 3)],
    [20, f(f(0.16) * 3)],
  ]);
});

Deno.test("modifications take epochs of the task, and lesions with them", async () => {
  const found = await asked([{ ...weak, window: "stimulus" }], "E");
  assert.deepEqual(found.rate.map(([from]) => from), [5, 10]);
  for (const { network: of = found.network } of found.weights!) {
    assert.equal(of.layers[0].weights[4], 0, "E units are lesioned");
  }
  // The response of the fake task begins as the stimulus ends.
  const response = await asked([{ ...weak, window: "response" }]);
  assert.deepEqual(response.rate.map(([from]) => from), [11, 20]);
  assert.deepEqual(epochWindows(getTask("xor"), "stimulus"), [
    { from: 50, to: 75 },
    { from: 150, to: 175 },
  ]);
  assert.deepEqual(epochWindows({ ...task, stimuli: [] }, "delay"), []);
});

Deno.test("modifications refuse windows that the trial does not have", async () => {
  const refuse = async (window: Modification["window"], message: RegExp) => {
    await assert.rejects(asked([{ ...weak, window }]), {
      name: "RangeError",
      message,
    });
  };
  await refuse({ from: 50, to: 101 }, /within the trial's 0:100 ms/);
  await refuse({ from: 50, to: 50 }, /begin before it ends/);
  await refuse("pause" as "delay", /stimulus, delay, response/);
  await assert.rejects(
    evaluate(network, { ...task, stimuli: [] }, {
      seed: 1,
      modifications: [{ ...weak, window: "delay" }],
    }),
    { name: "RangeError", message: /task fake has none/ },
  );
  const stimulus = { inputs: new Float32Array(21), columns: 21 };
  await assert.rejects(
    simulate(spiking, [stimulus], {
      seed: 1,
      modifications: [{ ...weak, window: "delay" }],
    }),
    { name: "RangeError", message: /stimuli have no epochs/ },
  );
});

Deno.test("synapses that are cut in a window still carry what came before it", async () => {
  const rate = smallNetwork({ sizes: [14, 9], channels: 1, seed: 3 });
  const cut = { from: "all", to: "all", kind: "cut", amount: 1 } as const;
  const backend = await openBackend();
  const options = { seed: 1, trials: 1, backend };
  const run = async (modifications: Modification[]) => {
    const [{ trace }] = await simulateRate(rate, task, {
      ...options,
      record: { states: true },
      modifications,
    });
    return trace.states!;
  };
  const [whole, late, none] = [
    await run([{ ...cut }]),
    await run([{ ...cut, window: { from: 50, to: 100 } }]),
    await run([]),
  ];
  const differ = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from({ length: 20 }, (_, t) => t).find((t) =>
      Array.from({ length: 23 }, (_, i) => i)
        .some((i) => a[i * 20 + t] !== b[i * 20 + t])
    );
  assert.equal(differ(whole, none), 1);
  assert.equal(differ(late, none), 10);
  backend.close();
});
