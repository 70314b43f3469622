/** The figure of a sweep: what its settings do to training and to mapping. */
import { roleColours } from "../report/theme.ts";
import type { Figure, Panel } from "../report/types.ts";
import { type Labels, layOut } from "./figures_layout.ts";
import {
  type KnownValues,
  type PanelMaker,
  panelMaker,
} from "./figures_panels.ts";
import type { GroupSummary } from "./summary.ts";

/** How the figure is drawn. */
export interface SweepFigureOptions extends KnownValues {
  readonly name?: string;
  readonly title?: string;
  /** Names of the groups. Defaults to their settings. */
  readonly labels?: Labels;
}

/**
 * Draws success of training, updates, and the spiking networks' performance by
 * the varied settings.
 *
 * @param groups of `summariseSweep`
 * @param options names and known values
 * @returns a figure of two panels, six where networks were mapped; where the
 *   settings need facets, a row for each measure with a panel for each facet
 * @throws {RangeError} for no groups
 */
export function sweepFigure(
  groups: readonly GroupSummary[],
  options: SweepFigureOptions = {},
): Figure {
  if (groups.length === 0) {
    throw new RangeError("Cannot draw a sweep: it has no results yet");
  }
  const layout = layOut(groups, options.labels);
  const faceted = layout.facets.length > 1;
  const shows = {
    mapped: groups.some(({ paper }) => paper.performance.n > 0),
    calibrated: groups.some((group) => group.uncalibrated.performance.n > 0),
  };
  const rows = faceted ? byFacets(shows) : byRules(shows);
  const makers = layout.facets.map((facet) =>
    panelMaker({
      ...layout,
      groups: layout.groups.filter((group) => group.facet === facet),
    }, options)
  );
  const panels = rows.flat().flatMap((measure) =>
    makers.map((maker, column) => {
      const panel = measure(maker);
      return {
        ...panel,
        ...(faceted &&
          { title: layout.facets[column], note: panel.title }),
        // Said in the first panel of a row, it holds for the others.
        ...(column > 0 && { legend: undefined }),
      };
    })
  );
  return {
    name: options.name ?? "sweep",
    title: options.title ?? "Sweep",
    description: describe(groups, { ...shows, faceted }, options),
    width: "double",
    columns: faceted ? makers.length : Math.max(2, rows[0].length),
    narrowest: faceted ? 100 : 130,
    panels,
  };
}

/** A panel of one measure. */
type MeasurePanel = (draw: PanelMaker) => Panel;

/** What a figure has to show beside training. */
interface Shows {
  /** Whether networks were mapped. */
  readonly mapped: boolean;
  /** Whether some of those were calibrated. */
  readonly calibrated: boolean;
}

const trained: MeasurePanel = (draw) =>
  draw.shares("Training succeeds", "trained", ({ trained }) => trained, {
    axis: "Networks",
    colour: roleColours.rate,
    legend: true,
  });

const updates: MeasurePanel = (draw) =>
  draw.networks("Updates of training", "updates", {
    axis: "Updates",
    colour: roleColours.rate,
    dot: (result) => result.trained ? result.updates : NaN,
    spread: (group) => group.updates,
  });

const uncalibrated: MeasurePanel = (draw) =>
  draw.networks("Factor alone, strict rule", undefined, {
    axis: "Correct trials",
    colour: roleColours.strict,
    share: true,
    dot: ({ trained, spiking }) =>
      trained ? spiking?.uncalibrated?.strict ?? NaN : NaN,
    spread: (group) => group.uncalibrated.performance,
  });

type Rule = "paper" | "strict";

const ruleName: Readonly<Record<Rule, string>> = {
  paper: "paper’s rule",
  strict: "strict rule",
};

function performance(rule: Rule): MeasurePanel {
  return (draw) =>
    draw.networks(
      `Spiking, ${ruleName[rule]}`,
      // A paper's values are by its own rule.
      rule === "paper" ? "performance" : undefined,
      {
        colour: roleColours[rule],
        axis: "Correct trials",
        share: true,
        dot: (result) => result.trained ? result.spiking?.[rule] ?? NaN : NaN,
        spread: (group) => group[rule].performance,
      },
    );
}

function good(rule: Rule): MeasurePanel {
  return (draw) =>
    draw.shares(
      `Spiking at 95 %, ${ruleName[rule]}`,
      rule === "paper" ? "good" : undefined,
      (group) => group[rule].good,
      { colour: roleColours[rule], axis: "Networks" },
    );
}

/** Training first, then the rules, side by side. */
function byRules({ mapped }: Shows): MeasurePanel[][] {
  return mapped
    ? [
      [trained, performance("paper"), performance("strict")],
      [updates, good("paper"), good("strict")],
    ]
    : [[trained, updates]];
}

/** A measure a row: by the strict rule alone, or they would be too many. */
function byFacets({ mapped, calibrated }: Shows): MeasurePanel[][] {
  return [
    [trained],
    [updates],
    ...(calibrated ? [[uncalibrated]] : []),
    ...(mapped ? [[performance("strict")], [good("strict")]] : []),
  ];
}

function describe(
  groups: readonly GroupSummary[],
  { mapped, calibrated, faceted }: Shows & { readonly faceted: boolean },
  { known = [], knownName = "known" }: SweepFigureOptions,
): string {
  const sizes = groups.map(({ results }) => results.length);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const rules = faceted
    ? "Spiking networks by the strict rule" +
      (calibrated ? ", by the scaling factor alone and as calibrated" : "")
    : "Spiking networks by the paper’s rule and by the strict one";
  return `${least === most ? least : `${least} to ${most}`} network` +
    `${most === 1 ? "" : "s"} a condition. ` +
    "Shares of networks with 95 % Wilson intervals; updates" +
    (mapped ? " and performances" : "") +
    " of each network (rings), with mean and standard deviation (points, " +
    "bars), of the networks that met the task’s criteria" +
    (mapped ? `. ${rules}; dashed: 95 %` : "") +
    (known.length > 0 ? `. Diamonds: ${knownName}` : "") + ".";
}
