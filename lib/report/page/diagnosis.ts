/** Performances and the diagnosis of a conversion, as HTML. */
import { countOf } from "../../count.ts";
import type { Proportion, Score } from "../../network/scores.ts";
import type { Diagnosis } from "../../map/diagnosis_types.ts";
import { conditionLabel } from "../../tasks/labels.ts";
import type { Task } from "../../tasks/types.ts";
import { verdictText } from "../../map/verdict.ts";
import { show } from "../figures/layers.ts";
import { escape } from "../render/markup.ts";
import { pairsTable } from "./document.ts";

/** A share as per cent, one digit behind the point. */
export function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : "–";
}

function interval({ value, low, high }: Proportion): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`
    // No line begins with a sign.
    .replaceAll(" %", "\u00a0%");
}

/** A table of performances, as a whole and by condition of the task. */
export function scoresTable(
  caption: string,
  task: Task,
  scores: readonly (readonly [network: string, score: Score])[],
): string {
  const row = (
    cells: readonly [string, string, ...string[]],
  ) =>
    `<tr><th scope="row">${escape(cells[0])}</th>` +
    cells.slice(1).map((cell) => `<td>${escape(cell)}</td>`).join("") + "</tr>";
  const rows = scores.flatMap(([network, score]) => [
    row([
      network,
      "all",
      interval(score.paper),
      interval(score.strict),
      show(score.outputError),
    ]),
    ...score.conditions.map((of) =>
      row([
        network,
        conditionLabel(task, of.condition),
        interval(of.paper),
        interval(of.strict),
        show(of.outputError),
      ])
    ),
  ]);
  const head = [
    "Network",
    "Condition",
    "Paper’s rule",
    "Strict rule",
    "Output error",
  ].map((title) => `<th scope="col">${title}</th>`);
  return `<div class="scroll"><table><caption>${escape(caption)}</caption>` +
    `<thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}` +
    "</tbody></table></div>";
}

/** What a report comes to, in a sentence: how well the networks do, and the verdict. */
export function verdictSentence(rate: Score, diagnosis?: Diagnosis): string {
  const right = ({ strict }: Score) => percent(strict.value);
  return diagnosis
    ? `The spiking network is right in ${right(diagnosis.spiking)} of ` +
      `${
        countOf(diagnosis.spiking.strict.trials, "trial")
      } by the strict rule, the rate ` +
      `network in ${right(rate)}; the conversion is ` +
      sentence(verdictText(diagnosis))
    : `The rate network is right in ${right(rate)} of ${rate.strict.trials} ` +
      `trials by the strict rule (${percent(rate.paper.value)} by the ` +
      "paper’s); it has not been mapped to spikes yet.";
}

const severities = {
  problem: "Problem",
  warning: "Warning",
  note: "Note",
} as const;

/** What a diagnosis says: the verdict, the findings, the numbers. */
export function diagnosisSection(diagnosis: Diagnosis): string {
  const { verdict, findings, output, units, spiking, correspondence } =
    diagnosis;
  const list = findings.map(({ severity, message, advice }) =>
    `<li class="${severity}"><strong>${severities[severity]}:</strong> ${
      escape(sentence(message))
    } <span class="quiet">Advice: ${escape(sentence(advice))}</span></li>`
  );
  const rates = spiking.rates;
  return `<p class="verdict-${verdict}"><strong>The conversion is ${verdict}` +
    `:</strong> ${escape(sentence(verdictReason(diagnosis)))}</p>` +
    (list.length > 0
      ? `<ul class="findings">${list.join("")}</ul>`
      : "<p>Nothing needs attention.</p>") +
    pairsTable("Spiking against rate network, on the same stimuli", [
      [
        "Output",
        `spiking = ${show(output.gain)} × rate ${
          output.offset < 0 ? "−" : "+"
        } ${show(Math.abs(output.offset))}, ` +
        `correlation ${show(output.correlation)}`,
      ],
      [
        "Units",
        `${units.silent.length} silent, ${units.saturated.length} saturated ` +
        `of ${units.firing.length}`,
      ],
      [
        "Correspondence",
        `median unit correlation ${
          show(correspondence.unitCorrelation)
        }, CKA ` +
        show(correspondence.cka),
      ],
      ...(correspondence.weightChange > 0
        ? [[
          "Change of the synaptic weights",
          `${percent(correspondence.weightChange)} of their norm; ` +
          `${percent(correspondence.synapsesChanged)} of synapses more than ` +
          "twofold",
        ] as [string, string]]
        : []),
      ...(rates
        ? [
          [
            "Mean firing rates",
            [
              ["excitatory", rates.excitatory],
              ["inhibitory", rates.inhibitory],
              ["PV", rates.pv],
              ["SST", rates.sst],
            ].filter(([name, rate]) =>
              Number.isFinite(rate) &&
              // Without SST units the PV units are all the inhibitory ones.
              (name !== "PV" || Number.isFinite(rates.sst))
            ).map(([name, rate]) => `${name} ${show(rate as number)} Hz`)
              .join(", "),
          ] as [string, string],
        ]
        : []),
    ]);
}

/** What the verdict says, in words. */
function verdictReason(diagnosis: Diagnosis): string {
  return diagnosis.verdict === "good"
    ? "the spiking network is shown to do the task nearly as well as the rate " +
      "network, and its output, units and firing rates are like that network’s"
    : verdictText(diagnosis).replace(/^\w+: /, "");
}

/** With a full stop. */
function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
