/** What figures show of a real network: the numbers behind the drawings. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import {
  effectiveProjection,
  effectiveWeights,
} from "../../lib/network/effective.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { summariseNetwork } from "../../lib/network/summary.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { collectActivity } from "../../lib/report/collect/activity.ts";
import {
  responseWindow,
  spectrumData,
  tausData,
  trainingData,
  weightsData,
} from "../../lib/report/collect/network.ts";
import {
  collectFigures,
  figureNames,
  whyNot,
} from "../../lib/report/collect.ts";
import { trainingFigure } from "../../lib/report/figures/training.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { simulateRate } from "../../lib/simulate/simulate_rate.ts";
import { original, search, spiking, task } from "./models.ts";

const { network } = original;

Deno.test("weightsData() sorts the effective weights, E before I, and loses none", () => {
  const { matrix, populations } = weightsData(original).layers[0];
  const effective = effectiveWeights(network, 0);
  equal(Float64Array.from(matrix).sort(), Float64Array.from(effective).sort());
  equal(populations, [{ type: "E", size: 161 }, { type: "I", size: 39 }]);
  for (let k = 0; k < matrix.length; k++) {
    ok(k % 200 < 161 ? matrix[k] >= 0 : matrix[k] <= 0, "columns by sign");
  }
});

Deno.test("spectrumData() gives the eigenvalues: their sum, their radius", async () => {
  const { before, after } = await spectrumData(original);
  const effective = effectiveWeights(network, 0);
  let trace = 0;
  for (let i = 0; i < 200; i++) trace += effective[i * 201];
  const sum = Array.from(after.real).reduce((a, b) => a + b, 0);
  ok(Math.abs(sum - trace) < 1e-8);
  const radius = Math.max(
    ...Array.from(after.real, (re, k) => Math.hypot(re, after.imaginary[k])),
  );
  const { spectralRadius } = summariseNetwork(network).layers[0];
  ok(Math.abs(radius - spectralRadius) < 1e-3 * radius);
  equal(before?.real.length, 200);
});

Deno.test("spectrumData() says how far it is with both matrices", async () => {
  const events: { kind: string; done: number; total: number }[] = [];
  const network = createNetwork({ units: 60, channels: 1 }, randomStream(1));
  const initial = createNetwork({ units: 60, channels: 1 }, randomStream(2));
  const onProgress = (event: typeof events[number]) => events.push(event);
  await spectrumData({ network, initial }, { onProgress });
  ok(events.every(({ kind, total }) => kind === "decomposed" && total === 200));
  const done = events.map(({ done }) => done);
  equal(done, done.toSorted((a, b) => a - b));
  equal([done[0], done.at(-1)], [0, 200]);
  ok(done.filter((one) => one > 100 && one < 200).length > 20);
  events.length = 0;
  await spectrumData({ network }, { onProgress });
  equal(events.at(-1), { kind: "decomposed", done: 100, total: 100 });
});

Deno.test("spectrumData() takes several layers as one matrix", async () => {
  const layered = createNetwork(
    { units: [12, 8], channels: 1, feedback: 0.5 },
    randomStream(3),
  );
  const { after } = await spectrumData({ network: layered });
  equal(after.real.length, 20);
  // The sum of squared eigenvalues is the trace of the squared matrix, in which
  // the way forth and back shows.
  const squares = Array.from(
    after.real,
    (re, k) => re ** 2 - after.imaginary[k] ** 2,
  ).reduce((a, b) => a + b, 0);
  const layers = layered.layers.map((_, l) => effectiveWeights(layered, l));
  let expected = 0;
  [12, 8].forEach((n, l) => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        expected += layers[l][i * n + j] * layers[l][j * n + i];
      }
    }
  });
  const [forth, back] = [0, 1].map((from) =>
    effectiveProjection(
      layered,
      layered.between.find((projection) => projection.from === from)!,
    )
  );
  for (let i = 0; i < 8; i++) {
    for (let j = 0; j < 12; j++) {
      expected += 2 * forth[i * 12 + j] * back[j * 8 + i];
    }
  }
  ok(Math.abs(squares - expected) < 1e-6 * Math.max(1, Math.abs(expected)));
});

Deno.test("tausData() is in ms, by population", () => {
  const { populations, bounds, before } = tausData(original, 5);
  equal(bounds, [20, 100]);
  equal(populations.map(({ taus }) => taus.length), [161, 39]);
  equal(before?.length, 200);
  for (const { taus } of populations) {
    for (const tau of Array.from(taus)) ok(tau > 20 && tau < 100);
  }
});

Deno.test("responseWindow() starts where the strict rule does, one step on", () => {
  equal(responseWindow(task), { name: "response", from: 505, to: 1000 });
});

Deno.test("collectActivity() shows the mean, the deviation and the spikes of the trials", async () => {
  const backend = await openBackend({ name: "simd" });
  const shared = { seed: 3, backend };
  try {
    const { output, raster, rates } = await collectActivity({
      network,
      spiking,
      task,
      trials: 3,
      rasterTrials: 2,
      ...shared,
    });
    const request = { task, trials: 6 };
    const rate = await simulateRate(network, request, shared);
    const go = rate.filter(({ condition }) => condition === "go");
    equal(output.networks.map(({ name }) => name), ["Rate", "Spiking"]);
    const course = output.networks[0].conditions
      .find(({ condition }) => condition === "Go")!;
    equal(course.times[0], 5, "the first output belongs to step 1");
    for (const k of [0, 100, 198]) {
      const values = go.map(({ trace }) => trace.outputs[k]);
      const mean = values.reduce((a, b) => a + b, 0) / 3;
      const variance = values.reduce((a, v) => a + (v - mean) ** 2, 0) / 2;
      ok(Math.abs(course.mean[k] - mean) < 1e-6);
      ok(Math.abs(course.deviation[k] - Math.sqrt(variance)) < 1e-6);
    }
    const runs = await simulate(spiking, request, {
      ...shared,
      record: { outputs: true, spikes: true },
    });
    const seen = raster!.conditions.find(({ condition }) =>
      condition === "Go"
    )!;
    equal(seen.trials.length, 2);
    const { steps } = runs[0].trace.spikes!;
    equal(seen.trials[0].times.length, steps.length);
    ok(Math.abs(seen.trials[0].times[7] - 0.05 * steps[7]) < 1e-3);
    // Units keep their spikes when they are sorted: as many of inhibitory ones.
    const inhibitory = runs[0].trace.spikes!.units
      .filter((unit) => network.layers[0].inhibitory[unit]).length;
    equal(seen.trials[0].units.filter((u) => u >= 161).length, inhibitory);
    const total = runs.reduce(
      (sum, { trace }) =>
        sum + trace.spikeCounts.reduce((a, b) => a + b) -
        trace.earlyCounts.reduce((a, b) => a + b),
      0,
    );
    const shown = rates!.populations
      .flatMap((population) => Array.from(population.rates))
      .reduce((a, b) => a + b, 0);
    ok(Math.abs(shown * 6 - total) < 1e-6, "6 trials of 1 s");
    const curve = output.networks[1].conditions[0];
    ok(curve.times.length <= 402);
    equal(curve.times[curve.times.length - 1], 1000);
  } finally {
    backend.close();
  }
});

Deno.test("collectFigures() makes every figure that there is data for, and says why not", async () => {
  const model = { ...original, search };
  const source = { model, task, spiking, seed: 1, trials: 1 };
  const figures = await collectFigures(source, figureNames);
  equal(figures.map(({ name }) => name), [...figureNames]);
  ok(whyNot({ model: original }, "search")?.includes("run map first"));
  ok(whyNot({ model: original }, "raster")?.includes("no scaling factor"));
  ok(
    whyNot({ model: { network } }, "training")?.includes("no record"),
  );
  equal(whyNot({ model: original }, "output"), undefined);
  await rejects(
    collectFigures({ model: original, task, seed: 1 }, ["search"]),
    { name: "RangeError", message: /^Cannot draw search: / },
  );
});

Deno.test("figures of training mark where it went on to its next stage", () => {
  const at = (update: number, noiseLevel?: number, lesson?: number) => ({
    update,
    loss: 2,
    performance: 0.5,
    strict: 0.5,
    noiseLevel,
    lesson,
  });
  const figure = (evaluations: ReturnType<typeof at>[]) =>
    trainingFigure({ losses: [3, 2], evaluations });
  const staged = [at(2, 1, 1), at(52, 1, 1), at(102, 1, 2), at(152, 1)];
  const { description, panels } = figure([...staged, at(202, 2), at(252, 2)]);
  ok(
    description.endsWith(
      " Upright lines: training went on to curriculum stage 2 (update 52), " +
        "to the task itself (update 102), to 2 times the noise (update 152).",
    ),
    description,
  );
  for (const { spec } of panels) {
    const layers = spec.layer as { mark: { type: string } }[];
    equal(layers.filter(({ mark }) => mark.type === "rule").length, 3);
  }
  // Files of the original, and of before, do not tell.
  for (const none of [[at(2), at(52)], [at(2, 1), at(52, 1)], []]) {
    ok(!figure(none).description.includes("Upright"));
  }
});

Deno.test("the training figure says where losses of updates weigh the answer", () => {
  const training = {
    lastUpdate: 1,
    losses: new Float64Array([3, 2]),
    evalOutputs: new Float64Array(),
    evalLabels: new Float64Array(),
    evaluations: [{ update: 2, loss: 2, performance: 0.5, strict: 0.5 }],
  };
  const caption = (settings?: Record<string, unknown>) =>
    trainingFigure(trainingData({
      network,
      training,
      ...(settings && {
        provenance: {
          version: "1",
          seed: 1,
          backend: "simd",
          created: "",
          settings,
        },
      }),
    })).description;
  const weighted = "in updates 70 % of the weight is on the answer";
  ok(caption({ answer_share: 0.7 }).includes(weighted));
  equal(caption({ answer_share: 0 }), caption());
  ok(!caption().includes("weigh"));
});
