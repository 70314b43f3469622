/**
 * Made-up data for every figure: what a small network would give, the same at
 * every run. Numbers come from a fixed linear congruential sequence, so that the
 * pictures do not depend on any other part of the library.
 */
import { outputFigure } from "../../lib/report/figures/output.ts";
import { panelsFigure } from "../../lib/report/figures/panels.ts";
import { rasterFigure } from "../../lib/report/figures/raster.ts";
import { ratesFigure } from "../../lib/report/figures/rates.ts";
import { searchFigure } from "../../lib/report/figures/search.ts";
import { spectrumFigure } from "../../lib/report/figures/spectrum.ts";
import { taskFigure } from "../../lib/report/figures/task.ts";
import { tausFigure } from "../../lib/report/figures/taus.ts";
import { trainingFigure } from "../../lib/report/figures/training.ts";
import { weightsFigure } from "../../lib/report/figures/weights.ts";
import type { Figure } from "../../lib/report/types.ts";

/** Uniform numbers in [0, 1), from a seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Approximately normal: the sum of twelve uniform numbers. */
function normal(uniform: () => number): number {
  let sum = -6;
  for (let k = 0; k < 12; k++) sum += uniform();
  return sum;
}

const stimuli = [
  { name: "first", from: 250, to: 375 },
  { name: "second", from: 750, to: 875 },
];
const response = { name: "response", from: 900, to: 1000 };
const conditions = ["same: ++", "same: −−", "different: +−", "different: −+"];
const signs = [[1, 1], [-1, -1], [1, -1], [-1, 1]];

function target(k: number): Float32Array {
  return Float32Array.from(
    { length: 200 },
    (_, t) => t >= 175 ? signs[k][0] * signs[k][1] : 0,
  );
}

function training(): Figure {
  const uniform = numbers(1);
  const losses = Float32Array.from(
    { length: 2100 },
    (_, k) => 4 + 9 * Math.exp(-k / 900) + 1.5 * normal(uniform),
  );
  return trainingFigure({
    losses,
    evaluations: Array.from({ length: 21 }, (_, k) => ({
      update: 100 * k + 1,
      loss: 4.2 + 9 * Math.exp(-k / 9),
      performance: Math.min(1, 0.4 + 0.03 * k + 0.02 * uniform()),
      strict: Math.min(1, 0.2 + 0.035 * k),
      noiseLevel: k < 18 ? 1 : 2,
      ...(k < 8 && { lesson: 1 }),
    })),
    stopping: { loss: 7, performance: 0.95 },
  });
}

function output(): Figure {
  const network = (name: string, noise: number, points: number) => {
    const uniform = numbers(2);
    return {
      name,
      trials: 100,
      conditions: conditions.map((condition, k) => {
        const times = Array.from(
          { length: points },
          (_, i) => (i + 1) * 1000 / points,
        );
        return {
          condition,
          times,
          mean: times.map((t) =>
            signs[k][0] * signs[k][1] /
              (1 + Math.exp(-(t - 890) / 15)) + 0.05 * noise * normal(uniform)
          ),
          deviation: times.map((t) => noise * (0.1 + 0.1 * t / 1000)),
        };
      }),
    };
  };
  return outputFigure({
    duration: 1000,
    stimuli,
    response,
    networks: [network("Rate", 0.5, 199), network("Spiking", 1, 250)],
    targets: conditions.map((condition, k) => ({
      condition,
      times: Array.from({ length: 200 }, (_, t) => 5 * t),
      values: target(k),
    })),
  });
}

/** Spikes of units that fire at about their own rate. */
export function spikes(
  units: number,
  duration: number,
  rate: (unit: number) => number,
  seed: number,
) {
  const uniform = numbers(seed);
  const times: number[] = [];
  const ids: number[] = [];
  for (let unit = 0; unit < units; unit++) {
    let t = 0;
    for (;;) {
      t -= Math.log(1 - uniform()) / rate(unit) * 1000;
      if (t >= duration) break;
      times.push(t);
      ids.push(unit);
    }
  }
  return { times: Float32Array.from(times), units: Uint32Array.from(ids) };
}

const populations = [
  { type: "E", size: 80 },
  { type: "PV", size: 14 },
  { type: "SST", size: 6 },
] as const;
const rateOf = (unit: number) => unit < 80 ? 4.5 : unit < 94 ? 9 : 27;

function raster(trials: number): Figure {
  return rasterFigure({
    populations,
    duration: 1000,
    stimuli,
    conditions: conditions.slice(0, 2).map((condition, c) => ({
      condition,
      trials: Array.from(
        { length: trials },
        (_, k) => spikes(100, 1000, rateOf, 10 + 50 * c + k),
      ),
    })),
  });
}

