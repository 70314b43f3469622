/** The report of a model: one page that holds everything it shows. */
import { filterOf } from "../../network/synapses.ts";
import type { SilentUnits } from "../../analysis/silence.ts";
import { countOf } from "../../count.ts";
import type { Score } from "../../network/scores.ts";
import type { Model } from "../../network/records.ts";
import {
  type NetworkSummary,
  summariseNetwork,
} from "../../network/summary.ts";
import type { SpikingNetwork } from "../../network/spiking.ts";
import type { Diagnosis } from "../../map/diagnosis_types.ts";
import type { Task } from "../../tasks/types.ts";
import { installLine, version } from "../../version.ts";
import { show } from "../figures/layers.ts";
import { escape } from "../render/markup.ts";
import type { Figure } from "../types.ts";
import { analysesSection, type ReportedAnalyses } from "./analyses.ts";
import { calibrationSection } from "./calibration.ts";
import { citations } from "./citations.ts";
import {
  diagnosisSection,
  percent,
  scoresTable,
  verdictSentence,
} from "./diagnosis.ts";
import { figureElement, htmlDocument, pairsTable } from "./document.ts";
import type { DrawFigure } from "./drawing.ts";

/** Command lines that make a network again. */
export interface CommandLines {
  /** The lines, in order: each as a POSIX shell takes it. */
  readonly lines: readonly string[];
  /** Whether they give the same network to the last bit. */
  readonly complete: boolean;
  /** Updates after which training was interrupted, if it was. */
  readonly interruptedAfter?: number;
}

/** What a report is made of. */
export interface ReportData {
  /** The model's file, as it was named. */
  readonly path: string;
  readonly model: Model;
  readonly task: Task;
  /** The spiking twin, if there is one. */
  readonly spiking?: SpikingNetwork;
  /** Seed of the report's own trials. */
  readonly seed: number;
  /** Backend that computed the report's trials, in words. */
  readonly backend: string;
  /** Performance of the rate network on the report's own trials. */
  readonly rate: Score;
  /** The comparison with the spiking twin, if there is one. */
  readonly diagnosis?: Diagnosis;
  /** Units that take no part. */
  readonly silent: SilentUnits;
  readonly figures: readonly Figure[];
  /** What analyses found; the section is left out if absent. */
  readonly analyses?: ReportedAnalyses;
  /** How the network can be made again; the section is left out if absent. */
  readonly again?: CommandLines;
  /** Figures that could not be drawn, and why. */
  readonly missing: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
}

/** A section of the page. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly html: string;
}

/**
 * Makes the report of a model, an HTML page that loads nothing.
 *
 * @param data what was gathered
 * @param draw draws its figures
 * @returns the page
 */
export async function reportPage(
  data: ReportData,
  draw: DrawFigure,
): Promise<string> {
  const summary = summariseNetwork(data.model.network);
  const sections: Section[] = [
    { id: "summary", title: "Summary", html: summarySection(data, summary) },
    { id: "figures", title: "Figures", html: await figuresSection(data, draw) },
    ...(data.diagnosis
      ? [{
        id: "conversion",
        title: "Conversion to spikes",
        html: diagnosisSection(data.diagnosis),
      }]
      : []),
    ...(data.spiking && data.model.search?.calibration
      ? [{
        id: "calibration",
        title: "Calibration",
        html: calibrationSection(data.model.search.calibration),
      }]
      : []),
    ...(data.analyses
      ? [{
        id: "analyses",
        title: "Analyses",
        html: await analysesSection(data.analyses, draw),
      }]
      : []),
    { id: "settings", title: "Settings", html: settingsSection(data) },
    { id: "cite", title: "How to cite", html: citeSection(data) },
    ...(data.again
      ? [{ id: "again", title: "Do it again", html: againSection(data.again) }]
      : []),
  ];
  const name = data.path.replace(/^.*[\\/]/, "");
  const links = sections.map(({ id, title }) =>
    `<li><a href="#${id}">${escape(title)}</a></li>`
  );
  const body = sections.map(({ id, title, html }) =>
    `<section id="${id}" aria-labelledby="${id}-title">` +
    `<h2 id="${id}-title">${escape(title)}</h2>${html}</section>`
  );
  return htmlDocument(
    `Report: ${name}`,
    `<a class="skip" href="#main">Skip to the report</a>
<header><h1>${escape(name)}</h1>
<p class="verdict verdict-${data.diagnosis?.verdict ?? "none"}">${
      escape(verdictSentence(data.rate, data.diagnosis))
    }</p>
<p class="quiet">${escape(sentence(data, summary))}</p>
<nav aria-label="Sections"><ul>${links.join("")}</ul></nav></header>
<main id="main">${body.join("\n")}</main>
<footer><p>Made by spikernn ${escape(version)}.</p></footer>`,
  );
}

