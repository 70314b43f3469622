/**
 * The rate session of all backends: checks, the optimiser's bookkeeping, and the
 * way back to a network. An engine computes: those of processors
 * (cpu_engine.ts), and the one of the graphics card (webgpu_rate.ts).
 */
import { BackendError } from "../errors.ts";
import { adamRate, type AdamStep } from "../kernels/adam/reference.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
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

/** A step of Adam whose gradient is clipped, if there is a limit to its norm. */
export interface ClippedStep extends Omit<AdamStep, "scale"> {
  readonly clipNorm?: number;
}

/** What a backend must be able to do for a session. */
export interface RateEngine {
  readonly wired: WiredNetwork;
  /**
   * The vectors as they were after the last call that succeeded; what is written
   * to them counts from `changed` on.
   */
  vectors(): SessionVectors;
  /** Says that parameters or moments were written from outside. */
  changed(): void;
  run(
    trials: readonly RateTrial[],
    record: RateRecord,
  ): Promise<RateTrace[]>;
  /** Sets the gradient vector to the gradient of the mean loss. */
  gradient(
    trials: readonly RateTrial[],
    loss: LossName,
  ): Promise<{ losses: Float64Array; traces: RateTrace[] }>;
  /** The same, and a step of Adam along it. */
  update(
    trials: readonly RateTrial[],
    loss: LossName,
    step: ClippedStep,
  ): Promise<UpdateResult>;
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
    engine.changed();
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
    const { losses, traces } = await engine.gradient(trials, loss);
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
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, clipNorm } = adam;
    const updates = this.#updates + 1;
    const result = await this.#open.update(trials, loss, {
      rate: adamRate(adam.learningRate, beta1, beta2, updates),
      beta1,
      beta2,
      epsilon,
      clipNorm,
    });
    this.#updates = updates;
    return result;
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
