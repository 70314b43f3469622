/** Spikes of all units, sorted by population, and the populations' rates. */
import { countOf } from "../../count.ts";
import { populationColours, populationNames } from "../theme.ts";
import type {
  Figure,
  LegendEntry,
  Panel,
  Population,
  Spec,
  TimeWindow,
} from "../types.ts";
import {
  axes,
  bounds,
  colourBy,
  image,
  quantity,
  shade,
  time,
} from "./layers.ts";
import { rasterImage, type SpikeRows, tickRows } from "./raster_image.ts";

/** Spikes of one trial. */
export interface TrialSpikes {
  /** Times in ms. */
  readonly times: Float32Array;
  /** Place of each spike's unit in the sorted order. */
  readonly units: Uint32Array;
}

/** What the figure needs. */
export interface RasterData {
  /**
   * The populations from the top of the raster, with the sizes that add up to
   * N. With several layers the same population comes once a layer.
   */
  readonly populations: readonly {
    /** Index of the layer, ascending; each has panels of its own. */
    readonly layer?: number;
    readonly type: Population;
    readonly size: number;
  }[];
  /** Duration of a trial, ms. */
  readonly duration: number;
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** One column of panels a condition. */
  readonly conditions: readonly {
    readonly condition: string;
    readonly trials: readonly TrialSpikes[];
  }[];
}

/** Up to so many spikes a raster is drawn as lines, which can be edited; above, as a picture. */
const mostLines = 2500;

/**
 * Draws a raster for each condition and layer, and below each the rates of the
 * populations.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { rasterFigure } from "@spikernn/spikernn/report";
 * const figure = rasterFigure({
 *   populations: [{ type: "E", size: 2 }, { type: "I", size: 1 }],
 *   duration: 100,
 *   stimuli: [],
 *   conditions: [{
 *     condition: "go",
 *     trials: [{
 *       times: Float32Array.of(10, 60),
 *       units: Uint32Array.of(0, 2),
 *     }],
 *   }],
 * });
 * assert(figure.name === "raster");
 * ```
 */
export function rasterFigure(data: RasterData): Figure {
  const columns = Math.min(Math.max(1, data.conditions.length), 4);
  const units = data.populations.reduce((sum, p) => sum + p.size, 0);
  const layers = byLayer(data);
  const largest = Math.max(...layers.map((layer) => layer.units));
  const panels = layers.map((layer) =>
    layerPanels(layer, Math.max(60, 170 * layer.units / largest))
  );
  return {
    name: "raster",
    title: "Spikes",
    description: `Spikes of ${countOf(units, "unit")}, sorted by ` +
      (layers.length > 1 ? "layer and population, in " : "population, in ") +
      data.conditions.map((condition) =>
        `${condition.trials.length} ${condition.condition} trial` +
        (condition.trials.length === 1 ? "" : "s")
      ).join(" and ") +
      "; below, the mean firing rate of each population. Grey: stimuli.",
    width: columns > 1 ? "double" : "single",
    columns,
    narrowest: 110,
    stacked: 2 * layers.length,
    panels: data.conditions.flatMap((_, k) => panels.flatMap((of) => of[k])),
  };
}

/** The part of the data that belongs to one layer; its units count from 0. */
interface LayerRaster extends RasterData {
  /** What it is called, if there are several. */
  readonly name: string;
  readonly units: number;
}

function byLayer(data: RasterData): LayerRaster[] {
  const numbers = [...new Set(data.populations.map((p) => p.layer ?? 0))];
  let first = 0;
  return numbers.map((number) => {
    const populations = data.populations
      .filter((p) => (p.layer ?? 0) === number);
    const units = populations.reduce((sum, p) => sum + p.size, 0);
    const from = first;
    first += units;
    const ofLayer = (trial: TrialSpikes): TrialSpikes => {
      const isHere = (_: number, s: number) =>
        trial.units[s] >= from && trial.units[s] < from + units;
      return {
        times: trial.times.filter(isHere),
        units: trial.units.filter(isHere).map((unit) => unit - from),
      };
    };
    return {
      ...data,
      name: numbers.length > 1 ? `layer ${number + 1}` : "",
      units,
      populations,
      conditions: numbers.length > 1
        ? data.conditions.map(({ condition, trials }) => ({
          condition,
          trials: trials.map(ofLayer),
        }))
        : data.conditions,
    };
  });
}

/** Raster and rates of a layer, for each condition. */
function layerPanels(data: LayerRaster, height: number): [Panel, Panel][] {
  const used = merged(data.populations);
  const called = data.name === "" ? "" : `, ${data.name}`;
  const legend = used.map((p): LegendEntry => ({
    label: `${populationNames[p.type]} (${p.size})`,
    colour: populationColours[p.type],
    mark: "block",
  }));
  const tallest = Math.max(
    ...data.conditions.flatMap((condition) =>
      populationRates(data, condition.trials).map((row) => row.rate)
    ),
    1,
  );
  return data.conditions.map((condition) => [
    {
      title: `${condition.condition}${called}`,
      note: condition.trials.length > 1
        ? `${
          countOf(condition.trials.length, "trial")
        }: each unit’s lines are its trials`
        : undefined,
      height,
      legend,
      spec: rasterSpec(data, condition.trials, data.units),
    },
    {
      title: `Mean rate${called}`,
      height: 80,
      spec: {
        layer: [
          ...shade(data.stimuli),
          {
            data: { values: populationRates(data, condition.trials) },
            mark: { type: "line", interpolate: "step-after", clip: true },
            encoding: {
              x: time(data.duration),
              y: quantity("rate", "Rate (Hz)", {
                // Room above: a line on the edge would be cut in two.
                scale: bounds(0, 1.06 * tallest),
                axis: { tickCount: 3 },
              }),
              color: colourBy(
                "type",
                used.map((p) => p.type),
                used.map((p) => populationColours[p.type]),
              ),
            },
          },
        ],
      },
    },
  ]);
}