function rates(): Figure {
  const uniform = numbers(3);
  let unit = 0;
  return ratesFigure({
    trials: 100,
    populations: populations.map(({ type, size }) => ({
      type,
      rates: Array.from(
        { length: size },
        () => rateOf(unit++) * (0.3 + 1.4 * uniform()),
      ),
    })),
  });
}

function weights(): Figure {
  const uniform = numbers(4);
  const matrix = Float32Array.from({ length: 100 * 100 }, (_, k) => {
    const size = uniform() < 0.2 ? Math.abs(normal(uniform)) / 4 : 0;
    const sst = Math.floor(k / 100) >= 94 && k % 100 >= 80;
    return sst ? 0 : k % 100 < 80 ? size : -2 * size;
  });
  return weightsFigure({
    layers: [{ name: "Recurrent", matrix, populations }],
  });
}

function spectrum(): Figure {
  const uniform = numbers(5);
  const disc = (radius: number, more: number) => {
    const real: number[] = [more];
    const imaginary: number[] = [0];
    for (let k = 0; k < 50; k++) {
      const r = radius * Math.sqrt(uniform());
      const angle = Math.PI * uniform();
      real.push(r * Math.cos(angle), r * Math.cos(angle));
      imaginary.push(r * Math.sin(angle), -r * Math.sin(angle));
    }
    return { real, imaginary };
  };
  return spectrumFigure({
    before: disc(1.5, 2),
    after: disc(3, 6),
    slope: 0.25,
  });
}

function taus(): Figure {
  const uniform = numbers(6);
  const draw = (size: number, shift: number) =>
    Array.from(
      { length: size },
      () => 20 + 80 / (1 + Math.exp(-normal(uniform) - shift)),
    );
  return tausFigure({
    populations: populations.map((p, k) => ({
      type: p.type,
      taus: draw(p.size, k - 1),
    })),
    before: draw(100, 0),
    bounds: [20, 100],
  });
}

function search(): Figure {
  const factors = Array.from({ length: 12 }, (_, k) => 20 + 5 * k);
  const proportion = (value: number) => ({
    correct: Math.round(100 * value),
    trials: 100,
    value,
    low: Math.max(0, value - 0.09 * Math.sqrt(value * (1 - value)) * 2),
    high: Math.min(1, value + 0.03 + 0.09 * Math.sqrt(value * (1 - value))),
  });
  return searchFigure({
    factors,
    scores: factors.map((factor) => ({
      paper: proportion(factor <= 50 ? 0.97 : 0.97 - 0.02 * (factor - 50)),
      strict: proportion(Math.max(0, 0.95 - ((factor - 47) / 25) ** 2)),
      outputError: 0.2 + ((factor - 47) / 20) ** 2,
      rates: { excitatory: factor / 10, inhibitory: 16 + factor / 9 },
    })),
    chosen: 45,
    plateau: [45, 50],
  });
}

function task(): Figure {
  return taskFigure({
    name: "xor",
    stepMs: 5,
    steps: 200,
    channels: ["stimulus 1", "stimulus 2"],
    stimuli,
    response,
    conditions: conditions.map((condition, k) => ({
      condition,
      inputs: Float32Array.from({ length: 400 }, (_, i) => {
        const t = i % 200;
        if (i < 200) return t >= 50 && t < 75 ? signs[k][0] : 0;
        return t >= 150 && t < 175 ? signs[k][1] : 0;
      }),
      target: target(k),
    })),
  });
}

function panels(layers: number): Figure {
  const uniform = numbers(7);
  return panelsFigure({
    evaluations: Array.from({ length: 12 }, (_, k) => ({
      update: 100 * k + 1,
      performance: Math.min(1, 0.3 + 0.05 * k),
      loss: 4 + 10 * Math.exp(-k / 5),
    })),
    stopping: { loss: 7, performance: 0.95 },
    condition: conditions[0],
    stepMs: 5,
    stimuli,
    target: target(0),
    outputs: Array.from(
      { length: 199 },
      (_, t) => 1 / (1 + Math.exp(-(t - 178) / 4)) + 0.03 * normal(uniform),
    ),
    layers: Array.from({ length: layers }, (_, l) => ({
      name: `layer ${l + 1}`,
      size: 50,
      rates: Float32Array.from({ length: 50 * 200 }, (_, k) => {
        const t = k % 200;
        const unit = Math.floor(k / 200);
        return 1 /
          (1 +
            Math.exp(-Math.sin(t / 20 + unit / 4) * 3 - normal(uniform) / 2));
      }),
    })),
  });
}

/** Every figure by the name of its reference picture. */
export function exampleFigures(): Record<string, Figure> {
  return {
    training: training(),
    output: output(),
    raster: raster(1),
    raster_trials: raster(10),
    rates: rates(),
    weights: weights(),
    spectrum: spectrum(),
    taus: taus(),
    search: search(),
    task: task(),
    panels: panels(1),
    panels_layers: panels(2),
  };
}
