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

/** Loss over one trial: `l2` sqrt(sum (o - z)²), `l1` sum |o - z|. */
export type LossName = "l1" | "l2";

/**
 * Noise of a trial: drawn from the counter-based generator (the same numbers on
 * every backend), or given, so that every number can be checked.
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
   * Weight of each output k in the loss, `steps - 1` numbers; all 1 when left
   * out. Option beside the paper's loss.
   */
  readonly lossWeights?: FloatArray;
  /** Stimulations of the trial, one or several. */
  readonly stimulation?: RateStimulation | readonly RateStimulation[];
  /** Other weights from a step on, ascending; not for gradients. */
  readonly weights?: readonly WeightsFrom[];
}

/** What is added to x of chosen units over a window of steps. */
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

/** What one rate trial gave. */
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
  /** Scales the gradient down to this global L2 norm where it is larger. Off when left out. */
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

/** A rate network held by a backend. */
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
  /** Puts back an optimiser's state saved earlier. */
  restore(state: OptimiserState): void;
  /** Gives back what the session holds; it cannot be used any more. */
  close(): void;
}

/** A place where the kernels run. */
export interface Backend {
  /** What computes: asked for by this name. */
  readonly name: BackendName;
  /** In words, for the user and the model file: "simd (2 workers)". */
  readonly description: string;
  /**
   * Whether calls of `simulate` made at the same time run as one: a caller who
   * has many trials, or many networks, then does well to ask for all at once.
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
   * Runs trials of several networks of the same size, which share what they have
   * in common: the noise of trials of one number. Absent if it gains nothing
   * over calls of `simulate`; the results are the same.
   *
   * @param runs with the same number of trials
   * @returns what `simulate` gives each of them, or what it failed with
   */
  simulateTogether?(
    runs: readonly SpikingRequest[],
    record: Recording,
  ): Promise<PromiseSettledResult<SpikingTrace[]>[]>;
  /** Ends workers and gives back devices. */
  close(): void;
}

/** Trials of one spiking network among others. */
export interface SpikingRequest {
  /** The network. */
  readonly network: SpikingNetwork;
  /** Its trials. */
  readonly trials: readonly SpikingTrial[];
}