function rasterSpec(
  data: RasterData,
  trials: readonly TrialSpikes[],
  units: number,
): Spec {
  const count = trials.reduce((sum, trial) => sum + trial.times.length, 0);
  const y = {
    field: "y",
    type: "quantitative",
    title: "Unit",
    scale: { ...bounds(0, units), reverse: true },
    axis: { tickCount: 5 },
  };
  const layers: Spec[] = [...shade(data.stimuli)];
  if (count > mostLines) {
    layers.push(image(picture(data, trials, units, count), true));
  } else {
    const types = merged(data.populations).map((p) => p.type);
    layers.push({
      data: { values: spikeLines(data, trials) },
      mark: { type: "rule", strokeWidth: 0.8, clip: true },
      encoding: {
        x: time(data.duration),
        y: { ...y, field: "top" },
        y2: { field: "bottom" },
        color: colourBy("type", types, types.map((t) => populationColours[t])),
      },
    });
  }
  layers.push(axes(time(data.duration), y));
  return { layer: layers };
}

/** All spikes as a picture; row = unit · trials + trial. */
function picture(
  data: RasterData,
  trials: readonly TrialSpikes[],
  units: number,
  count: number,
): string {
  const all: SpikeRows = {
    times: new Float32Array(count),
    rows: new Uint32Array(count),
  };
  let at = 0;
  trials.forEach((trial, k) => {
    for (let s = 0; s < trial.times.length; s++, at++) {
      all.times[at] = trial.times[s];
      all.rows[at] = trial.units[s] * trials.length + k;
    }
  });
  const rowCount = units * trials.length;
  const colourOf = new Uint8Array(rowCount);
  let row = 0;
  const types = merged(data.populations).map((p) => p.type);
  data.populations.forEach((population) => {
    const end = row + population.size * trials.length;
    colourOf.fill(types.indexOf(population.type), row, end);
    row = end;
  });
  return rasterImage(
    all,
    rowCount,
    data.duration,
    colourOf,
    types.map((type) => populationColours[type]),
    // Whole pixels a row where they fit, so that all ticks are of one height.
    {
      width: data.conditions.length > 1 ? 1000 : 1400,
      height: rowCount <= 1000
        ? rowCount * Math.max(1, Math.floor(1000 / rowCount))
        : 1000,
    },
  );
}

function spikeLines(data: RasterData, trials: readonly TrialSpikes[]) {
  const types = data.populations.flatMap((p) =>
    new Array<Population>(p.size).fill(p.type)
  );
  const high = 1 / trials.length;
  const rows = types.length * trials.length;
  return trials.flatMap((trial, k) =>
    Array.from(trial.times, (t, s) => {
      const middle = trial.units[s] + (k + 0.5) * high;
      const half = tickRows(rows) * high / 2;
      return {
        time: Math.round(t * 100) / 100,
        top: middle - half,
        bottom: middle + half,
        type: types[trial.units[s]],
      };
    })
  );
}

/** Populations of the same type together. */
function merged(populations: RasterData["populations"]) {
  const sizes = new Map<Population, number>();
  for (const { type, size } of populations) {
    if (size > 0) sizes.set(type, (sizes.get(type) ?? 0) + size);
  }
  return Array.from(sizes, ([type, size]) => ({ type, size }));
}

/** Mean rate of each population in about 60 bins of 5 ms or a multiple, Hz. */
function populationRates(data: RasterData, trials: readonly TrialSpikes[]) {
  const width = Math.max(5, Math.ceil(data.duration / 60 / 5) * 5);
  const bins = Math.ceil(data.duration / width);
  const used = merged(data.populations);
  const populationOf: number[] = data.populations.flatMap(({ type, size }) =>
    new Array<number>(size).fill(used.findIndex((p) => p.type === type))
  );
  const counts = used.map(() => new Float64Array(bins));
  for (const trial of trials) {
    for (let s = 0; s < trial.times.length; s++) {
      const bin = Math.min(Math.floor(trial.times[s] / width), bins - 1);
      counts[populationOf[trial.units[s]]][bin]++;
    }
  }
  return used.flatMap((population, k) =>
    Array.from({ length: bins + 1 }, (_, b) => {
      // The last step is drawn up to the end of the trial.
      const bin = Math.min(b, bins - 1);
      return {
        type: population.type,
        time: Math.min(b * width, data.duration),
        rate: counts[k][bin] / trials.length / population.size /
          (Math.min(width, data.duration - bin * width) / 1000),
      };
    })
  );
}
