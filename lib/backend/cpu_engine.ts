/** Engines of processors: an update is made of parts that a session can wait for. */
import type { AdamStep } from "../kernels/adam/reference.ts";
import { type TrialBlock, trialBlocks } from "./blocks.ts";
import {
  openRateSession,
  type RateEngine,
  type RateRecord,
  type SessionVectors,
} from "./rate_session.ts";
import type {
  LossName,
  OptimiserState,
  RateSession,
  RateTrace,
  RateTrial,
} from "./types.ts";
import type { RateNetwork } from "../network/types.ts";
import type { WiredNetwork } from "./wiring.ts";

/** What computes on processors. */
export interface CpuEngine {
  readonly wired: WiredNetwork;
  /** The vectors; what is written to them counts from the next call on. */
  vectors(): SessionVectors;
  /** Says that parameters were written from outside. */
  parametersChanged(): void;
  run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]>;
  /**
   * Sets the gradient vector to the gradient of `scale` times the sum of the
   * losses; returns the losses and, when asked for, the outputs.
   */
  gradient(
    blocks: readonly TrialBlock[],
    loss: LossName,
    scale: number,
    outputs: boolean,
  ): Promise<{ losses: Float64Array; traces: RateTrace[] }>;
  /** L2 norm of the gradient vector. */
  gradientNorm(): number;
  adam(step: AdamStep): void;
  close(): void;
}

/** Opens a session on a copy of a network; see `openRateSession`. */
export function openCpuSession(
  network: RateNetwork,
  makeEngine: (network: RateNetwork, state?: OptimiserState) => CpuEngine,
): RateSession {
  return openRateSession(
    network,
    (start, state) => inParts(makeEngine(start, state)),
  );
}

function inParts(engine: CpuEngine): RateEngine {
  const gradient = (
    trials: readonly RateTrial[],
    loss: LossName,
    outputs: boolean,
  ) => {
    const blocks = trialBlocks(trials, engine.wired.wiring.units);
    return engine.gradient(blocks, loss, 1 / trials.length, outputs);
  };
  return {
    wired: engine.wired,
    vectors: () => engine.vectors(),
    changed: () => engine.parametersChanged(),
    run: (trials, record) => engine.run(trials, record),
    gradient: (trials, loss) => gradient(trials, loss, true),
    async update(trials, loss, { clipNorm, ...step }) {
      const { losses } = await gradient(trials, loss, false);
      const norm = engine.gradientNorm();
      const scale = clipNorm !== undefined && norm > clipNorm
        ? clipNorm / norm
        : 1;
      engine.adam({ ...step, scale });
      return { losses, gradientNorm: norm };
    },
    close: () => engine.close(),
  };
}
