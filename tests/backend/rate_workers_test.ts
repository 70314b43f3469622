import assert from "node:assert/strict";
import fc from "fast-check";
import { openBackend } from "../../lib/backend/open.ts";
import { openPool, type Pool } from "../../lib/backend/pool.ts";
import { simdSession, type TeamOpener } from "../../lib/backend/rate_simd.ts";
import { rateScanModule } from "../../lib/backend/rate_workers.ts";
import { openTeam } from "../../lib/backend/team.ts";
import type { RateTrial } from "../../lib/backend/types.ts";
import {
  placeInShares,
  sharesOf,
} from "../../lib/kernels/rate_scan/lanes_block.ts";
import { unitShares } from "../../lib/kernels/rate_scan/lanes_gradient.ts";
import type { TaskTeam } from "../../lib/kernels/rate_scan/tasks.ts";
import { rateScan } from "../../lib/kernels/rate_scan/rate_scan_wasm.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { caseShapes, randomNetwork, randomTrials } from "./rate_networks.ts";

const random = randomStream(5);
const steps = 21;

function trials(count: number): RateTrial[] {
  return Array.from({ length: count }, (_, i) => ({
    inputs: Float32Array.from({ length: 2 * steps }, (_, k) => Math.sin(i + k)),
    target: new Float32Array(steps).fill(i % 2),
    steps,
    noise: { key: random.key, trial: i },
  }));
}

for (const units of [[13], [9, 6]]) {
  Deno.test(`rate sessions of ${units.join("+")} units give the same bits on any number of workers`, async () => {
    const network = createNetwork(
      { channels: 2, units, feedback: 0.2 },
      random.fork("network"),
    );
    const results = [];
    for (const workers of [1, 2, 3]) {
      const backend = await openBackend({ workers });
      const session = await backend.open(network);
      const batch = trials(70);
      const traces = await session.run(batch, { rates: true, states: true });
      const losses = [];
      for (let k = 0; k < 3; k++) {
        const result = await session.update(batch, "l2", {
          learningRate: 0.01,
          clipNorm: 1,
        });
        losses.push([...result.losses], result.gradientNorm);
      }
      const { gradient } = await session.gradient(batch.slice(3), "l1");
      results.push({ traces, losses, gradient, network: session.network() });
      session.close();
      backend.close();
    }
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });
}

/** Gradient, losses, outputs and a network of some updates with one batch. */
async function trained(
  shape: Parameters<typeof randomNetwork>[0],
  ...by: [pool?: () => Pool, team?: TeamOpener]
) {
  const session = simdSession(randomNetwork(shape), ...by);
  const batch = randomTrials(shape);
  const found = [
    await session.gradient(batch, shape.loss),
    await session.update(batch, shape.loss, { learningRate: 0.03 }),
    await session.update(batch.slice(1), "l1", { learningRate: 0.03 }),
    session.network(),
    session.optimiser(),
  ];
  session.close();
  return found;
}

Deno.test("a block of trials has the same bits whole and in shares", async () => {
  const shapes = caseShapes({ layers: 2, units: 40, steps: 60, batch: 16 })
    .map((shape) => ({ ...shape, batch: 13 + shape.batch % 4 }));
  const modules = { [rateScanModule]: rateScan() };
  const pools = [2, 4].map((workers) => openPool({ workers, modules }));
  await fc.assert(
    fc.asyncProperty(shapes, async (shape) => {
      const whole = await trained(shape);
      for (const threads of [2, 3, 4]) {
        const shared = await trained(shape, undefined, () => openTeam(threads));
        assert.deepEqual(shared, whole);
      }
      for (const pool of pools) {
        assert.deepEqual(await trained(shape, () => pool), whole);
      }
    }),
    { numRuns: 4, seed: 20190612 },
  );
  for (const pool of pools) pool.close();
});

Deno.test("shares of a block have all its trials, each in the lane that is told", () => {
  const trials = Array.from({ length: 15 }, (_, b) => ({
    steps: b,
    inputs: new Float32Array(),
  }));
  for (const parts of [4, 2, 1] as const) {
    const shares = sharesOf(trials, 16, parts);
    assert.equal(shares.length * shares[0].width, 16);
    for (const b of trials.keys()) {
      const { share, lane } = placeInShares(b, parts);
      assert.equal(shares[share].trials[lane], trials[b]);
      // A lane's partial sum is that which the trial has in the whole block.
      assert.equal(share * parts + lane % parts, b % 4);
    }
  }
});

/** A team whose threads are all there, and the functions that its tasks begin with. */
async function completeTeam(threads: number) {
  const opened = openTeam(threads);
  const ran = new Set<string>();
  opened.run([{ calls: [], after: [] }]);
  while (!opened.isComplete) await new Promise((go) => setTimeout(go, 1));
  const team: TaskTeam = {
    ...opened,
    isComplete: true,
    run(tasks) {
      ran.add(tasks[0].calls[0].name);
      opened.run(tasks);
    },
  };
  return { team, ran };
}

for (const threads of [2, 3]) {
  Deno.test(`a block of trials has the same bits if ${threads} threads share its units`, async () => {
    const network = createNetwork(
      { channels: 2, units: [150, 53], connection: 0.25, feedback: 0.2 },
      random.fork("large"),
    );
    const found = [];
    const { team, ran } = await completeTeam(threads);
    for (const opener of [undefined, () => team]) {
      const session = simdSession(network, undefined, opener);
      const results = [];
      for (const count of [16, 14, 13]) {
        const options = { learningRate: 0.03, clipNorm: 1 };
        results.push(await session.update(trials(count), "l2", options));
      }
      const weighted = trials(16).map((trial, b) => ({
        ...trial,
        lossWeights: new Float32Array(steps - 1).fill(b),
      }));
      results.push(await session.gradient(weighted, "l1"));
      found.push([...results, session.network(), session.optimiser()]);
      session.close();
    }
    assert.deepEqual(found[1], found[0]);
    assert.ok(ran.has("lanesForwardUnits"), [...ran].join());
  });
}

Deno.test("threads share units of about the same work, in fours", () => {
  // Bounds in bytes, 16 a pair: the last units have most synapses.
  const bounds = Uint32Array.from({ length: 104 }, (_, i) => 16 * i * i);
  const work = (unit: number) => bounds[unit] / 16 + 10 * unit;
  for (const threads of [1, 2, 3, 4, 7, 40]) {
    const shares = unitShares(bounds, 10, threads);
    assert.equal(shares.length, threads + 1);
    assert.deepEqual([shares[0], shares[threads]], [0, 103]);
    for (let k = 0; k < threads; k++) {
      assert.ok(shares[k] <= shares[k + 1]);
      assert.ok(shares[k] % 4 === 0 || shares[k] === 103);
      const mean = work(103) / threads;
      const fourUnits = work(103) - work(99);
      const own = work(shares[k + 1]) - work(shares[k]);
      assert.ok(Math.abs(own - mean) <= fourUnits, `${threads}: ${shares}`);
    }
  }
});
