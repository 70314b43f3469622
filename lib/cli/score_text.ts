/** Scores in words and tables. */
import type { Proportion, Score } from "../network/scores.ts";
import { formatNumber, formatProportion } from "../runs/format.ts";
import { type Align, table } from "../runs/table.ts";

/** A network's name and its score, for tables with one or several of them. */
export type NamedScore = readonly [name: string, score: Score];

/**
 * Performance by condition and as a whole, by both rules; several networks one
 * under the other, which still fits a terminal of 80 columns.
 */
export function scoreTable(networks: readonly NamedScore[]): string[] {
  const several = networks.length > 1;
  const [[, first]] = networks;
  const names = first.conditions.map(({ condition }) => condition);
  const rows = names.flatMap((name) =>
    networks.map(([network, { conditions }], i) => {
      const found = conditions.find(({ condition }) => condition === name);
      return row(i === 0 ? name : "", network, found);
    })
  );
  const all = networks.map(([network, score], i) =>
    row(i === 0 ? "all" : "", network, score)
  );
  const head = [
    "condition",
    ...(several ? ["network"] : []),
    "trials",
    "paper's rule",
    "strict rule",
    "output error",
  ];
  const align: Align[] = [
    "left",
    ...(several ? ["left" as const] : []),
    "right",
    "left",
    "left",
    "right",
  ];
  return table(head, [...rows, ...all], align);

  function row(
    condition: string,
    network: string,
    score: Pick<Score, "paper" | "strict" | "outputError"> | undefined,
  ): string[] {
    return [
      condition,
      ...(several ? [network] : []),
      ...(score
        ? [
          String(score.paper.trials),
          proportion(score.paper),
          proportion(score.strict),
          formatNumber(score.outputError),
        ]
        : ["0", "–", "–", "–"]),
    ];
  }
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
    // Without SST units all inhibitory ones are PV units.
    ["PV", Number.isFinite(sst) ? pv : NaN],
  ].filter(([, rate]) => Number.isFinite(rate))
    .map(([name, rate]) => `${name} ${formatNumber(rate as number, 1)} Hz`)
    .join(", ");
}
