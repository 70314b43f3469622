/** Results of points that nobody ran, for tests of tables and figures. */
import type { PointResult } from "../../lib/sweep/types.ts";

/** What a test wants to say about a network; the rest is made up alike. */
export interface Synthetic {
  readonly varied?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  readonly trained?: boolean;
  readonly updates?: number;
  /** Spiking performance by the paper's rule and the strict one; none: not mapped. */
  readonly spiking?: readonly [paper: number, strict: number];
  readonly seconds?: number;
  readonly host?: string;
}

/** A result. */
export function syntheticResult(wanted: Synthetic = {}): PointResult {
  const {
    varied = {},
    seed = 1,
    trained = true,
    updates = 1600,
    spiking,
    seconds = 10,
    host = "node-1",
  } = wanted;
  return {
    id: `${JSON.stringify(varied)}-${seed}`,
    varied,
    seed,
    settings: { train: { task: "go-nogo", ...varied, seed } },
    version: "0.1.0",
    trained,
    updates,
    trials: updates,
    rate: { paper: 0.99, strict: 0.97, outputError: 0.1, trials: 100 },
    ...(spiking && {
      spiking: {
        paper: spiking[0],
        strict: spiking[1],
        outputError: 0.2,
        trials: 100,
        factor: 45,
        paperFactor: 20,
        paperFactorPerformance: spiking[0],
        excitatoryRate: 4,
        inhibitoryRate: 20,
      },
    }),
    seconds: {
      train: seconds / 2,
      ...(spiking && { map: seconds / 4 }),
      evaluate: seconds / 4,
      total: seconds,
    },
    host,
    model: "model.mat",
  };
}
