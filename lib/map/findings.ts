/** From measurements to findings: what is wrong, how badly, what to try. */
import { countOf } from "../count.ts";
import { transferFunctions } from "../network/activations.ts";
import type { Score } from "../network/scores.ts";
import type {
  Comparison,
  Finding,
  FindingCode,
  Judgement,
  Severity,
} from "./diagnosis_types.ts";
import { median } from "../arithmetic/median.ts";
import {
  isRelearned,
  judge,
  judgePerformance,
  limits,
  movingUnits,
} from "./verdict.ts";

/**
 * Thresholds, each with its reason.
 *
 * - `trained` 0.95: the performance at which training counts as finished.
 * - `gain` 0.7 to 1.5: with a target of ±1, a smaller output never reaches the
 *   paper's threshold of 0.7, a larger one is wrong by more than the strict
 *   rule's 0.5, however well its course agrees.
 * - `offset` 0.3: more than the paper allows an output that should be 0.
 * - `correlation` 0.5: the median unit shares less than a quarter of its
 *   variance with its rate unit. On the original's Go-NoGo network it is 0.6 to
 *   0.7 at the factors that work (ten trials a condition or fewer; noise keeps
 *   it from 1) and 0.3 at a factor of 75, where the network fails.
 * - `silent` 0.1: a tenth of the units whose rate moves
 *   by a twentieth of a sigmoid's range never fire. On that network it is 3 % or
 *   less at the factors that work, 18 % at 20, where the output is four times
 *   too large. Silent units whose rate does not move are usual.
 * - `saturated` 0.05: units that spend over half of the time refractory answer
 *   to more input with hardly more spikes; one in twenty already feeds back.
 * - `shortMs` 20: with all decays at 20 ms or less the paper finds 35 % of its
 *   Go-NoGo networks below 95 %, and none to learn the Mante task.
 */
export const thresholds = {
  trained: 0.95,
  gain: [0.7, 1.5],
  offset: 0.3,
  correlation: 0.5,
  silent: 0.1,
  saturated: 0.05,
  shortMs: 20,
} as const;

/** Whether the spiking network is shown to be worse at its task than the rate network. */
export function isWorse(rate: Score, spiking: Score): boolean {
  return spiking.strict.high < rate.strict.low;
}

/**
 * What a comparison says, gravest first.
 *
 * What only explains a failure (the activation, short time constants, the edge
 * of the grid) is a note as long as the conversion is good.
 */
export function findings(comparison: Comparison): Finding[] {
  const judged = judge(comparison);
  const poor = judged.verdict === "poor";
  const found = [
    ...performanceFindings(comparison),
    ...undecidedFindings(comparison, judged),
    ...outputFindings(comparison, poor),
    ...unitFindings(comparison, judged),
    ...causeFindings(comparison, poor),
  ];
  const order: Severity[] = ["problem", "warning", "note"];
  return found.sort((a, b) =>
    order.indexOf(a.severity) - order.indexOf(b.severity)
  );
}

function performanceFindings({ rate, spiking }: Comparison): Finding[] {
  const found: Finding[] = [];
  if (rate.strict.high < thresholds.trained) {
    found.push(finding(
      "rate-network",
      "problem",
      `the rate network itself is right in ${percent(rate.strict.value)} of ` +
        "trials by the strict rule",
      { strict: rate.strict.value, paper: rate.paper.value },
      "train it further: a mapping is not better than what it maps",
    ));
  }
  const apart = isWorse(rate, spiking);
  // A rate network that fails explains a spiking one that fails with it.
  const { verdict } = judgePerformance(rate, spiking);
  const alone = found.length === 0 && verdict === "poor";
  if (!apart && !alone) return found;
  found.push(finding(
    "performance",
    // A difference that many trials show may be small.
    ({ poor: "problem", undecided: "warning", good: "note" } as const)[verdict],
    `the spiking network is right in ${percent(spiking.strict.value)} of ` +
      `trials, the rate network in ${percent(rate.strict.value)} (strict rule)`,
    { spiking: spiking.strict.value, rate: rate.strict.value },
    "see the other findings; without one, search on a finer grid",
  ));
  for (const condition of spiking.conditions) {
    const twin = rate.conditions.find((other) =>
      other.condition === condition.condition
    );
    if (!twin || condition.strict.high >= twin.strict.low) continue;
    found.push(finding(
      "condition",
      "warning",
      `condition ${condition.condition}: right in ` +
        `${percent(condition.strict.value)} of trials against ` +
        `${percent(twin.strict.value)}, mean output ` +
        `${round(condition.meanOutput)} against ${round(twin.meanOutput)}`,
      {
        spiking: condition.strict.value,
        rate: twin.strict.value,
        spikingOutput: condition.meanOutput,
        rateOutput: twin.meanOutput,
      },
      "look at single trials of this condition, both networks side by side",
    ));
  }
  return found;
}

