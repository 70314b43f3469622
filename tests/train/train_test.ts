import assert from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { DivergedError } from "../../lib/network/diverged.ts";
import type { Model } from "../../lib/network/records.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { effectiveWeights } from "../../lib/network/effective.ts";
import type { NetworkSettings } from "../../lib/network/settings.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { loadTask } from "../../lib/tasks/load_task.ts";
import { getTask } from "../../lib/tasks/registry.ts";
import type { TrainOptions } from "../../lib/train/options.ts";
import type { Progress } from "../../lib/records/events.ts";
import type { TrainingState } from "../../lib/records/training_state.ts";
import { train } from "../../lib/train/train.ts";

const task = getTask("go-nogo");

function network(settings: Partial<NetworkSettings> = {}) {
  return createNetwork(
    { channels: 1, units: 20, ...settings },
    randomStream(1),
  );
}

async function run(
  options: Partial<TrainOptions> = {},
  settings: Partial<NetworkSettings> = {},
): Promise<{ events: Progress[]; model: Model }> {
  const events: Progress[] = [];
  const all = { seed: 1, updates: 12, evalTrials: 5, ...options };
  for await (const event of train(network(settings), task, all)) {
    events.push(event);
  }
  const last = events.at(-1)!;
  assert.equal(last.kind, "stopped");
  return { events, model: (last as Progress & { model: Model }).model };
}

/** The model without when it was made. */
function numbers({ provenance: _, ...model }: Model) {
  return model;
}

Deno.test("train() evaluates after updates 2, 2 + n, 2 + 2n and tells of every update", async () => {
  const { events, model } = await run({ evalEvery: 4 });
  assert.equal(events[0].kind, "started");
  const updates = events.flatMap((e) => e.kind === "trained" ? [e.update] : []);
  assert.deepEqual(updates, Array.from({ length: 12 }, (_, k) => k + 1));
  const evaluated = events.flatMap((e) =>
    e.kind === "evaluated" ? [e.update] : []
  );
  assert.deepEqual(evaluated, [2, 6, 10]);
  assert.equal(model.training!.losses.length, 12);
  assert.equal(model.training!.lastUpdate, 11);
  assert.equal(model.training!.evaluations.length, 3);
  assert.equal(model.training!.evalOutputs.length, 5 * 199);
});

Deno.test("train() gives the same bits for the same seed, others for another", async () => {
  const options = { updates: 300, evalTrials: 2 };
  const [a, b, other] = [
    await run(options),
    await run(options),
    await run({ ...options, seed: 2 }),
  ];
  assert.deepEqual(numbers(a.model), numbers(b.model));
  assert.notDeepEqual(a.model.network, other.model.network);
});

Deno.test("train() gives the same bits on the reference, and on any number of workers", async () => {
  const models = [];
  const backends = [
    await openBackend({ name: "reference" }),
    await openBackend({ workers: 1 }),
    await openBackend({ workers: 2 }),
  ];
  for (const backend of backends) {
    const { model } = await run({ backend, updates: 3, batch: 35 });
    models.push(numbers(model));
    backend.close();
  }
  assert.deepEqual(models[1], models[0]);
  assert.deepEqual(models[2], models[0]);
});

Deno.test("train() changes what it may and nothing else", async () => {
  const start = network({ sst: 1 });
  const before = structuredClone(start);
  const { model } = await run({}, { sst: 1 });
  assert.deepEqual(start, before);
  const [layer] = model.network.layers;
  const [initial] = model.initial!.layers;
  assert.deepEqual(initial.weights, start.layers[0].weights);
  assert.notDeepEqual(layer.weights, initial.weights);
  assert.notDeepEqual(layer.tausGaus, initial.tausGaus);
  assert.notEqual(model.network.readout.bias, 0);
  assert.deepEqual(model.network.inputs, start.inputs);
  initial.weights.forEach((weight, k) => {
    if (weight === 0) assert.equal(layer.weights[k], 0);
  });
  const fixed = await run({}, { taus: [6] });
  assert.deepEqual(
    fixed.model.network.layers[0].tausGaus,
    fixed.model.initial!.layers[0].tausGaus,
  );
});

