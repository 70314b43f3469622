/** Evaluations in words, and as events. */
import { countOf } from "../count.ts";
import type { Proportion } from "../network/scores.ts";
import type { Evaluation, SpikingEvaluation } from "../runs/evaluation.ts";
import { verdictText } from "../map/verdict.ts";
import {
  formatNumber,
  formatPercent,
  formatProportion,
} from "../runs/format.ts";
import { correspondenceText } from "../runs/search_text.ts";
import type { Output } from "./output.ts";
import { ratesText, scoreTable } from "./score_text.ts";

/** A network that does this share of trials right, strictly, does its task. */
const enough = 0.95;

/** In place of a verdict, if there is none. */
const notJudged = "not judged: networks change in a trial, or their noise did";

/** An evaluation as events: one a network, and what is to say of the mapping. */
export function tellEvents(
  { path, task, unmet, modified, rate, loss, spiking }: Evaluation,
  seed: number,
  output: Output,
): void {
  const common = {
    path,
    task,
    seed,
    ...(unmet && { unmet }),
    ...(modified && { modified }),
  };
  output.event({
    kind: "evaluation",
    network: "rate",
    ...common,
    ...(loss && { loss }),
    score: rate,
  });
  if (!spiking) return;
  const { factor, score, diagnosis } = spiking;
  output.event({
    kind: "evaluation",
    network: "spiking",
    ...common,
    factor,
    score,
  });
  if (!diagnosis) return;
  const { verdict, judgements, trialsNeeded, findings } = diagnosis;
  output.event({
    kind: "diagnosis",
    path,
    verdict,
    judgements,
    ...(trialsNeeded !== undefined && { trialsNeeded }),
    findings,
    output: diagnosis.output,
    correspondence: diagnosis.correspondence,
  });
}

/** All there is to say of an evaluation. */
export function evaluationText(
  { path, task, modified, backend, rate, loss, spiking }: Evaluation,
  { trials, seed }: { readonly trials: number; readonly seed: number },
): string[] {
  const introduction = [
    path,
    `task ${task}, ${countOf(trials, "trial")}, seed ${seed}, ${backend}`,
    ...(modified ? [`modified: ${modified}`] : []),
  ];
  return spiking
    ? [
      ...introduction,
      ...scoreTable([["rate", rate], ["spiking", spiking.score]]),
      ...mappingText(spiking),
    ]
    : [
      ...introduction,
      ...scoreTable([["rate", rate]]),
      `mean loss (${loss}) ${formatNumber(rate.loss)}`,
    ];
}

function mappingText(
  { factor, score, diagnosis }: SpikingEvaluation,
): string[] {
  const rates = `${factorText(factor)}; firing rates: ${ratesText(score)}`;
  if (!diagnosis) return [rates, `conversion: ${notJudged}`];
  const { findings, output, units } = diagnosis;
  return [
    rates,
    `spiking output = ${formatNumber(output.gain)} × rate output ` +
    `${output.offset < 0 ? "−" : "+"} ` +
    `${formatNumber(Math.abs(output.offset))} (correlation ` +
    `${formatNumber(output.correlation)}); ${units.silent.length} silent, ` +
    `${units.saturated.length} saturated of ${
      countOf(units.firing.length, "unit")
    }`,
    `rate and spiking units: ${correspondenceText(diagnosis.correspondence)}`,
    `conversion: ${verdictText(diagnosis)}`,
    ...findings.map(({ severity, message, advice }) =>
      `  ${severity}: ${message}; advice: ${advice}`
    ),
  ];
}

/** An evaluation among several, in one line. */
export function evaluationLine(
  { path, task, unmet, modified, rate, spiking }: Evaluation,
) {
  const rateText = formatProportion(rate.strict);
  const end = (unmet ? "; criteria of training not met" : "") +
    (modified ? `; modified: ${modified}` : "");
  if (!spiking) return `${path}: ${task}, strict rule ${rateText}${end}`;
  const { factor, score, diagnosis } = spiking;
  return `${path}: ${task}, strict rule, rate ${rateText}, spiking ` +
    `${formatProportion(score.strict)}, ${factorText(factor)}, ` +
    `conversion ${diagnosis ? verdictText(diagnosis) : notJudged}${end}`;
}

function factorText(factor: number | readonly number[]): string {
  return typeof factor === "number"
    ? `scaling factor ${factor}`
    : `scaling factors of the layers ${factor.join(", ")}`;
}

/** Several evaluations taken together, a line for each kind of network. */
export function togetherText(
  evaluations: readonly Evaluation[],
  { trials, seed }: { readonly trials: number; readonly seed: number },
): string[] {
  const rate = evaluations.map(({ rate }) => rate.strict);
  const spiking = evaluations.flatMap(({ spiking }) =>
    spiking ? [spiking.score.strict] : []
  );
  const unmet = evaluations.filter(({ unmet }) => unmet).length;
  return [
    `${countOf(evaluations.length, "model")}, ${
      countOf(trials, "trial")
    } each, seed ${seed}; ` +
    "by the strict rule:",
    `rate networks: ${meanText(rate)}`,
    ...(spiking.length > 0 ? [`spiking networks: ${meanText(spiking)}`] : []),
    ...(unmet > 0
      ? [
        `${unmet} of ${evaluations.length} had not met the criteria of training`,
      ]
      : []),
  ];
}

function meanText(scores: readonly Proportion[]): string {
  const values = scores.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const right = values.filter((value) => value >= enough).length;
  return `${formatPercent(mean)} on average, least ` +
    `${formatPercent(Math.min(...values))}; ${right} of ${values.length} ` +
    `at ${formatPercent(enough)} or more`;
}