function undecidedFindings(
  { rate, spiking, output, gainInterval }: Comparison,
  { verdict, judgements, trialsNeeded }: ReturnType<typeof judge>,
): Finding[] {
  if (verdict !== "undecided") return [];
  const open = judgements.filter((each) => each.verdict === "undecided")
    .map(({ aspect }) => aspect);
  const [low, high] = gainInterval ?? [output.gain, output.gain];
  const between = (from: number, to: number, unit = "") =>
    `between ${round(from)} and ${round(to)}${unit}`;
  const { strict } = spiking;
  const parts = [
    open.includes("performance") &&
    `${
        countOf(strict.trials, "trial leaves", "trials leave")
      } the spiking network's strict performance ` +
      `${between(100 * strict.low, 100 * strict.high, " %")} (the rate ` +
      `network's is ${percent(rate.strict.value)})`,
    open.includes("gain") &&
    (Number.isFinite(high - low)
      ? `the spiking output is ${between(low, high)} times the rate network's`
      : "one recorded trial of a condition does not say how large the output is"),
    open.includes("correlation") &&
    "so few recorded trials do not say whether units follow their rate units",
  ].filter((part) => part !== false);
  return [finding(
    "undecided",
    "note",
    parts.join("; "),
    {
      low: strict.low,
      high: strict.high,
      gainLow: low,
      gainHigh: high,
      ...(trialsNeeded !== undefined && { trials: trialsNeeded }),
    },
    trialsNeeded === undefined
      ? "it is at the limit of what is good: look at the numbers themselves"
      : `evaluate about ${countOf(trialsNeeded, "trial")}`,
  )];
}

function outputFindings(
  { output, factor }: Comparison,
  poor: boolean,
): Finding[] {
  const found: Finding[] = [];
  const { gain, offset, correlation } = output;
  const numbers = { gain, offset, correlation };
  const [low, high] = thresholds.gain;
  if (Number.isNaN(gain)) {
    found.push(finding(
      "output-constant",
      "problem",
      "the rate network's output does not vary: there is nothing to follow",
      numbers,
      "look at the readout weights and at the training of the rate network",
    ));
  }
  if (gain < 0) {
    found.push(finding(
      "gain-negative",
      poor ? "problem" : "warning",
      `the spiking output goes against the rate network's: ${round(gain)} ` +
        "times it",
      numbers,
      "no scaling factor turns an output round: see whether units follow their " +
        "rate units, and whether the readout is the one that was trained",
    ));
  }
  if (gain > high) {
    found.push(finding(
      "gain-high",
      poor ? "problem" : "warning",
      `the spiking output is ${round(gain)} times the rate network's`,
      numbers,
      `a larger scaling factor than ${factor}, or a readout gain fitted to it`,
    ));
  }
  if (gain >= 0 && gain < low) {
    found.push(finding(
      "gain-low",
      poor ? "problem" : "warning",
      `the spiking output is only ${round(gain)} times the rate network's`,
      numbers,
      `a smaller scaling factor than ${factor}, or a readout gain fitted to it`,
    ));
  }
  if (Math.abs(offset) > thresholds.offset) {
    found.push(finding(
      "offset",
      "warning",
      `the spiking output is off by ${round(offset)} where the rate ` +
        "network's is 0",
      numbers,
      "a readout offset fitted to it",
    ));
  }
  return found;
}

