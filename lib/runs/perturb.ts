/** A saved network perturbed: every point of a grid on the same trials. */
import type { Backend } from "../backend/types.ts";
import { countOf } from "../count.ts";
import type { CsvCell } from "../formats/csv.ts";
import { modify } from "../network/modify.ts";
import type { Model } from "../network/records.ts";
import type { PopulationRates, Score } from "../network/scores.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import {
  evaluatePerturbed,
  type PerturbationEffect,
} from "../simulate/evaluate_perturbed.ts";
import { lesion } from "../simulate/perturb.ts";
import type { Task } from "../tasks/types.ts";
import { version } from "../version.ts";
import { UsageError } from "./errors.ts";
import { modificationText, type Point, pointText } from "./perturb_points.ts";

/** What is perturbed, and how. */
export interface PerturbRequest {
  readonly model: Model;
  readonly task: Task;
  /** The spiking twin, to perturb it too. */
  readonly twin?: SpikingNetwork;
  /** Whether the rate network is perturbed. */
  readonly rate: boolean;
  readonly points: readonly Point[];
  readonly trials: number;
  readonly seed: number;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** Which network. */
export type NetworkKind = "rate" | "spiking";

/** A point that was evaluated. */
export interface PointEffect extends PerturbationEffect {
  readonly network: NetworkKind;
  readonly point: Point;
}

/** What happened. */
export type PerturbRunEvent =
  | {
    readonly kind: "simulated";
    readonly done: number;
    readonly total: number;
  }
  | {
    readonly kind: "intact";
    readonly network: NetworkKind;
    readonly score: Score;
    readonly activity?: PopulationRates;
  }
  | { readonly kind: "failed"; readonly point: Point; readonly error: string }
  | { readonly kind: "effect"; readonly effect: PointEffect };

/**
 * Evaluates the points on the networks asked for, all of them on the same
 * trials, conditions in turn.
 *
 * @yields progress, and what each network and point gave
 * @throws {RangeError} for points that network or trial do not allow
 */
export async function* perturbModel(
  { model, task, twin, rate, points, ...options }: PerturbRequest,
): AsyncGenerator<PerturbRunEvent, void> {
  const networks = [
    ...(rate ? [["rate", model.network] as const] : []),
    ...(twin ? [["spiking", twin] as const] : []),
  ];
  const perturbations = points.map(({ perturbation }) => perturbation);
  const each = (points.length + 1) * options.trials;
  for (const [k, [network, of]] of networks.entries()) {
    const events = evaluatePerturbed(of, task, perturbations, {
      ...options,
      balanced: true,
    });
    for await (const event of events) {
      switch (event.kind) {
        case "simulated":
          yield {
            kind: "simulated",
            done: k * each + event.done,
            total: networks.length * each,
          };
          break;
        case "perturbation": {
          const { kind: _, ...effect } = event;
          const point = points[event.index];
          yield { kind: "effect", effect: { ...effect, network, point } };
          break;
        }
        case "perturbationFailed":
          yield {
            kind: "failed",
            point: points[event.index],
            error: event.error,
          };
          break;
        case "intact":
          yield { ...event, network };
      }
    }
  }
}

/** Columns of the table, and what they hold. */
export const effectColumns = [
  "network",
  "perturbation",
  "kind",
  "from",
  "to",
  "amount",
  "window",
  "trials",
  "strict",
  "strict_low",
  "strict_high",
  "strict_difference",
  "strict_difference_low",
  "strict_difference_high",
  "strict_p",
  "paper",
  "paper_difference",
  "paper_difference_low",
  "paper_difference_high",
  "paper_p",
  "output_error",
  "rate_E_Hz",
  "rate_I_Hz",
  "r_E",
  "r_I",
] as const;

/** A column of the table. */
export type EffectColumn = (typeof effectColumns)[number];

/** The columns that say what a point did. */
export const effectMeasures: readonly EffectColumn[] = effectColumns.slice(
  effectColumns.indexOf("strict"),
);

/** An effect as a row of the table; parts of a combination are joined by +. */
export function effectRow(
  { network, point, score, activity, strict, paper }: PointEffect,
): Record<EffectColumn, CsvCell> {
  const all = (of: "kind" | "from" | "to" | "amount" | "window") => {
    const values = point.parts.map((part) => part[of] ?? "");
    return values.length === 1 ? values[0] : values.join(" + ");
  };
  const number = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return {
    network,
    perturbation: pointText(point),
    kind: all("kind"),
    from: all("from"),
    to: all("to"),
    amount: all("amount"),
    window: all("window"),
    trials: score.strict.trials,
    strict: score.strict.value,
    strict_low: score.strict.low,
    strict_high: score.strict.high,
    strict_difference: strict.difference,
    strict_difference_low: strict.low,
    strict_difference_high: strict.high,
    strict_p: strict.p,
    paper: score.paper.value,
    paper_difference: paper.difference,
    paper_difference_low: paper.low,
    paper_difference_high: paper.high,
    paper_p: paper.p,
    output_error: number(score.outputError),
    rate_E_Hz: number(score.rates?.excitatory),
    rate_I_Hz: number(score.rates?.inhibitory),
    r_E: number(activity?.excitatory),
    r_I: number(activity?.inhibitory),
  };
}

/**
 * A model with the network of a point, which says what was done to it. What was
 * recorded of the network before (losses, search, the last trial) stays.
 *
 * @throws {UsageError} for several points, or what no file can hold: a window,
 *   noise, stimulation
 */
export function perturbedModel(
  model: Model,
  points: readonly Point[],
  now: string,
): Model {
  if (points.length !== 1) {
    throw new UsageError(
      `Cannot save ${
        countOf(points.length, "network")
      } in one file: --save takes one ` +
        "point, name one class, one amount and one window",
    );
  }
  const [{ perturbation, parts }] = points;
  const { modifications = [], lesion: units } = perturbation;
  const passing = parts.find(({ kind, window }) =>
    kind === "noise" || kind === "stim" || window !== "whole"
  );
  if (passing) {
    throw new UsageError(
      `Cannot save the network: ${
        pointText({ parts: [passing] })
      } happens in ` +
        "a trial, a model has no time; leave out --save",
    );
  }
  const network = modify(
    model.network,
    modifications.map(({ window: _, ...change }) => change),
  );
  const done = [
    ...modifications.map(modificationText),
    ...(units === undefined ? [] : [
      `lesion of units ${[units].flat().join(" ")}`,
    ]),
  ];
  const before = model.provenance;
  const earlier = before?.settings.perturbed;
  return {
    ...model,
    network: units === undefined ? network : lesion(network, units),
    provenance: {
      version,
      seed: null,
      backend: "none",
      ...before,
      created: now,
      settings: {
        ...before?.settings,
        perturbed: [...(Array.isArray(earlier) ? earlier : []), ...done],
      },
    },
  };
}
