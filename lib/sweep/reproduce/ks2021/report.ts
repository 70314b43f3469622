/** The text and the tables of the reproduction. */
import { type CsvCell, toCsv } from "../../../formats/csv.ts";
import { join } from "../../../platform/paths.ts";
import { drawFigure } from "../../../report/draw.ts";
import { show } from "../../../report/figures/layers.ts";
import type { Figure } from "../../../report/types.ts";
import { version } from "../../../version.ts";
import { wilson } from "../../../simulate/wilson.ts";
import {
  markdownTable,
  markdownText,
  percentSpread,
  proportion,
  type TextTable,
} from "../../report_tables.ts";
import { spread } from "../../summary.ts";
import { type Arm, arms, groups, ks2021 } from "../plans/ks2021.ts";
import type { NamedFile } from "../report.ts";
import { ksFigures } from "./figures.ts";
import {
  betweenGroups,
  changeWithin,
  findings,
  type Found,
  foundIn,
  valuesOf,
} from "./findings.ts";
import { measures, titleOf } from "./measures.ts";
import type { KsNetwork } from "./networks.ts";
import { type Comparison, meanOf } from "./statistics.ts";

/**
 * The files of the reproduction, by names relative to the figure's folder:
 * `../ks2021.md`, `findings.csv`, `findings.json`, `measures.csv`, figures.
 *
 * @param networks that are there
 */
export async function ksFiles(
  networks: readonly KsNetwork[],
): Promise<NamedFile[]> {
  const there = arms.filter((arm) => networks.some((one) => one.arm === arm));
  const found = there.flatMap((arm) => foundIn(arm, networks));
  const drawn = there.map((arm) => ({
    arm,
    figures: ksFigures(arm, networks),
  }));
  const text = (content: string) => new TextEncoder().encode(content);
  const rows = found.map(findingRow);
  const figures = await Promise.all(
    drawn.flatMap(({ figures }) => figures).map(async (figure) => ({
      name: `${figure.name}.svg`,
      content: await drawFigure(figure, { format: "svg" }),
    })),
  );
  return [
    {
      name: join("..", `${ks2021.figure}.md`),
      content: text(markdown(networks, found, drawn)),
    },
    { name: "findings.csv", content: text(toCsv(rows)) },
    {
      name: "findings.json",
      content: text(JSON.stringify(rows, undefined, 2) + "\n"),
    },
    { name: "measures.csv", content: text(toCsv(measureRows(networks))) },
    ...figures,
  ];
}

/** A finding in an arm as a row of the table. */
export function findingRow(
  { arm, finding, comparison, verdict }: Found,
): Record<string, CsvCell> {
  const number = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    arm: arm.name,
    finding: finding.key,
    claim: finding.claim,
    quantity: finding.quantity,
    verdict,
    n: comparison.n,
    n_others: comparison.others ?? null,
    difference: number(comparison.difference),
    low: number(comparison.low),
    high: number(comparison.high),
    p: number(comparison.p),
    effect_size: number(comparison.effect),
  };
}

/** One number of one network a row. */
function measureRows(
  networks: readonly KsNetwork[],
): Record<string, CsvCell>[] {
  return networks.flatMap(({ arm, group, seed, kept, strict, values }) =>
    measures.flatMap(({ name }) =>
      values[name] === undefined ? [] : [{
        arm: arm.name,
        group,
        seed,
        spiking_strict: strict ?? null,
        kept,
        measure: name,
        value: values[name],
      }]
    )
  );
}

function markdown(
  networks: readonly KsNetwork[],
  found: readonly Found[],
  drawn: readonly { readonly arm: Arm; readonly figures: readonly Figure[] }[],
): string {
  const there = drawn.map(({ arm }) => arm);
  const blocks = [
    `# ${markdownText(ks2021.title)}`,
    ...ks2021.description.map(markdownText),
    "This page is written by `spikernn reproduce ks2021` from the networks " +
    `that are there (spikernn ${version}); \`--collect\` writes it anew.`,
    "Networks count if training met its criteria and the spiking network is " +
    "right in 95 % of 100 fresh trials or more, by the strict rule. The unit " +
    "of every comparison is the network: differences between groups after " +
    "Welch with Hedges’ g, changes within networks paired with Cohen’s d, " +
    "both with Student’s 95 % interval. A finding *holds* if the interval lies " +
    "on its side of 0; p and intervals are not corrected for the number of " +
    "comparisons. Timescales are those of [the analysis](../../reference/analysis.md#timescales): " +
    "of spike counts in 50 trials of a second without a stimulus.",
    "## Networks",
    markdownTable(networksTable(networks, there)).trimEnd(),
    "## Findings",
    markdownTable(verdictsTable(found, there)).trimEnd(),
    "## Does it depend on how the networks were made?",
    ...dependence(found, there),
    ...drawn.flatMap(({ arm, figures }) => [
      `## ${markdownText(arm.name)}: ${markdownText(arm.description)}`,
      markdownTable(findingsTable(found.filter((one) => one.arm === arm)))
        .trimEnd(),
      markdownTable(groupsTable(networks, arm)).trimEnd(),
      markdownTable(changesTable(networks, arm)).trimEnd(),
      ...figures.map((figure) =>
        `![${
          markdownText(figure.title)
        }](${ks2021.figure}/${figure.name}.svg)\n\n${
          markdownText(figure.description)
        }`
      ),
    ]),
  ];
  return blocks.join("\n\n") + "\n";
}