/** What the network is, in one sentence. */
function sentence(
  { model, task, spiking }: ReportData,
  { units, layers }: NetworkSummary,
): string {
  const { activation, dale } = model.network;
  return `A rate network of ${units} ${activation.replace("_", " ")} units` +
    (layers.length > 1 ? ` in ${countOf(layers.length, "layer")}` : "") +
    `${dale ? " under Dale’s principle" : ""} on the task ${task.name}` +
    (spiking
      ? `, and its spiking twin of ${spiking.neuron.name.toUpperCase()} units.`
      : ".");
}

function summarySection(data: ReportData, summary: NetworkSummary): string {
  const { model, task, spiking, diagnosis, rate } = data;
  const scores: [string, Score][] = [
    ["rate", rate],
    ...(diagnosis ? [["spiking", diagnosis.spiking] as [string, Score]] : []),
  ];
  const layer = summary.layers.length > 1
    ? (l: number) => `layer ${l + 1}: `
    : () => "";
  return scoresTable(
    `Performance on ${rate.strict.trials} fresh trials of ${task.name}, with ` +
      "95 % Wilson intervals",
    task,
    scores,
  ) + pairsTable("The network", [
    ["Task", `${task.name}: ${task.description}`],
    [
      "Trial",
      `${countOf(task.steps, "step")} of ${show(task.stepMs)} ms; ` +
      `conditions ${task.conditions.join(", ")}`,
    ],
    ...summary.layers.map((of, l): [string, string] => [
      `Units, ${layer(l)}`.replace(/, $/, ""),
      `${of.units}: ${of.excitatory} excitatory, ${of.inhibitory} inhibitory` +
      (of.sst > 0 ? ` (${of.sst} SST)` : ""),
    ]),
    ...summary.layers.map((of, l): [string, string] => [
      `Recurrent synapses, ${layer(l)}`.replace(/, $/, ""),
      `${of.weights.positive + of.weights.negative} of ${of.units ** 2} ` +
      `(${
        percent(
          (of.weights.positive + of.weights.negative) / of.units ** 2,
        )
      }), spectral radius ${show(of.spectralRadius)}`,
    ]),
    [
      "Decay time constants",
      model.network.taus.length === 1
        ? `fixed at ${show(model.network.taus[0] * task.stepMs)} ms`
        : `trained within ${
          model.network.taus.map((tau) => show(tau * task.stepMs)).join(" to ")
        } ms, mean ${
          summary.layers.map((of) => show(of.taus.mean * task.stepMs)).join(
            ", ",
          )
        } ms`,
    ],
    ["Silent units", silentText(data.silent)],
    ...(model.training
      ? [
        [
          "Training",
          `${
            countOf(model.training.losses.length, "update")
          }; evaluations on record: ` +
          `${model.training.evaluations.length}`,
        ] as [string, string],
      ]
      : []),
    ...(spiking
      ? [
        ["Scaling factor", factorText(model, spiking)] as [string, string],
        ...layerFactorsRow(model),
        ["Spiking model", spikingText(spiking)] as [string, string],
      ]
      : []),
  ]);
}

/** How many units take no part, in words. */
function silentText({ units, rate, spiking, trials }: SilentUnits): string {
  const share = (silent: readonly number[]) =>
    `${silent.length} of ${units} (${percent(silent.length / units)})`;
  return `${share(rate)} rate units never exceed 0.05 of the activation’s ` +
    "range without noise" +
    (spiking ? `; ${share(spiking)} spiking units never fire` : "") +
    ` (${countOf(trials, "trial")} of each condition)`;
}

function factorText({ search }: Model, { factor }: SpikingNetwork): string {
  const value = [factor].flat().map((f) => show(f)).join(", ");
  if (search?.layers?.kept && search.layers.factors === factor) {
    return `${value}, one for each layer`;
  }
  if (!search || search.chosen !== factor) return `${value}, as given`;
  const rule = search.select === "paper"
    ? "the paper’s rule"
    : "the strict rule";
  return `${value}, by ${rule} among ${search.factors.length}` +
    (search.plateau.length > 0
      ? `; plateau ${show(Math.min(...search.plateau))} to ` +
        show(Math.max(...search.plateau))
      : "");
}

