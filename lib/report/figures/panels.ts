/**
 * The panels that training shows at every evaluation: performance, loss, the
 * units' activity over a trial, target and output overlaid.
 */
import { countOf } from "../../count.ts";
import type { FloatArray } from "../../network/types.ts";
import { sequential, toHex } from "../colours.ts";
import { heatMap } from "../heatmap.ts";
import { ink, okabeIto, roleColours } from "../theme.ts";
import type { Figure, Panel, TimeWindow } from "../types.ts";
import { axes, bounds, image, level, quantity, shade, time } from "./layers.ts";
import {
  stageChanges,
  type StagedEvaluation,
  stageMarks,
  stagesText,
} from "./stages.ts";

/** What the figure needs. */
export interface PanelsData {
  /** Evaluations so far, in order. */
  readonly evaluations: readonly (StagedEvaluation & {
    readonly performance: number;
    readonly loss: number;
  })[];
  /** The task's stopping rule; drawn where it is known. */
  readonly stopping?: { readonly loss: number; readonly performance: number };
  /** Condition of the trial shown. */
  readonly condition: string;
  /** Duration of a step, ms. */
  readonly stepMs: number;
  /** Windows of the stimuli, ms. */
  readonly stimuli: readonly TimeWindow[];
  /** T numbers. */
  readonly target: ArrayLike<number>;
  /** T - 1 numbers: output k belongs to step k + 1. */
  readonly outputs: ArrayLike<number>;
  /** One activity panel a layer: rates, units×steps, units in the order to show. */
  readonly layers: readonly {
    readonly name: string;
    readonly size: number;
    readonly rates: FloatArray;
  }[];
}

const height = 110;

/**
 * Draws the panels of training.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { panelsFigure } from "@spikernn/spikernn/report";
 * const figure = panelsFigure({
 *   evaluations: [{ update: 2, performance: 0.5, loss: 9 }],
 *   condition: "go",
 *   stepMs: 5,
 *   stimuli: [],
 *   target: [0, 0, 1],
 *   outputs: [0, 0.9],
 *   layers: [{ name: "layer 1", size: 1, rates: Float32Array.of(0, 0.5, 1) }],
 * });
 * assert(figure.name === "panels");
 * ```
 */
export function panelsFigure(data: PanelsData): Figure {
  const steps = data.target.length;
  const last = data.evaluations.at(-1)?.update ?? 0;
  const duration = steps * data.stepMs;
  const changes = stageChanges(data.evaluations);
  const x = (field: string) =>
    quantity(field, "Update", {
      scale: { domain: [0, Math.max(last, 100)], nice: true },
      axis: { tickCount: 4 },
    });
  const course = (
    title: string,
    field: string,
    colour: string,
    limit: number | undefined,
    more: Record<string, unknown>,
  ): Panel => ({
    title,
    height,
    spec: {
      layer: [
        ...(limit === undefined ? [] : [level(limit)]),
        ...stageMarks(changes, Math.max(last, 100)),
        {
          data: { values: data.evaluations },
          mark: {
            type: "line",
            color: colour,
            point: { filled: true, size: 9, opacity: 1, color: colour },
          },
          encoding: { x: x("update"), y: quantity(field, "", more) },
        },
      ],
    },
  });
  return {
    name: "panels",
    title: "Training so far",
    description: `After ${countOf(last, "update")}: ` +
      "evaluation performance and loss (dashed: the stopping rule), the " +
      `rates of the units over a ${data.condition} trial, and that trial’s ` +
      "output with its target. Grey: stimuli." + stagesText(changes),
    width: "double",
    columns: 2,
    narrowest: 150,
    panels: [
      course(
        "Evaluation performance",
        "performance",
        roleColours.paper,
        data.stopping?.performance,
        {
          title: "Correct trials",
          scale: bounds(0, 1.02),
          axis: { format: "%", values: [0, 0.25, 0.5, 0.75, 1] },
        },
      ),
      course(
        "Evaluation loss",
        "loss",
        okabeIto.vermilion,
        data.stopping?.loss,
        { title: "Loss", scale: { zero: true, nice: true } },
      ),
      ...data.layers.map((layer) => activity(layer, steps, duration, data)),
      {
        ...overlay(data, steps, duration),
        span: data.layers.length % 2 === 0 ? 2 : 1,
      },
    ],
  };
}

/** The units' rates over the trial. */
function activity(
  layer: PanelsData["layers"][number],
  steps: number,
  duration: number,
  data: PanelsData,
): Panel {
  let high = 0;
  for (const rate of layer.rates) if (rate > high) high = rate;
  // The sigmoid's rates are shown from 0 to 1, so that pictures compare.
  const max = high <= 1 ? 1 : high;
  return {
    title: `Activity${
      data.layers.length > 1 ? `, ${layer.name}` : ""
    } (${data.condition} trial)`,
    height,
    colourBar: {
      label: "Rate r",
      min: 0,
      max,
      colours: sequential(9).map(toHex),
    },
    spec: {
      layer: [
        image(
          heatMap(
            layer.rates,
            layer.size,
            steps,
            { min: 0, max },
            sequential(255),
          ),
        ),
        axes(
          time(duration, "x"),
          quantity("y", "Unit", {
            scale: { ...bounds(0, layer.size), reverse: true },
            axis: { tickCount: 4 },
          }),
        ),
      ],
    },
  };
}

/** Target and output of the trial. */
function overlay(data: PanelsData, steps: number, duration: number): Panel {
  const y = (field: string) => quantity(field, "Output (a.u.)");
  const target = Array.from({ length: steps }, (_, t) => ({
    // Compared with output t, which belongs to step t + 1.
    time: (t + 1) * data.stepMs,
    value: data.target[t],
  }));
  const output = Array.from({ length: data.outputs.length }, (_, k) => ({
    time: (k + 1) * data.stepMs,
    value: data.outputs[k],
  }));
  return {
    title: `Output (${data.condition} trial)`,
    height,
    legend: [
      { label: "target", colour: ink, mark: "dashed" },
      { label: "output", colour: roleColours.rate, mark: "line" },
    ],
    spec: {
      layer: [
        ...shade(data.stimuli),
        {
          data: { values: target },
          mark: {
            type: "line",
            interpolate: "step-after",
            color: ink,
            strokeDash: [3, 2],
            strokeWidth: 0.8,
            clip: true,
          },
          encoding: { x: time(duration), y: y("value") },
        },
        {
          data: { values: output },
          mark: { type: "line", color: roleColours.rate },
          encoding: { x: time(duration), y: y("value") },
        },
      ],
    },
  };
}
