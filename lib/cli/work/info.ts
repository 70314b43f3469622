/** What `info` does. */
import { countOf } from "../../count.ts";
import { printableLine } from "../../printable.ts";
import { findSilentUnits, type SilentUnits } from "../../analysis/silence.ts";
import { TaskError } from "../../errors.ts";
import { DivergedError } from "../../network/diverged.ts";
import { unitCount } from "../../network/geometry.ts";
import { weightsHash } from "../../network/hash.ts";
import type { Model, SearchRecord } from "../../network/records.ts";
import {
  type LayerSummary,
  type NetworkSummary,
  summariseNetwork,
  type WeightCounts,
} from "../../network/summary.ts";
import { isUntried } from "../../map/verdict.ts";
import { mappedNetwork } from "../../spiking/mapped.ts";
import { getTask, tasks } from "../../tasks/registry.ts";
import type { Invocation } from "../command.ts";
import type { outputFlags } from "../../runs/common_flags.ts";
import { formatNumber, formatPercent } from "../../runs/format.ts";
import { correspondenceText, roundsText } from "../../runs/search_text.ts";
import { readModelFor } from "../../runs/model_remarks.ts";
import { pairs } from "../../runs/table.ts";
import { unmetText } from "../../runs/unmet.ts";

/** Says what a model file holds. */
export async function run(
  { operands: [path], output }: Invocation<typeof outputFlags>,
): Promise<void> {
  const model = await readModelFor(path, output);
  const summary = summariseNetwork(model.network);
  const { task, provenance, search, remarks } = model;
  const silent = await silentUnitsOf(model);
  const hash = await weightsHash(model.network);
  output.event({
    kind: "info",
    path,
    summary,
    activation: model.network.activation,
    dale: model.network.dale,
    taus: model.network.taus,
    hash,
    task,
    ...(silent && { silent }),
    training: trainingOf(model),
    search,
    provenance,
    ...(remarks && { remarks }),
  });
  output.result(path);
  for (
    const line of pairs([
      ...networkLines(model, summary),
      ["hash of the weights", hash],
      ...silentLines(silent),
      ...trainingLines(model),
      ...searchLines(search),
      ...provenanceLines(model),
    ])
  ) output.result(line);
}

/** Beyond this many units trials would keep the reader waiting. */
const mostSimulated = 1000;

/**
 * The units that take no part, where that is known in a moment: of a network of
 * a built-in task, without asking for a task's file.
 */
async function silentUnitsOf(model: Model): Promise<SilentUnits | undefined> {
  const { network, task, search, provenance } = model;
  const simulated = task && !task.fingerprint &&
    Object.hasOwn(tasks, task.name) && unitCount(network) <= mostSimulated;
  if (!simulated) return undefined;
  try {
    return await findSilentUnits(network, getTask(task.name, task.timing), {
      seed: provenance?.seed ?? 1,
      twin: search && mappedNetwork(model),
    });
  } catch (error) {
    // A file of another program may name a task that it does not fit.
    const unfit = error instanceof TaskError || error instanceof RangeError ||
      error instanceof TypeError || error instanceof DivergedError;
    if (unfit) return undefined;
    throw error;
  }
}

function silentLines(silent: SilentUnits | undefined): Line[] {
  if (!silent) return [];
  const { units, rate, spiking } = silent;
  const share = (silent: readonly number[]) =>
    `${silent.length} of ${units} (${formatPercent(silent.length / units)})`;
  return [[
    "silent units",
    `rate ${share(rate)} never exceed 0.05 of the activation's range` +
    (spiking ? `, spiking ${share(spiking)} never fire` : ""),
  ]];
}

/** A name and what is said of it. */
type Line = readonly [name: string, text: string];

function networkLines(
  { network, task }: Model,
  { units, channels, layers, between }: NetworkSummary,
): Line[] {
  const { activation, dale, taus } = network;
  const several = layers.length > 1;
  return [
    ["task", task ? taskText(task) : "not in the file"],
    ...taskFileLines(task),
    [
      "units",
      String(units) + (several ? ` in ${countOf(layers.length, "layer")}` : ""),
    ],
    ["input channels", String(channels)],
    ["activation", activation],
    ["Dale's principle", dale ? "yes" : "no"],
    [
      "decay time constants",
      taus.length === 1
        ? `fixed, ${countOf(taus[0], "step")}`
        : `trained, within ${taus.join(" to ")} steps`,
    ],
    ...layers.flatMap((layer, l) =>
      layerLines(layer, several ? `layer ${l + 1}: ` : "", taus.length === 2)
    ),
    ...between.map(({ from, to, weights }): Line => [
      `layer ${from + 1} to ${to + 1}`,
      weightsText(weights),
    ]),
  ];
}