for (
  const [name, settings] of Object.entries(
    {
      "one layer": {},
      "SST units": { sst: 2, units: 30 },
      "three layers": { units: [12, 9, 10] },
      "feedback and all units projecting": {
        units: [12, 9],
        feedback: 0.4,
        betweenFrom: "all",
        readout: "all",
        inputTo: "all",
      },
    } satisfies Record<string, Partial<NetworkSettings>>,
  )
) {
  Deno.test(`train() obeys Dale's principle at every evaluation: ${name}`, async () => {
    const events = train(network(settings), task, {
      seed: 3,
      updates: 40,
      evalEvery: 5,
      evalTrials: 1,
      checkpoints: true,
      learningRate: 0.05,
    });
    let checked = 0;
    for await (const event of events) {
      if (event.kind !== "checkpoint") continue;
      const { network } = event.state;
      network.layers.forEach(({ inhibitory, size }, l) => {
        effectiveWeights(network, l).forEach((weight, k) => {
          assert.ok(inhibitory[k % size] ? weight <= 0 : weight >= 0);
        });
      });
      checked++;
    }
    assert.ok(checked >= 8);
  });
}

for (
  const [name, settings, options] of [
    ["Dale", {}, {}],
    ["no Dale", { dale: false }, { loss: "l1" }],
    ["layers, batch and clipping", { units: [10, 8] }, {
      batch: 3,
      clipNorm: 0.5,
      warmUp: 12,
    }],
    ["fixed decay", { taus: [8], activation: "softplus" }, {}],
  ] as [string, Partial<NetworkSettings>, Partial<TrainOptions>][]
) {
  Deno.test(`train() resumed equals train() uninterrupted: ${name}`, async () => {
    const common = { ...options, evalEvery: 5, checkpoints: true };
    const whole = await run({ ...common, updates: 20 }, settings);
    const states: TrainingState[] = whole.events.flatMap((e) =>
      e.kind === "checkpoint" ? [e.state] : []
    );
    assert.deepEqual(states.map(({ update }) => update), [2, 7, 12, 17, 20]);
    const resume = structuredClone(states[1]);
    const rest = await run({ ...common, updates: 20, resume }, settings);
    assert.equal(
      rest.events.filter(({ kind }) => kind === "trained").length,
      13,
    );
    assert.deepEqual(numbers(rest.model), numbers(whole.model));
  });
}

Deno.test("train() warms up: update k of n has k/n of the learning rate", async () => {
  const biases = async (options: Partial<TrainOptions>) => {
    const { model } = await run({ updates: 1, ...options });
    return model.network.readout.bias;
  };
  // The first step of Adam is the learning rate times the gradient's sign.
  const whole = await biases({});
  const eighth = await biases({ warmUp: 8 });
  assert.ok(Math.abs(whole) > 1e-3);
  assert.ok(Math.abs(eighth / whole - 1 / 8) < 1e-4, `${eighth / whole}`);
  assert.equal(await biases({ warmUp: 1 }), whole);
});

Deno.test("train() stops at the task's criterion, and not before its least number of trials", async () => {
  const easy = { loss: Infinity, performance: -1 };
  const early = await run({
    updates: 300,
    stopping: { ...easy, trials: 0 },
  }, {});
  assert.equal(early.model.training!.losses.length, 2);
  const late = await run({
    updates: 300,
    evalEvery: 10,
    stopping: { ...easy, trials: 101 },
  });
  // The trial of index 111 belongs to update 112.
  assert.equal(late.model.training!.losses.length, 112);
  assert.equal(task.stopping.trials, 1500);
});

