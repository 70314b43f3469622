/**
 * A rate network as a vector field: dx/dt = F(x) = (-x + Weff·phi(x) + w_in·u)/tau
 * at a constant input u, with its Jacobian. All layers are one: their recurrent
 * weights are the blocks on the diagonal of Weff, projections the others.
 */
import { countOf } from "../count.ts";
import { type Activation, transferFunctions } from "../network/activations.ts";
import {
  allDecayTimeConstants,
  allEffectiveWeights,
} from "../network/effective.ts";
import { inputWeights, unitCount } from "../network/geometry.ts";
import type { RateNetwork } from "../network/types.ts";
import {
  gather,
  type SparseSystem,
  sparseSystem,
  transposed,
} from "../kernels/least_squares/system.ts";

/**
 * The parameters of a rate network's dynamics, for the units of all layers in
 * order.
 */
export interface RateDynamics {
  /** Number of units N. */
  readonly units: number;
  /** Effective weights, N×N, row = postsynaptic unit. */
  readonly weights: Float64Array;
  /** Decay time constants, ms. */
  readonly taus: Float64Array;
  /** Transfer function of every unit. */
  readonly activation: Activation;
  /** Readout weights, N: 0 for units that are not read. */
  readonly readout: Float64Array;
  /** Added to the output. */
  readonly bias: number;
}

/**
 * The dynamics of a rate network.
 *
 * @param network any rate network
 * @param stepMs duration of a step, ms
 * @returns effective weights, time constants and readout, all layers as one
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { rateDynamics } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const { units, taus } = rateDynamics(network, 5);
 * assert(units === 10 && taus.every((tau) => tau > 20 && tau < 100));
 * ```
 */
export function rateDynamics(
  network: RateNetwork,
  stepMs: number,
): RateDynamics {
  const { readout, layers } = network;
  return {
    units: unitCount(network),
    weights: allEffectiveWeights(network),
    taus: allDecayTimeConstants(network).map((steps) => steps * stepMs),
    activation: network.activation,
    readout: Float64Array.from(layers.flatMap(({ size }, l) => {
      const row = readout.from.indexOf(l);
      return row < 0 ? new Array(size).fill(0) : [...readout.weights[row]];
    })),
    bias: readout.bias,
  };
}

/**
 * What a constant input adds to every unit, w_in·u.
 *
 * @param network any rate network
 * @param input u, one number for each channel
 * @returns one number for each unit, all layers in order
 * @throws {TypeError} for another number of channels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { constantDrive } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ channels: 2, units: 10 }, randomStream(1));
 * const drive = constantDrive(network, [0, 2]);
 * assert(drive[3] === 2 * network.inputs[0].weights[3 * 2 + 1]);
 * ```
 */
export function constantDrive(
  network: RateNetwork,
  input: ArrayLike<number>,
): Float64Array {
  const weights = inputWeights(network);
  const units = unitCount(network);
  if (weights.length !== units * input.length) {
    throw new TypeError(
      `Cannot apply an input of ${countOf(input.length, "channel")}: ` +
        `the network has ${weights.length / units}`,
    );
  }
  return Float64Array.from({ length: units }, (_, i) => {
    let sum = 0;
    for (let c = 0; c < input.length; c++) {
      sum += weights[i * input.length + c] * input[c];
    }
    return sum;
  });
}

/**
 * The output at a state, w_out·phi(x) + b_out.
 *
 * @param dynamics from `rateDynamics`
 * @param x inputs of the units, all layers in order
 * @throws {TypeError} for another number of units
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { outputAt, rateDynamics } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const dynamics = rateDynamics(network, 5);
 * const half = dynamics.readout.reduce((sum, weight) => sum + weight / 2, 0);
 * assert(Math.abs(outputAt(dynamics, new Float64Array(10)) - half) < 1e-12);
 * ```
 */
export function outputAt(
  { activation, readout, bias }: RateDynamics,
  x: ArrayLike<number>,
): number {
  if (x.length !== readout.length) {
    throw new TypeError(
      `Cannot read out a state of ${
        countOf(x.length, "number")
      }: the network ` +
        `has ${countOf(readout.length, "unit")}`,
    );
  }
  const { phi } = transferFunctions[activation];
  let sum = bias;
  for (let i = 0; i < readout.length; i++) sum += readout[i] * phi(x[i]);
  return sum;
}

/** The synapses of a vector field, with the 1/tau of their row in each. */
export function synapsesOf(
  { units, weights, taus }: RateDynamics,
): SparseSystem {
  const rates = taus.map((tau) => 1 / tau);
  const scaled = weights.map((weight, at) =>
    weight * rates[Math.floor(at / units)]
  );
  return sparseSystem(scaled, rates);
}

/** The vector field at a constant input, whose Jacobian is applied, not built. */
export class VectorField {
  readonly units: number;
  /** Root of the mean square of 1/tau, 1/ms. */
  readonly meanRate: number;
  /** Rates and slopes of the state of the last `velocity`. */
  readonly rates: Float64Array;
  readonly slopes: Float64Array;
  readonly #activation: Activation;
  readonly #drive: ArrayLike<number>;
  readonly #system: SparseSystem;
  readonly #scratch: Float64Array;

  /** @param system of {@linkcode synapsesOf}, which fields of one network share */
  constructor(
    { units, activation }: RateDynamics,
    drive: ArrayLike<number>,
    system: SparseSystem,
  ) {
    this.units = units;
    this.rates = new Float64Array(units);
    this.slopes = new Float64Array(units);
    this.#activation = activation;
    this.#drive = drive;
    this.#system = system;
    this.meanRate = Math.sqrt(
      system.leaks.reduce((sum, rate) => sum + rate * rate, 0) / units,
    );
    this.#scratch = new Float64Array(units);
  }

  /** Puts F(x) into `to`, and keeps the slopes at x for the Jacobian. */
  velocity(x: Float64Array, to: Float64Array): void {
    const { phi, slope } = transferFunctions[this.#activation];
    const { rates, slopes, units } = this;
    const { leaks, incoming: { begins, units: columns, weights } } =
      this.#system;
    for (let i = 0; i < units; i++) {
      rates[i] = phi(x[i]);
      slopes[i] = slope(rates[i]);
    }
    for (let i = 0; i < units; i++) {
      let sum = (this.#drive[i] - x[i]) * leaks[i];
      for (let k = begins[i]; k < begins[i + 1]; k++) {
        sum += weights[k] * rates[columns[k]];
      }
      to[i] = sum;
    }
  }

  /** Puts J·v into `to`, J at the state of the last `velocity`. */
  jacobian(v: Float64Array, to: Float64Array): void {
    const { slopes, units } = this;
    const scaled = this.#scratch;
    for (let j = 0; j < units; j++) scaled[j] = slopes[j] * v[j];
    gather(this.#system, scaled, v, to);
  }

  /** Puts J'·v into `to`, J at the state of the last `velocity`. */
  transposed(v: Float64Array, to: Float64Array): void {
    transposed(this.#system, this.slopes, v, to);
  }

  /** The Jacobian at the state of the last `velocity`, N×N, 1/ms. */
  matrix(): Float64Array {
    const { units, slopes } = this;
    const { leaks, incoming: { begins, units: columns, weights } } =
      this.#system;
    const matrix = new Float64Array(units * units);
    for (let i = 0; i < units; i++) {
      for (let k = begins[i]; k < begins[i + 1]; k++) {
        matrix[i * units + columns[k]] = weights[k] * slopes[columns[k]];
      }
      matrix[i * units + i] -= leaks[i];
    }
    return matrix;
  }
}
