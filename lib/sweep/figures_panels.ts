/** Panels of a sweep's figure: shares of networks, and networks one by one. */
import type { Proportion } from "../network/scores.ts";
import { ink, seriesColour } from "../report/theme.ts";
import type { LegendEntry, Panel } from "../report/types.ts";
import type { Layout } from "./figures_layout.ts";
import { type Known, labelRoom, layers, type Marked } from "./figures_marks.ts";
import { type GroupSummary, type Spread, successLevel } from "./summary.ts";
import type { PointResult } from "./types.ts";

/** What can be compared with a known value. */
export type Measure = "trained" | "updates" | "performance" | "good";

/** A value known from elsewhere, such as a paper. */
export interface KnownValue {
  readonly measure: Measure;
  /** The group that it belongs to. */
  readonly group: GroupSummary;
  readonly value: number;
  /** Standard deviation, if there is one. */
  readonly sd?: number;
}

/** What is known from elsewhere. */
export interface KnownValues {
  /** Values to compare with, shown as diamonds, and whose they are. */
  readonly known?: readonly KnownValue[];
  readonly knownName?: string;
}

interface PanelStyle {
  /** Title of the vertical axis. */
  readonly axis: string;
  /** Of a series that is alone. */
  readonly colour: string;
  /** Whether values are proportions. */
  readonly share?: boolean;
  /** Whether this panel says which colour is which series. */
  readonly legend?: boolean;
}

/** Makes panels of one layout. */
export type PanelMaker = ReturnType<typeof panelMaker>;

/** Makes the panels of one figure, or of one of its facets. */
export function panelMaker(
  layout: Layout,
  { known = [], knownName = "known" }: KnownValues,
) {
  const single = layout.series.length === 1;
  const knownOf = (measure?: Measure): Known[] =>
    known.filter((value) => value.measure === measure)
      .flatMap(({ group, value, sd = 0 }) =>
        layout.groups.filter((placed) => placed.group === group)
          .map(({ x, series }) => ({
            x,
            series,
            value,
            low: Math.max(0, value - sd),
            high: value + sd,
          }))
      );
  const panel = (
    title: string,
    measure: Measure | undefined,
    style: PanelStyle,
    content: Omit<Parameters<typeof layers>[1], "known">,
  ): Panel => {
    const values = knownOf(measure);
    const colours = layout.series.map((_, k) =>
      single ? style.colour : seriesColour(k)
    );
    const legend: LegendEntry[] = [
      ...(style.legend && !single
        ? layout.series.map((label, k) => ({
          label,
          colour: colours[k],
          mark: "point" as const,
        }))
        : []),
      ...(values.length > 0
        ? [{
          label: knownName,
          colour: ink,
          mark: "diamond" as const,
        }]
        : []),
    ];
    return {
      title,
      height: 135 + labelRoom(layout.places),
      ...(legend.length > 0 && { legend }),
      spec: layers({
        layout,
        title: style.axis,
        share: style.share ?? false,
        colours,
        dots: content.dots !== undefined,
        known: values.length > 0,
      }, { ...content, known: values }),
    };
  };
  return {
    /** Shares of networks, with their Wilson intervals. */
    shares(
      title: string,
      measure: Measure | undefined,
      of: (group: GroupSummary) => Proportion,
      style: PanelStyle,
    ): Panel {
      const marks = layout.groups.map(({ group, x, series }): Marked => {
        const { value, low, high } = of(group);
        return { x, series, value, low, high };
      }).filter(({ value }) => Number.isFinite(value));
      return panel(title, measure, { ...style, share: true }, { marks });
    },
    /** Every network, with mean and standard deviation. */
    networks(
      title: string,
      measure: Measure | undefined,
      style: PanelStyle & {
        readonly dot: (result: PointResult) => number;
        readonly spread: (group: GroupSummary) => Spread;
      },
    ): Panel {
      const dots = layout.groups.flatMap(({ group, x, series }) =>
        group.results.map((result) => ({ x, series, value: style.dot(result) }))
      ).filter(({ value }) => Number.isFinite(value));
      const marks = layout.groups.map(({ group, x, series }): Marked => {
        const { mean, sd } = style.spread(group);
        const half = Number.isFinite(sd) ? sd : 0;
        return {
          x,
          series,
          value: mean,
          low: Math.max(0, mean - half),
          high: mean + half,
        };
      }).filter(({ value }) => Number.isFinite(value));
      return panel(title, measure, style, {
        dots,
        marks,
        ...(style.share && { level: successLevel }),
      });
    },
  };
}
