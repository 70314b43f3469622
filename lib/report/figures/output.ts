/** What networks give out: mean and standard deviation over trials. */
import { countOf } from "../../count.ts";
import { ink, seriesColour, seriesDash } from "../theme.ts";
import type { Figure, Panel, TimeWindow } from "../types.ts";
import {
  bounds,
  colourBy,
  dashBy,
  quantity,
  responseBar,
  seriesLegend,
  shade,
  time,
} from "./layers.ts";

/** Outputs of one condition. */
export interface ConditionOutput {
  /** Name of the condition. */
  readonly condition: string;
  /** Times of the samples, ms. */
  readonly times: ArrayLike<number>;
  /** Mean over the trials. */
  readonly mean: ArrayLike<number>;
  /** Standard deviation over the trials. */
  readonly deviation: ArrayLike<number>;
}

/** What the figure needs. */
export interface OutputData {
  /** Duration of a trial, ms. */
  readonly duration: number;
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** The strict window. */
  readonly response?: TimeWindow;
  /** One panel a network: the rate network, then the spiking one. */
  readonly networks: readonly {
    readonly name: string;
    readonly trials: number;
    readonly conditions: readonly ConditionOutput[];
  }[];
  /** Target of each condition, with the times of its samples, ms. */
  readonly targets: readonly {
    readonly condition: string;
    readonly times: ArrayLike<number>;
    readonly values: ArrayLike<number>;
  }[];
}

/**
 * Draws the outputs of a rate and a spiking network side by side.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { outputFigure } from "@spikernn/spikernn/report";
 * const figure = outputFigure({
 *   duration: 10,
 *   stimuli: [],
 *   networks: [{
 *     name: "Rate",
 *     trials: 5,
 *     conditions: [{
 *       condition: "go",
 *       times: [5, 10],
 *       mean: [0, 1],
 *       deviation: [0.1, 0.2],
 *     }],
 *   }],
 *   targets: [],
 * });
 * assert(figure.name === "output");
 * ```
 */
export function outputFigure(data: OutputData): Figure {
  const names = [
    ...new Set(
      data.networks.flatMap((network) =>
        network.conditions.map((condition) => condition.condition)
      ),
    ),
  ];
  const colours = names.map((_, k) => seriesColour(k));
  const all = data.networks.flatMap((network) =>
    network.conditions.flatMap((condition) =>
      Array.from(condition.mean, (mean, k) => [
        mean - condition.deviation[k],
        mean + condition.deviation[k],
      ]).flat()
    )
  ).concat(data.targets.flatMap((target) => Array.from(target.values)))
    .filter(Number.isFinite);
  const low = Math.min(0, ...extent(all));
  const high = Math.max(0, ...extent(all));
  const margin = (high - low || 1) * 0.05;
  const y = (field: string) =>
    quantity(field, "Output (a.u.)", {
      scale: bounds(low - margin, high + margin),
    });
  const targets = data.targets.flatMap((target) =>
    Array.from(target.values, (value, k) => ({
      condition: target.condition,
      time: target.times[k],
      value,
    }))
  );
  const panels = data.networks.map((network): Panel => {
    const rows = network.conditions.flatMap((condition) =>
      Array.from(condition.mean, (mean, k) => ({
        condition: condition.condition,
        time: condition.times[k],
        mean,
        low: mean - condition.deviation[k],
        high: mean + condition.deviation[k],
      }))
    );
    return {
      title: `${network.name} network`,
      height: 135,
      legend: [
        ...seriesLegend(names),
        { label: "target", colour: ink, mark: "dashed" },
      ],
      spec: {
        layer: [
          ...shade(data.stimuli),
          {
            data: { values: rows },
            mark: { type: "area", opacity: 0.2, clip: true },
            encoding: {
              x: time(data.duration),
              y: y("low"),
              y2: { field: "high" },
              color: colourBy("condition", names, colours),
            },
          },
          {
            data: { values: targets },
            mark: {
              type: "line",
              interpolate: "step-after",
              color: ink,
              strokeDash: [3, 2],
              strokeWidth: 0.7,
              clip: true,
            },
            encoding: {
              x: time(data.duration),
              y: y("value"),
              detail: { field: "condition" },
            },
          },
          {
            data: { values: rows },
            mark: { type: "line", clip: true },
            encoding: {
              x: time(data.duration),
              y: y("mean"),
              color: colourBy("condition", names, colours),
              strokeDash: dashBy(
                "condition",
                names,
                names.map((_, k) => seriesDash(k)),
              ),
            },
          },
          ...(data.response ? [responseBar(data.response)] : []),
        ],
      },
    };
  });
  return {
    name: "output",
    title: "Output",
    description: "Output by condition, mean ± standard deviation over " +
      data.networks.map((network) =>
        `${
          countOf(network.trials, "trial")
        } of the ${network.name.toLowerCase()} network`
      ).join(" and ") +
      ". Grey: stimuli. Dashed: target." +
      (data.response ? " Bar at the top: strict window." : ""),
    width: data.networks.length > 1 ? "double" : "single",
    columns: Math.max(1, data.networks.length),
    narrowest: 150,
    panels,
  };
}

/** Lowest and highest value; spreading a long array would overflow the stack. */
function extent(values: readonly number[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}
