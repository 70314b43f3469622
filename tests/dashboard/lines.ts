/** Lines of a made-up run. */
import type {
  Evaluated,
  Progress,
  SpikingExample,
} from "../../lib/records/events.ts";
import type { Score } from "../../lib/network/scores.ts";
import { logEvent } from "../../lib/records/log_event.ts";
import type { LogLine } from "../../lib/records/log_lines.ts";

const proportion = (value: number) => ({
  correct: Math.round(value * 100),
  trials: 100,
  value,
  low: Math.max(0, value - 0.1),
  high: Math.min(1, value + 0.1),
});

/** A score with a performance. */
export function score(paper: number, strict: number, loss: number): Score {
  return {
    paper: proportion(paper),
    strict: proportion(strict),
    loss,
    outputError: 0.1,
    conditions: [],
  };
}

/** A trial of 200 units and 200 steps. */
export function example(): Evaluated["example"] {
  const steps = 200;
  const units = 200;
  return {
    condition: "go",
    inputs: new Float32Array(steps).fill(1, 30, 60),
    target: new Float32Array(steps).fill(1, 90),
    outputs: Float32Array.from(
      { length: steps },
      (_, t) => 1 / (1 + Math.exp(-(t - 95) / 6)),
    ),
    rates: Float32Array.from(
      { length: units * steps },
      (_, k) => Math.abs(Math.sin(k % steps / 20 + Math.floor(k / steps) / 30)),
    ),
  };
}

/** A line at a time, from a progress event. */
export function line(event: Progress, time: number): LogLine {
  return { ...logEvent(event)!, time };
}

/** The events of a run of some updates, evaluated every 100. */
export function* run(updates: number): Generator<Progress> {
  const trial = example();
  yield {
    kind: "started",
    task: "go-nogo",
    units: 200,
    update: 0,
    updates,
    batch: 1,
    backend: "simd",
    seed: 1,
  };
  for (let update = 1; update <= updates; update++) {
    const loss = 10 * Math.exp(-update / 300) + Math.abs(Math.sin(update));
    yield { kind: "trained", update, loss, gradientNorm: 1 };
    if (update % 100 === 2) {
      const performance = 1 - Math.exp(-update / 300);
      yield {
        kind: "evaluated",
        update,
        noiseLevel: 1,
        score: score(performance, performance * 0.8, loss),
        example: trial,
      };
    }
  }
}

/** A trial of 200 units, the first 160 excitatory, which fire in turn. */
export function spikes(rate: number): SpikingExample {
  const units = 200;
  const duration = 1000;
  const count = Math.round(rate * units);
  const numbers = Array.from({ length: count }, (_, k) => k);
  return {
    condition: "go",
    duration,
    times: Float32Array.from(numbers, (k) => k / count * duration),
    units: Uint32Array.from(numbers, (k) => k * 7 % units),
    populations: [
      { type: "E", units: Array.from({ length: 160 }, (_, k) => k) },
      { type: "I", units: Array.from({ length: 40 }, (_, k) => 160 + k) },
    ],
  };
}

/** Factors of layers that were tried. */
export function layerFactors(
  factors: readonly number[],
  done: number,
  strict: number,
  best: readonly number[],
): Progress {
  return {
    kind: "layerFactors",
    factors,
    done,
    score: score(1, strict, NaN),
    best,
  };
}

/** A factor of a search that was tried. */
export function factor(
  value: number,
  done: number,
  total: number,
  example?: SpikingExample,
): Progress {
  const strict = Math.exp(-(((value - 45) / 15) ** 2));
  return {
    kind: "factor",
    settled: true,
    factor: value,
    done,
    total,
    score: score(Math.min(1, strict * 1.1), strict, NaN),
    ...(example && { example }),
  };
}