function networksTable(
  networks: readonly KsNetwork[],
  there: readonly Arm[],
): TextTable {
  return {
    caption:
      "Networks by arm and group. Trained: met the criteria; counted: strict performance of the spiking network of 95 % or more; performance: of the spiking networks of all trained ones, mean ± SD.",
    head: ["Arm", "Group", "Made", "Trained", "Counted", "Spiking, strict"],
    rows: there.flatMap((arm) =>
      groups.map((group) => {
        const own = networks.filter((one) =>
          one.arm === arm && one.group === group
        );
        const trained = own.filter(({ trained }) => trained);
        const kept = own.filter(({ kept }) => kept);
        return [
          arm.name,
          group,
          String(own.length),
          proportion(wilson(trained.length, own.length)),
          proportion(wilson(kept.length, own.length)),
          percentSpread(spread(trained.flatMap(({ strict }) => strict ?? []))),
        ];
      })
    ),
  };
}

function verdictsTable(
  found: readonly Found[],
  there: readonly Arm[],
): TextTable {
  return {
    caption:
      "Whether each finding of the paper holds, by arm: the difference with its 95 % interval, and the effect size.",
    head: ["", "Finding", ...there.map(({ name }) => name)],
    rows: findings.map((finding) => [
      finding.key,
      finding.claim,
      ...there.map((arm) => {
        const { comparison, verdict } = found.find((one) =>
          one.arm === arm && one.finding === finding
        )!;
        return Number.isNaN(comparison.difference)
          ? verdict
          : `${verdict}: ${interval(comparison)}, ${effect(comparison)}`;
      }),
    ]),
  };
}

/** A sentence for each finding: in which arms it holds, and in which not. */
function dependence(
  found: readonly Found[],
  there: readonly Arm[],
): string[] {
  if (there.length === 0) return ["There is no network yet."];
  return [
    findings.map((finding) => {
      const own = found.filter((one) => one.finding === finding);
      const verdicts = [...new Set(own.map(({ verdict }) => verdict))];
      const parts = verdicts.map((verdict) =>
        `${verdict} (${
          own.filter((one) => one.verdict === verdict)
            .map(({ arm }) => arm.name).join(", ")
        })`
      );
      return `- ${markdownText(`${finding.key}, ${finding.claim}: `)}${
        verdicts.length === 1 && there.length > 1
          ? `${verdicts[0]} in every arm`
          : parts.join(", ")
      }.`;
    }).join("\n"),
  ];
}

function findingsTable(found: readonly Found[]): TextTable {
  return {
    caption: "The findings in this arm.",
    head: [
      "",
      "What is compared",
      "Networks",
      "Difference",
      "Effect size",
      "p",
      "Finding",
    ],
    rows: found.map(({ finding, comparison, verdict }) => [
      finding.key,
      finding.quantity,
      networksOf(comparison),
      interval(comparison),
      effect(comparison),
      probability(comparison.p),
      verdict,
    ]),
  };
}

/** Measures of a network by itself; those of changes have a table of their own. */
const between = measures.map(({ name }) => name)
  .filter((name) => !name.startsWith("change_"));
const within = measures.map(({ name }) => name)
  .filter((name) => name.startsWith("change_"));

function groupsTable(networks: readonly KsNetwork[], arm: Arm): TextTable {
  const own = networks.filter((one) => one.arm === arm);
  return {
    caption: "Networks that count: mean ± SD of each group, and DMS less AFC.",
    head: ["Measure", ...groups, "Difference", "Hedges’ g", "p"],
    rows: between.map((name) => {
      const comparison = betweenGroups(name)(own);
      return [
        titleOf(name),
        ...groups.map((group) => described(valuesOf(own, group, name))),
        interval(comparison),
        number(comparison.effect),
        probability(comparison.p),
      ];
    }),
  };
}

function changesTable(networks: readonly KsNetwork[], arm: Arm): TextTable {
  const own = networks.filter((one) => one.arm === arm);
  return {
    caption:
      "Networks that count, with all synapses of a class scaled: change within each network with its 95 % interval, Cohen’s d of pairs.",
    head: ["Change", ...groups.flatMap((group) => [group, "d", "p"])],
    rows: within.map((name) => [
      titleOf(name).replace("change of the ", "").replace("change of ", ""),
      ...groups.flatMap((group) => {
        const comparison = changeWithin(name, group)(own);
        return [
          interval(comparison),
          number(comparison.effect),
          probability(comparison.p),
        ];
      }),
    ]),
  };
}

function described(values: readonly number[]): string {
  const { n, mean, sd } = meanOf(values);
  if (n === 0) return "–";
  return `${number(mean)}${n > 1 ? ` ± ${number(sd)}` : ""} (${n})`;
}

function networksOf({ n, others }: Comparison): string {
  return others === undefined ? String(n) : `${n} and ${others}`;
}

function interval({ difference, low, high }: Comparison): string {
  if (Number.isNaN(difference)) return "–";
  return Number.isNaN(low)
    ? number(difference)
    : `${number(difference)} [${number(low)}, ${number(high)}]`;
}

function effect({ others, effect: size }: Comparison): string {
  return `${others === undefined ? "d" : "g"} ${number(size)}`;
}

function probability(p: number): string {
  if (Number.isNaN(p)) return "–";
  return p < 0.001 ? "< 0.001" : show(p, 2);
}

function number(value: number): string {
  return show(value, 3);
}
