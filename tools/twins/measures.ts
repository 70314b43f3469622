/** The numbers by which a rate network and its spiking twins are compared. */
import { median } from "simple-statistics";
import type {
  AnalysisResult,
  NetworkName,
} from "../../lib/runs/analyse/types.ts";

/** A network of a study: the rate network, or a twin by the way it is mapped. */
export type Mapping = "rate" | "factor" | "tuned";

/** One number of one network. */
export interface Measured {
  readonly mapping: Mapping;
  readonly measure: string;
  /** NaN if there is none. */
  readonly value: number;
}

/** What a measure is. */
export interface Measure {
  /** What the number is, with its unit. */
  readonly title: string;
  /** Title of a panel; the whole one unless given. */
  readonly short?: string;
  /** Title of the panel's axis; % for shares unless given. */
  readonly axis?: string;
  /** The section of the page that it belongs to. */
  readonly about: string;
  /** Whether it is a share, written in per cent. */
  readonly share?: boolean;
}

/** The measures, in the order in which they are shown. */
export const measures = {
  strict: {
    axis: "% of trials",
    about: "Performance",
    title: "Strict performance",
    share: true,
  },
  selective: {
    axis: "% of units",
    short: "Selective units",
    about: "Tuning",
    title: "Selective units, mean over windows and variables",
    share: true,
  },
  tuning_similarity: {
    axis: "Correlation of ROC areas",
    short: "Tuning like the rate network",
    about: "Tuning",
    title: "Correlation of the units’ ROC areas with the rate network’s",
  },
  tuning_kept: {
    axis: "% of the selective",
    short: "Selectivity that is kept",
    about: "Tuning",
    title: "Selective in the rate network: so in the twin, for the same value",
    share: true,
  },
  tuning_new: {
    short: "Selectivity that is new",
    about: "Tuning",
    title: "Selective in the twin: not so in the rate network",
    share: true,
  },
  participation_ratio: {
    about: "Dimension",
    title: "Participation ratio",
  },
  components_90: {
    about: "Dimension",
    title: "Components for 90 % of the variance",
  },
  alignment: {
    short: "Alignment of trajectories",
    about: "Alignment of trajectories",
    title: "Alignment with the rate network’s components (1: the same)",
  },
  largest_angle: {
    about: "Alignment of trajectories",
    title: "Largest principal angle (°)",
  },
  median_tau: {
    axis: "ms",
    short: "Median timescale",
    about: "Timescales",
    title: "Median timescale (ms)",
  },
  kept: {
    axis: "% of units",
    about: "Timescales",
    title: "Units with a timescale",
    share: true,
  },
  tau_decay: {
    axis: "Correlation",
    short: "Timescale and decay constant",
    about: "Timescales",
    title: "Correlation of timescale and synaptic decay time constant",
  },
  balance_e: {
    axis: "−I_E/I_I",
    short: "Balance, excitatory units",
    about: "Excitation and inhibition",
    title: "Balance −I_E/I_I, excitatory units",
  },
  balance_i: {
    axis: "−I_E/I_I",
    short: "Balance, inhibitory units",
    about: "Excitation and inhibition",
    title: "Balance −I_E/I_I, inhibitory units",
  },
  current_correlation: {
    axis: "Correlation",
    short: "Excitation and inhibition",
    about: "Excitation and inhibition",
    title: "Correlation of excitation and inhibition, excitatory units",
  },
  rate_e: { about: "Spike trains", title: "Rate, excitatory units (Hz)" },
  rate_i: { about: "Spike trains", title: "Rate, inhibitory units (Hz)" },
  cv: { about: "Spike trains", title: "CV of intervals, excitatory units" },
  fano: { about: "Spike trains", title: "Fano factor, excitatory units" },
  noise_correlation: {
    about: "Spike trains",
    title: "Spike-count correlation within conditions",
  },
} as const satisfies Readonly<Record<string, Measure>>;

/** Name of a measure. */
export type MeasureName = keyof typeof measures;

/** The analyses that the measures are read from. */
export const analysesOfStudy = [
  "trajectories",
  "timescales",
  "tuning",
  "currents",
  "spike-trains",
] as const;

type Results = Readonly<Record<string, AnalysisResult>>;

/**
 * The measures of a spiking twin, and of the rate network beside it.
 *
 * @param results of {@linkcode analysesOfStudy}
 * @param mapping of the twin
 */
