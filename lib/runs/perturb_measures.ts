/** What analyses find in perturbed networks, beside the intact one. */
import type { Backend } from "../backend/types.ts";
import type { CsvCell } from "../formats/csv.ts";
import { modify } from "../network/modify.ts";
import type { Model } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { RateNetwork } from "../network/types.ts";
import { nextTurn } from "../platform/turn.ts";
import { lesion } from "../simulate/perturb.ts";
import type { Task } from "../tasks/types.ts";
import { analyse } from "./analyse/analyse.ts";
import type { AnalysisResult, Scalar } from "./analyse/types.ts";
import { type Point, pointText } from "./perturb_points.ts";

/** What is measured, and on what. */
export interface MeasureRequest {
  readonly model: Model;
  readonly task: Task;
  readonly twin?: SpikingNetwork;
  readonly points: readonly Point[];
  /** Names of analyses. */
  readonly measures: readonly string[];
  /** Trials of each condition. */
  readonly trials: number;
  readonly seed: number;
  /** Whether numbers get intervals by bootstrap. Defaults to true. */
  readonly intervals?: boolean;
  readonly backend: Backend;
  readonly signal?: AbortSignal;
}

/** A network was measured, the intact one first. */
export interface Measured {
  /** Undefined for the intact network. */
  readonly point?: Point;
  readonly results: Readonly<Record<string, AnalysisResult>>;
  /** Analyses that could not be made, and why. */
  readonly leftOut: Readonly<Record<string, string>>;
  readonly done: number;
  readonly total: number;
}

/**
 * Whether analyses can be made of a point: they run trials of their own, which
 * know neither windows nor other noise nor stimulation.
 */
export function isMeasurable({ parts }: Point): boolean {
  return parts.every(({ kind, window }) =>
    window === "whole" && kind !== "noise" && kind !== "stim"
  );
}

/**
 * Analyses the intact network and every point that can be measured, with the
 * same seed: the same trials with the same noise. What cannot be made is left out.
 */
export async function* measurePoints(
  { model, task, twin, points, measures, ...options }: MeasureRequest,
): AsyncGenerator<Measured, void> {
  const { trials, backend, seed, intervals, signal } = options;
  const all = [undefined, ...points.filter(isMeasurable)];
  for (const [k, point] of all.entries()) {
    const changed = (network: RateNetwork) => perturbed(network, point);
    const source = {
      model: { ...model, network: changed(model.network) },
      task,
      twin: twin && { ...twin, rate: changed(twin.rate) },
      trials,
      backend,
    };
    const events = analyse(source, {
      analyses: measures,
      leaveOut: true,
      seed,
      intervals,
      signal,
      pause: nextTurn,
    });
    for await (const event of events) {
      if (event.kind !== "analysed") continue;
      const { results, leftOut } = event;
      yield { point, results, leftOut, done: k + 1, total: all.length };
    }
  }
}

function perturbed(network: RateNetwork, point?: Point): RateNetwork {
  if (!point) return network;
  const { modifications = [], lesion: units } = point.perturbation;
  const changed = modify(
    network,
    modifications.map(({ window: _, ...change }) => change),
  );
  return units === undefined ? changed : lesion(changed, units);
}

/** Columns of the table of measures. */
export const measureColumns = [
  "perturbation",
  "analysis",
  "network",
  "name",
  "of",
  "unit",
  "value",
  "low",
  "high",
  "intact",
  "difference",
] as const;

/** The numbers of one scalar: in the intact network, and in each point. */
export interface MeasuredScalar {
  readonly analysis: string;
  readonly scalar: Scalar;
  readonly intact: number;
  readonly point?: Point;
}

/** Every number of every network beside that of the intact network. */
export function measuredScalars(
  measured: readonly Measured[],
): MeasuredScalar[] {
  const all = measured.flatMap(({ point, results }) =>
    Object.entries(results).flatMap(([analysis, { scalars }]) =>
      scalars.map((scalar) => ({ analysis, scalar, point }))
    )
  );
  const intact = new Map(
    all.filter(({ point }) => !point)
      .map((one) => [scalarText(one), one.scalar.value]),
  );
  return all.map((one) => ({
    ...one,
    intact: intact.get(scalarText(one)) ?? NaN,
  }));
}

/** A scalar in words: `timescales, median_tau, E, spiking`. */
export function scalarText(
  { analysis, scalar: { network, name, of } }: Pick<
    MeasuredScalar,
    "analysis" | "scalar"
  >,
): string {
  return [analysis, name, of, network].filter((part) => part !== undefined)
    .join(", ");
}

/** The table of measures: a row for each number of each network. */
export function measureRows(
  measured: readonly Measured[],
): Record<(typeof measureColumns)[number], CsvCell>[] {
  const number = (value: number | undefined) =>
    value !== undefined && Number.isFinite(value) ? value : null;
  return measuredScalars(measured).map((
    { analysis, scalar, intact, point },
  ) => ({
    perturbation: point ? pointText(point) : "intact",
    analysis,
    network: scalar.network ?? "",
    name: scalar.name,
    of: scalar.of ?? "",
    unit: scalar.unit ?? "",
    value: number(scalar.value),
    low: number(scalar.low),
    high: number(scalar.high),
    intact: number(intact),
    difference: number(scalar.value - intact),
  }));
}
