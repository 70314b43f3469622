/** The numbers that networks are compared by. */
import type { PointResult } from "../../types.ts";
import { type Group, strengths } from "../plans/ks2021.ts";

/** A number of a network. */
export interface Measure {
  /** Name in tables: `median_tau`. */
  readonly name: string;
  /** In words, with the unit. */
  readonly title: string;
  /** Its value; anything else than a number where it does not exist. */
  of(result: PointResult, group: Group): number | null | undefined;
}

/** Pairs of classes of units, from and to. */
export const classPairs = [
  ["I", "I"],
  ["I", "E"],
  ["E", "I"],
  ["E", "E"],
] as const;

/** `I→E`. */
export function pairText([from, to]: readonly [string, string]): string {
  return `${from}→${to}`;
}

function analysed(column: string): Measure["of"] {
  return ({ analyses }) => analyses?.[column];
}

const timescales: readonly Measure[] = [
  {
    name: "median_tau",
    title: "median timescale of units (ms)",
    of: analysed("timescales_spiking_median_tau_all"),
  },
  {
    name: "population_tau",
    title: "timescale of the mean autocorrelation (ms)",
    of: analysed("timescales_spiking_population_tau"),
  },
  {
    name: "kept_units",
    title: "share of units with a timescale",
    of: ({ analyses }) => shareOf(analyses, "kept"),
  },
  {
    name: "too_long_units",
    title: "share of units left out: above 500 ms",
    of: ({ analyses }) => shareOf(analyses, "excluded_too_long"),
  },
];

/** Units that are never left out for a reason have no number for it. */
function shareOf(
  analyses: PointResult["analyses"],
  name: string,
): number | undefined {
  const units = analyses?.timescales_spiking_units;
  if (!units) return undefined;
  return (analyses[`timescales_spiking_${name}`] ?? 0) / units;
}

/** The cue's variable and the windows in which it is to be held. */
const windows: Readonly<Record<Group, readonly [string, string]>> = {
  DMS: ["stimulus_1", "delay"],
  AFC: ["stimulus", "response"],
};

const held: readonly Measure[] = [
  ["", "all units"],
  ["_quartile_1", "shortest quarter of timescales"],
  ["_quartile_4", "longest quarter of timescales"],
].map(([ending, units]) => ({
  name: `cue_held${ending}`,
  title:
    `discriminability of the cue, DMS in the delay, AFC in the response: ${units}`,
  of({ analyses }, group) {
    const [variable, window] = windows[group];
    return analyses?.[
      `discriminability_spiking_discriminability_${variable}_${window}${ending}`
    ];
  },
}));

const weights: readonly Measure[] = classPairs.flatMap((pair): Measure[] => {
  const [from, to] = pair;
  const column = (name: string) => `weights_${name}_${from}_to_${to}`;
  const size = (name: string): Measure["of"] => ({ analyses }) => {
    const value = analyses?.[column(name)];
    return typeof value === "number" ? Math.abs(value) : value;
  };
  return [
    {
      name: `weight_${from}_${to}`,
      title: `mean weight ${
        pairText(pair)
      } of the spiking network (mV·s), size`,
      of: size("spiking_mean_weight"),
    },
    {
      name: `rate_weight_${from}_${to}`,
      title: `mean weight ${pairText(pair)} of the rate network, size`,
      of: size("mean_weight"),
    },
    {
      name: `synapses_${from}_${to}`,
      title: `connections ${pairText(pair)}`,
      of: analysed(column("spiking_synapses")),
    },
  ];
});

const fano: readonly Measure[] = ["E", "I"].map((of) => ({
  name: `fano_${of}`,
  title: `Fano factor, ${of}`,
  of: analysed(`spike_trains_spiking_fano_${of}`),
}));

/** Name of a measure of a change, such as `change_tau_I_I_1.3`. */
export function changeName(
  of: "tau" | "population" | "strict" | "error",
  [from, to]: readonly [string, string],
  strength: number,
): string {
  return `change_${of}_${from}_${to}_${strength}`;
}

const changes: readonly Measure[] = classPairs.flatMap((pair) =>
  strengths.flatMap((strength): Measure[] => {
    const [from, to] = pair;
    const what = `${pairText(pair)} × ${strength}`;
    const point = `scale_${from}_to_${to}_${strength}`;
    const less = (one: string, other: string): Measure["of"] =>
    (
      { perturbations: found },
    ) => {
      const [a, b] = [found?.[one], found?.[other]];
      return typeof a === "number" && typeof b === "number" ? a - b : undefined;
    };
    const measured = (name: string) =>
      less(
        `perturb_${point}_timescales_spiking_${name}`,
        `perturb_intact_timescales_spiking_${name}`,
      );
    return [
      {
        name: changeName("tau", pair, strength),
        title: `change of the median timescale (ms), ${what}`,
        of: measured("median_tau_all"),
      },
      {
        name: changeName("population", pair, strength),
        title: `change of the mean autocorrelation's timescale (ms), ${what}`,
        of: measured("population_tau"),
      },
      {
        name: changeName("strict", pair, strength),
        title: `change of strict performance, ${what}`,
        of: ({ perturbations }) =>
          perturbations?.[`perturb_spiking_${point}_strict_difference`],
      },
      {
        name: changeName("error", pair, strength),
        title: `change of the output error, ${what}`,
        of: less(
          `perturb_spiking_${point}_output_error`,
          "perturb_spiking_intact_output_error",
        ),
      },
    ];
  })
);

/** All of them. */
export const measures: readonly Measure[] = [
  ...timescales,
  ...held,
  ...weights,
  ...fano,
  ...changes,
];

/** A measure's title by its name. */
export function titleOf(name: string): string {
  return measures.find((measure) => measure.name === name)!.title;
}
