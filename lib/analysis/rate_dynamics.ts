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

/** What a rate network's dynamics are made of; numbers of all layers in order. */
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
 * @returns weights in effect, time constants and readout, all layers as one
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
 * @param input u, one number a channel
 * @returns one number a unit, all layers in order
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
  const { phi } = transferFunctions[activation];
  let sum = bias;
  for (let i = 0; i < readout.length; i++) sum += readout[i] * phi(x[i]);
  return sum;
}

/** The vector field at a constant input, whose Jacobian is applied, not built. */
export class VectorField {
  readonly units: number;
  /** Root of the mean square of 1/tau, 1/ms. */
  readonly meanRate: number;
  /** Rates and slopes of the state of the last `velocity`. */
  readonly rates: Float64Array;
  readonly slopes: Float64Array;
  readonly #dynamics: RateDynamics;
  readonly #drive: ArrayLike<number>;
  /** Synapses by postsynaptic unit. */
  readonly #starts: Uint32Array;
  readonly #columns: Uint32Array;
  readonly #values: Float64Array;
  readonly #outgoing: ReturnType<typeof byPresynapticUnit>;
  readonly #rates: Float64Array;
  readonly #scratch: Float64Array;

  constructor(dynamics: RateDynamics, drive: ArrayLike<number>) {
    const { units, weights, taus } = dynamics;
    this.units = units;
    this.rates = new Float64Array(units);
    this.slopes = new Float64Array(units);
    this.#dynamics = dynamics;
    this.#drive = drive;
    this.#starts = new Uint32Array(units + 1);
    this.#rates = taus.map((tau) => 1 / tau);
    this.meanRate = Math.sqrt(
      this.#rates.reduce((sum, rate) => sum + rate * rate, 0) / units,
    );
    this.#scratch = new Float64Array(units);
    const columns: number[] = [];
    const values: number[] = [];
    for (let i = 0; i < units; i++) {
      for (let j = 0; j < units; j++) {
        const weight = weights[i * units + j];
        if (weight === 0) continue;
        columns.push(j);
        // The 1/tau of the row, once and for all.
        values.push(weight * this.#rates[i]);
      }
      this.#starts[i + 1] = columns.length;
    }
    this.#columns = Uint32Array.from(columns);
    this.#values = Float64Array.from(values);
    this.#outgoing = byPresynapticUnit(
      this.#starts,
      this.#columns,
      this.#values,
    );
  }

  /** Puts F(x) into `to`, and keeps the slopes at x for the Jacobian. */
  velocity(x: Float64Array, to: Float64Array): void {
    const { phi, slope } = transferFunctions[this.#dynamics.activation];
    const { rates, slopes, units } = this;
    for (let i = 0; i < units; i++) {
      rates[i] = phi(x[i]);
      slopes[i] = slope(rates[i]);
    }
    const [starts, columns, values] = this.#synapses();
    for (let i = 0; i < units; i++) {
      let sum = (this.#drive[i] - x[i]) * this.#rates[i];
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        sum += values[k] * rates[columns[k]];
      }
      to[i] = sum;
    }
  }

  /** Puts J·v into `to`, J at the state of the last `velocity`. */
  jacobian(v: Float64Array, to: Float64Array): void {
    const { slopes, units } = this;
    const [starts, columns, values] = this.#synapses();
    const scaled = this.#scratch;
    for (let j = 0; j < units; j++) scaled[j] = slopes[j] * v[j];
    for (let i = 0; i < units; i++) {
      let sum = -v[i] * this.#rates[i];
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        sum += values[k] * scaled[columns[k]];
      }
      to[i] = sum;
    }
  }

  /** Puts J'·v into `to`, J at the state of the last `velocity`. */
  transposed(v: Float64Array, to: Float64Array): void {
    const { slopes, units } = this;
    const { starts, rows, values } = this.#outgoing;
    for (let j = 0; j < units; j++) {
      let sum = 0;
      for (let k = starts[j]; k < starts[j + 1]; k++) {
        sum += values[k] * v[rows[k]];
      }
      to[j] = sum * slopes[j] - v[j] * this.#rates[j];
    }
  }

  /** Puts the squared lengths of J's columns into `to`, likewise. */
  columnSquares(to: Float64Array): void {
    const { slopes, units } = this;
    const { squares } = this.#outgoing;
    for (let j = 0; j < units; j++) {
      to[j] = squares[j] * slopes[j] ** 2 + this.#rates[j] ** 2;
    }
  }

  /** The Jacobian at the state of the last `velocity`, N×N, 1/ms. */
  matrix(): Float64Array {
    const { units, slopes } = this;
    const [starts, columns, values] = this.#synapses();
    const matrix = new Float64Array(units * units);
    for (let i = 0; i < units; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        matrix[i * units + columns[k]] = values[k] * slopes[columns[k]];
      }
      matrix[i * units + i] -= this.#rates[i];
    }
    return matrix;
  }

  #synapses() {
    return [this.#starts, this.#columns, this.#values] as const;
  }
}

/** The same synapses by presynaptic unit, and the sum of their squares. */
function byPresynapticUnit(
  incoming: Uint32Array,
  columns: Uint32Array,
  weights: Float64Array,
) {
  const units = incoming.length - 1;
  const starts = new Uint32Array(units + 1);
  for (const j of columns) starts[j + 1]++;
  for (let j = 0; j < units; j++) starts[j + 1] += starts[j];
  const next = starts.slice(0, units);
  const rows = new Uint32Array(columns.length);
  const values = new Float64Array(columns.length);
  const squares = new Float64Array(units);
  for (let i = 0; i < units; i++) {
    for (let k = incoming[i]; k < incoming[i + 1]; k++) {
      const j = columns[k];
      rows[next[j]] = i;
      values[next[j]++] = weights[k];
      squares[j] += weights[k] ** 2;
    }
  }
  return { starts, rows, values, squares };
}
