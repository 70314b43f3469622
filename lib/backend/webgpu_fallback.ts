/**
 * A backend that goes on elsewhere when its device fails: from the last good
 * state, with one warning.
 */
import { DeviceFailure } from "../kernels/webgpu/failures.ts";
import type { RateNetwork } from "../network/types.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrial,
} from "../network/spiking.ts";
import type {
  AdamOptions,
  Backend,
  LossName,
  OptimiserState,
  RateParameters,
  RateSession,
  RateTrial,
} from "./types.ts";

/** What a fallback needs. */
export interface FallbackOptions {
  /** Opens the backend to go on with; called at most once. */
  readonly open: () => Promise<Backend>;
  /** Told once, in one sentence, when it happens. */
  readonly warn: (message: string) => void;
}

/**
 * Wraps a backend so that a lost device, or one without memory for even one
 * trial, sends all further work to another backend. Every other error stays
 * what it is: a kernel that does not compile is a fault, not bad luck.
 */
export function withFallback(
  backend: Backend,
  options: FallbackOptions,
): Backend {
  return new FallbackBackend(backend, options);
}

class FallbackBackend implements Backend {
  #current: Backend;
  #other: Promise<Backend> | undefined;
  /** Description of the one that failed, if one has. */
  #failed: string | undefined;
  readonly #options: FallbackOptions;

  constructor(backend: Backend, options: FallbackOptions) {
    this.#current = backend;
    this.#options = options;
  }

  get name() {
    return this.#current.name;
  }

  get description() {
    const { description } = this.#current;
    return this.#failed ? `${this.#failed}, then ${description}` : description;
  }

  get gathers() {
    return this.#current.gathers;
  }

  get workers() {
    return this.#current.workers;
  }

  /** The backend to go on with after an error; throws errors that a second try would meet again. */
  async turnFrom(error: unknown): Promise<Backend> {
    if (!(error instanceof DeviceFailure)) throw error;
    if (!this.#other) {
      const failed = this.#current;
      this.#other = this.#options.open();
      const other = await this.#other;
      this.#current = other;
      this.#failed = failed.description;
      this.#options.warn(
        `${error.message}; going on with ${other.description} from the last good state`,
      );
      failed.close();
    }
    return await this.#other;
  }

  async open(network: RateNetwork): Promise<RateSession> {
    try {
      return new FallbackSession(await this.#current.open(network), this);
    } catch (error) {
      const other = await this.turnFrom(error);
      return await other.open(network);
    }
  }

  async simulate(
    network: SpikingNetwork,
    trials: readonly SpikingTrial[],
    record: Recording,
  ) {
    const present = this.#current;
    try {
      return await present.simulate(network, trials, record);
    } catch (error) {
      const other = await this.turnFrom(error);
      if (other === present) throw error;
      return await other.simulate(network, trials, record);
    }
  }

  close(): void {
    this.#current.close();
  }
}

class FallbackSession implements RateSession {
  #session: RateSession;
  #moved = false;
  readonly #backend: FallbackBackend;

  constructor(session: RateSession, backend: FallbackBackend) {
    this.#session = session;
    this.#backend = backend;
  }

  async #do<T>(task: (session: RateSession) => Promise<T>): Promise<T> {
    try {
      return await task(this.#session);
    } catch (error) {
      if (this.#moved) throw error;
      const other = await this.#backend.turnFrom(error);
      const failed = this.#session;
      this.#session = await other.open(failed.network());
      this.#session.restore(failed.optimiser());
      this.#moved = true;
      failed.close();
      return await task(this.#session);
    }
  }

  run(
    trials: readonly RateTrial[],
    record?: { readonly states?: boolean; readonly rates?: boolean },
  ) {
    return this.#do((session) => session.run(trials, record));
  }

  gradient(trials: readonly RateTrial[], loss: LossName) {
    return this.#do((session) => session.gradient(trials, loss));
  }

  update(trials: readonly RateTrial[], loss: LossName, adam: AdamOptions) {
    return this.#do((session) => session.update(trials, loss, adam));
  }

  network(): RateNetwork {
    return this.#session.network();
  }

  optimiser(): OptimiserState {
    return this.#session.optimiser();
  }

  set(parameters: RateParameters): void {
    this.#session.set(parameters);
  }

  restore(state: OptimiserState): void {
    this.#session.restore(state);
  }

  close(): void {
    this.#session.close();
  }
}
