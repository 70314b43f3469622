/** The figure of a sweep: what its settings do to training and to mapping. */
import { ink, roleColours, seriesColour } from "../report/theme.ts";
import type { Figure, LegendEntry, Panel } from "../report/types.ts";
import {
  type Known,
  labelAngle,
  layers,
  type Marked,
} from "./figures_marks.ts";
import { type Labels, type Layout, layOut } from "./figures_layout.ts";
import { type GroupSummary, type Spread, successLevel } from "./summary.ts";
import type { Proportion } from "../evaluate/types.ts";
import type { PointResult } from "./types.ts";

/** What can be compared with a known value. */
export type Measure = "trained" | "updates" | "performance" | "good";

/** A value known from elsewhere, such as a paper. */
export interface KnownValue {
  readonly measure: Measure;
  /** The group that it belongs to. */
  readonly group: GroupSummary;
  readonly value: number;
  /** Standard deviation, where there is one. */
  readonly sd?: number;
}

/** How the figure is drawn. */
export interface SweepFigureOptions {
  readonly name?: string;
  readonly title?: string;
  /** Names of the groups; by their settings unless told. */
  readonly labels?: Labels;
  /** Values to compare with, shown as diamonds, and whose they are. */
  readonly known?: readonly KnownValue[];
  readonly knownName?: string;
}

/**
 * Draws success of training, updates, and the spiking networks' performance by
 * the varied settings.
 *
 * @param groups of `summariseSweep`
 * @param options names and known values
 * @returns a figure of two panels, six where networks were mapped
 * @throws {RangeError} for no groups
 */
export function sweepFigure(
  groups: readonly GroupSummary[],
  options: SweepFigureOptions = {},
): Figure {
  if (groups.length === 0) {
    throw new RangeError("Cannot draw a sweep: it has no results yet");
  }
  const draw = panelMaker(layOut(groups, options.labels), options);
  const mapped = groups.some(({ paper }) => paper.performance.n > 0);
  const training = [
    draw.shares("Training succeeds", "trained", ({ trained }) => trained, {
      axis: "Networks",
      colour: roleColours.rate,
      legend: true,
    }),
    draw.networks("Updates to the criteria", "updates", {
      axis: "Updates",
      colour: roleColours.rate,
      dot: (result) => result.trained ? result.updates : NaN,
      spread: ({ updates }) => updates,
    }),
  ];
  const rules = (["paper", "strict"] as const).map((rule) => {
    const words = rule === "paper" ? "paper’s rule" : "strict rule";
    const style = { colour: roleColours[rule] };
    // A paper's values are by its own rule.
    const known = (measure: Measure) => rule === "paper" ? measure : undefined;
    return [
      draw.networks(`Spiking, ${words}`, known("performance"), {
        ...style,
        axis: "Correct trials",
        share: true,
        dot: (result) => result.trained ? result.spiking?.[rule] ?? NaN : NaN,
        spread: (group) => group[rule].performance,
      }),
      draw.shares(
        `Spiking at 95 %, ${words}`,
        known("good"),
        (group) => group[rule].good,
        { ...style, axis: "Networks" },
      ),
    ];
  });
  return {
    name: options.name ?? "sweep",
    title: options.title ?? "Sweep",
    description: describe(groups, mapped, options),
    width: "double",
    columns: mapped ? 3 : 2,
    narrowest: 130,
    panels: mapped
      ? [training, ...rules].map(([above]) => above)
        .concat([training, ...rules].map(([_, below]) => below))
      : training,
  };
}

interface PanelStyle {
  readonly axis: string;
  readonly colour: string;
  readonly share?: boolean;
  readonly legend?: boolean;
}

/** Makes the panels of one figure. */
function panelMaker(
  layout: Layout,
  { known = [], knownName = "known" }: SweepFigureOptions,
) {
  const single = layout.series.length === 1;
  const slanted = labelAngle(layout.places) !== 0;
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
          label: `${knownName} (diamond)`,
          colour: ink,
          mark: "point" as const,
        }]
        : []),
    ];
    return {
      title,
      height: slanted ? 165 : 135,
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

function describe(
  groups: readonly GroupSummary[],
  mapped: boolean,
  { known = [], knownName = "known" }: SweepFigureOptions,
): string {
  const sizes = groups.map(({ results }) => results.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return `${least === most ? least : `${least} to ${most}`} network` +
    `${most === 1 ? "" : "s"} a condition. ` +
    "Shares of networks with 95 % Wilson intervals; updates" +
    (mapped ? " and performances" : "") +
    " of each network (rings), with mean and standard deviation (points, " +
    "bars), of the networks that met the task’s criteria" +
    (mapped
      ? ". Spiking networks by the paper’s rule and by the strict one; " +
        "dashed: 95 %"
      : "") +
    (known.length > 0 ? `. Diamonds: ${knownName}` : "") + ".";
}
