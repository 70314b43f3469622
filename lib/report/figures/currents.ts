/** Excitatory and inhibitory currents over the trial, and their balance. */
import { populationColours } from "../theme.ts";
import type { Figure, Population } from "../types.ts";
import { curvesPanel, histogramPanel } from "./curves.ts";
import { level } from "./layers.ts";

/** What the figure needs. */
export interface CurrentsData {
  /** Width of a bin, ms. */
  readonly binMs: number;
  /** One panel a condition. */
  readonly conditions: readonly {
    /** The condition in words. */
    readonly name: string;
    /** Mean currents of each population, one a bin, mV. */
    readonly populations: readonly {
      /** The population's name. */
      readonly name: string;
      /** Excitatory current. */
      readonly excitatory: ArrayLike<number>;
      /** Inhibitory current. */
      readonly inhibitory: ArrayLike<number>;
    }[];
  }[];
  /** -I_E/I_I of the units by population. */
  readonly balance: readonly {
    /** The population's name. */
    readonly name: string;
    /** Its type, for the colour. */
    readonly type: Population;
    /** One a unit. */
    readonly values: readonly number[];
  }[];
}

const dashes = [[1, 0], [4, 1.5], [1, 1], [6, 1, 1, 1]] as const;
/** Beyond this the balance is not drawn. */
const most = 4;

/**
 * Draws mean excitatory and inhibitory currents of the populations by condition,
 * and the balance of the units.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { currentsFigure } from "@spikernn/spikernn/report";
 * const figure = currentsFigure({
 *   binMs: 10,
 *   conditions: [{
 *     name: "Go",
 *     populations: [{ name: "E", excitatory: [1, 2], inhibitory: [-1, -2] }],
 *   }],
 *   balance: [{ name: "E", type: "E", values: [1, 0.9] }],
 * });
 * assert(figure.panels.length === 2);
 * ```
 */
export function currentsFigure(data: CurrentsData): Figure {
  const { binMs, conditions } = data;
  let [low, high] = [0, 0];
  for (const { populations } of conditions) {
    for (const { excitatory, inhibitory } of populations) {
      for (let k = 0; k < excitatory.length; k++) {
        high = Math.max(high, excitatory[k]);
        low = Math.min(low, inhibitory[k]);
      }
    }
  }
  const margin = 0.05 * (high - low || 1);
  return {
    name: "currents",
    title: "Synaptic currents",
    description: "Mean excitatory (above 0) and inhibitory (below 0) " +
      "synaptic current onto the units of each population, by condition; " +
      "distribution of the balance −I_E/I_I over units (dashed: balance).",
    width: "double",
    columns: Math.min(3, conditions.length + 1),
    narrowest: 130,
    panels: [
      ...conditions.map(({ name, populations }) =>
        curvesPanel({
          title: name,
          x: "Time (ms)",
          y: "Current (mV)",
          yBounds: [low - margin, high + margin],
          behind: [level(0)],
          curves: populations.flatMap((population, k) => {
            const x = Float64Array.from(
              population.excitatory,
              (_, bin) => (bin + 0.5) * binMs,
            );
            const dash = dashes[k % dashes.length];
            const more = { x, ...(k > 0 && { dash }) };
            return [
              {
                name: `I_E onto ${population.name}`,
                colour: populationColours.E,
                y: population.excitatory,
                ...more,
              },
              {
                name: `I_I onto ${population.name}`,
                colour: populationColours.I,
                y: population.inhibitory,
                ...more,
              },
            ];
          }),
        })
      ),
      histogramPanel({
        title: "Balance",
        x: "−I_E/I_I",
        mark: 1,
        most,
        groups: data.balance.map(({ name, type, values }) => ({
          name,
          colour: populationColours[type],
          values,
        })),
      }),
    ],
  };
}
