/**
 * What a backend can do, and nothing else: run and train rate networks, run
 * spiking networks. Every call is stateless but for a session's parameters,
 * which live where its kernels want them for the length of a training loop.
 */
import type { FloatArray, RateNetwork, WeightsFrom } from "../network/types.ts";
import type {
  Recording,
  SpikingNetwork,
  SpikingTrace,
  SpikingTrial,
} from "../network/spiking.ts";

/** Names of the backends. */
export type BackendName = "simd" | "reference" | "webgpu";

/** All of them, in the order in which flags and errors list them. */
export const backendNames: readonly BackendName[] = [
  "simd",
  "reference",
  "webgpu",
];

/** Loss over one trial: `l2` sqrt(sum (o - z)²), `l1` sum |o - z|. */
export type LossName = "l1" | "l2";

/**
 * Noise of a trial: drawn from the counter-based generator (the same numbers on
 * every backend), or given as numbers.
 */
export type Noise =
  | {
    /** Key of the random stream, from `RandomStream.key`. */
    readonly key: number;
    /** Trial counter: which trial of that stream this is. */
    readonly trial: number;
    /** Multiplies the 0.1 (steps) and 0.01 (initial state) of the model. Defaults to 1. */
    readonly scale?: number;
  }
  | {
    /** Standard normal numbers for the initial state, one a unit (all layers in order). */
    readonly initial: FloatArray;
    /** Standard normal numbers, units×(steps - 1), row-major. */
    readonly steps: FloatArray;
  };

/** One trial for a rate network. */
export interface RateTrial {
  /** Stimulus `u`, channels×steps. */
  readonly inputs: FloatArray;
  /** Number of steps T. */
  readonly steps: number;
  /** Noise of the initial state and of every step. */
  readonly noise: Noise;
  /** Target `z`, `steps` numbers; needed for losses and gradients. */
  readonly target?: FloatArray;
  /**
   * Weight of each output k in the loss, `steps - 1` numbers. Defaults to 1 for
   * all, the paper's loss.
   */
  readonly lossWeights?: FloatArray;
  /** Stimulations of the trial, one or several. */
  readonly stimulation?: RateStimulation | readonly RateStimulation[];
  /**
   * Other weights that hold from a step on, by ascending step; not for
   * gradients.
   */
  readonly weights?: readonly WeightsFrom[];
}

/**
 * A number that is added to the state x of chosen units, in a window of steps.
 */
export interface RateStimulation {
  /** Units, 0-based, counted over all layers. */
  readonly units: readonly number[];
  /** First step. */
  readonly from: number;
  /** One past the last step: it lasts [from, to). */
  readonly to: number;
  /** Added at every step; below 0 it inhibits. */
  readonly amount: number;
}

/** Result of one trial of a rate network. */
export interface RateTrace {
  /** Outputs `o`, steps - 1 of them. */
  readonly outputs: FloatArray;
  /** States `x`, units×steps, when asked for. */
  readonly states?: FloatArray;
  /** Rates `r`, units×steps, when asked for. */
  readonly rates?: FloatArray;
}

/**
 * The trainable parameters (or their gradients, or an optimiser's moments), in
 * the layout of a `RateNetwork`.
 */
export interface RateParameters {
  /** One N×N matrix a layer. */
  readonly weights: readonly FloatArray[];
  /** One matrix a projection between layers. */
  readonly between: readonly FloatArray[];
  /** One row a layer that is read. */
  readonly readout: readonly FloatArray[];
  /** Bias of the readout, `b_out`, one number. */
  readonly bias: number;
  /** One vector a layer; zeros if the decay time constants are fixed. */
  readonly tausGaus: readonly FloatArray[];
}

/** Adam as in TensorFlow 1; the paper's values are lr 0.01, 0.9, 0.999, 1e-8. */
export interface AdamOptions {
  /** Learning rate; the paper's is 0.01. */
  readonly learningRate: number;
  /** Decay of the first moment. Defaults to 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment. Defaults to 0.999. */
  readonly beta2?: number;
  /** Added to the root of the second moment. Defaults to 1e-8. */
  readonly epsilon?: number;
  /**
   * Global L2 norm to which a larger gradient is scaled down. Defaults to no
   * limit.
   */
  readonly clipNorm?: number;
}

/** Result of one update. */
export interface UpdateResult {
  /** Loss of every trial, before the update. */
  readonly losses: Float64Array;
  /** Global L2 norm of the mean gradient, before clipping. */
  readonly gradientNorm: number;
}

/** The optimiser's state, for checkpoints. */
export interface OptimiserState {
  /** First moments: running means of the gradient, 0 before the first update. */
  readonly first: RateParameters;
  /** Second moments: running means of the squared gradient. */
  readonly second: RateParameters;
  /** Number of updates done. */
  readonly updates: number;
}

/** A rate network that a backend runs and trains. */
export interface RateSession {
  /** Runs trials forward. */
  run(
    trials: readonly RateTrial[],
    record?: { readonly states?: boolean; readonly rates?: boolean },
  ): Promise<RateTrace[]>;
  /** Losses, and the gradient of the mean loss over the trials. */
  gradient(
    trials: readonly RateTrial[],
    loss: LossName,
  ): Promise<
    { losses: Float64Array; traces: RateTrace[]; gradient: RateParameters }
  >;
  /** One complete update: forward, loss, backward, Adam. */
  update(
    trials: readonly RateTrial[],
    loss: LossName,
    adam: AdamOptions,
  ): Promise<UpdateResult>;
  /** A copy of the network as it stands. */
  network(): RateNetwork;
  /** A copy of the optimiser's state. */
  optimiser(): OptimiserState;
  /**
   * Replaces the parameters; the optimiser's state stays.
   *
   * @throws {TypeError} if an array has the wrong length
   * @throws {RangeError} if a value is out of range
   */
  set(parameters: RateParameters): void;
  /** Restores an optimiser's state that was saved earlier. */
  restore(state: OptimiserState): void;
  /** Frees what the session holds; it cannot be used afterwards. */
  close(): void;
}

/** Runs the kernels: on the processor, or on a graphics card. */
export interface Backend {
  /** Name by which the backend is opened. */
  readonly name: BackendName;
  /** In words, for the user and the model file: "simd (2 workers)". */
  readonly description: string;
  /**
   * Whether calls of `simulate` made at the same time run as one. If so, it is
   * faster to make the calls for many trials or networks at once.
   */
  readonly gathers?: boolean;
  /** Threads that it computes with, if there are several. */
  readonly workers?: number;
  /** Opens a session on a copy of the network. */
  open(network: RateNetwork): Promise<RateSession>;
  /** Runs trials of a spiking network; trials are independent of each other. */
  simulate(
    network: SpikingNetwork,
    trials: readonly SpikingTrial[],
    record: Recording,
  ): Promise<SpikingTrace[]>;
  /**
   * Runs trials of several networks of the same size, which share the noise of
   * trials with the same number. The results are those of `simulate`. Absent if
   * it would not be faster.
   *
   * @param runs with the same number of trials
   * @returns for each of them, the result of `simulate` or the error with which
   * it failed
   */
  simulateTogether?(
    runs: readonly SpikingRequest[],
    record: Recording,
  ): Promise<PromiseSettledResult<SpikingTrace[]>[]>;
  /** Ends workers and frees devices. */
  close(): void;
}

/** Trials of one spiking network among others. */
export interface SpikingRequest {
  /** The network. */
  readonly network: SpikingNetwork;
  /** Its trials. */
  readonly trials: readonly SpikingTrial[];
}
