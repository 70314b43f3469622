/** Figures of what perturbations do, from what was found. */
import {
  perturbationCurvesFigure,
  perturbationMapFigure,
  perturbationMeasuresFigure,
  perturbationPointsFigure,
  type PerturbedMeasure,
} from "../report/figures/perturbation.ts";
import type { Figure } from "../report/types.ts";
import type { PointEffect } from "./perturb.ts";
import {
  type Measured,
  measuredScalars,
  scalarText,
} from "./perturb_measures.ts";
import { type Point, pointText } from "./perturb_points.ts";

/** Figures along amounts, and one of the points that have none. */
export function effectFigures(
  effects: readonly PointEffect[],
): Figure[] {
  const points = effects.map((effect) => {
    const { network, point, score: { strict }, strict: difference } = effect;
    const amount = drawnAmount(point);
    return { network, series: seriesOf(point), amount, strict, difference };
  });
  const graded = points.flatMap(({ amount, ...point }) =>
    amount === undefined ? [] : [{ ...point, amount }]
  );
  const others = points.filter(({ amount }) => amount === undefined);
  return [
    ...(graded.length > 0
      ? [
        perturbationMapFigure({ points: graded }),
        perturbationCurvesFigure({ points: graded }),
      ]
      : []),
    ...(others.length > 0
      ? [perturbationPointsFigure({ points: others })]
      : []),
  ];
}

/** Panels that a figure of measures has at most. */
const mostPanels = 24;

/** A figure of the numbers that differ between points with an amount. */
export function measureFigures(measured: readonly Measured[]): Figure[] {
  const panels = new Map<string, PerturbedMeasure>();
  for (const one of measuredScalars(measured)) {
    const { point, scalar: { network, name, of, value, unit }, intact } = one;
    const amount = point && drawnAmount(point);
    if (!point || amount === undefined || !Number.isFinite(value)) continue;
    const key = scalarText(one);
    const before = panels.get(key)?.points ?? [];
    const points = [...before, { series: seriesOf(point), amount, value }];
    const title = (of === undefined ? name : `${name}, ${of}`)
      .replaceAll("_", " ");
    const note = network ? `${one.analysis}, ${network}` : one.analysis;
    panels.set(key, { title, note, unit, intact, points });
  }
  const differing = [...panels.values()].filter(({ intact, points }) =>
    points.some(({ value }) => value !== intact)
  );
  return differing.length === 0
    ? []
    : [perturbationMeasuresFigure(differing.slice(0, mostPanels))];
}

/** The amount along which a point is drawn: that of its first part that has one. */
function drawnAmount({ parts }: Point): number | undefined {
  return parts.find(({ amount }) => amount !== undefined)?.amount;
}

/** What points have in common that differ in that amount alone. */
function seriesOf({ parts }: Point): string {
  const drawn = parts.find(({ amount }) => amount !== undefined);
  return pointText({
    parts: parts.map((part) =>
      part === drawn ? { ...part, amount: undefined } : part
    ),
  });
}
