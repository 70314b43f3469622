/** Distributions of what spike trains are like, and their power spectrum. */
import { okabeIto, populationColours, roleColours } from "../theme.ts";
import type { Figure, Population } from "../types.ts";
import { curvesPanel, histogramPanel } from "./curves.ts";

/** What the figure needs. */
export interface SpikeTrainsData {
  /** Units by population; what a unit does not have is NaN. */
  readonly populations: readonly {
    /** The population's name. */
    readonly name: string;
    /** Its type, for the colour. */
    readonly type: Population;
    /** Firing rates, Hz. */
    readonly rates: readonly number[];
    /** Coefficients of variation of the intervals. */
    readonly cvs: readonly number[];
    /** Local variations. */
    readonly lvs: readonly number[];
    /** Fano factors. */
    readonly fanos: readonly number[];
  }[];
  /** Spike-count correlations of pairs. */
  readonly correlations: readonly number[];
  /** Power spectrum of the synaptic currents, mV²/Hz. */
  readonly spectrum?: {
    /** Frequencies, Hz. */
    readonly frequencies: ArrayLike<number>;
    /** Density. */
    readonly power: ArrayLike<number>;
  };
}

/** Frequencies that are drawn, Hz. */
const highest = 100;

/**
 * Draws distributions of firing rates, CV, Lv and Fano factors by population, of
 * spike-count correlations, and the power spectrum of the synaptic currents.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spikeTrainsFigure } from "@spikernn/spikernn/report";
 * const figure = spikeTrainsFigure({
 *   populations: [{
 *     name: "E", type: "E", rates: [5, 7], cvs: [0.9, 1], lvs: [1, 1], fanos: [1, NaN],
 *   }],
 *   correlations: [0.01, 0.02],
 * });
 * assert(figure.panels.length === 5);
 * ```
 */
export function spikeTrainsFigure(data: SpikeTrainsData): Figure {
  const groups = (of: "rates" | "cvs" | "lvs" | "fanos") =>
    data.populations.map((population) => ({
      name: population.name,
      colour: populationColours[population.type],
      values: population[of],
    }));
  const { spectrum } = data;
  const shown = spectrum
    ? Array.from(spectrum.frequencies).filter((f) => f > 0 && f <= highest)
    : [];
  return {
    name: "spike-trains",
    title: "Spike trains",
    description: "Distributions over units of firing rates, coefficients of " +
      "variation of intervals, local variation and Fano factors, by " +
      "population (dashed: a Poisson process); of spike-count correlations " +
      "over pairs" +
      (spectrum
        ? "; power spectrum of the summed excitatory and inhibitory current."
        : "."),
    width: "double",
    columns: 3,
    narrowest: 130,
    panels: [
      histogramPanel({
        title: "Firing rates",
        x: "Rate (Hz)",
        groups: groups("rates"),
      }),
      histogramPanel({
        title: "Irregularity",
        x: "CV of intervals",
        groups: groups("cvs"),
        mark: 1,
      }),
      histogramPanel({
        title: "Local variation",
        x: "Lv",
        groups: groups("lvs"),
        mark: 1,
      }),
      histogramPanel({
        title: "Variability over trials",
        x: "Fano factor (100 ms)",
        groups: groups("fanos"),
        mark: 1,
      }),
      histogramPanel({
        title: "Spike-count correlation",
        x: "Correlation of pairs",
        groups: [{
          name: "pairs",
          colour: okabeIto.grey,
          values: data.correlations,
        }],
        mark: 0,
      }),
      ...(spectrum
        ? [curvesPanel({
          title: "Power spectrum",
          x: "Frequency (Hz)",
          y: "Power (mV²/Hz)",
          xBounds: [0, highest],
          yScale: "log",
          plain: true,
          curves: [{
            name: "currents",
            colour: roleColours.spiking,
            x: shown,
            y: Array.from(spectrum.power).slice(1, 1 + shown.length),
          }],
        })]
        : []),
    ],
  };
}
