/** Search of the scaling factor, and tuning of the spiking network. */
import {
  type Backend,
  calibrate,
  type CalibrationOutcome,
  convert,
  mappedNetwork,
  type Model,
  type Proportion,
  searchScalingFactor,
  type Task,
} from "../../../lib/entry/web.ts";
import { fallbacks } from "../../../lib/settings/kinds.ts";
import { mapFlags } from "../../../lib/runs/map_flags.ts";
import { askedOf, withLaterRun } from "../../../lib/runs/map_runs.ts";
import { formatNumber, formatPercent } from "../../../lib/runs/format.ts";
import { choiceText } from "../../../lib/runs/search_text.ts";
import type { Share, Tell } from "../protocol.ts";
import { tuneFlags } from "../lines.ts";
import { showTwin } from "./playing.ts";

/** What mapping works with. */
export interface MappingParts {
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly tell: (message: Tell) => void;
}

/** A share as messages have it. */
export function shareOf({ value, low, high, trials }: Proportion): Share {
  return { value, low, high, trials };
}

/** A sentence without the flags of the command line that it points to. */
function withoutFlags(text: string): string {
  return text.replace(/ \(--[^)]*\)/g, "");
}

/** The seed of a model, by which it is mapped too. */
export function seedOf({ provenance }: Model): number {
  return provenance?.seed ?? 1;
}

/** Searches the scaling factor as `spikernn map` does, and gives the mapped model. */
export async function mapModel(
  model: Model,
  task: Task,
  trials: number,
  { backend, signal, tell }: MappingParts,
): Promise<Model> {
  const begun = performance.now();
  const seed = seedOf(model);
  const seen = new Set<number>();
  const events = searchScalingFactor(model.network, task, {
    ...{ seed, trials, backend, signal },
  });
  for await (const event of events) {
    if (event.kind === "mapped") {
      const search = {
        ...event.search,
        runs: [
          askedOf({ ...fallbacks(mapFlags), trials }, seed, backend, {
            factors: event.search.factors,
          }),
        ],
      };
      tell({
        kind: "mapped",
        chosen: search.chosen,
        factors: Float32Array.from(search.factors),
        strict: Float32Array.from(
          search.scores,
          ({ strict }) => strict.value,
        ),
        seconds: (performance.now() - begun) / 1000,
        trials,
        words: choiceText(search).map(withoutFlags),
      });
      return { ...model, search };
    }
    const { factor, done, total } = event;
    tell({
      kind: "factor",
      ...{ factor, done, total },
      ...(event.kind === "factor"
        ? {
          strict: shareOf(event.score.strict),
          paper: shareOf(event.score.paper),
          error: undefined,
        }
        : { strict: undefined, paper: undefined, error: event.error }),
    });
    if (event.kind === "factorFailed" || seen.has(factor)) continue;
    seen.add(factor);
    const twin = convert(model.network, {
      scalingFactor: factor,
      stepMs: task.stepMs,
    });
    const parts = { model, task, twin, backend, signal, tell };
    await showTwin(String(factor), false, parts);
  }
  throw new Error("Cannot map the network: the search ended without a result");
}

/** What tuning gave and changed, in sentences. */
function outcomeText(
  { before, after, kept, robustness = [], correspondence }: CalibrationOutcome,
): string[] {
  const fragile = robustness.filter(({ worse }) => worse)
    .map(({ name }) => name).join(", ");
  const verdict = kept
    ? "it is kept"
    : fragile === ""
    ? "that is no more than chance, so it is left out"
    : `but it is worse under ${fragile}, so it is left out`;
  const words = [
    `right in ${formatPercent(before.strict.value)} of ` +
    `${before.strict.trials} fresh trials before, in ` +
    `${formatPercent(after.strict.value)} after; the output is off by ` +
    `${formatNumber(before.outputError)} before, by ` +
    `${formatNumber(after.outputError)} after: ${verdict}`,
  ];
  if (!correspondence) return words;
  const { weightChange, synapsesChanged, unitCorrelation } = correspondence;
  return [
    ...words,
    `the weights changed by ${formatPercent(weightChange)} in all, ` +
    `${formatPercent(synapsesChanged)} of the synapses more than twofold`,
    `units and their twins correlate by ${formatNumber(unitCorrelation)} ` +
    "(the median; 1 would be the same course over a trial)",
  ];
}

/** Tunes the spiking network, as `spikernn map --calibrate tune` with few updates. */
export async function tuneModel(
  model: Model,
  task: Task,
  { backend, signal, tell }: MappingParts,
): Promise<Model> {
  const seed = seedOf(model);
  const { tune_rounds: rounds, tune_updates: updates } = tuneFlags;
  const events = calibrate(
    mappedNetwork({
      ...model,
      search: { ...model.search!, calibration: undefined },
    }),
    task,
    {
      ...{ seed, backend, signal },
      steps: ["tune"],
      tune: { rounds, updates },
      onUpdate: ({ done, total, loss }) =>
        tell({ kind: "tuning", step: "updates", done, total, loss }),
    },
  );
  for await (const event of events) {
    if (event.kind === "calibrated") continue;
    const { record } = event;
    const kept = record.outcomes.some((outcome) => outcome.kept);
    const search = withLaterRun(
      { ...model.search!, calibration: record },
      askedOf(
        {
          ...fallbacks(mapFlags),
          ...tuneFlags,
          calibrate: ["tune"],
        },
        seed,
        backend,
      ),
    );
    tell({ kind: "tuned", words: record.outcomes.flatMap(outcomeText), kept });
    return { ...model, search };
  }
  throw new Error("Cannot tune the network: it ended without a result");
}
