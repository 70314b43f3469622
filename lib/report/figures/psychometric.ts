/** Psychometric curves by network and context. */
import type { Proportion } from "../../network/scores.ts";
import { okabeIto, roleColours } from "../theme.ts";
import type { Figure } from "../types.ts";
import { curvesPanel } from "./curves.ts";
import { level, upright } from "./layers.ts";

/** What the figure needs. */
export interface PsychometricData {
  /** One panel a network and context. */
  readonly panels: readonly {
    /** "rate" or "spiking". */
    readonly network: "rate" | "spiking";
    /** The channel that counts. */
    readonly context: string;
    /** One curve a stimulus. */
    readonly curves: readonly {
      /** Whether it counts. */
      readonly stimulus: "relevant" | "irrelevant";
      /** Strengths of the stimulus. */
      readonly levels: readonly number[];
      /** Shares of positive answers, with their intervals. */
      readonly shares: readonly Proportion[];
      /** Log odds at 0; NaN without a fit. */
      readonly intercept: number;
      /** Change of the log odds with the level. */
      readonly slope: number;
    }[];
  }[];
}

/** Places of a fitted curve. */
const places = 81;

/**
 * Draws shares of positive answers by the strength of the stimulus, with the
 * fitted logistic functions.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "@spikernn/spikernn";
 * import { psychometricFigure } from "@spikernn/spikernn/report";
 * const figure = psychometricFigure({
 *   panels: [{
 *     network: "rate",
 *     context: "stimulus 1",
 *     curves: [{
 *       stimulus: "relevant",
 *       levels: [-0.5, 0.5],
 *       shares: [wilson(1, 10), wilson(9, 10)],
 *       intercept: 0,
 *       slope: 4.4,
 *     }],
 *   }],
 * });
 * assert(figure.panels.length === 1);
 * ```
 */
export function psychometricFigure(data: PsychometricData): Figure {
  const most = Math.max(
    ...data.panels.flatMap(({ curves }) =>
      curves.flatMap(({ levels }) => levels.map(Math.abs))
    ),
  );
  const colours = { relevant: "", irrelevant: okabeIto.grey };
  return {
    name: "psychometric",
    title: "Psychometric curves",
    description: "Share of positive answers (mean output above 0 in the " +
      "strict window) by the mean of the stimulus that counts (coloured) and " +
      "of the other one (grey), with 95 % intervals and fitted logistic " +
      "functions.",
    width: "double",
    columns: 2,
    narrowest: 150,
    panels: data.panels.map(({ network, context, curves }) =>
      curvesPanel({
        title: `${network === "rate" ? "Rate" : "Spiking"}: ${context} counts`,
        x: "Mean of the stimulus",
        y: "Positive answers (%)",
        xBounds: [-1.1 * most, 1.1 * most],
        yBounds: [0, 100],
        behind: [level(50), upright(0)],
        curves: curves.flatMap((curve) => {
          const colour = curve.stimulus === "relevant"
            ? roleColours[network]
            : colours.irrelevant;
          const x = Float64Array.from(
            { length: places },
            (_, k) => most * (2 * k / (places - 1) - 1),
          );
          const fitted = Number.isFinite(curve.slope);
          return [
            {
              name: `${curve.stimulus} stimulus`,
              colour,
              as: "bars" as const,
              x: curve.levels,
              y: curve.shares.map(({ value }) => 100 * value),
              low: curve.shares.map(({ low }) => 100 * low),
              high: curve.shares.map(({ high }) => 100 * high),
            },
            ...(fitted
              ? [{
                name: "",
                colour,
                x,
                y: x.map((place) =>
                  100 /
                  (1 + Math.exp(-(curve.intercept + curve.slope * place)))
                ),
              }]
              : []),
          ];
        }),
      })
    ),
  };
}
