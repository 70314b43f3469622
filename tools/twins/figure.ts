/** The study as a figure: every network a point, their mean with its interval. */
import { bounds, quantity } from "../../lib/report/figures/layers.ts";
import { ink, okabeIto, roleColours } from "../../lib/report/theme.ts";
import type { Figure, Panel } from "../../lib/report/types.ts";
import { type Mapping, type MeasureName, measures } from "./measures.ts";
import { mappings, type TaskSummary } from "./summary.ts";

/** The networks in a legend. */
const shown: Readonly<Record<Mapping, { label: string; colour: string }>> = {
  rate: { label: "rate", colour: roleColours.rate },
  factor: { label: "factor alone", colour: okabeIto.orange },
  tuned: { label: "tuned", colour: roleColours.spiking },
};

/** What each figure of the study shows. */
const studied: Readonly<Record<string, readonly MeasureName[]>> = {
  twins_activity: [
    "strict",
    "participation_ratio",
    "alignment",
    "selective",
    "tuning_similarity",
    "tuning_kept",
  ],
  twins_dynamics: [
    "median_tau",
    "kept",
    "tau_decay",
    "balance_e",
    "balance_i",
    "current_correlation",
  ],
};

/**
 * Draws the figures of the study.
 *
 * @param summaries of all measures
 * @returns the figures, named like their files
 */
export function studyFigures(summaries: readonly TaskSummary[]): Figure[] {
  return Object.entries(studied).map(([name, of]) =>
    twinsFigure(name, summaries, of)
  );
}

/**
 * Draws measures of a study, a panel each.
 *
 * @param name of the figure
 * @param summaries of all measures
 * @param of the measures that are drawn
 */
export function twinsFigure(
  name: string,
  summaries: readonly TaskSummary[],
  of: readonly MeasureName[],
): Figure {
  return {
    name,
    title: "Rate networks and their spiking twins",
    description:
      "Each point is a network, of each task the rate network and its twins; " +
      "bars: means with 95 % intervals (Student’s t over networks).",
    width: "double",
    columns: 3,
    narrowest: 130,
    panels: of.flatMap((measure) => {
      const own = summaries.filter((one) => one.measure === measure);
      return own.some(({ means }) => Object.keys(means).length > 0)
        ? [panel(measure, own)]
        : [];
    }),
  };
}

function panel(measure: MeasureName, own: readonly TaskSummary[]): Panel {
  const { title, ...about } = measures[measure];
  const share = "share" in about;
  const axis = "axis" in about ? about.axis : share ? "%" : "";
  const scale = share ? 100 : 1;
  const there = mappings.filter((mapping) =>
    own.some(({ means }) => means[mapping])
  );
  const place = (task: number, mapping: Mapping) =>
    task + 0.26 * (there.indexOf(mapping) - (there.length - 1) / 2);
  const dots = own.flatMap(({ values }, task) =>
    there.flatMap((mapping) => {
      const found = values[mapping] ?? [];
      return found.map((value, k) => ({
        // Side by side in the order of their seeds.
        x: place(task, mapping) - 0.08 +
          0.09 * k / Math.max(1, found.length - 1),
        value: scale * value,
        mapping,
      }));
    })
  ).filter(({ value }) => Number.isFinite(value));
  const means = own.flatMap(({ means }, task) =>
    there.flatMap((mapping) => {
      const found = means[mapping];
      if (!found) return [];
      const half = 0.09;
      const [low, high] = [found.low, found.high].map((end) =>
        scale * (Number.isFinite(end) ? end : found.mean)
      );
      const x = place(task, mapping) + 0.02;
      return [{
        ...{ mapping, low, high, mean: scale * found.mean },
        ...{ x, from: x - half, to: x + half },
      }];
    })
  );
  const labels =
    own.map(({ task }, k) =>
      `datum.value === ${k} ? ${JSON.stringify(task)} : `
    ).join("") + "''";
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: null,
    scale: bounds(-0.5, own.length - 0.5),
    axis: {
      values: own.map((_, k) => k),
      labelExpr: labels,
      labelOverlap: false,
      ticks: false,
    },
  });
  const all = [
    ...dots.map(({ value }) => value),
    ...means.flatMap(({ low, high }) => [low, high]),
  ];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const y = (field: string) =>
    quantity(field, axis, {
      scale: { zero: least < 0.5 * most && least >= 0, nice: true },
      axis: { tickCount: 4 },
    });
  const colour = {
    field: "mapping",
    type: "nominal",
    scale: { domain: there, range: there.map((name) => shown[name].colour) },
    legend: null,
  };
  return {
    title: "short" in about ? about.short : title,
    height: 105,
    legend: there.map((mapping) => ({ ...shown[mapping], mark: "point" })),
    spec: {
      layer: [
        {
          data: { values: dots },
          mark: { type: "point", filled: true, size: 8, opacity: 0.55 },
          encoding: { x: x("x"), y: y("value"), color: colour },
        },
        {
          data: { values: means },
          mark: { type: "rule", color: ink, strokeWidth: 0.8 },
          encoding: { x: x("x"), y: y("low"), y2: { field: "high" } },
        },
        {
          data: { values: means },
          mark: { type: "rule", color: ink, strokeWidth: 1.2 },
          encoding: { x: x("from"), x2: { field: "to" }, y: y("mean") },
        },
      ],
    },
  };
}
