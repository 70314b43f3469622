/** Figures of the networks of one arm. */
import { discriminabilityFigure } from "../../../report/figures/decoding.ts";
import { curvesPanel } from "../../../report/figures/curves.ts";
import { histogram } from "../../../report/figures/histogram.ts";
import { bounds, colourBy, quantity } from "../../../report/figures/layers.ts";
import { ink, okabeIto } from "../../../report/theme.ts";
import type { Figure, Panel } from "../../../report/types.ts";
import { type Arm, type Group, groups, strengths } from "../plans/ks2021.ts";
import { changeName, classPairs, pairText } from "./measures.ts";
import type { KsNetwork, Matrix, UnitsOf } from "./networks.ts";
import { valuesOf } from "./findings.ts";
import { meanOf } from "./statistics.ts";

const colours: Readonly<Record<Group, string>> = {
  DMS: okabeIto.vermilion,
  AFC: okabeIto.blue,
};

/** Duration of a trial and windows of its stimuli, ms. */
const trials = {
  DMS: {
    duration: 1750,
    stimuli: [
      { name: "stimulus 1", from: 150, to: 400 },
      { name: "stimulus 2", from: 1150, to: 1400 },
    ],
  },
  AFC: {
    duration: 750,
    stimuli: [{ name: "stimulus", from: 150, to: 400 }],
  },
} as const;

const countBinMs = 50;

/**
 * The figures of an arm.
 *
 * @param arm whose networks
 * @param networks of all arms
 * @returns none for an arm without networks that count
 */
export function ksFigures(arm: Arm, networks: readonly KsNetwork[]): Figure[] {
  const own = networks.filter((one) => one.arm === arm && one.kept);
  if (own.length === 0) return [];
  const counts = groups.map((group) =>
    `${own.filter((one) => one.group === group).length} ${group}`
  ).join(", ");
  const of = `${arm.name}: ${counts} networks`;
  return [
    timescalesFigure(own, of),
    matricesFigure(own, of),
    classesFigure(own, of),
    changesFigure(own, of),
  ].filter(({ panels }) => panels.length > 0)
    .map((figure) => ({ ...figure, name: `${arm.name}_${figure.name}` }));
}

function timescalesFigure(own: readonly KsNetwork[], of: string): Figure {
  const present = groups.filter((group) => own.some((n) => n.group === group));
  const bins = histogram(present.map((group) => ({
    name: group,
    values: own.filter((one) => one.group === group)
      .flatMap(({ taus }) => taus),
  })));
  return {
    name: "timescales",
    title: `Timescales, ${of}`,
    description:
      "Share of units by timescale, units of all networks together; mean over networks of the mean autocorrelation of units with a timescale, with Student’s 95 % interval over networks.",
    width: "double",
    columns: 2,
    narrowest: 190,
    panels: [
      curvesPanel({
        title: "Timescales of units",
        note: present.map((group) => {
          const units = own.filter((one) => one.group === group)
            .reduce((sum, { taus }) => sum + taus.length, 0);
          return `${group}: ${units} units`;
        }).join(", "),
        x: "Timescale (ms)",
        y: "Share of units",
        curves: present.map((group) => {
          const bars = bins.filter((bin) => bin.group === group);
          return {
            name: group,
            colour: colours[group],
            x: bars.map(({ from, to }) => (from + to) / 2),
            y: bars.map(({ share }) => share),
          };
        }),
      }),
      curvesPanel({
        title: "Mean autocorrelation",
        x: "Lag (ms)",
        y: "Autocorrelation",
        plain: true,
        curves: present.map((group) => {
          const each = own.filter((one) => one.group === group)
            .map(({ autocorrelation }) => autocorrelation)
            .filter(({ length }) => length > 0);
          const lags = Array.from(each[0] ?? [], (_, lag) =>
            meanOf(
              each.map((values) => values[lag]).filter(Number.isFinite),
            ));
          return {
            name: group,
            colour: colours[group],
            x: lags.map((_, lag) => (lag + 1) * countBinMs),
            y: lags.map(({ mean }) => mean),
            low: lags.map(({ low }) => low),
            high: lags.map(({ high }) => high),
          };
        }),
      }),
    ],
  };
}

const unitNames: Readonly<Record<UnitsOf, string>> = {
  all: "all units",
  short: "shortest quarter",
  long: "longest quarter",
};

function matricesFigure(own: readonly KsNetwork[], of: string): Figure {
  const drawn = groups.flatMap((group) => {
    const matrices = (["all", "short", "long"] as const).flatMap((units) => {
      const each = own.filter((one) => one.group === group)
        .flatMap(({ matrices }) => matrices[units] ?? []);
      return each.length === 0 ? [] : [{
        title: `${group}, ${unitNames[units]}`,
        ...meanMatrix(each),
      }];
    });
    return matrices.length === 0
      ? []
      : [discriminabilityFigure({ ...trials[group], matrices })];
  });
  return {
    name: "discriminability",
    title: `Discriminability of the cue, ${of}`,
    description:
      "Correlation over units of the difference between cues in odd trials at one time with that in even trials at another, mean over networks; all units, and the quarters of the shortest and the longest timescales. Lines: stimuli.",
    width: "double",
    columns: 3,
    narrowest: 130,
    panels: drawn.flatMap(({ panels }) => panels),
  };
}

