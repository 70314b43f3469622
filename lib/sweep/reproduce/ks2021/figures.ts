/** Figures of the networks of one arm. */
import { discriminabilityFigure } from "../../../report/figures/decoding.ts";
import { curvesPanel } from "../../../report/figures/curves.ts";
import { histogram } from "../../../report/figures/histogram.ts";
import { rowsPanel } from "../../../report/figures/rows.ts";
import { okabeIto } from "../../../report/theme.ts";
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
  const pairs = (name: string) =>
    classPairs.map((pair) =>
      [pairText(pair), `${name}_${pair.join("_")}`] as const
    );
  return {
    name: "classes",
    title: `Weights, connections and Fano factors, ${of}`,
    description:
      "Means over networks with Student’s 95 % intervals, by class of pre- and postsynaptic units, in the spiking network as it runs.",
    width: "double",
    columns: 3,
    narrowest: 130,
    panels: [
      ...meansPanel("Mean weight, size", "Weight (mV·s)", own, pairs("weight")),
      ...meansPanel("Connections", "Number", own, pairs("synapses")),
      ...meansPanel("Fano factor", "Fano factor", own, [
        ["E", "fano_E"],
        ["I", "fano_I"],
      ]),
    ],
  };
}

function changesFigure(own: readonly KsNetwork[], of: string): Figure {
  const changes = (of: "tau" | "strict" | "error") =>
    classPairs.flatMap((pair) =>
      strengths.map((strength) =>
        [
          `${pairText(pair)} × ${strength}`,
          changeName(of, pair, strength),
        ] as const
      )
    );
  const panel = (
    title: string,
    axis: string,
    of: "tau" | "strict" | "error",
  ) => meansPanel(title, axis, own, changes(of), 0);
  return {
    name: "perturbations",
    title: `Scaled synapses, ${of}`,
    description:
      "Change within each network when all synapses of a class are scaled: means over networks with Student’s 95 % intervals. Dashed: no change.",
    width: "double",
    columns: 3,
    narrowest: 150,
    panels: [
      ...panel("Median timescale", "Change (ms)", "tau"),
      ...panel("Strict performance", "Change (share)", "strict"),
      ...panel("Output error", "Change", "error"),
    ],
  };
}

/** Means of measures of both groups, a row a measure. */
function meansPanel(
  title: string,
  axis: string,
  own: readonly KsNetwork[],
  places: readonly (readonly [place: string, measure: string])[],
  zero?: number,
): Panel[] {
  const points = places.flatMap(([place, measure]) =>
    groups.flatMap((group) => {
      const { n, mean, low, high } = meanOf(valuesOf(own, group, measure));
      if (n === 0) return [];
      const known = Number.isFinite(low);
      return [{
        place,
        group,
        value: mean,
        low: known ? low : mean,
        high: known ? high : mean,
      }];
    })
  );
  return points.length === 0 ? [] : [
    rowsPanel({
      title,
      axis,
      points,
      groups: groups.map((name) => ({ name, colour: colours[name] })),
      zero,
    }),
  ];
}
