import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { finished } from "../../lib/records/finished.ts";
import { evaluate } from "../../lib/simulate/evaluate_rate.ts";
import { evaluateSpiking } from "../../lib/simulate/evaluate_spiking.ts";
import {
  evaluatePerturbed,
  type PerturbationEvent,
} from "../../lib/simulate/evaluate_perturbed.ts";
import { mcNemar } from "../../lib/simulate/paired.ts";
import type { Perturbations } from "../../lib/simulate/run.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import { smallNetwork } from "../kernels/lif_networks.ts";
import { layerOf, networkOf } from "./networks.ts";
import { fakeBackend, task } from "./spiking_fakes.ts";

const network = smallNetwork({ sizes: [12], channels: 1, seed: 5 });
const spiking = { ...convert(network, { scalingFactor: 50 }), factor: 5 };
const grid: Perturbations[] = [
  ...Array.from({ length: 16 }, (_, k) => ({
    modifications: [
      { from: "all", to: "all", kind: "scale", amount: k / 8 } as const,
    ],
  })),
  // Of one network at the beginning, with weights of their own in a window.
  ...[0, 3].map((amount) => ({
    modifications: [{
      ...{ from: "all", to: "all", kind: "scale", amount } as const,
      window: { from: 20, to: 60 },
    }],
  })),
  { lesion: [0, 3] },
  {
    noiseScale: 0,
    stimulation: { kind: "exc", units: [1], window: { from: 0, to: 50 } },
  },
];

Deno.test("evaluatePerturbed() gives each perturbation what it has alone, on any number of workers", async () => {
  const options = { seed: 3, trials: 6, balanced: true };
  for (const one of [network, spiking]) {
    const [first, second] = [1, 2].map((workers) =>
      openBackend({ name: "simd", workers })
    );
    const backend = await first;
    const other = await second;
    const { intact, effects } = await finished(
      evaluatePerturbed(one, task, grid, { ...options, backend }),
    );
    const again = await finished(
      evaluatePerturbed(one, task, grid, { ...options, backend: other }),
    );
    assert.deepEqual(again.effects, effects);
    const alone = (perturbation: Perturbations) => {
      const run = { ...options, ...perturbation, backend };
      return "rate" in one
        ? evaluateSpiking(one, task, run)
        : evaluate(one, task, run);
    };
    assert.deepEqual(intact, await alone({}));
    assert.equal(effects.length, grid.length);
    for (const { index, score } of effects) {
      assert.deepEqual(score, await alone(grid[index]), `${index}`);
    }
    assert.deepEqual(effects[8].score, intact, "a strength of 1");
    backend.close();
    other.close();
  }
});

Deno.test("evaluatePerturbed() compares trial by trial", async () => {
  const plain = networkOf([layerOf(4, 2, 1)]);
  // Right for go while unit 0 is read, else for stay.
  const backend = fakeBackend(() => ({ output: 0 }), {
    output: () => backend.opened.at(-1)!.readout.weights[0][0] ? 1 : 0,
  });
  const events: PerturbationEvent[] = [];
  const lesions = [{ lesion: [1] }, { lesion: [0] }];
  const evaluated = evaluatePerturbed(plain, task, lesions, {
    seed: 1,
    trials: 20,
    condition: ["go", "go", "go", "stay"],
    backend,
  });
  for await (const event of evaluated) events.push(event);
  assert.deepEqual(events.map(({ kind }) => kind), [
    ...["simulated", "intact", "simulated", "perturbation"],
    ...["simulated", "perturbation", "perturbed"],
  ]);
  const [, , , harmless, , harmful] = events;
  assert.ok(
    harmless.kind === "perturbation" && harmful.kind === "perturbation",
  );
  assert.deepEqual([harmless.strict.difference, harmless.strict.p], [0, 1]);
  const { both, first, second, neither, p } = harmful.strict;
  assert.deepEqual([both, first, second, neither], [0, 15, 5, 0]);
  assert.equal(p, mcNemar(15, 5));
  assert.equal(harmful.strict.difference, -0.5);
});