export function measuresOf(results: Results, mapping: Mapping): Measured[] {
  const scalar = (
    analysis: string,
    name: string,
    { network, of }: { readonly network?: NetworkName; readonly of?: string },
  ) =>
    results[analysis]?.scalars.find((found) =>
      found.name === name && found.network === network && found.of === of
    )?.value ?? NaN;
  const twin = (analysis: string, name: string, of?: string) =>
    scalar(analysis, name, { network: "spiking", of });
  const both = (["rate", "spiking"] as const).flatMap((network) => {
    const as = network === "rate" ? "rate" as const : mapping;
    const of = { network, of: "all" };
    return [
      measured(as, "selective", selectiveShare(results, network)),
      measured(
        as,
        "participation_ratio",
        scalar("trajectories", "participation_ratio", of),
      ),
      measured(
        as,
        "components_90",
        scalar("trajectories", "components_90", of),
      ),
    ];
  });
  const { similarity, kept, added } = tuningOf(results);
  const own: readonly (readonly [MeasureName, number])[] = [
    ["tuning_similarity", similarity],
    ["tuning_kept", kept],
    ["tuning_new", added],
    ["alignment", scalar("trajectories", "alignment", { of: "all" })],
    ["largest_angle", scalar("trajectories", "largest_angle", { of: "all" })],
    ["median_tau", twin("timescales", "median_tau", "all")],
    ["kept", twin("timescales", "kept") / twin("timescales", "units")],
    ["tau_decay", twin("timescales", "correlation_with_decay")],
    ["balance_e", twin("currents", "balance", "E")],
    ["balance_i", twin("currents", "balance", "I")],
    ["current_correlation", twin("currents", "current_correlation", "E")],
    ["rate_e", twin("spike-trains", "rate", "E")],
    ["rate_i", twin("spike-trains", "rate", "I")],
    ["cv", twin("spike-trains", "cv", "E")],
    ["fano", twin("spike-trains", "fano", "E")],
    ["noise_correlation", twin("spike-trains", "noise_correlation")],
  ];
  return [
    ...both,
    ...own.map(([name, value]) => measured(mapping, name, value)),
  ];
}

function measured(
  mapping: Mapping,
  measure: MeasureName,
  value: number,
): Measured {
  return { mapping, measure, value };
}

/** Mean share of selective units, over all windows and pairs of values. */
function selectiveShare({ tuning }: Results, network: NetworkName): number {
  const shares =
    tuning?.scalars.filter((scalar) =>
      scalar.name === "selective_share" && scalar.network === network &&
      scalar.of?.endsWith(", all")
    ) ?? [];
  return meanOf(shares.map(({ value }) => value));
}

/** Whether the units of the twin are tuned as those of the rate network are. */
function tuningOf({ tuning }: Results) {
  const rows = tuning?.tables.find(({ name }) => name === "units")?.rows ?? [];
  const keyOf = ({ unit, window, variable, first, second }: typeof rows[0]) =>
    [unit, window, variable, first, second].join("|");
  const rate = new Map(
    rows.filter(({ network }) => network === "rate")
      .map((row) => [keyOf(row), row]),
  );
  const pairs = rows.filter(({ network }) => network === "spiking")
    .map((row) => ({ twin: row, rate: rate.get(keyOf(row))! }));
  const of = (network: "rate" | "twin") =>
    pairs.filter((pair) => pair[network].selective === true);
  const agree =
    pairs.filter((pair) =>
      pair.rate.selective === true && pair.twin.selective === true &&
      pair.rate.preferred === pair.twin.preferred
    ).length;
  return {
    similarity: correlation(
      pairs.map(({ rate }) => Number(rate.area)),
      pairs.map(({ twin }) => Number(twin.area)),
    ),
    kept: agree / of("rate").length,
    added: of("twin").filter(({ rate }) => rate.selective !== true).length /
      of("twin").length,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Pearson's correlation over the pairs in which both are numbers. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const both = a.flatMap((x, k) =>
    Number.isFinite(x) && Number.isFinite(b[k]) ? [[x, b[k]] as const] : []
  );
  const [x, y] = [meanOf(both.map(([x]) => x)), meanOf(both.map(([, y]) => y))];
  let [xy, xx, yy] = [0, 0, 0];
  for (const [p, q] of both) {
    xy += (p - x) * (q - y);
    xx += (p - x) ** 2;
    yy += (q - y) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
}

/**
 * Excitatory over inhibitory input of each population of a rate network, as
 * `currents` has it of spikes: of each unit the summed inputs of either sign at
 * its mean rates, and the median of their ratios over units.
 *
 * @param weights effective weights, units×units, row = postsynaptic unit
 * @param rates mean rate of each unit
 * @param populations units by name
 */
export function rateBalance(
  weights: ArrayLike<number>,
  rates: ArrayLike<number>,
  populations: Readonly<Record<"E" | "I", readonly number[]>>,
): Measured[] {
  const ratio = (unit: number) => {
    let [e, i] = [0, 0];
    for (let from = 0; from < rates.length; from++) {
      const input = weights[unit * rates.length + from] * rates[from];
      if (input > 0) e += input;
      else i -= input;
    }
    return e > 0 && i > 0 ? e / i : NaN;
  };
  const over = (units: readonly number[]) => {
    const ratios = units.map(ratio).filter(Number.isFinite);
    return ratios.length > 0 ? median(ratios) : NaN;
  };
  return [
    measured("rate", "balance_e", over(populations.E)),
    measured("rate", "balance_i", over(populations.I)),
  ];
}