Deno.test("train() ends at a signal with what there is", async () => {
  const controller = new AbortController();
  const events = train(network(), task, {
    seed: 1,
    signal: controller.signal,
    evalTrials: 2,
  });
  for await (const event of events) {
    if (event.kind === "trained" && event.update === 7) controller.abort();
    if (event.kind !== "stopped") continue;
    assert.equal(event.reason, "interrupted");
    assert.equal(event.update, 7);
    assert.equal(event.model.training!.losses.length, 7);
  }
});

Deno.test("train() says when it diverges, with the last good state", async () => {
  const events = train(network({ activation: "clipped_relu" }), task, {
    seed: 1,
    updates: 200,
    evalTrials: 2,
    learningRate: 1e30,
  });
  await assert.rejects(async () => {
    for await (const _ of events);
  }, (error) => {
    assert.ok(error instanceof DivergedError);
    assert.match(error.message, /of update \d+|in update \d+/);
    const { weights } = error.model!.network.layers[0];
    assert.ok(weights.every((weight) => Number.isFinite(weight)));
    return true;
  });
});

Deno.test("train() learns: the loss falls", async () => {
  const { model } = await run({ updates: 120, evalTrials: 20 });
  const [first, last] = [
    model.training!.evaluations[0],
    model.training!.evaluations.at(-1)!,
  ];
  assert.ok(last.loss < 0.8 * first.loss, `${first.loss} to ${last.loss}`);
});

Deno.test("train() trains on a task of your own, sandboxed or trusted, to the same bits", async () => {
  const path = new URL("../../docs/examples/romo.ts", import.meta.url);
  const networks = [];
  for (const trust of [false, true]) {
    using own = await loadTask(path.pathname, { trust });
    const start = createNetwork(
      { channels: own.channels.length, units: 12 },
      randomStream(1),
    );
    const options = { seed: 1, updates: 5, evalTrials: 3 };
    for await (const event of train(start, own, options)) {
      if (event.kind === "stopped") networks.push(event.model.network);
    }
  }
  assert.equal(networks.length, 2);
  assert.deepEqual(networks[0], networks[1]);
});

Deno.test("train() names an option that is out of range", async () => {
  const cases: [Partial<TrainOptions>, RegExp][] = [
    [{ updates: 0 }, /updates is 0, allowed: whole numbers of 1 or more/],
    [{ batch: 1.5 }, /batch is 1.5/],
    [{ learningRate: -1 }, /learningRate is -1/],
    [{ clipNorm: 0 }, /clipNorm is 0/],
    [{ warmUp: 0 }, /warmUp is 0/],
    [{ loss: "l3" as "l2" }, /loss is l3/],
    [{ seed: -1 }, /seed -1/],
    [{ learning_rate: 1 } as object, /flag, in the library it is learningRate/],
    [{ stopping: { performance: 95 } }, /performance is 95, .* at most 1$/],
    [{ stopping: { loss: NaN } }, /stopping\.loss is NaN, allowed: numbers$/],
    [{ stopping: { los: 3 } as object }, /rule has no los, allowed: loss, /],
  ];
  for (const [options, message] of cases) {
    await assert.rejects(run(options), { name: "RangeError", message });
  }
  const wrong = createNetwork({ channels: 2, units: 5 }, randomStream(1));
  await assert.rejects(async () => {
    for await (const _ of train(wrong, task, { seed: 1 }));
  }, { name: "TypeError", message: /channels/ });
});

Deno.test("train() gives the network of a loop that is left early", async () => {
  const left: Model["network"][] = [];
  const start = network();
  const options = {
    seed: 1,
    updates: 12,
    evalTrials: 5,
    onLeave: (of: Model["network"]) => void left.push(of),
  };
  for await (const event of train(start, task, options)) {
    if (event.kind === "trained" && event.update === 3) break;
  }
  const { model } = await run({ updates: 3 });
  assert.deepEqual(left, [model.network]);
  await run({ onLeave: options.onLeave });
  assert.equal(left.length, 1, "an end is no leaving");
});
