/** The tables of a sweep's report, as plain cells. */
import type { Proportion } from "../network/scores.ts";
import { show } from "../report/figures/layers.ts";
import { escape } from "../report/render/markup.ts";
import { settingTitle, settingValue } from "./figures_layout.ts";
import type { GroupSummary, Spread } from "./summary.ts";

/** A table of texts. */
export interface TextTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * One row a group: success of training, updates, spiking performance, times.
 *
 * @param groups of `summariseSweep`
 * @param label names of the groups in place of their settings
 */
export function summaryTable(
  groups: readonly GroupSummary[],
  label?: { readonly title: string; readonly of: (g: GroupSummary) => string },
): TextTable {
  const settings = Object.keys(groups[0]?.varied ?? {});
  const mapped = groups.some(({ paper }) => paper.performance.n > 0);
  const calibrated = groups.some((group) =>
    group.uncalibrated.performance.n > 0
  );
  return {
    caption: "Networks by condition. Trained: met the task’s criteria, with " +
      "the 95 % Wilson interval; updates of those, mean ± SD (median)" +
      (mapped
        ? "; spiking performance of their twins, mean ± SD, and how many of " +
          "them reach 95 %, by the paper’s rule and the strict one" +
          (calibrated
            ? "; by the scaling factor alone, without the calibration"
            : "")
        : "") +
      "; median wall time of a network.",
    head: [
      ...(label ? [label.title] : settings.map(settingTitle)),
      "Networks",
      "Trained",
      "Updates",
      ...(calibrated ? ["Factor alone, strict rule"] : []),
      ...(mapped
        ? [
          "Spiking, paper’s rule",
          "Spiking, strict rule",
          "≥ 95 %, paper’s rule",
          "≥ 95 %, strict rule",
          "Factor",
          "Rates E / I (Hz)",
        ]
        : []),
      "Time",
    ],
    rows: groups.map((group) => [
      ...(label
        ? [label.of(group)]
        : settings.map((name) => settingValue(group.varied[name]))),
      String(group.results.length),
      proportion(group.trained),
      meanAndMedian(group.updates),
      ...(calibrated ? [percentSpread(group.uncalibrated.performance)] : []),
      ...(mapped
        ? [
          percentSpread(group.paper.performance),
          percentSpread(group.strict.performance),
          proportion(group.paper.good),
          proportion(group.strict.good),
          group.factor.n === 0 ? "–" : show(group.factor.median),
          rates(group),
        ]
        : []),
      duration(group.seconds.median),
    ]),
  };
}

/** `69 of 100 (59–77 %)`. */
export function proportion({ correct, trials, low, high }: Proportion): string {
  if (trials === 0) return "–";
  const ends = `${Math.round(100 * low)}–${Math.round(100 * high)} %`;
  return `${correct} of ${trials} (${ends})`;
}

/** `93.9 ± 7.8 %`; a single network has no deviation. */
export function percentSpread({ n, mean, sd }: Spread): string {
  if (n === 0) return "–";
  const value = (100 * mean).toFixed(1);
  return n === 1 ? `${value} %` : `${value} ± ${(100 * sd).toFixed(1)} %`;
}

/** `1980 ± 310 (1901)`. */
export function meanAndMedian({ n, mean, sd, median }: Spread): string {
  if (n === 0) return "–";
  const deviation = n === 1 ? "" : ` ± ${Math.round(sd)}`;
  return `${Math.round(mean)}${deviation} (${Math.round(median)})`;
}

/** A time in s, min or h. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 120) return `${show(seconds, 2)} s`;
  if (seconds < 7200) return `${show(seconds / 60, 2)} min`;
  return `${show(seconds / 3600, 2)} h`;
}

function rates({ excitatoryRate, inhibitoryRate }: GroupSummary): string {
  if (excitatoryRate.n === 0) return "–";
  return `${show(excitatoryRate.mean, 2)} / ${show(inhibitoryRate.mean, 2)}`;
}

/** As Markdown. */
export function markdownTable({ caption, head, rows }: TextTable): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(markdownText).join(" | ")} |\n`;
  return `${markdownText(caption)}\n\n` + line(head) +
    `|${" --- |".repeat(head.length)}\n` + rows.map(line).join("");
}

/** As HTML. */
export function htmlTable({ caption, head, rows }: TextTable): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, k) =>
      k === 0
        ? `<th scope="row">${escape(cell)}</th>`
        : `<td>${escape(cell)}</td>`
    ).join("");
  return `<div class="scroll"><table><caption>${escape(caption)}</caption>` +
    `<thead><tr>${
      head.map((name) => `<th scope="col">${escape(name)}</th>`).join("")
    }</tr></thead><tbody>${
      rows.map((row) => `<tr>${cells(row)}</tr>`).join("")
    }</tbody></table></div>`;
}

/** A text that Markdown shows as it is, on one line. */
export function markdownText(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, "\\$&").replace(/\s*[\r\n]+\s*/g, " ");
}
