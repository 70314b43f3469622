import assert from "node:assert/strict";
import type { LayerFactorsTried } from "../../lib/records/events.ts";
import { prepareNetwork } from "../../lib/backend/spiking_network.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { searchLayerFactors } from "../../lib/map/search_layers.ts";
import type { LayerFactorsRecord } from "../../lib/network/records.ts";
import {
  type FakeBackend,
  fakeBackend,
  task,
} from "../simulate/spiking_fakes.ts";
import { layerOf, networkOf } from "../simulate/networks.ts";

const network = networkOf([layerOf(4, 2), layerOf(3), layerOf(5, 1)]);
const single = convert(network, { scalingFactor: 50, stepMs: task.stepMs });

const factorsOf = (factor: number | readonly number[]) =>
  typeof factor === "number" ? network.layers.map(() => factor) : factor;

/** Output 1 + distance in go trials, where the distance is from the ideal factors. */
function valley(ideal: readonly number[]): FakeBackend {
  return fakeBackend(({ factor }, trial) => {
    const off = factorsOf(factor)
      .reduce((sum, f, l) => sum + Math.abs(f - ideal[l]), 0);
    const go = trial.inputs.some((u) => u > 0);
    return { output: go ? 1 + off / 200 : 0 };
  });
}

async function search(
  options: Partial<Parameters<typeof searchLayerFactors>[2]>,
  spiking = single,
): Promise<{ events: LayerFactorsTried[]; record: LayerFactorsRecord }> {
  const events: LayerFactorsTried[] = [];
  const running = searchLayerFactors(spiking, task, {
    seed: 1,
    trials: 8,
    validation: 12,
    ...options,
  });
  let last: LayerFactorsRecord | undefined;
  for (;;) {
    const next = await running.next();
    if (next.done) {
      assert.equal(last, next.value, "for await gives the record too");
      return { events, record: next.value };
    }
    assert.equal(last, undefined, "the record comes last");
    if (next.value.kind === "layersMapped") last = next.value.layers;
    else events.push(next.value);
  }
}

Deno.test("searchLayerFactors() finds the factors of a valley, layer after layer", async () => {
  const backend = valley([60, 50, 35]);
  const { events, record } = await search({ backend });
  assert.deepEqual(record.factors, [60, 50, 35]);
  assert.equal(record.single, 50);
  assert.ok(record.kept);
  assert.ok(record.score.outputError < record.singleScore.outputError);
  assert.deepEqual(
    events.map(({ factors }) => factors),
    [
      [50, 50, 50],
      // Up for as long as that is better, and not down then.
      [55, 50, 50],
      [60, 50, 50],
      [65, 50, 50],
      // Neither way.
      [60, 55, 50],
      [60, 45, 50],
      // Down.
      [60, 50, 55],
      [60, 50, 45],
      [60, 50, 40],
      [60, 50, 35],
      [60, 50, 30],
      // A second round, in which nothing is better; the rest is known.
      [65, 50, 35],
      [55, 50, 35],
      [60, 55, 35],
      [60, 45, 35],
    ],
  );
  assert.deepEqual(
    [0, 2, 3, 14].map((k) => events[k].best),
    [[50, 50, 50], [60, 50, 50], [60, 50, 50], [60, 50, 35]],
  );
});

Deno.test("searchLayerFactors() compares with the one factor on fresh trials", async () => {
  const backend = valley([60, 50, 50]);
  const { record } = await search({ backend });
  const keys = (factor: number | number[], count: number) =>
    new Set(
      backend.calls
        .filter((call) =>
          `${call.network.factor}` === `${factor}` &&
          call.trials.length === count
        )
        .map(({ trials }) => trials[0].noise.key),
    );
  const fresh = keys(50, 12);
  assert.equal(fresh.size, 1);
  assert.deepEqual(keys([60, 50, 50], 12), fresh);
  assert.ok(!keys([60, 50, 50], 8).has([...fresh][0]));
  assert.deepEqual(record.settings, { seed: 1, trials: 8, validation: 12 });
});

Deno.test("searchLayerFactors() does not keep what is better by chance alone", async () => {
  // Better than the one factor on the trials of the search, worse on fresh ones.
  const backend = fakeBackend(({ factor }, trial) => {
    const alike = new Set(factorsOf(factor)).size === 1;
    const searching = backend.calls.at(-1)!.trials.length === 8;
    const go = trial.inputs.some((u) => u > 0);
    return { output: go ? (alike === searching ? 1.2 : 1) : 0 };
  });
  const { record } = await search({ backend });
  assert.notDeepEqual(record.factors, [50, 50, 50]);
  assert.equal(record.kept, false);
});

Deno.test("searchLayerFactors() stays where nothing is better, and is not kept", async () => {
  const { record, events } = await search({ backend: valley([50, 50, 50]) });
  assert.deepEqual(record.factors, [50, 50, 50]);
  assert.equal(record.kept, false);
  assert.deepEqual(record.score, record.singleScore);
  assert.equal(events.length, 7);
});

Deno.test("searchLayerFactors() goes on with what was tried before", async () => {
  const whole = await search({ backend: valley([60, 50, 40]) });
  const backend = valley([60, 50, 40]);
  const { record } = await search({
    backend,
    resume: whole.record.tried.slice(0, 5),
  });
  assert.deepEqual(record, whole.record);
  assert.equal(backend.calls.length, whole.record.tried.length - 5 + 2);
});

Deno.test("searchLayerFactors() moves along the factors given", async () => {
  const { record } = await search({
    backend: valley([70, 10, 52]),
    factors: [70, 40, 51],
  });
  assert.deepEqual(record.factors, [70, 40, 51]);
});

Deno.test("searchLayerFactors() refuses what it cannot do", async () => {
  const backend = valley([50, 50, 50]);
  const one = convert(networkOf([layerOf(4)]), { scalingFactor: 50 });
  await assert.rejects(search({ backend }, one), /the network has one layer/);
  await assert.rejects(
    search({ backend }, { ...single, factor: [50, 40, 30] }),
    /from 50,40,30/,
  );
  await assert.rejects(search({ backend, factors: [-3] }), /factor of -3/);
  await assert.rejects(search({ backend, trials: 0 }), /trials is 0/);
  await assert.rejects(search({ backend, rounds: 1.5 }), /rounds is 1.5/);
  await assert.rejects(
    search({ backend, select: "loud" as "strict" }),
    /select is loud, allowed: strict, paper/,
  );
});

Deno.test("a layer's factor divides all that leaves it, and nothing else", () => {
  const factors = [40, 50, 20];
  const { weights, readout, factors: divisors } = prepareNetwork(
    convert(network, { scalingFactor: factors }),
  );
  const plain = prepareNetwork({
    ...convert(network, { scalingFactor: 50 }),
    factor: 1,
  });
  const layerOfUnit = network.layers.flatMap(({ size }, l) =>
    Array<number>(size).fill(l)
  );
  const units = layerOfUnit.length;
  for (let j = 0; j < units; j++) {
    const factor = factors[layerOfUnit[j]];
    for (let i = 0; i < units; i++) {
      const scaled = weights[j * units + i] / divisors[i];
      const wanted = plain.weights[j * units + i] / factor;
      assert.ok(Math.abs(scaled - wanted) < 1e-12 * (1 + Math.abs(wanted)));
    }
    assert.equal(readout[j] / divisors[j], plain.readout[j] / factor);
  }
});
