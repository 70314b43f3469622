/** Scores in words and tables. */
import type { Proportion, Score } from "../evaluate/types.ts";
import { formatNumber, formatProportion } from "./format.ts";
import { type Align, table } from "./table.ts";

/** A network's name and its score, for tables with one or several of them. */
export type NamedScore = readonly [name: string, score: Score];

/** Performance as a whole and by condition, both rules, networks side by side. */
export function scoreTable(networks: readonly NamedScore[]): string[] {
  const names = networks.map(([name]) => name);
  const prefix = (name: string) => names.length > 1 ? `${name} ` : "";
  const head = [
    "condition",
    "trials",
    ...names.flatMap((name) => [
      `${prefix(name)}paper's rule`,
      `${prefix(name)}strict rule`,
      `${prefix(name)}output error`,
    ]),
  ];
  const [[, first]] = networks;
  const rows = first.conditions.map(({ condition, paper }) => [
    condition,
    String(paper.trials),
    ...networks.flatMap(([, score]) => {
      const same = score.conditions.find((c) => c.condition === condition);
      return same
        ? [
          proportion(same.paper),
          proportion(same.strict),
          formatNumber(same.outputError),
        ]
        : ["–", "–", "–"];
    }),
  ]);
  const all = [
    "all",
    String(first.paper.trials),
    ...networks.flatMap(([, { paper, strict, outputError }]) => [
      proportion(paper),
      proportion(strict),
      formatNumber(outputError),
    ]),
  ];
  const align: Align[] = [
    "left",
    "right",
    ...networks.flatMap((): Align[] => ["left", "left", "right"]),
  ];
  return table(head, [...rows, all], align);
}

function proportion(of: Proportion): string {
  return of.trials === 0 ? "–" : formatProportion(of);
}

/** Firing rates by population, Hz. */
export function ratesText(score: Score): string {
  const { excitatory, inhibitory, sst, pv } = score.rates ??
    { excitatory: NaN, inhibitory: NaN, sst: NaN, pv: NaN };
  return [
    ["E", excitatory],
    ["I", inhibitory],
    ["SST", sst],
    ["PV", pv],
  ].filter(([, rate]) => Number.isFinite(rate))
    .map(([name, rate]) => `${name} ${formatNumber(rate as number, 1)} Hz`)
    .join(", ");
}
