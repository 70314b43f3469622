/** What analyses of both networks found, as HTML. */
import { countOf } from "../../count.ts";
import { show } from "../figures/layers.ts";
import { escape } from "../render/markup.ts";
import type { Figure } from "../types.ts";
import { figureElement } from "./document.ts";
import type { DrawFigure } from "./drawing.ts";

/** A number of an analysis. */
export interface ReportedNumber {
  /** Which network it is of; absent for both together. */
  readonly network?: string;
  /** Its name: `participation_ratio`. */
  readonly name: string;
  /** What it is of, if there are several. */
  readonly of?: string;
  /** NaN if it does not exist. */
  readonly value: number;
  /** Lower end of its 95 % interval. */
  readonly low?: number;
  /** Upper end of its 95 % interval. */
  readonly high?: number;
  /** Its unit, as "ms". */
  readonly unit?: string;
  /** Why there is no value. */
  readonly reason?: string;
}

/** Result of an analysis in a report. */
export interface ReportedAnalysis {
  /** Its name. */
  readonly name: string;
  /** What it asks. */
  readonly question: string;
  /** Trials of each condition. */
  readonly trials: number;
  /** Lines that a reader can quote. */
  readonly summary: readonly string[];
  /** What is doubtful or left out, and why. */
  readonly remarks?: readonly string[];
  /** All its numbers. */
  readonly scalars: readonly ReportedNumber[];
  /** Its figures. */
  readonly figures: readonly Figure[];
}

/** The analyses in a report. */
export interface ReportedAnalyses {
  /** Analyses that were made, in their order. */
  readonly made: readonly ReportedAnalysis[];
  /** Analyses that cannot be made, and why. */
  readonly missing: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
  /** How to get the others, a sentence; absent if all are there. */
  readonly others?: string;
}

/** The section: for each analysis its sentences, figures and numbers. */
export async function analysesSection(
  { made, missing, others }: ReportedAnalyses,
  draw: DrawFigure,
): Promise<string> {
  const parts: string[] = [];
  for (const analysis of made) parts.push(await partOf(analysis, draw));
  const without = missing.map(({ name, reason }) => `${name} (${reason})`);
  return parts.join("\n") +
    (without.length > 0
      ? `<p>Not made: ${escape(without.join("; "))}.</p>`
      : "") +
    (others ? `<p>${escape(others)}</p>` : "");
}

async function partOf(
  analysis: ReportedAnalysis,
  draw: DrawFigure,
): Promise<string> {
  const { name, question, trials, summary, remarks = [] } = analysis;
  const figures: string[] = [];
  for (const figure of analysis.figures) {
    const svg = await draw(figure);
    // The report has figures of its own by the same names.
    const named = { ...figure, name: `analysis-${figure.name}` };
    figures.push(figureElement(named, svg));
  }
  const items = (lines: readonly string[]) =>
    lines.map((line) => `<li>${escape(line)}</li>`).join("");
  return `<h3>${escape(name)}</h3>` +
    `<p><em>${escape(question)}</em> ${
      countOf(trials, "trial")
    } of each condition.</p>` +
    `<ul>${items(summary)}</ul>` +
    (remarks.length > 0 ? `<ul class="quiet">${items(remarks)}</ul>` : "") +
    figures.join("\n") + numbers(analysis);
}

function numbers({ name, scalars }: ReportedAnalysis): string {
  if (scalars.length === 0) return "";
  const head = ["Network", "Number", "Of", "Value", "95 % interval", "Unit"]
    .map((title) => `<th scope="col">${title}</th>`);
  const rows = scalars.map((scalar) => {
    const { network = "both", of = "", value, low, high, unit = "" } = scalar;
    const cells = [
      scalar.name.replaceAll("_", " "),
      of,
      Number.isFinite(value) ? show(value) : `none: ${scalar.reason ?? ""}`,
      low !== undefined && high !== undefined && Number.isFinite(low + high)
        ? `${show(low)} to ${show(high)}`
        : "",
      unit,
    ];
    return `<tr><th scope="row">${escape(network)}</th>` +
      cells.map((cell) => `<td>${escape(cell)}</td>`).join("") + "</tr>";
  });
  return `<details><summary>All ${countOf(scalars.length, "number")} of ${
    escape(name)
  }` +
    '</summary><div class="scroll" tabindex="0"><table><thead><tr>' +
    `${head.join("")}</tr></thead><tbody>${
      rows.join("")
    }</tbody></table></div>` +
    "</details>";
}
