/** One scaling factor for each layer, beyond a searched one for all: for `map`. */
import type { Backend } from "../backend/types.ts";
import type { Model, ScoredFactors, SearchRecord } from "../network/records.ts";
import { convert } from "../spiking/convert.ts";
import { mappingOfSearch } from "../spiking/mapped.ts";
import { searchLayerFactors } from "../map/search_layers.ts";
import type { Task } from "../tasks/types.ts";
import { InterruptedError } from "./errors.ts";
import { formatNumber, formatPercent } from "./format.ts";
import { type Interruption, isAbort } from "./interrupt.ts";
import type { Reporter } from "./reporter.ts";
import { Counted } from "./progress/counted.ts";
import type { WatchedRun } from "./watch.ts";

/** What `map` says about a search over the factors of layers. */
interface LayerFlags {
  readonly factors: readonly number[] | undefined;
  readonly trials: number;
}

/** Searches from the factor that a search chose; shows and reports each step. */
export async function searchLayers(
  model: Model,
  searched: SearchRecord,
  task: Task,
  { given: { flags, output }, seed, backend, interruption, ...rest }: {
    readonly given: { readonly flags: LayerFlags; readonly output: Reporter };
    readonly seed: number;
    readonly backend: Backend;
    readonly interruption: Interruption;
    readonly watched: WatchedRun;
    /** What an interrupted search tried before. */
    readonly resume?: readonly ScoredFactors[];
    /** Keeps what has been tried, for when this one is interrupted, if it can. */
    readonly keep?: (tried: readonly ScoredFactors[]) => Promise<boolean>;
  },
): Promise<SearchRecord> {
  const { watched, resume, keep } = rest;
  const single = { ...searched, calibration: undefined, layers: undefined };
  const spiking = convert(model.network, {
    ...mappingOfSearch(single, model.initial),
    stepMs: task.stepMs,
  });
  const counted = new Counted("factors of layers", "choices", output);
  const tried: ScoredFactors[] = [];
  let kept = false;
  try {
    const events = searchLayerFactors(spiking, task, {
      seed,
      factors: flags.factors ?? searched.factors,
      trials: flags.trials,
      validation: flags.trials,
      select: searched.select,
      resume,
      backend,
      signal: interruption.signal,
    });
    let next = await events.next();
    for (; !next.done; next = await events.next()) {
      // What it holds is told with the model.
      if (next.value.kind === "layersMapped") continue;
      const { factors, score, done } = next.value;
      output.event({ ...next.value });
      await watched.listen(next.value);
      // How many come is open; the bar is full only when it is over.
      counted.show(done, done + 1, [
        `factors ${factors.join(" ")}`,
        `strict ${formatPercent(score.strict.value)}`,
      ]);
      tried.push({ factors, score });
      kept = await keep?.(tried) ?? false;
    }
    const layers = next.value;
    return {
      ...searched,
      layers,
      // A calibration suits the factor that it was fitted for.
      calibration: layers.kept ? undefined : searched.calibration,
    };
  } catch (error) {
    if (!isAbort(error)) {
      await watched.failed(error);
      throw error;
    }
    throw new InterruptedError(
      `Interrupted after ${tried.length} choices of factors for the layers: ` +
        (kept
          ? "they are kept, run the same command to go on"
          : "nothing was written, run the same command again"),
      { cause: error },
    );
  } finally {
    output.endProgress();
  }
}

/** Which was better, one factor or one for each layer; nothing if not searched. */
export function layersText({ layers }: SearchRecord): string[] {
  if (!layers) return [];
  const { factors, single, tried, score, singleScore, kept } = layers;
  if (factors.every((factor) => factor === single)) {
    return [
      `factors of the layers: none of ${tried.length} choices is better than ` +
      `${single} for all`,
    ];
  }
  const result = ({ strict, paper, outputError }: typeof score) =>
    `strict ${formatPercent(strict.value)}, paper ` +
    `${formatPercent(paper.value)}, output error ${formatNumber(outputError)}`;
  return [
    `factors of the layers: ${factors.join(", ")} (${tried.length} choices): ` +
    `${result(score)}; ${single} for all: ${result(singleScore)} ` +
    `(${score.strict.trials} fresh trials): ` +
    (kept ? "one for each layer is better, and used" : "one for all stays"),
  ];
}
