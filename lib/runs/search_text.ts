/** A search over the scaling factor in words and as a table. */
import { countOf } from "../count.ts";
import type {
  CalibrationOutcome,
  Correspondence,
  SearchRecord,
  TuneRound,
} from "../network/records.ts";
import type { Score } from "../network/scores.ts";
import { isRelearned, isUntried } from "../map/verdict.ts";
import { formatNumber, formatPercent, formatProportion } from "./format.ts";
import { table } from "./table.ts";

/** One line a factor; the chosen one is marked. */
export function searchTable(search: SearchRecord): string[] {
  const { factors, scores, chosen, plateau } = search;
  const raced = stoppedEarly(search).length > 0;
  const rows = factors.map((factor, i) => {
    const { paper, strict, outputError, rates } = scores[i];
    return [
      `${factor}${factor === chosen ? " *" : ""}`,
      ...(raced ? [String(strict.trials)] : []),
      formatProportion(paper),
      formatProportion(strict),
      formatNumber(outputError),
      formatNumber(rates?.excitatory ?? NaN, 1),
      formatNumber(rates?.inhibitory ?? NaN, 1),
      plateau.includes(factor) ? "yes" : "",
    ];
  });
  return table(
    [
      "factor",
      ...(raced ? ["trials"] : []),
      "paper's rule",
      "strict rule",
      "output error",
      "E Hz",
      "I Hz",
      "plateau",
    ],
    rows,
    [
      "left",
      ...(raced ? ["right"] as const : []),
      ...(["left", "left", "right", "right", "right", "left"] as const),
    ],
  );
}

/** Trials of the factors that did not get all, in ascending order. */
export function stoppedEarly(
  { scores }: Pick<SearchRecord, "scores">,
): number[] {
  const trials = scores.map(({ strict }) => strict.trials);
  const most = Math.max(...trials);
  return trials.filter((n) => n < most).sort((a, b) => a - b);
}

/** The choice, why it is this one, and how wide the plateau is. */
export function choiceText(search: SearchRecord): string[] {
  const { factors, scores, chosen, select, plateau } = search;
  const score = scores[factors.indexOf(chosen)];
  const correspondence = search.correspondence
    ? [`rate and spiking units: ${correspondenceText(search.correspondence)}`]
    : [];
  if (factors.length === 1) {
    const error = formatNumber(score.outputError);
    return [
      `scaling factor ${chosen}: the only one tried, with an output error of ` +
      error,
      ...correspondence,
    ];
  }
  const why = select === "paper"
    ? `the best performance by the paper's rule, ${
      formatPercent(score.paper.value)
    }, the first of equals`
    : plateau.length === 1
    ? `the best by the strict rule, with an output error of ${
      formatNumber(score.outputError)
    }; no other is within its interval`
    : `the smallest output error, ${formatNumber(score.outputError)}` +
      (plateau.length > 0
        ? `, among the ${plateau.length} whose strict performance is within ` +
          "the best one's interval"
        : "; by the strict rule no trial is right with any factor");
  return [
    `scaling factor ${chosen}: ${why}`,
    plateau.length > 0
      ? `plateau: ${plateau.length} of ${
        countOf(factors.length, "factor")
      }, from ${Math.min(...plateau)} to ${Math.max(...plateau)}`
      : "plateau: none",
    ...stoppedText(search),
    ...correspondence,
  ];
}

/** How many factors got fewer trials; nothing if none did. */
function stoppedText(search: SearchRecord): string[] {
  const few = stoppedEarly(search);
  if (few.length === 0) return [];
  const span = few[0] === few.at(-1) ? few[0] : `${few[0]} to ${few.at(-1)}`;
  return [
    `${few.length} of ${
      countOf(search.factors.length, "factor")
    } got ${span} trials: ` +
    "they could not be the best any more (--all_trials gives all to each)",
  ];
}

