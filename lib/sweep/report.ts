/** The report of a sweep: tables and figures, as Markdown and as a page. */
import { drawFigure } from "../report/draw.ts";
import { figureElement, htmlDocument } from "../report/page/document.ts";
import { escape } from "../report/render/markup.ts";
import { drawSvg } from "../report/render/svg.ts";
import type { Figure } from "../report/types.ts";
import { version } from "../version.ts";
import type { Labels } from "./figures_layout.ts";
import { sweepFigure, type SweepFigureOptions } from "./figures.ts";
import {
  htmlTable,
  markdownTable,
  markdownText,
  summaryTable,
  type TextTable,
} from "./report_tables.ts";
import { type GroupSummary, summariseSweep } from "./summary.ts";
import type { PointResult } from "./types.ts";

/** What a sweep's folder holds, as far as a report says it. */
export interface SweepResults {
  /** Results of the points that are done. */
  readonly results: readonly PointResult[];
  /** Points that failed, and why. */
  readonly failed?: readonly { readonly id: string; readonly reason: string }[];
  /** Points of the plan that have neither result nor failure. */
  readonly missing?: number;
}

/** How a report is made. */
export interface SweepReportOptions {
  /** What the sweep is called. */
  readonly title: string;
  /** Paragraphs under the title. */
  readonly introduction?: readonly string[];
  /** The conditions, in this order. Defaults to groups by their settings. */
  readonly groups?: readonly GroupSummary[];
  /** Names of the conditions. Defaults to their settings. */
  readonly labels?: Labels;
  /** Further tables, between the summary and the failures. */
  readonly tables?: readonly {
    readonly title: string;
    readonly table: TextTable;
  }[];
  /** The figure's name and the values it compares with. */
  readonly figure?: Omit<SweepFigureOptions, "labels">;
}

/** A report, ready to be written: contents by the names of files. */
export interface SweepReport {
  readonly markdown: string;
  /** A page that loads nothing. */
  readonly html: string;
  /** The figure, to be written beside the Markdown; none without results. */
  readonly figure?: {
    readonly name: string;
    readonly svg: Uint8Array;
    readonly png: Uint8Array;
  };
}

/**
 * Makes the report of a sweep: a table of its conditions, a figure, and what
 * failed. The Markdown shows the figure from `<name>.svg` beside it.
 *
 * @param sweep its results and failures
 * @param options title, names, values to compare with
 * @returns Markdown, HTML and the figure as SVG and PNG
 */
export async function sweepReport(
  sweep: SweepResults,
  options: SweepReportOptions,
): Promise<SweepReport> {
  const groups = options.groups ?? summariseSweep(sweep.results);
  const figure = groups.length === 0
    ? undefined
    : sweepFigure(groups, { ...options.figure, labels: options.labels });
  const { title, introduction = [] } = options;
  const content: Content = {
    title,
    paragraphs: [...introduction, counts(sweep)],
    tables: [
      ...(groups.length === 0 ? [] : [{
        title: "Results",
        table: summaryTable(groups, options.labels),
      }]),
      ...(options.tables ?? []),
      ...failures(sweep),
    ],
    figure,
  };
  return {
    markdown: asMarkdown(content),
    html: await asHtml(content),
    figure: figure && {
      name: figure.name,
      svg: await drawFigure(figure, { format: "svg" }),
      png: await drawFigure(figure, { format: "png" }),
    },
  };
}

interface Content {
  readonly title: string;
  readonly paragraphs: readonly string[];
  readonly tables: readonly {
    readonly title: string;
    readonly table: TextTable;
  }[];
  readonly figure?: Figure;
}

function counts({ results, failed = [], missing = 0 }: SweepResults): string {
  const parts = [
    `${results.length} network${results.length === 1 ? "" : "s"} done`,
    ...(failed.length > 0 ? [`${failed.length} failed`] : []),
    ...(missing > 0 ? [`${missing} not done yet`] : []),
  ];
  const versions = [...new Set(results.map((result) => result.version))];
  return `${parts.join(", ")}; made with spikernn ${
    versions.length > 0 ? versions.sort().join(", ") : version
  }.`;
}

function failures({ failed = [] }: SweepResults): Content["tables"] {
  return failed.length === 0 ? [] : [{
    title: "Failures",
    table: {
      caption: "Points that failed and have no result.",
      head: ["Point", "Reason"],
      rows: failed.map(({ id, reason }) => [id, reason]),
    },
  }];
}

function asMarkdown({ title, paragraphs, tables, figure }: Content): string {
  const blocks = [
    `# ${markdownText(title)}`,
    ...paragraphs.map(markdownText),
    ...tables.map(({ title, table }) =>
      `## ${markdownText(title)}\n\n${markdownTable(table).trimEnd()}`
    ),
    ...(figure
      ? [
        `![${markdownText(figure.title)}](${figure.name}.svg)`,
        markdownText(figure.description),
      ]
      : []),
  ];
  return blocks.join("\n\n") + "\n";
}

async function asHtml(
  { title, paragraphs, tables, figure }: Content,
): Promise<string> {
  const [first, ...others] = tables.map(({ title, table }) =>
    `<section><h2>${escape(title)}</h2>${htmlTable(table)}</section>`
  );
  const drawn = figure
    ? figureElement(figure, await drawSvg(figure, { background: "none" }))
    : "";
  return htmlDocument(
    title,
    `<header><h1>${escape(title)}</h1></header>
<main>${paragraphs.map((text) => `<p>${escape(text)}</p>`).join("\n")}
${first ?? ""}
${drawn}
${others.join("\n")}</main>`,
  );
}
