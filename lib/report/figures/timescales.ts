/** Intrinsic timescales: their distribution, the fits, and the synapses behind. */
import { countOf } from "../../count.ts";
import { ink, okabeIto, populationColours, populationNames } from "../theme.ts";
import type { Figure, Panel, Population } from "../types.ts";
import { histogram, stackedBars } from "./histogram.ts";
import { bounds, colourBy, quantity, show } from "./layers.ts";

/** One unit with a timescale. */
export interface UnitTau {
  /** Its population. */
  readonly type: Population;
  /** Timescale τ, ms. */
  readonly tau: number;
  /** Synaptic decay time constant, ms, if known. */
  readonly decay?: number;
}

/** What the figure needs. */
export interface TimescalesData {
  /** Units that were kept. */
  readonly units: readonly UnitTau[];
  /** Width of a bin, ms. */
  readonly binMs: number;
  /** Autocorrelations of kept units, one a unit, at lags 1, 2, … */
  readonly correlations: readonly ArrayLike<number>[];
  /** Mean of these. */
  readonly mean: ArrayLike<number>;
  /** The mean's fit at lags from `from` on; absent if there is none. */
  readonly fit?: {
    readonly tau: number;
    readonly from: number;
    readonly values: ArrayLike<number>;
  };
  /** Correlation of τ with the decay time constants, in words. */
  readonly correlation?: string;
}

/** Most units whose own autocorrelation is drawn. */
const mostUnits = 60;

/**
 * Draws timescales by population, the autocorrelations behind them with the
 * population's fit, and timescales against synaptic decay time constants.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timescalesFigure } from "@spikernn/spikernn/report";
 * const figure = timescalesFigure({
 *   units: [{ type: "E", tau: 80 }, { type: "I", tau: 50 }],
 *   binMs: 50,
 *   correlations: [[0.4, 0.2], [0.3, 0.1]],
 *   mean: [0.35, 0.15],
 * });
 * assert(figure.panels.length === 2);
 * ```
 */
export function timescalesFigure(data: TimescalesData): Figure {
  const decays = data.units.some(({ decay }) => decay !== undefined);
  return {
    name: "timescales",
    title: "Intrinsic timescales",
    description: "Timescales of spike counts without a stimulus: units by " +
      "population; autocorrelations of units (grey) and their mean (points) " +
      "with its fit (line)" +
      (decays
        ? "; timescale against synaptic decay time constant, one point a unit."
        : "."),
    width: "double",
    columns: decays ? 3 : 2,
    narrowest: 140,
    panels: [
      distributionPanel(data),
      decayPanel(data),
      ...(decays ? [synapsePanel(data)] : []),
    ],
  };
}

function typesOf({ units }: TimescalesData): Population[] {
  return [...new Set(units.map(({ type }) => type))];
}

function distributionPanel(data: TimescalesData): Panel {
  const types = typesOf(data);
  const names = types.map((type) => populationNames[type]);
  const bins = histogram(types.map((type, k) => ({
    name: names[k],
    values: data.units.filter((unit) => unit.type === type)
      .map(({ tau }) => tau),
  })));
  return {
    title: "Timescales",
    note: `${countOf(data.units.length, "unit")}`,
    height: 130,
    legend: types.map((type, k) => ({
      label: names[k],
      colour: populationColours[type],
      mark: "area",
    })),
    spec: {
      data: { values: stackedBars(bins, names) },
      mark: { type: "rect", opacity: 0.6, clip: true },
      encoding: {
        x: quantity("from", "Timescale (ms)", {
          scale: { zero: true, nice: false },
        }),
        x2: { field: "to" },
        y: quantity("bottom", "Units", { axis: { tickMinStep: 1 } }),
        y2: { field: "top" },
        color: colourBy(
          "group",
          names,
          types.map((type) => populationColours[type]),
        ),
      },
    },
  };
}

function decayPanel(
  { correlations, mean, fit, binMs }: TimescalesData,
): Panel {
  const lag = (k: number) => (k + 1) * binMs;
  const own = correlations.slice(0, mostUnits).flatMap((values, unit) =>
    Array.from(values, (value, k) => ({ unit, lag: lag(k), value }))
  );
  const fitted = fit
    ? Array.from(
      fit.values,
      (value, k) => ({ lag: lag(fit.from - 1 + k), value }),
    )
    : [];
  const x = quantity("lag", "Lag (ms)", {
    scale: bounds(0, lag(mean.length)),
  });
  const y = quantity("value", "Autocorrelation");
  return {
    title: "Autocorrelation",
    note: fit ? `fit of the mean: τ ${show(fit.tau)} ms` : undefined,
    height: 130,
    spec: {
      layer: [
        {
          data: { values: own },
          mark: { type: "line", color: okabeIto.grey, opacity: 0.25 },
          encoding: { x, y, detail: { field: "unit" } },
        },
        {
          data: {
            values: Array.from(mean, (value, k) => ({ lag: lag(k), value })),
          },
          mark: {
            type: "point",
            filled: true,
            size: 14,
            opacity: 1,
            color: ink,
          },
          encoding: { x, y },
        },
        {
          data: { values: fitted },
          mark: { type: "line", color: okabeIto.vermilion, strokeWidth: 1.2 },
          encoding: { x, y },
        },
      ],
    },
  };
}

function synapsePanel(data: TimescalesData): Panel {
  const types = typesOf(data);
  const names = types.map((type) => populationNames[type]);
  return {
    title: "Timescales and synapses",
    note: data.correlation,
    height: 130,
    spec: {
      data: {
        values: data.units.filter(({ decay }) => decay !== undefined)
          .map(({ type, tau, decay }) => ({
            population: populationNames[type],
            tau,
            decay,
          })),
      },
      mark: { type: "point", filled: true, size: 10, opacity: 0.7 },
      encoding: {
        x: quantity("decay", "Decay time constant (ms)", {
          scale: { zero: false },
        }),
        y: quantity("tau", "Timescale (ms)"),
        color: colourBy(
          "population",
          names,
          types.map((type) => populationColours[type]),
        ),
      },
    },
  };
}