Deno.test("evaluatePerturbed() does not run the intact network again at a strength of 1", async () => {
  const plain = networkOf([layerOf(4, 2, 1)]);
  const backend = fakeBackend(() => ({ output: 0 }), {
    output: () => 0.5 + backend.opened.length / 100,
  });
  const points = [1, 2, 1].map((amount) => ({
    modifications: [
      { from: "all", to: "all", kind: "scale", amount } as const,
    ],
  }));
  const { intact, effects } = await finished(
    evaluatePerturbed(plain, task, points, { seed: 1, trials: 4, backend }),
  );
  assert.equal(backend.opened.length, 2);
  assert.deepEqual(effects.map(({ index }) => index), [0, 1, 2]);
  assert.deepEqual(effects[2].score, intact);
  assert.notDeepEqual(effects[1].score, intact);
  // What is wrong with such a point is said all the same.
  await assert.rejects(
    finished(evaluatePerturbed(plain, task, [{
      modifications: [{ from: [9], to: "all", kind: "scale", amount: 1 }],
    }], { seed: 1, trials: 4, backend })),
    RangeError,
  );
});

Deno.test("evaluatePerturbed() gives the mean rates of a rate network's classes", async () => {
  const network = createNetwork({ units: 12, channels: 1 }, randomStream(1));
  // Nothing comes in and nothing is sent: x is 0 and r half, but for what is pushed.
  for (const { weights } of [...network.layers, ...network.inputs]) {
    weights.fill(0);
  }
  const window = { from: 0, to: 1000 };
  const stimulation = { kind: "inh", units: "I", window, amount: 100 } as const;
  const events = await Array.fromAsync(
    evaluatePerturbed(
      network,
      getTask("go-nogo"),
      [{ noiseScale: 0 }, { noiseScale: 0, stimulation }],
      { seed: 1, trials: 3 },
    ),
  );
  const { effects } = events.findLast((event) => event.kind === "perturbed")!;
  const [plain, pushed] = effects.map(({ activity }) => activity!);
  assert.deepEqual([plain.excitatory, plain.inhibitory], [0.5, 0.5]);
  assert.equal(pushed.excitatory, 0.5);
  assert.ok(pushed.inhibitory < 1e-20, "silenced throughout");
  const intact = events.find((event) => event.kind === "intact")!;
  assert.ok(intact.activity!.excitatory !== 0.5);
});

Deno.test("evaluatePerturbed() goes on after a perturbation that fails", async () => {
  const plain = convert(networkOf([layerOf(4, 2, 1)]), { scalingFactor: 50 });
  const backend = fakeBackend(({ rate }) => ({
    output: rate.readout.weights[0][3] ? 0 : NaN,
  }));
  const events = await Array.fromAsync(
    evaluatePerturbed(plain, task, [{ lesion: [3] }, { lesion: [2] }], {
      seed: 1,
      trials: 2,
      backend,
    }),
  );
  const kinds = events.map(({ kind }) => kind).filter((k) => k !== "simulated");
  assert.deepEqual(kinds, [
    ...["intact", "perturbationFailed", "perturbation", "perturbed"],
  ]);
  const last = events.at(-1)!;
  assert.ok(last.kind === "perturbed");
  assert.deepEqual(last.effects.map(({ index }) => index), [1]);
});

Deno.test("evaluatePerturbed() says what is wrong before it runs, and stops when told", async () => {
  const backend = fakeBackend(() => ({ output: 0 }));
  const options = { seed: 1, backend };
  const run = (perturbations: Perturbations[]) =>
    Array.fromAsync(evaluatePerturbed(spiking, task, perturbations, options));
  const weak = { from: "all", to: "all", kind: "scale", amount: 1 } as const;
  await assert.rejects(run([]), RangeError);
  await assert.rejects(run([{}, { lesion: [99] }]), RangeError);
  await assert.rejects(
    run([{ modifications: [{ ...weak, window: { from: 0, to: 999 } }] }]),
    RangeError,
  );
  await assert.rejects(run([{ noiseScale: -1 }]), RangeError);
  assert.equal(backend.calls.length, 0);
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(
    Array.fromAsync(
      evaluatePerturbed(spiking, task, [{}], {
        ...options,
        signal: stop.signal,
      }),
    ),
    { name: "AbortError" },
  );
});
