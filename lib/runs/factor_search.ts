/** The search over one factor for the whole network, for `map`. */
import type { Backend } from "../backend/types.ts";
import { countOf } from "../count.ts";
import type { Model, SearchRecord } from "../network/records.ts";
import { defaultFactors } from "../network/scaling_factor.ts";
import { searchScalingFactor } from "../map/search.ts";
import type { ScoredFactor } from "../map/selection.ts";
import type { Values } from "../settings/kinds.ts";
import type { Task } from "../tasks/types.ts";
import { FailureError, InterruptedError } from "./errors.ts";
import { formatPercent } from "./format.ts";
import { type Interruption, isAbort } from "./interrupt.ts";
import { withoutBulk } from "./json.ts";
import type { mapFlags } from "./map_flags.ts";
import { Counted } from "./progress/counted.ts";
import type { Reporter } from "./reporter.ts";
import { drawSeed } from "./resources.ts";
import {
  fingerprint,
  keepState,
  readState,
  type SearchState,
} from "./search_state.ts";
import type { mappingOf } from "./spiking_flags.ts";
import type { WatchedRun } from "./watch.ts";

/** What a search was asked, and who hears of it. */
export interface Given {
  readonly flags: Values<typeof mapFlags>;
  readonly output: Reporter;
}

/**
 * Searches; shows and reports each factor, and keeps the state on disk after it.
 *
 * @param path of the model, beside which the state is kept
 * @returns the record, and the state that a run goes on from
 * @throws {InterruptedError} if it was asked to stop
 */
export async function searchFactors(
  path: string,
  model: Model,
  task: Task,
  { given, mapping, state, backend, interruption, watched }: {
    given: Given;
    mapping: ReturnType<typeof mappingOf>;
    state: SearchState;
    backend: Backend;
    interruption: Interruption;
    watched: WatchedRun;
  },
): Promise<{ readonly search: SearchRecord; readonly state: SearchState }> {
  const { flags, output } = given;
  const counted = new Counted("map", "factors", output);
  const tried: ScoredFactor[] = [...state.tried];
  let kept = tried.length > 0;
  const known = new Set(tried.map(keyOf));
  try {
    counted.show(
      0,
      (flags.factors ?? defaultFactors(model.network.activation)).length,
    );
    const events = searchScalingFactor(model.network, task, {
      ...mapping,
      seed: state.seed,
      factors: flags.factors,
      trials: flags.trials,
      select: flags.select,
      allTrials: flags.all_trials,
      refine: flags.refine,
      predict: flags.predict,
      resume: state.tried,
      examples: watched.heard,
      backend,
      signal: interruption.signal,
    });
    for await (const event of events) {
      output.event({ ...withoutBulk(event), path });
      await watched.listen(event);
      if (event.kind === "mapped") {
        return { search: event.search, state: { ...state, tried } };
      }
      if (event.kind === "factor") {
        const { factor, score, done, total } = event;
        counted.show(done, total, [
          `factor ${factor}`,
          `strict ${formatPercent(score.strict.value)} of ` +
          `${score.strict.trials}`,
        ]);
        if (!known.has(keyOf(event))) {
          tried.push({ factor, score });
          kept = await keepState(path, { ...state, tried }, output);
        }
      }
    }
  } catch (error) {
    if (!isAbort(error)) {
      await watched.failed(error);
      throw error;
    }
    throw new InterruptedError(
      `Interrupted after ${triedText(tried)} of ${path}: ` +
        (kept
          ? "they are kept, run the same command to go on"
          : tried.length > 0
          ? "they could not be kept"
          : "nothing to keep yet"),
    );
  } finally {
    output.endProgress();
  }
  throw new FailureError(`Cannot map ${path}: the search gave no result`);
}

function keyOf({ factor, score }: ScoredFactor): string {
  return `${factor} ${score.strict.trials}`;
}

/** How much was tried: `12 factors, 216 trials in all`. */
export function triedText(tried: readonly ScoredFactor[]): string {
  const trials = new Map<number, number>();
  for (const { factor, score } of tried) {
    trials.set(factor, Math.max(trials.get(factor) ?? 0, score.strict.trials));
  }
  const all = [...trials.values()].reduce((sum, n) => sum + n, 0);
  return `${countOf(trials.size, "factor")}, ${countOf(all, "trial")} in all`;
}

/** A new state, or the one that an interrupted search of the same kind left. */
export async function openState(
  path: string,
  model: Model,
  task: Task,
  { flags }: Given,
  mapping: ReturnType<typeof mappingOf>,
): Promise<SearchState> {
  const left = await readState(path);
  const seed = flags.seed ?? left?.seed ?? drawSeed();
  const { name, stepMs, timing, conditions, file } = task;
  const current = fingerprint({
    network: model.network,
    task: {
      ...{ name, stepMs, timing, conditions },
      ...(file && { sha256: file.sha256 }),
    },
    mapping,
    trials: flags.trials,
    seed,
  });
  if (left?.fingerprint === current) return left;
  return {
    fingerprint: current,
    seed: flags.seed ?? drawSeed(),
    tried: [],
  };
}
