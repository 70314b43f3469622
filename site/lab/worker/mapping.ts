/** Search of the scaling factor, and tuning of the spiking network. */
import {
  type Backend,
  calibrate,
  mappedNetwork,
  type Model,
  type Proportion,
  searchScalingFactor,
  type Task,
} from "../../../lib/entry/web.ts";
import { fallbacks } from "../../../lib/settings/kinds.ts";
import { mapFlags } from "../../../lib/runs/map_flags.ts";
import { askedOf, withLaterRun } from "../../../lib/runs/map_runs.ts";
import { choiceText } from "../../../lib/runs/search_text.ts";
import type { Share, Tell } from "../protocol.ts";
import { tuneFlags } from "../lines.ts";

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
        words: choiceText(search),
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
  }
  throw new Error("Cannot map the network: the search ended without a result");
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
  const words: string[] = [];
  for await (const event of events) {
    if (event.kind === "calibrated") {
      const { before, after, kept } = event;
      const percent = (share: Proportion) =>
        `${Math.round(100 * share.value)} %`;
      words.push(
        `right in ${percent(before.strict)} of ${before.strict.trials} fresh ` +
          `trials before, in ${percent(after.strict)} after: ` +
          (kept ? "kept" : "not better beyond chance, left out"),
      );
    } else {
      const { record } = event;
      const kept = record.outcomes.some((outcome) => outcome.kept);
      tell({ kind: "tuned", words, kept });
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
      return { ...model, search };
    }
  }
  throw new Error("Cannot tune the network: it ended without a result");
}
