/** How the spiking network does at each scaling factor. */
import { countOf } from "../../count.ts";
import type { Proportion } from "../../network/scores.ts";
import { ink, okabeIto, roleColours } from "../theme.ts";
import type { Figure, Spec } from "../types.ts";
import {
  bounds,
  level,
  quantity,
  ruleCurves,
  ruleLegend,
  show,
} from "./layers.ts";

/** What the figure needs; a `SearchRecord` has it all. */
export interface SearchData {
  /** Scaling factors that were tried. */
  readonly factors: readonly number[];
  /** How the network did with each of them. */
  readonly scores: readonly {
    readonly paper: Proportion;
    readonly strict: Proportion;
    readonly outputError: number;
    readonly rates?: {
      readonly excitatory: number;
      readonly inhibitory: number;
    };
  }[];
  /** The factor that was chosen. */
  readonly chosen: number;
  /** Factors whose strict performance is within the best one's interval. */
  readonly plateau: readonly number[];
}

/**
 * Draws performance with its intervals, output error and firing rates by factor.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { wilson } from "@spikernn/spikernn";
 * import { searchFigure } from "@spikernn/spikernn/report";
 * const figure = searchFigure({
 *   factors: [40, 50],
 *   scores: [8, 9].map((correct) => ({
 *     paper: wilson(correct, 10),
 *     strict: wilson(correct, 10),
 *     outputError: 1 / correct,
 *   })),
 *   chosen: 50,
 *   plateau: [40, 50],
 * });
 * assert(figure.name === "search");
 * ```
 */
