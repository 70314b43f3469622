/** Units that take no part, by population, in both networks. */
import { roleColours } from "../theme.ts";
import type { Figure } from "../types.ts";
import { rowsPanel } from "./rows.ts";

/** Share of silent units of one population in one network. */
export interface SilentShare {
  /** Which network. */
  readonly network: "rate" | "spiking";
  /** Name of the population, with its layer if there are several; "all". */
  readonly population: string;
  /** Share of its units that are silent, 0 to 1. */
  readonly share: number;
  /** Lower end of the share's interval. */
  readonly low: number;
  /** Upper end. */
  readonly high: number;
}

/** What the figure needs. */
export interface SilentData {
  /** Shares, the populations in the order of the rows. */
  readonly shares: readonly SilentShare[];
}

/**
 * Draws the share of silent units by population, the rate network's beside the
 * spiking one's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { silentFigure } from "@spikernn/spikernn/report";
 * const figure = silentFigure({
 *   shares: [
 *     { network: "rate", population: "E", share: 0.1, low: 0.05, high: 0.2 },
 *     { network: "spiking", population: "E", share: 0, low: 0, high: 0.1 },
 *   ],
 * });
 * assert(figure.name === "silent");
 * ```
 */
export function silentFigure({ shares }: SilentData): Figure {
  const networks = ["rate", "spiking"] as const;
  return {
    name: "silent",
    title: "Silent units",
    description: "Share of units, by population, whose rate never exceeds " +
      "0.05 of the activation's range without noise (rate network), and that " +
      "never fire (spiking network), with 95 % Wilson intervals.",
    width: "single",
    columns: 1,
    narrowest: 150,
    panels: [rowsPanel({
      title: "Silent units",
      axis: "Units (%)",
      points: shares.map(({ network, population, share, low, high }) => ({
        place: population,
        group: network,
        value: 100 * share,
        low: 100 * low,
        high: 100 * high,
      })),
      groups: networks
        .filter((name) => shares.some(({ network }) => network === name))
        .map((name) => ({ name, colour: roleColours[name] })),
      // Points at the ends stand clear of the frame.
      ends: [-3, 103],
    })],
  };
}
