/** What a calibration gave, as HTML. */
import { countOf } from "../../count.ts";
import type { Score } from "../../network/scores.ts";
import { isUntried } from "../../map/verdict.ts";
import type { CalibrationRecord, TuneRound } from "../../network/records.ts";
import { show } from "../figures/layers.ts";
import { escape } from "../render/markup.ts";
import { percent } from "./diagnosis.ts";

/** A table of the steps, each before and after on the same fresh trials. */
export function calibrationSection({ outcomes }: CalibrationRecord): string {
  const trials = outcomes[0]?.after.strict.trials ?? 0;
  const rows = outcomes.map((outcome) => {
    const { step, before, after, kept, correspondence } = outcome;
    const change = (of: (score: Score) => string) =>
      `${of(before)} → ${of(after)}`;
    const cells = [
      change(({ strict }) => percent(strict.value)),
      change(({ paper }) => percent(paper.value)),
      change(({ outputError }) => show(outputError)),
      kept ? "yes" : isUntried(outcome) ? "nothing to gain" : "no",
      correspondence ? show(correspondence.unitCorrelation) : "–",
      correspondence ? show(correspondence.cka) : "–",
      correspondence ? percent(correspondence.weightChange) : "–",
    ];
    return `<tr><th scope="row">${escape(step)}</th>` +
      cells.map((cell) => `<td>${escape(cell)}</td>`).join("") + "</tr>";
  });
  const head = [
    "Step",
    "Strict rule",
    "Paper’s rule",
    "Output error",
    "Kept",
    "Unit correlation",
    "CKA",
    "Weights changed",
  ].map((title) => `<th scope="col">${title}</th>`);
  return "<p>Steps on top of the scaling factor, each tried on fresh trials " +
    "and kept only where it helped.</p>" +
    `<div class="scroll"><table><caption>Before and after each step, on ` +
    `${trials} fresh trials</caption><thead><tr>${head.join("")}</tr></thead>` +
    `<tbody>${rows.join("")}</tbody></table></div>` +
    outcomes.map(({ rounds }) => rounds ? roundsParagraph(rounds) : "").join(
      "",
    );
}

function roundsParagraph(rounds: readonly TuneRound[]): string {
  const each = rounds.map(({ factor, updates, score: { strict } }) =>
    `${percent(strict.value)} of ${strict.trials} at ` +
    `${[factor].flat().join(", ")} (${countOf(updates, "update")})`
  );
  return `<p>Rounds of tuning, by the strict rule on further trials, each ` +
    `with the scaling factor that it had: ${escape(each.join("; "))}.</p>`;
}
