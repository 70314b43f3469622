/**
 * The part of a rate session that all backends share: checks, grouping of
 * trials, the optimiser's bookkeeping, and the way back to a network.
 */
import { BackendError } from "../errors.ts";
import { adamRate, type AdamStep } from "../kernels/adam/reference.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import { type TrialBlock, trialBlocks } from "./blocks.ts";
import { checkNetwork } from "../network/check.ts";
import { checkAdam, checkTrials } from "./check.ts";
import type {
  AdamOptions,
  LossName,
  OptimiserState,
  RateParameters,
  RateSession,
  RateTrace,
  RateTrial,
  UpdateResult,
} from "./types.ts";
import { optimiserState, ownCopy, trainedNetwork } from "./session_state.ts";
import {
  flatten,
  parametersOf,
  unflatten,
  type WiredNetwork,
  withParameters,
} from "./wiring.ts";

/** What is kept of a forward run. */
export interface RateRecord {
  readonly states?: boolean;
  readonly rates?: boolean;
}

/** The vectors of a session, as views that stay valid until the next call. */
export interface SessionVectors {
  readonly parameters: FloatArray;
  readonly gradients: FloatArray;
  /** First and second moments. */
  readonly first: FloatArray;
  readonly second: FloatArray;
}

/** What a backend must be able to do for a session. */
export interface RateEngine {
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

/**
 * Makes the engine of a network.
 *
 * @param state moments that the engine must have room for
 */
export type EngineMaker = (
  network: RateNetwork,
  state?: OptimiserState,
) => RateEngine;

/**
 * Opens a session on a copy of a network.
 *
 * @throws {TypeError} if an array of the network has the wrong length
 * @throws {RangeError} if a value of the network is out of range
 */
export function openRateSession(
  network: RateNetwork,
  makeEngine: EngineMaker,
): RateSession {
  checkNetwork(network, "run");
  return new Session(network, makeEngine);
}

class Session implements RateSession {
  #network: RateNetwork;
  readonly #makeEngine: EngineMaker;
  #engine: RateEngine | undefined;
  #updates = 0;

  constructor(network: RateNetwork, makeEngine: EngineMaker) {
    this.#network = ownCopy(network);
    this.#makeEngine = makeEngine;
    this.#engine = this.#start(this.#network);
  }

  /** Engine of a network, holding its parameters and the given moments. */
  #start(network: RateNetwork, state?: OptimiserState): RateEngine {
    const engine = this.#makeEngine(network, state);
    const { parameters, first, second } = engine.vectors();
    flatten(engine.wired, network, parametersOf(network), parameters);
    if (state !== undefined) {
      flatten(engine.wired, network, state.first, first);
      flatten(engine.wired, network, state.second, second);
    }
    engine.parametersChanged();
    return engine;
  }

  get #open(): RateEngine {
    if (this.#engine === undefined) {
      throw new BackendError("Cannot use the session: it was closed");
    }
    return this.#engine;
  }

  async run(
    trials: readonly RateTrial[],
    record: RateRecord = {},
  ): Promise<RateTrace[]> {
    checkTrials(this.#network, trials, false);
    return await this.#open.run(trials, record);
  }

  async gradient(
    trials: readonly RateTrial[],
    loss: LossName,
  ): Promise<
    { losses: Float64Array; traces: RateTrace[]; gradient: RateParameters }
  > {
    checkTrials(this.#network, trials, true);
    const engine = this.#open;
    const blocks = trialBlocks(trials, engine.wired.wiring.units);
    const { losses, traces } = await engine.gradient(
      blocks,
      loss,
      1 / trials.length,
      true,
    );
    const { gradients } = engine.vectors();
    return {
      losses,
      traces,
      gradient: unflatten(engine.wired, this.#network, gradients),
    };
  }

  async update(
    trials: readonly RateTrial[],
    loss: LossName,
    adam: AdamOptions,
  ): Promise<UpdateResult> {
    checkTrials(this.#network, trials, true);
    checkAdam(adam);
    const engine = this.#open;
    const blocks = trialBlocks(trials, engine.wired.wiring.units);
    const { losses } = await engine.gradient(
      blocks,
      loss,
      1 / trials.length,
      false,
    );
    const norm = engine.gradientNorm();
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm } = adam;
    this.#updates++;
    engine.adam({
      rate: adamRate(adam.learningRate, beta1, beta2, this.#updates),
      beta1,
      beta2,
      epsilon,
      scale: clipNorm !== undefined && norm > clipNorm ? clipNorm / norm : 1,
    });
    return { losses, gradientNorm: norm };
  }

  network(): RateNetwork {
    const engine = this.#open;
    const { parameters } = engine.vectors();
    return trainedNetwork(engine.wired, this.#network, parameters);
  }

  optimiser(): OptimiserState {
    const engine = this.#open;
    return optimiserState(engine.wired, this.#network, {
      ...engine.vectors(),
      updates: this.#updates,
    });
  }

  set(parameters: RateParameters): void {
    const open = this.#open;
    const network = ownCopy(withParameters(this.#network, parameters));
    checkNetwork(network, "run");
    // Synapses that were not there may be now: they need a place.
    const state = this.#updates > 0 ? this.optimiser() : undefined;
    const engine = this.#start(network, state);
    open.close();
    this.#network = network;
    this.#engine = engine;
  }

  restore(state: OptimiserState): void {
    const network = this.network();
    const engine = this.#start(network, state);
    this.#open.close();
    this.#network = network;
    this.#engine = engine;
    this.#updates = state.updates;
  }

  close(): void {
    this.#engine?.close();
    this.#engine = undefined;
  }
}
