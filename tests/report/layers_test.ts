/** Figures of networks with several layers: each has its own panels. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { createNetwork } from "../../lib/network/create.ts";
import {
  effectiveProjection,
  effectiveWeights,
} from "../../lib/network/effective.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { collectFigures } from "../../lib/report/collect.ts";
import { collectActivity } from "../../lib/report/collect/activity.ts";
import { tausData, weightsData } from "../../lib/report/collect/network.ts";
import { drawSvg } from "../../lib/report/render/svg.ts";
import { convert } from "../../lib/spiking/convert.ts";
import { simulate } from "../../lib/simulate/simulate.ts";
import { task } from "./models.ts";

const network = createNetwork(
  { units: [20, 12, 15], channels: 1, sst: 1, feedback: 0.4 },
  randomStream(11),
);
const initial = createNetwork(
  { units: [20, 12, 15], channels: 1, sst: 1, feedback: 0.4 },
  randomStream(12),
);
const model = { network, initial };
const spiking = convert(network, { scalingFactor: [40, 50, 30] });

Deno.test("weightsData() has a matrix for each layer and projection, sorted", () => {
  const { layers } = weightsData(model);
  equal(
    layers.map(({ name }) => name),
    [
      ...["Layer 1", "Layer 2", "Layer 3"],
      ...["Layer 1 to 2", "Layer 2 to 3", "Layer 2 to 1", "Layer 3 to 2"],
    ],
  );
  network.layers.forEach((_, l) =>
    equal(
      Float64Array.from(layers[l].matrix).sort(),
      effectiveWeights(network, l).sort(),
    )
  );
  network.between.forEach((projection, p) => {
    const { matrix, populations, sources } = layers[3 + p];
    equal(
      Float64Array.from(matrix).sort(),
      effectiveProjection(network, projection).sort(),
    );
    const count = (of: typeof populations) =>
      of.reduce((sum, { size }) => sum + size, 0);
    const columns = count(sources!);
    equal(matrix.length, count(populations) * columns);
    equal(columns, network.layers[projection.from as number].size);
    // Excitatory units come first, and they alone project.
    const excitatory = sources![0].size;
    matrix.forEach((weight, k) =>
      ok(k % columns < excitatory ? weight >= 0 : weight === 0)
    );
  });
});

Deno.test("figures of several layers have panels for each layer", async () => {
  const figures = await collectFigures(
    { model, spiking, task, seed: 2, trials: 1 },
    ["raster", "rates", "weights", "taus"],
  );
  const titles = Object.fromEntries(
    figures.map(({ name, panels }) => [name, panels.map((p) => p.title)]),
  );
  const layers = [1, 2, 3];
  equal(
    titles.raster,
    ["Go", "NoGo"].flatMap((condition) =>
      layers.flatMap((l) => [
        `${condition}, layer ${l}`,
        `Mean rate, layer ${l}`,
      ])
    ),
  );
  equal(titles.rates, layers.map((l) => `Layer ${l}: firing rates`));
  equal(titles.taus, layers.map((l) => `Layer ${l}: decay time constants`));
  equal(titles.weights.length, 14);
  for (const figure of figures) match(await drawSvg(figure), /^<svg/);
});

Deno.test("rates and spikes are those of the layers' own units", async () => {
  const { raster, rates } = await collectActivity({
    network,
    spiking,
    task,
    conditions: ["go"],
    trials: 1,
    rasterTrials: 1,
    seed: 4,
  });
  const [{ trace }] = await simulate(
    spiking,
    { task, conditions: ["go"], trials: 1 },
    { seed: 4 },
  );
  const first = [0, 20, 32];
  network.layers.forEach(({ size, inhibitory }, l) => {
    const here = rates!.populations.filter(({ layer }) => layer === l);
    const counts = Array.from(
      { length: size },
      (_, i) =>
        trace.spikeCounts[first[l] + i] - trace.earlyCounts[first[l] + i],
    );
    equal(
      here.flatMap((p) => Array.from(p.rates)).sort(),
      counts.sort(),
      "a trial lasts 1 s",
    );
    equal(
      here.find(({ type }) => type === "E")?.rates.length,
      inhibitory.filter((flag) => flag === 0).length,
    );
  });
  equal(
    raster!.populations.map(({ layer }) => layer),
    [
      ...[0, 0, 0],
      ...[1, 1, 1],
      ...[2, 2, 2],
    ].slice(0, raster!.populations.length),
  );
});

Deno.test("tausData() keeps the layers apart, before training too", () => {
  const { populations, before } = tausData(model, 5);
  network.layers.forEach(({ size }, l) =>
    equal(
      populations.filter(({ layer }) => layer === l)
        .reduce((sum, { taus }) => sum + taus.length, 0),
      size,
    )
  );
  equal(before?.length, 47);
});
