/** From a progress event to the line of a log. */
import type { Score } from "../network/scores.ts";
import type { Progress } from "./events.ts";
import { thinExample, thinRaster } from "./thin.ts";
import type { BriefScore, LogEvent } from "./log_lines.ts";

/**
 * What a log keeps of an event; `undefined` for events that it does not keep,
 * such as checkpoints, which hold weights.
 */
export function logEvent(event: Progress): LogEvent | undefined {
  switch (event.kind) {
    case "evaluated":
      return {
        kind: "evaluated",
        update: event.update,
        noiseLevel: event.noiseLevel,
        ...(event.lesson !== undefined && { lesson: event.lesson }),
        ...(event.returned && { returned: event.returned }),
        score: briefScore(event.score),
        example: thinExample(event.example),
      };
    case "stopped": {
      const { kind, reason, update, seconds, firstMet, kept } = event;
      return {
        kind,
        reason,
        update,
        seconds,
        ...(firstMet !== undefined && { firstMet }),
        ...(kept !== undefined && { kept }),
      };
    }
    case "factor": {
      const { kind, factor, done, total, settled, score, example } = event;
      return {
        kind,
        factor,
        done,
        total,
        settled,
        score: briefScore(score),
        ...(example && { raster: thinRaster(example) }),
      };
    }
    case "layerFactors": {
      const { kind, factors, done, score, best } = event;
      return { kind, factors, done, score: briefScore(score), best };
    }
    case "mapped": {
      const { chosen, plateau } = event.search;
      return { kind: "mapped", chosen, plateau };
    }
    case "calibrated": {
      const { kind, step, before, after, kept } = event;
      return {
        kind,
        step,
        before: briefScore(before),
        after: briefScore(after),
        kept,
      };
    }
    case "started":
    case "trained":
    case "factorFailed":
      return event;
    default:
      return undefined;
  }
}

function briefScore({ paper, strict, loss, outputError }: Score): BriefScore {
  const known = (value: number) => Number.isFinite(value) ? value : null;
  return {
    paper: known(paper.value),
    strict: known(strict.value),
    low: known(strict.low),
    high: known(strict.high),
    loss: known(loss),
    outputError: known(outputError),
  };
}