function unitFindings(
  { units, activation, correspondence, uncalibrated }: Comparison,
  { judgements }: ReturnType<typeof judge>,
): Finding[] {
  const severity = (of: Judgement["aspect"], past: boolean): Severity =>
    past &&
      judgements.some(({ aspect, verdict }) =>
        aspect === of && verdict === "poor"
      )
      ? "problem"
      : "warning";
  const found: Finding[] = [];
  if (isRelearned(correspondence, uncalibrated)) {
    const { unitCorrelation, cka, weightChange } = correspondence;
    found.push(finding(
      "relearned",
      "problem",
      `the calibration changed the weights by ${percent(weightChange)}, and ` +
        "the units follow their rate units by a correlation of " +
        `${round(unitCorrelation)} (CKA ${round(cka)})` +
        (uncalibrated
          ? `, by the factor alone ${round(uncalibrated.unitCorrelation)} ` +
            `(${round(uncalibrated.cka)})`
          : "") +
        ": this network has " +
        "learned the task anew",
      { ...correspondence },
      "eval --uncalibrated has the mapped network; calibrate with a stronger " +
        "guide, or train the rate network on",
    ));
  }
  const total = units.firing.length;
  const typical = median(units.correlation);
  if (typical < thresholds.correlation) {
    found.push(finding(
      "correlation",
      severity("correlation", true),
      `the median unit's spiking activity correlates with its rate by ` +
        `${round(typical)}`,
      { median: typical },
      "units follow another course than those they come from: try other " +
        "factors, or longer time constants in training",
    ));
  }
  const moving = movingUnits(units);
  const silent = new Set(units.silent);
  const lost = moving.filter((unit) => silent.has(unit)).length;
  if (lost > thresholds.silent * moving.length || silent.size === total) {
    found.push(finding(
      "silent",
      severity(
        "rates",
        lost > limits.units * moving.length || silent.size === total,
      ),
      `${lost} of the ${
        countOf(moving.length, "unit")
      } whose rate moves never fire ` +
        `(${silent.size} of all ${total})`,
      { lost, moving: moving.length, silent: silent.size, units: total },
      "a larger scaling factor: strong inhibition silences units",
    ));
  }
  if (units.saturated.length > thresholds.saturated * total) {
    found.push(finding(
      "saturated",
      severity("rates", units.saturated.length > limits.units * total),
      `${units.saturated.length} of ${
        countOf(total, "unit fires", "units fire")
      } at more than half of ` +
        "what their refractory period allows",
      { saturated: units.saturated.length, units: total },
      "a larger scaling factor" +
        (activation === "sigmoid"
          ? ""
          : ", or the sigmoid, whose rates are bounded"),
    ));
  }
  return found;
}

function causeFindings(comparison: Comparison, poor: boolean): Finding[] {
  const found: Finding[] = [];
  const { activation, decayMs, decayFixed, factor, searched } = comparison;
  const { conversion } = transferFunctions[activation];
  if (conversion) {
    found.push(finding(
      "activation",
      poor ? (conversion.badly ? "problem" : "warning") : "note",
      conversion.note,
      {},
      "train with the sigmoid, or with lif",
    ));
  }
  if (decayMs.max <= thresholds.shortMs) {
    found.push(finding(
      "time-constants",
      poor ? "warning" : "note",
      `the longest synaptic decay is ${round(decayMs.max)} ms` +
        (decayFixed ? ", the same for all units" : ""),
      { ...decayMs },
      "train with longer decay time constants, 20 to 100 ms and not fixed",
    ));
  }
  if (typeof factor === "number" && searched && searched.length > 1) {
    const lowest = Math.min(...searched);
    const highest = Math.max(...searched);
    if (factor === lowest || factor === highest) {
      found.push(finding(
        "factor-at-edge",
        poor ? "warning" : "note",
        `the scaling factor ${factor} is the ` +
          `${factor === lowest ? "smallest" : "largest"} of those searched`,
        { factor, lowest, highest },
        factor === lowest
          ? `search smaller factors than ${lowest} too`
          : `search larger factors than ${highest} too`,
      ));
    }
  }
  return found;
}

function finding(
  code: FindingCode,
  severity: Severity,
  message: string,
  numbers: Record<string, number>,
  advice: string,
): Finding {
  return { code, severity, message, numbers, advice };
}

/** A share as per cent. */
export function percent(value: number): string {
  return `${round(100 * value, 1)} %`;
}

function round(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