export function searchFigure(data: SearchData): Figure {
  const order = data.factors.map((_, k) => k)
    .sort((a, b) => data.factors[a] - data.factors[b]);
  const factors = order.map((k) => data.factors[k]);
  const scores = order.map((k) => data.scores[k]);
  const gap = Math.min(
    ...factors.slice(1).map((factor, k) => factor - factors[k]),
    Infinity,
  );
  const step = Number.isFinite(gap) && gap > 0 ? gap : 1;
  const x = (field: string) =>
    quantity(field, "Scaling factor", {
      scale: bounds(factors[0] - step / 2, factors.at(-1)! + step / 2),
      axis: { values: factors, labelOverlap: "greedy" },
    });
  const trials = scores.map((score) => score.strict.trials);
  const most = Math.max(0, ...trials);
  const few = trials.filter((n) => n < most);
  // The plateau may have holes: shade factor by factor.
  const plateau: Spec[] = data.plateau.length === 0 ? [] : [{
    data: {
      values: data.plateau.map((factor) => ({
        from: factor - step / 2,
        to: factor + step / 2,
      })),
    },
    mark: { type: "rect", color: ink, opacity: 0.1, clip: true },
    encoding: { x: x("from"), x2: { field: "to" } },
  }];
  const chosen: Spec = {
    data: { values: [{ factor: data.chosen }] },
    mark: { type: "rule", color: roleColours.chosen, strokeWidth: 1 },
    encoding: { x: x("factor") },
  };
  const performance = scores.flatMap((score, k) =>
    (["paper", "strict"] as const).map((rule) => ({
      rule,
      // Side by side, so that the intervals do not hide each other.
      factor: factors[k] + (rule === "paper" ? -0.06 : 0.06) * step,
      value: score[rule].value,
      low: score[rule].low,
      high: score[rule].high,
      stopped: trials[k] < most,
    }))
  ).filter((point) => Number.isFinite(point.value));
  const rule = {
    field: "rule",
    type: "nominal",
    scale: {
      domain: ["paper", "strict"],
      range: [roleColours.paper, roleColours.strict],
    },
    legend: null,
  };
  const percent = {
    scale: bounds(0, 1.02),
    axis: { format: "%", values: [0, 0.25, 0.5, 0.75, 1] },
  };
  const errors = scores.map((score, k) => ({
    factor: factors[k],
    error: score.outputError,
    stopped: trials[k] < most,
  })).filter((point) => Number.isFinite(point.error));
  const rates = scores.flatMap((score, k) =>
    score.rates
      ? [
        { factor: factors[k], type: "E", rate: score.rates.excitatory },
        { factor: factors[k], type: "I", rate: score.rates.inhibitory },
      ]
      : []
  ).filter((point) => Number.isFinite(point.rate));
  return {
    name: "search",
    title: "Search over the scaling factor",
    description:
      `Performance (A), output error (B) and mean firing rates (C) of the ` +
      `spiking network by scaling factor, ${countOf(most, "trial")} each` +
      (few.length > 0
        ? ` (hollow: ${Math.min(...few)} to ${Math.max(...few)}, for factors ` +
          "that could not be the best any more)"
        : "") +
      `; bars: 95 % ` +
      `Wilson intervals. Upright line: the chosen factor, ${
        show(data.chosen)
      }. ` +
      (data.plateau.length === 0
        ? ""
        : "Grey: the plateau, where the strict performance is within the " +
          "best factor’s interval. ") +
      "Dashed: the strict rule’s limit of the mean output error of a trial.",
    width: "double",
    columns: rates.length > 0 ? 3 : 2,
    narrowest: 105,
    panels: [
      {
        title: "Performance",
        height: 140,
        legend: [
          ruleLegend.paper,
          ruleLegend.strict,
        ],
        spec: {
          layer: [
            ...plateau,
            chosen,
            {
              data: { values: performance },
              mark: { type: "rule", strokeWidth: 0.8 },
              encoding: {
                x: x("factor"),
                y: quantity("low", "Correct trials", percent),
                y2: { field: "high" },
                color: rule,
              },
            },
            ...ruleCurves(performance, {
              x: x("factor"),
              y: quantity("value", "Correct trials", percent),
            }),
            ...hollow(performance, {
              x: x("factor"),
              y: quantity("value", "Correct trials", percent),
            }),
          ],
        },
      },
      {
        title: "Output error",
        height: 140,
        legend: [{
          label: `chosen: ${show(data.chosen)}`,
          colour: roleColours.chosen,
          mark: "line",
        }],
        spec: {
          layer: [
            ...plateau,
            chosen,
            level(0.5),
            {
              data: { values: errors },
              mark: {
                type: "line",
                color: roleColours.spiking,
                point: {
                  filled: true,
                  size: 12,
                  opacity: 1,
                  color: roleColours.spiking,
                },
              },
              encoding: {
                x: x("factor"),
                y: quantity("error", "Mean |output − target|", {
                  scale: { zero: true },
                }),
              },
            },
            ...hollow(errors, {
              x: x("factor"),
              y: quantity("error", "Mean |output − target|", {
                scale: { zero: true },
              }),
            }),
          ],
        },
      },
      ...(rates.length > 0
        ? [{
          title: "Firing rates",
          height: 140,
          legend: [
            {
              label: "excitatory",
              colour: okabeIto.vermilion,
              mark: "line" as const,
            },
            {
              label: "inhibitory",
              colour: okabeIto.blue,
              mark: "line" as const,
            },
          ],
          spec: {
            layer: [
              ...plateau,
              chosen,
              {
                data: { values: rates },
                mark: {
                  type: "line",
                  point: { filled: true, size: 12, opacity: 1 },
                },
                encoding: {
                  x: x("factor"),
                  y: quantity("rate", "Mean rate (Hz)", {
                    scale: { zero: true },
                  }),
                  color: {
                    field: "type",
                    type: "nominal",
                    scale: {
                      domain: ["E", "I"],
                      range: [okabeIto.vermilion, okabeIto.blue],
                    },
                    legend: null,
                  },
                },
              },
            ],
          },
        }]
        : []),
    ],
  };
}

/** Makes the points of factors that did not get all trials hollow. */
function hollow(
  points: readonly { readonly stopped: boolean }[],
  encoding: { readonly x: Spec; readonly y: Spec },
): Spec[] {
  const stopped = points.filter((point) => point.stopped);
  if (stopped.length === 0) return [];
  return [{
    data: { values: stopped },
    mark: { type: "point", filled: true, color: "white", opacity: 1, size: 4 },
    encoding,
  }];
}
