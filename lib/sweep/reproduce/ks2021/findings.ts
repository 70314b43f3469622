/** The paper's findings, and whether they hold in the networks that were made. */
import type { Arm } from "../plans/ks2021.ts";
import { changeName } from "./measures.ts";
import type { KsNetwork } from "./networks.ts";
import { compareGroups, compareWithin, type Comparison } from "./statistics.ts";

/** What became of a finding in one arm. */
export type Verdict =
  | "holds"
  | "opposite"
  | "not shown"
  | "too few networks";

/** A finding of the paper. */
export interface Finding {
  /** As in the text: `a`. */
  readonly key: string;
  /** What the paper finds, in words. */
  readonly claim: string;
  /** What is compared, with the unit. */
  readonly quantity: string;
  /** Whether the difference is to be above 0 or below it. */
  readonly direction: 1 | -1;
  /** The difference among the networks of an arm that count. */
  compare(networks: readonly KsNetwork[]): Comparison;
}

/** A finding in one arm. */
export interface Found {
  readonly arm: Arm;
  readonly finding: Finding;
  readonly comparison: Comparison;
  readonly verdict: Verdict;
}

/** Numbers of a measure in the networks of a group that are kept. */
export function valuesOf(
  networks: readonly KsNetwork[],
  group: KsNetwork["group"],
  measure: string,
): number[] {
  return networks.filter((one) => one.kept && one.group === group)
    .flatMap(({ values }) => values[measure] ?? []);
}

/** DMS less AFC. */
export function betweenGroups(measure: string): Finding["compare"] {
  return (networks) =>
    compareGroups(
      valuesOf(networks, "DMS", measure),
      valuesOf(networks, "AFC", measure),
    );
}

/** Changes within networks of a group. */
export function changeWithin(
  measure: string,
  group: KsNetwork["group"] = "DMS",
): Finding["compare"] {
  return (networks) => compareWithin(valuesOf(networks, group, measure));
}

/** Changes within DMS networks that are below the level of those that are kept. */
function changeBelow(measure: string): Finding["compare"] {
  return (networks) =>
    compareWithin(
      networks.filter(({ group, kept, strict }) =>
        group === "DMS" && !kept && strict !== undefined
      ).flatMap(({ values }) => values[measure] ?? []),
    );
}

const inhibition = ["I", "I"] as const;

function perturbed(strength: number, key: string): Finding[] {
  const more = strength > 1;
  const direction = more ? 1 : -1;
  const what = more ? "stronger I→I (× 1.3)" : "weaker I→I (× 0.7)";
  const name = (of: "tau" | "strict" | "error") =>
    changeName(of, inhibition, strength);
  return [
    {
      key: `${key}1`,
      claim: `${what} ${more ? "lengthens" : "shortens"} timescales`,
      quantity: "change of the median timescale, DMS (ms)",
      direction,
      compare: changeWithin(name("tau")),
    },
    {
      key: `${key}2`,
      claim: `${what} ${more ? "improves" : "harms"} performance`,
      quantity: "change of strict performance, DMS (share of trials)",
      direction,
      compare: changeWithin(name("strict")),
    },
    {
      key: `${key}3`,
      claim: `${what} ${
        more ? "improves" : "harms"
      } performance of networks below 95 %`,
      quantity:
        "change of strict performance, DMS below 95 % (share of trials)",
      direction,
      compare: changeBelow(name("strict")),
    },
  ];
}

/** The findings. */
export const findings: readonly Finding[] = [
  {
    key: "a",
    claim: "timescales are long in DMS and not in AFC networks",
    quantity: "median timescale of units, DMS less AFC (ms)",
    direction: 1,
    compare: betweenGroups("median_tau"),
  },
  {
    key: "a2",
    claim: "the mean autocorrelation decays more slowly in DMS",
    quantity: "timescale of the mean autocorrelation, DMS less AFC (ms)",
    direction: 1,
    compare: betweenGroups("population_tau"),
  },
  {
    key: "b",
    claim: "units with long timescales hold the cue through the delay",
    quantity:
      "discriminability of the cue in the delay, DMS: longest less shortest quarter",
    direction: 1,
    compare: (networks) =>
      compareWithin(
        networks.filter(({ kept, group }) => kept && group === "DMS")
          .flatMap(({ values }) => {
            const [short, long] = [
              values.cue_held_quartile_1,
              values.cue_held_quartile_4,
            ];
            return short === undefined || long === undefined
              ? []
              : [long - short];
          }),
      ),
  },
  {
    key: "c",
    claim: "I→I synapses are stronger in DMS",
    quantity:
      "mean size of I→I weights of the spiking network, DMS less AFC (mV·s)",
    direction: 1,
    compare: betweenGroups("weight_I_I"),
  },
  {
    key: "c2",
    claim: "they are stronger before the mapping already",
    quantity: "mean size of I→I weights of the rate network, DMS less AFC",
    direction: 1,
    compare: betweenGroups("rate_weight_I_I"),
  },
  ...perturbed(1.3, "d"),
  ...perturbed(0.7, "e"),
];

/** What a comparison says of a direction. */
export function verdictOf(
  { low, high }: Pick<Comparison, "low" | "high">,
  direction: 1 | -1,
): Verdict {
  if (Number.isNaN(low) || Number.isNaN(high)) return "too few networks";
  const [least, most] = direction > 0 ? [low, high] : [-high, -low];
  if (least > 0) return "holds";
  return most < 0 ? "opposite" : "not shown";
}

/** Every finding in an arm. */
export function foundIn(arm: Arm, networks: readonly KsNetwork[]): Found[] {
  const own = networks.filter((network) => network.arm === arm);
  return findings.map((finding) => {
    const comparison = finding.compare(own);
    const verdict = verdictOf(comparison, finding.direction);
    return { arm, finding, comparison, verdict };
  });
}