function layerLines(
  layer: LayerSummary,
  prefix: string,
  trainedTaus: boolean,
): Line[] {
  const { units, excitatory, inhibitory, sst, weights, taus } = layer;
  return [
    [
      `${prefix}unit types`,
      `${excitatory} excitatory, ${inhibitory} inhibitory` +
      (sst > 0 ? ` (${sst} SST, ${inhibitory - sst} PV)` : "") +
      (prefix === "" ? "" : ` of ${units}`),
    ],
    [`${prefix}recurrent weights`, weightsText(weights)],
    ...(trainedTaus
      ? [
        [
          `${prefix}decay, mean`,
          `${formatNumber(taus.mean)} steps (${formatNumber(taus.min)} to ` +
          `${formatNumber(taus.max)})`,
        ] satisfies Line,
      ]
      : []),
    [`${prefix}spectral radius`, formatNumber(layer.spectralRadius, 3)],
  ];
}

function weightsText({ positive, zero, negative }: WeightCounts): string {
  const all = positive + zero + negative;
  return `${positive} positive, ${negative} negative, ${zero} zero ` +
    `(${formatPercent((positive + negative) / all)} not zero)`;
}

function taskText(
  { name, timing, guessed }: NonNullable<Model["task"]>,
): string {
  if (guessed) return `${name}, as the path says; nothing in the file does`;
  const timings = Object.entries(timing).map(([n, steps]) => `${n} ${steps}`);
  return timings.length > 0 ? `${name} (${timings.join(", ")})` : name;
}

/** Where a task of your own came from. */
function taskFileLines(task: Model["task"]): Line[] {
  if (!task?.fingerprint) return [];
  const { file } = task;
  return [[
    "task's file",
    file
      ? `${file.path} (SHA-256 ${file.sha256.slice(0, 12)}…)`
      : "none: it was defined by a program",
  ]];
}

/** The training record without what is long. */
function trainingOf({ training }: Model): Record<string, unknown> | undefined {
  if (!training) return undefined;
  const { lastUpdate, losses, evaluations, outcome } = training;
  return { updates: losses.length, lastUpdate, evaluations, outcome };
}

function trainingLines(model: Model): Line[] {
  const { training } = model;
  if (!training) return [["training", "no record"]];
  const { losses, evaluations, outcome } = training;
  const last = evaluations.at(-1);
  return [
    ["updates", String(losses.length)],
    ["evaluations", String(evaluations.length)],
    ...(outcome
      ? [["criteria", unmetText(model) ?? "met"] satisfies Line]
      : []),
    ...(last
      ? [
        [
          "last evaluation",
          `performance ${formatPercent(last.performance)}, strict rule ` +
          `${formatPercent(last.strict)}, loss ${formatNumber(last.loss)}`,
        ] satisfies Line,
      ]
      : []),
  ];
}

function searchLines(search: SearchRecord | undefined): Line[] {
  if (!search) return [["scaling factor", "not searched yet (run map)"]];
  const { chosen, factors, select, plateau, scores } = search;
  const score = scores[factors.indexOf(chosen)];
  return [
    [
      "scaling factor",
      `${chosen}, by the ${select === "paper" ? "paper's" : "strict"} rule ` +
      `among ${factors.length}`,
    ],
    ...(score
      ? [
        [
          "spiking performance",
          `${formatPercent(score.paper.value)}, strict rule ` +
          formatPercent(score.strict.value),
        ] satisfies Line,
      ]
      : []),
    ...(plateau.length > 0
      ? [
        [
          "plateau",
          `${countOf(plateau.length, "factor")}, ${Math.min(...plateau)} to ${
            Math.max(...plateau)
          }`,
        ] satisfies Line,
      ]
      : []),
    ...(search.correspondence
      ? [
        [
          "correspondence",
          correspondenceText(search.correspondence),
        ] satisfies Line,
      ]
      : []),
    ...(search.layers
      ? [
        [
          "factors of layers",
          `${search.layers.factors.join(", ")}: strict rule ` +
          `${formatPercent(search.layers.score.strict.value)}, with one ` +
          `factor ${formatPercent(search.layers.singleScore.strict.value)}; ` +
          (search.layers.kept ? "used" : "not better, left out"),
        ] satisfies Line,
      ]
      : []),
    ...(search.calibration?.outcomes ?? []).map((outcome) =>
      [
        `calibration, ${outcome.step}`,
        `strict rule ${formatPercent(outcome.before.strict.value)} to ` +
        `${formatPercent(outcome.after.strict.value)}, ` +
        (outcome.kept
          ? "kept"
          : isUntried(outcome)
          ? "nothing to gain"
          : "left out") +
        (outcome.correspondence
          ? `; ${correspondenceText(outcome.correspondence)}`
          : "") +
        (outcome.rounds ? `; ${roundsText(outcome.rounds)}` : ""),
      ] satisfies Line
    ),
  ];
}

function provenanceLines({ provenance }: Model): Line[] {
  if (!provenance) return [];
  const { version, seed, backend, created } = provenance;
  const { perturbed } = provenance.settings;
  return [
    ...(Array.isArray(perturbed)
      ? perturbed.map((what): Line => ["perturbed", printableLine(`${what}`)])
      : []),
    ["seed", seed === null ? "unknown" : String(seed)],
    ["backend", backend],
    ["saved", created],
    ["by version", version],
  ];
}