/** Why a step is not part of a calibration. */
function whyLeftOut(outcome: CalibrationOutcome): string {
  if (isUntried(outcome)) return "right in all of them: nothing to gain";
  const { robustness = [] } = outcome;
  const worse = robustness.filter(({ worse }) => worse).map((check) =>
    `${check.name}: ${formatPercent(check.before!)} → ` +
    formatPercent(check.after)
  );
  return worse.length > 0
    ? `better, but more fragile (${worse.join("; ")}), left out`
    : "not better beyond chance, left out";
}

/** How much of the rate network is left: `units correlate by 0.95, CKA 0.98; …`. */
export function correspondenceText(
  { unitCorrelation, cka, weightChange, synapsesChanged }: Correspondence,
): string {
  return `median unit correlation ${formatNumber(unitCorrelation)}, CKA ` +
    formatNumber(cka) +
    (weightChange > 0
      ? `; weights changed by ${formatPercent(weightChange)}, ` +
        `${formatPercent(synapsesChanged)} of synapses more than twofold`
      : "");
}

/** What rounds of tuning gave: `2 rounds: strict 91 % of 200 at 24; …`. */
export function roundsText(rounds: readonly TuneRound[]): string {
  const each = rounds.map(({ factor, score: { strict } }) =>
    `${formatPercent(strict.value)} of ${strict.trials} at ` +
    [factor].flat().join(", ")
  );
  return `${rounds.length} round${rounds.length === 1 ? "" : "s"}: strict ` +
    `${each.join("; ")} (fresh trials, factor)`;
}

/** What each step of a calibration gave; none if there is none. */
export function calibrationText(
  { calibration, correspondence: alone }: SearchRecord,
): string[] {
  if (!calibration) return [];
  const { readout, units, synapses } = calibration.calibration;
  const over = calibration.noise
    ? ` at ${calibration.noise.join(", ")} times the noise`
    : "";
  const lines = calibration.outcomes.map((outcome) => {
    const { step, before, after, kept } = outcome;
    const change = (of: (score: Score) => string) =>
      isUntried(outcome) ? of(before) : `${of(before)} → ${of(after)}`;
    const strict = change((score) => formatPercent(score.strict.value));
    const paper = change((score) => formatPercent(score.paper.value));
    const error = change((score) => formatNumber(score.outputError));
    return `calibration, ${step}: strict ${strict}, paper ${paper}, output ` +
      `error ${error} (${after.strict.trials} fresh trials${over}): ` +
      (kept ? "kept" : whyLeftOut(outcome));
  });
  for (const { step, correspondence } of calibration.outcomes) {
    if (!correspondence) continue;
    lines.push(
      `${step}, ${correspondenceText(correspondence)}` +
        (isRelearned(correspondence, alone) ? ": relearned, not mapped" : ""),
    );
  }
  for (const { rounds } of calibration.outcomes) {
    if (rounds) lines.push(`tune, ${roundsText(rounds)}`);
  }
  if (readout) {
    lines.push(
      readout.units
        ? `readout gains of units: ${range(readout.units)}; offset ${
          formatNumber(readout.offset)
        }`
        : `readout gains: ${
          formatNumber(readout.gainExcitatory)
        } of excitatory ` +
          `units, ${
            formatNumber(readout.gainInhibitory)
          } of inhibitory ones; ` +
          `offset ${formatNumber(readout.offset)}`,
    );
  }
  if (units) {
    lines.push(
      `units: bias currents ${range(units.bias)} mV, gains ${
        range(units.gain)
      }`,
    );
  }
  if (synapses) {
    const gains = [...synapses.recurrent, ...synapses.between];
    lines.push(`synapses: gains ${range(gains.flatMap((g) => Array.from(g)))}`);
  }
  return lines;
}

/** Two decimals, or two digits where those would be zeros. */
function short(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? String(Number(value.toPrecision(2)))
    : formatNumber(value);
}

function range(values: ArrayLike<number>): string {
  const numbers = Array.from(values);
  // Not spread over arguments: a matrix of gains has too many.
  const least = numbers.reduce((a, b) => Math.min(a, b), Infinity);
  const most = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
  return `${short(least)} to ${short(most)}`;
}
