/** What a task asks: stimuli and target of each condition. */
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

/** What the figure needs. */
export interface TaskData {
  /** Name of the task. */
  readonly name: string;
  /** Duration of a step, ms. */
  readonly stepMs: number;
  /** Steps of a trial. */
  readonly steps: number;
  /** Names of the input channels. */
  readonly channels: readonly string[];
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** The strict window. */
  readonly response: TimeWindow;
  /** One trial of each condition. */
  readonly conditions: readonly {
    readonly condition: string;
    /** channels×steps. */
    readonly inputs: ArrayLike<number>;
    readonly target: ArrayLike<number>;
  }[];
}

/**
 * Draws a column of panels for each condition: the stimuli above, the target
 * below.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { taskFigure } from "@spikernn/spikernn/report";
 * const figure = taskFigure({
 *   name: "mine",
 *   stepMs: 5,
 *   steps: 3,
 *   channels: ["cue"],
 *   stimuli: [{ name: "cue", from: 5, to: 10 }],
 *   response: { name: "response", from: 10, to: 15 },
 *   conditions: [{ condition: "go", inputs: [0, 1, 0], target: [0, 0, 1] }],
 * });
 * assert(figure.name === "task");
 * ```
 */
export function taskFigure(data: TaskData): Figure {
  const columns = Math.min(4, Math.max(1, data.conditions.length));
  const duration = data.steps * data.stepMs;
  const colours = data.channels.map((_, k) => seriesColour(k));
  const inputs = data.conditions.map((condition): Panel => ({
    title: condition.condition,
    height: 95,
    legend: seriesLegend(data.channels),
    spec: {
      layer: [
        ...shade(data.stimuli),
        {
          data: {
            values: data.channels.flatMap((channel, c) =>
              Array.from({ length: data.steps }, (_, t) => ({
                channel,
                time: t * data.stepMs,
                value: condition.inputs[c * data.steps + t],
              }))
            ),
          },
          mark: {
            type: "line",
            interpolate: "step-after",
            strokeWidth: data.channels.length > 2 ? 0.5 : 1,
            opacity: 0.85,
          },
          encoding: {
            x: time(duration),
            y: quantity("value", "Stimulus u", {
              scale: range(data.conditions.map((c) => c.inputs)),
              axis: { tickCount: 3 },
            }),
            color: colourBy("channel", data.channels, colours),
            strokeDash: dashBy(
              "channel",
              data.channels,
              data.channels.map((_, k) => seriesDash(k)),
            ),
          },
        },
      ],
    },
  }));
  const targets = data.conditions.map((condition): Panel => ({
    title: "Target",
    height: 75,
    spec: {
      layer: [
        ...shade(data.stimuli),
        responseBar(data.response),
        {
          data: {
            values: Array.from(condition.target, (value, t) => ({
              time: t * data.stepMs,
              value,
            })),
          },
          mark: { type: "line", interpolate: "step-after", color: ink },
          encoding: {
            x: time(duration),
            y: quantity("value", "Target z", {
              scale: range(data.conditions.map((c) => c.target)),
              axis: { tickCount: 3 },
            }),
          },
        },
      ],
    },
  }));
  return {
    name: "task",
    title: `Task ${data.name}`,
    description:
      `Stimuli and target of the ${
        countOf(data.conditions.length, "condition")
      } of ` +
      `${data.name}, one trial each. Grey: stimulus windows. Bar at the top: the ` +
      `strict rule’s window, ${data.response.from} to ${data.response.to} ms.`,
    width: columns > 1 ? "double" : "single",
    columns,
    narrowest: 110,
    stacked: 2,
    panels: inputs.flatMap((input, k) => [input, targets[k]]),
  };
}

/** A common scale of several traces, with a little room. */
function range(traces: readonly ArrayLike<number>[]) {
  let low = 0;
  let high = 0;
  for (const trace of traces) {
    for (let k = 0; k < trace.length; k++) {
      low = Math.min(low, trace[k]);
      high = Math.max(high, trace[k]);
    }
  }
  const room = 0.08 * (high - low || 1);
  return bounds(low - room, high + room);
}