/** Which was better on fresh trials, one factor or one for each layer. */
function layerFactorsRow({ search }: Model): [string, string][] {
  if (!search?.layers) return [];
  const { factors, single, score, singleScore, kept } = search.layers;
  const result = ({ strict, outputError }: Score) =>
    `${percent(strict.value)} by the strict rule, output error ` +
    show(outputError);
  return [[
    "One factor for each layer",
    factors.every((factor) => factor === single)
      ? `not better than ${show(single)} for all`
      : `${factors.map((f) => show(f)).join(", ")}: ${result(score)}; ` +
        `${show(single)} for all: ${result(singleScore)} ` +
        `(${score.strict.trials} fresh trials). ` +
        (kept
          ? "One for each layer is better, and used."
          : "One for all stays."),
  ]];
}

function spikingText({ neuron, synapse, dt }: SpikingNetwork): string {
  const { inWords, rises } = filterOf(synapse);
  const filter = inWords +
    (rises === "tr" ? ` rising in ${show(synapse.rise)} ms` : "");
  const { tauAdaptation, adaptationJump } = neuron;
  const adaptation = tauAdaptation === undefined || adaptationJump === undefined
    ? ""
    : `adaptation ${show(adaptationJump)} mV a spike decaying in ${
      show(tauAdaptation)
    } ms, `;
  return `${neuron.name.toUpperCase()}, membrane ${
    show(neuron.tauMembrane)
  } ms, refractory ${
    show(neuron.refractory)
  } ms, ${adaptation}${filter}, steps of ${show(dt)} ms`;
}

async function figuresSection(
  { figures, missing }: ReportData,
  draw: DrawFigure,
): Promise<string> {
  const parts: string[] = [];
  for (const figure of figures) {
    parts.push(figureElement(figure, await draw(figure)));
  }
  if (missing.length > 0) {
    parts.push(
      "<p>Not shown: " +
        missing.map(({ name, reason }) => escape(`${name} (${reason})`))
          .join("; ") +
        ".</p>",
    );
  }
  return parts.join("\n");
}

function settingsSection({ model, seed, backend }: ReportData): string {
  const { provenance } = model;
  const settings = Object.entries(provenance?.settings ?? {});
  const made: [string, string][] = provenance
    ? [
      ["Seed", provenance.seed === null ? "unknown" : String(provenance.seed)],
      ["Version", `spikernn ${provenance.version}`],
      ["Backend", provenance.backend],
      ["Saved", provenance.created],
    ]
    : [["Origin", "the file does not say how the network was made"]];
  return pairsTable("How the network was made", made) +
    (settings.length > 0
      ? pairsTable(
        "Settings of the training, by their command-line names",
        settings.map(([name, value]) => [name, settingText(value)]),
      )
      : "") +
    pairsTable("How this report was made", [
      ["Seed", String(seed)],
      ["Version", `spikernn ${version}`],
      ["Backend", backend],
    ]);
}

function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(settingText).join(" ");
  return typeof value === "object" && value !== null
    ? JSON.stringify(value)
    : String(value);
}

function citeSection({ model, spiking }: ReportData): string {
  const list = citations(model, spiking, true);
  return "<ul>" +
    list.map(({ why, text }) =>
      `<li>${escape(text)} <span class="quiet">(${escape(why)})</span></li>`
    ).join("") +
    '</ul><details><summary>BibTeX</summary><pre tabindex="0">' +
    escape(list.map(({ bibtex }) => bibtex).join("\n\n")) +
    "</pre></details>";
}

function againSection(
  { lines, complete, interruptedAfter }: CommandLines,
): string {
  return `<p>${
    complete
      ? "These command lines train, map and report the same network again, to " +
        "the last bit, in a folder of its own (again/…)."
      : interruptedAfter !== undefined
      ? `Training was interrupted after ${
        countOf(interruptedAfter, "update")
      }: these ` +
        "command lines train to the end, and so make another network than this."
      : "The file does not record everything that the network was made with: " +
        "these command lines make one of the same kind."
  } The command <code>spikernn</code> is made, in the program’s folder, by <code>${
    escape(installLine)
  }</code>; there <code>deno run -A cli.ts</code> stands for it too.</p>` +
    `<pre tabindex="0">${escape(lines.join("\n"))}</pre>`;
}