/** The mean of matrices of one size, entry by entry, of what is a number. */
function meanMatrix(each: readonly Matrix[]) {
  const [{ samples }] = each;
  const same = each.filter((one) => one.samples === samples);
  const values = Float64Array.from(
    { length: samples * samples },
    (_, k) => {
      const found = same.map(({ values }) => values[k])
        .filter(Number.isFinite);
      return found.reduce((sum, value) => sum + value, 0) / found.length;
    },
  );
  return { values, times: samples };
}

function classesFigure(own: readonly KsNetwork[], of: string): Figure {
  const rows = (name: (pair: readonly [string, string]) => string) =>
    groupRows(
      own,
      classPairs.map((pair) => [pairText(pair), name(pair)] as const),
    );
  return {
    name: "classes",
    title: `Weights, connections and Fano factors, ${of}`,
    description:
      "Means over networks with Student’s 95 % intervals, by class of pre- and postsynaptic units.",
    width: "double",
    columns: 3,
    narrowest: 130,
    panels: [
      rowsPanel(
        "Mean weight, size",
        "Weight",
        rows(([a, b]) => `weight_${a}_${b}`),
      ),
      rowsPanel(
        "Connections",
        "Number",
        rows(([a, b]) => `synapses_${a}_${b}`),
      ),
      rowsPanel(
        "Fano factor",
        "Fano factor",
        groupRows(own, [["E", "fano_E"], ["I", "fano_I"]]),
      ),
    ].filter((panel) => panel !== undefined),
  };
}

function changesFigure(own: readonly KsNetwork[], of: string): Figure {
  const rows = (of: "tau" | "strict" | "error") =>
    groupRows(
      own,
      classPairs.flatMap((pair) =>
        strengths.map((strength) =>
          [
            `${pairText(pair)} × ${strength}`,
            changeName(of, pair, strength),
          ] as const
        )
      ),
    );
  return {
    name: "perturbations",
    title: `Scaled synapses, ${of}`,
    description:
      "Change within each network when all synapses of a class are scaled: means over networks with Student’s 95 % intervals. Dashed: no change.",
    width: "double",
    columns: 3,
    narrowest: 150,
    panels: [
      rowsPanel("Median timescale", "Change (ms)", rows("tau"), 0),
      rowsPanel("Strict performance", "Change (share)", rows("strict"), 0),
      rowsPanel("Output error", "Change", rows("error"), 0),
    ].filter((panel) => panel !== undefined),
  };
}

interface Row {
  readonly place: string;
  readonly group: Group;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

function groupRows(
  own: readonly KsNetwork[],
  places: readonly (readonly [place: string, measure: string])[],
): Row[] {
  return places.flatMap(([place, measure]) =>
    groups.flatMap((group) => {
      const { n, mean, low, high } = meanOf(valuesOf(own, group, measure));
      if (n === 0) return [];
      const known = Number.isFinite(low);
      return [{
        place,
        group,
        mean,
        low: known ? low : mean,
        high: known ? high : mean,
      }];
    })
  );
}

/** A row a place, a point with its interval a group. */
function rowsPanel(
  title: string,
  axis: string,
  rows: readonly Row[],
  zero?: number,
): Panel | undefined {
  if (rows.length === 0) return undefined;
  const places = [...new Set(rows.map(({ place }) => place))];
  const place = {
    y: { field: "place", type: "nominal", sort: places, title: null },
    yOffset: {
      field: "group",
      type: "nominal",
      sort: groups,
      scale: { paddingOuter: 1 },
    },
    color: colourBy("group", groups, groups.map((group) => colours[group])),
  };
  const ends = rows.flatMap(({ low, high }) => [low, high]).concat(zero ?? []);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  // Points at the ends stand clear of the axes.
  const room = 0.05 * (most - least || 1);
  const x = (field: string) =>
    quantity(field, axis, {
      scale: bounds(least - room, most + room),
      axis: { format: "~r" },
    });
  return {
    title,
    height: 40 + 20 * places.length,
    legend: groups.map((group) => ({
      label: group,
      colour: colours[group],
      mark: "point",
    })),
    spec: {
      data: { values: rows },
      layer: [
        ...(zero === undefined ? [] : [{
          data: { values: [{ zero }] },
          mark: { type: "rule", color: ink, strokeDash: [2, 2] },
          encoding: { x: x("zero") },
        }]),
        {
          mark: { type: "rule" },
          encoding: { ...place, x: x("low"), x2: { field: "high" } },
        },
        {
          mark: { type: "point", filled: true, size: 16, opacity: 1 },
          encoding: { ...place, x: x("mean") },
        },
      ],
    },
  };
}
