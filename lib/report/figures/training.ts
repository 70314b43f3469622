/** How training went: loss and performance over the updates. */
import { countOf } from "../../count.ts";
import { okabeIto, roleColours } from "../theme.ts";
import type { Figure, Spec } from "../types.ts";
import {
  bounds,
  level,
  quantity,
  ruleCurves,
  ruleLegend,
  show,
} from "./layers.ts";
import {
  stageChanges,
  type StagedEvaluation,
  stageMarks,
  stagesText,
} from "./stages.ts";

/** What the figure needs. */
export interface TrainingData {
  /** Loss of every update. */
  readonly losses: ArrayLike<number>;
  /** Evaluations, in order. */
  readonly evaluations: readonly (StagedEvaluation & {
    readonly loss: number;
    /** Share of correct trials, by the paper's rule and the strict one (NaN: unknown). */
    readonly performance: number;
    readonly strict: number;
  })[];
  /** The task's stopping rule; drawn where it is known. */
  readonly stopping?: { readonly loss: number; readonly performance: number };
  /**
   * Share of the response in the losses of updates; 0 or absent if all steps
   * weigh alike.
   */
  readonly answerShare?: number;
}

const mostPoints = 200;

/** Mean, lowest and highest loss in stretches of updates. */
function stretches(losses: ArrayLike<number>) {
  const length = Math.max(1, Math.ceil(losses.length / mostPoints));
  const rows: { update: number; mean: number; low: number; high: number }[] =
    [];
  for (let from = 0; from < losses.length; from += length) {
    const part = Array.from(
      { length: Math.min(length, losses.length - from) },
      (_, k) => losses[from + k],
    ).filter(Number.isFinite);
    if (part.length === 0) continue;
    rows.push({
      update: from + part.length / 2,
      mean: part.reduce((sum, loss) => sum + loss, 0) / part.length,
      low: Math.min(...part),
      high: Math.max(...part),
    });
  }
  return rows;
}

/**
 * Draws loss and performance over the updates of a training run.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { trainingFigure } from "@spikernn/spikernn/report";
 * const figure = trainingFigure({
 *   losses: [9, 7, 6],
 *   evaluations: [{ update: 2, loss: 7, performance: 0.6, strict: 0.4 }],
 * });
 * assert(figure.name === "training");
 * ```
 */
export function trainingFigure(data: TrainingData): Figure {
  const rows = stretches(data.losses);
  const last = Math.max(
    data.losses.length,
    ...data.evaluations.map((evaluation) => evaluation.update),
    1,
  );
  const x = (field: string) =>
    quantity(field, "Update", {
      scale: bounds(0, last),
      axis: { tickCount: 4 },
    });
  const losses = [
    ...rows.map((row) => row.mean),
    ...data.evaluations.map((evaluation) => evaluation.loss),
  ].filter((loss) => loss > 0);
  const wide = losses.length > 0 &&
    Math.max(...losses) > 100 * Math.min(...losses);
  const scale: Spec = wide ? { type: "log" } : { zero: true, nice: true };
  const evaluated = data.evaluations.flatMap((evaluation) => [
    { ...evaluation, rule: "paper" as const, value: evaluation.performance },
    { ...evaluation, rule: "strict" as const, value: evaluation.strict },
  ]).filter((point) => Number.isFinite(point.value));
  const strict = evaluated.some((point) => point.rule === "strict");
  const changes = stageChanges(data.evaluations);
  return {
    name: "training",
    title: "Training",
    description:
      `Loss (A) and performance (B) over ${countOf(last, "update")}. ` +
      "A: band from the lowest to the highest loss of neighbouring updates, " +
      "line their mean, points the mean loss of the evaluation trials" +
      (data.answerShare
        ? `, in which all steps weigh alike (in updates ${
          show(100 * data.answerShare)
        } % of the weight is on the answer). `
        : ". ") +
      "B: share of correct evaluation trials." +
      (data.stopping ? " Dashed: the task's stopping rule." : "") +
      stagesText(changes),
    width: "double",
    columns: 2,
    narrowest: 150,
    panels: [{
      title: "Loss",
      height: 130,
      legend: [
        { label: "training", colour: roleColours.rate, mark: "line" },
        { label: "evaluation", colour: okabeIto.vermilion, mark: "point" },
      ],
      spec: {
        layer: [
          ...(data.stopping ? [level(data.stopping.loss)] : []),
          ...stageMarks(changes, last),
          {
            data: { values: rows },
            mark: {
              type: "area",
              color: roleColours.rate,
              opacity: 0.25,
              clip: true,
            },
            encoding: {
              x: x("update"),
              y: quantity("low", "Loss", { scale }),
              y2: { field: "high" },
            },
          },
          {
            data: { values: rows },
            mark: { type: "line", color: roleColours.rate, clip: true },
            encoding: { x: x("update"), y: quantity("mean", "Loss") },
          },
          {
            data: { values: data.evaluations },
            mark: {
              type: "point",
              filled: true,
              opacity: 1,
              size: 9,
              color: okabeIto.vermilion,
            },
            encoding: { x: x("update"), y: quantity("loss", "Loss") },
          },
        ],
      },
    }, {
      title: "Performance",
      height: 130,
      legend: [
        ruleLegend.paper,
        ...(strict ? [ruleLegend.strict] : []),
      ],
      spec: {
        layer: [
          ...(data.stopping ? [level(data.stopping.performance)] : []),
          ...stageMarks(changes, last),
          ...ruleCurves(evaluated, {
            x: x("update"),
            y: quantity("value", "Correct trials", {
              scale: bounds(0, 1.02),
              axis: { format: "%", values: [0, 0.25, 0.5, 0.75, 1] },
            }),
          }),
        ],
      },
    }],
  };
}
