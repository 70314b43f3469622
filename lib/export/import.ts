/** A rate network from the arrays of another program, one layer. */
import { log } from "../arithmetic/elementary.ts";
import { countOf } from "../count.ts";
import { firstNotFinite } from "../arithmetic/finite.ts";
import type { Activation } from "../network/activations.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";

/** An array from another program, row-major. */
export interface ImportedArray {
  /** Its numbers. */
  readonly data: ArrayLike<number | bigint>;
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[];
}

/**
 * The arrays of a network of N units and C input channels; a size of 1 may be
 * left out or added anywhere.
 */
export interface ImportedArrays {
  /** Recurrent weights, N×N: row = postsynaptic, column = presynaptic unit. */
  readonly w: ImportedArray;
  /** Input weights, N×C. */
  readonly w_in: ImportedArray;
  /** Readout weights, 1×N. */
  readonly w_out: ImportedArray;
  /** Bias of the readout, one number; 0 without. */
  readonly b_out?: ImportedArray;
  /** Decay time constants in steps: one, or one for each unit. */
  readonly taus?: ImportedArray;
  /** In place of `taus`, N: tau = sigmoid(taus_gaus)·(max - min) + min. */
  readonly taus_gaus?: ImportedArray;
  /** Which synapses may exist, N×N of 0 and 1; all without. */
  readonly mask?: ImportedArray;
  /** Types of the units, N: 1 inhibitory, 0 excitatory; or -1 and 1. */
  readonly inh?: ImportedArray;
}

/** What the arrays mean. */
export interface ImportOptions {
  /** Transfer function of the units. Defaults to `sigmoid`. */
  readonly activation?: Activation;
  /** Whether Dale's principle holds. Defaults to true. */
  readonly dale?: boolean;
  /**
   * `effective`: weights with their signs, as the network computes with them;
   * `magnitudes`: relu(w) times the sign of the presynaptic unit is what it
   * computes with. Defaults to `effective`.
   */
  readonly weights?: "effective" | "magnitudes";
  /** Bounds of the decay time constants in steps, which `taus_gaus` needs. */
  readonly bounds?: readonly [min: number, max: number];
  /** Number of SST units, the first among the inhibitory. Defaults to 0. */
  readonly sst?: number;
}

/**
 * Makes a rate network from the arrays of another program, such as PyTorch. The
 * network has to be that of docs/how-it-works/model.md: x ← x + (W r + w_in u −
 * x)/tau + noise, r = phi(x), output = w_out r + b_out, with no bias of single
 * units.
 *
 * @param arrays by name, see {@linkcode ImportedArrays}
 * @param options what they mean
 * @returns a network of one layer, in single precision if its weights are
 * @throws {TypeError} for an array that is missing or has another shape
 * @throws {RangeError} for numbers that are not finite or not allowed, or
 * weights that violate Dale's principle: the message says which
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { effectiveWeights, importNetwork } from "@spikernn/spikernn";
 * const network = importNetwork({
 *   w: { data: [0, -0.5, 0.25, 0], shape: [2, 2] },
 *   w_in: { data: [1, 0], shape: [2, 1] },
 *   w_out: { data: [1, -1], shape: [2] },
 *   taus: { data: [4, 20], shape: [2] },
 * });
 * // Column 1 is negative: unit 1 is inhibitory.
 * assert.deepEqual([...network.layers[0].inhibitory], [0, 1]);
 * assert.deepEqual([...effectiveWeights(network, 0)], [0, -0.5, 0.25, 0]);
 * ```
 */
export function importNetwork(
  arrays: ImportedArrays,
  options: ImportOptions = {},
): RateNetwork {
  const { activation = "sigmoid", dale = true, sst = 0 } = options;
  const size = sizeOf(needed(arrays, "w"));
  const w = numbersOf("w", needed(arrays, "w"));
  const wIn = needed(arrays, "w_in");
  const channels = wIn.data.length / size;
  checkShape("w_in", wIn, [size, channels], `${size}×channels`);
  const wOut = needed(arrays, "w_out");
  checkShape("w_out", wOut, [1, size], `1×${size}`);
  if (arrays.b_out) checkShape("b_out", arrays.b_out, [], "one number");
  const { mask: given, inh } = arrays;
  if (given) checkShape("mask", given, [size, size], `${size}×${size}`);
  if (inh) checkShape("inh", inh, [size], `${countOf(size, "number")}`);
  const mask = given
    ? flagsOf("mask", given)
    : new Uint8Array(size * size).fill(1);
  const signed = maskedWeights(w, mask);
  const inhibitory = dale
    ? unitTypes(signed, size, inh, options)
    : new Uint8Array(size);
  const { taus, tausGaus } = timeConstants(arrays, size, options.bounds);
  const inhibitoryCount = inhibitory.reduce((sum, flag) => sum + flag, 0);
  if (!(Number.isInteger(sst) && sst >= 0 && sst <= inhibitoryCount)) {
    throw new RangeError(
      `Cannot import the network: ${sst} SST units among ` +
        `${inhibitoryCount} inhibitory units`,
    );
  }
  const effective = options.weights !== "magnitudes";
  return {
    activation,
    dale,
    taus,
    layers: [{
      size,
      inhibitory,
      sstCount: sst,
      weights: dale && effective
        ? signed.map((weight) => weight === 0 ? 0 : Math.abs(weight))
        : w,
      mask,
      tausGaus,
    }],
    inputs: [{ from: "input", to: 0, weights: numbersOf("w_in", wIn) }],
    between: [],
    readout: {
      from: [0],
      weights: [numbersOf("w_out", wOut)],
      bias: arrays.b_out ? numbersOf("b_out", arrays.b_out)[0] : 0,
    },
  };
}

function needed(arrays: ImportedArrays, name: "w" | "w_in" | "w_out") {
  const array = arrays[name];
  if (array) return array;
  throw new TypeError(
    `Cannot import the network: there is no ${name}; needed are w, w_in, ` +
      "w_out and taus",
  );
}

/** Units of a square matrix. */
function sizeOf({ shape }: ImportedArray): number {
  const [rows, columns] = shape;
  if (shape.length === 2 && rows === columns && rows > 0) return rows;
  throw wrongShape("w", shape, "N×N, one row a postsynaptic unit");
}

function wrongShape(
  name: string,
  shape: readonly number[],
  expected: string,
): TypeError {
  const received = shape.length === 0 ? "one number" : shape.join("×");
  return new TypeError(
    `Cannot import the network: ${name} is ${received}, needed is ${expected}`,
  );
}

/** Sizes of 1 do not count. */
function checkShape(
  name: string,
  { shape, data }: ImportedArray,
  expected: readonly number[],
  words: string,
): void {
  const long = (sizes: readonly number[]) =>
    sizes.filter((size) => size !== 1).join("×");
  if (long(shape) === long(expected) && data.length > 0) return;
  const turned = shape.length === 2 &&
    long([...shape].reverse()) === long(expected);
  throw wrongShape(name, shape, words + (turned ? "; transpose it" : ""));
}

/** Finite numbers; single precision stays single. */
function numbersOf(name: string, { data }: ImportedArray): FloatArray {
  const numbers = data instanceof Float32Array
    ? data.slice()
    : Float64Array.from(data as ArrayLike<number>, Number);
  const bad = firstNotFinite(numbers);
  if (bad < 0) return numbers;
  throw new RangeError(
    `Cannot import the network: ${name} holds ${numbers[bad]} at index ` +
      `${bad}, finite numbers are needed`,
  );
}

function flagsOf(name: string, array: ImportedArray): Uint8Array {
  const numbers = numbersOf(name, array);
  const bad = numbers.find((number) => number !== 0 && number !== 1);
  if (bad === undefined) return Uint8Array.from(numbers);
  throw new RangeError(
    `Cannot import the network: ${name} holds ${bad}, allowed are 0 and 1`,
  );
}

function maskedWeights(weights: FloatArray, mask: Uint8Array): FloatArray {
  return weights.map((weight, k) => mask[k] ? weight : 0) as FloatArray;
}

/** Types of the units, as they are said or as the signs of what leaves them say. */
function unitTypes(
  weights: FloatArray,
  size: number,
  inh: ImportedArray | undefined,
  options: ImportOptions,
): Uint8Array {
  const said = inh && typesOf(inh);
  if (options.weights === "magnitudes") {
    if (said) return said;
    throw new TypeError(
      "Cannot import the network: magnitudes do not say which units are " +
        "inhibitory; inh is needed",
    );
  }
  const negative = weights.some((weight) => weight < 0);
  // Magnitudes as they are: the types give the signs.
  if (said && !negative) return said;
  return Uint8Array.from({ length: size }, (_, j) => {
    const rows = Array.from({ length: size }, (_, i) => i);
    const plus = rows.find((i) => weights[i * size + j] > 0);
    const minus = rows.find((i) => weights[i * size + j] < 0);
    const shown = (i: number) =>
      `w[${i}, ${j}] = ${Number(weights[i * size + j].toPrecision(3))}`;
    if (said) {
      const wrong = said[j] ? plus : minus;
      if (wrong === undefined) return said[j];
      throw violated(
        `inh says that unit ${j} is ${
          said[j] ? "inhibitory" : "excitatory"
        }, but ${shown(wrong)}`,
      );
    }
    if (plus !== undefined && minus !== undefined) {
      throw violated(
        `what leaves unit ${j} has both signs, ${shown(plus)} and ${
          shown(minus)
        }`,
      );
    }
    return Number(minus !== undefined);
  });
}

function violated(how: string): RangeError {
  return new RangeError(
    `Cannot import the network under Dale's principle: ${how}; signs belong ` +
      "to columns, the presynaptic units; transpose w if its rows are " +
      "presynaptic, or import it without Dale's principle",
  );
}

/** 1 inhibitory, from flags or from signs. */
function typesOf(inh: ImportedArray): Uint8Array {
  const numbers = numbersOf("inh", inh);
  const signs = numbers.some((number) => number === -1);
  const bad = numbers.find((number) =>
    number !== 1 && number !== (signs ? -1 : 0)
  );
  if (bad !== undefined) {
    throw new RangeError(
      `Cannot import the network: inh holds ${bad}, allowed are 0 and 1 ` +
        "(1: inhibitory), or 1 and -1 (-1: inhibitory)",
    );
  }
  return Uint8Array.from(numbers, (number) => signs ? +(number < 0) : number);
}

/** What a bound is beyond the shortest and longest tau: share of their distance. */
const margin = 0.05;

/** How near to a bound a time constant comes, as a share of their distance. */
const nearest = 1e-9;

function timeConstants(
  { taus, taus_gaus: gaus }: ImportedArrays,
  size: number,
  bounds: ImportOptions["bounds"],
): Pick<RateNetwork, "taus"> & { readonly tausGaus: FloatArray } {
  if (bounds && !(bounds[0] >= 1 && bounds[1] > bounds[0])) {
    throw new RangeError(
      `Cannot import the network: decay time constants from ${bounds[0]} to ` +
        `${
          countOf(bounds[1], "step")
        }, two numbers of 1 or more are needed, ascending`,
    );
  }
  if (gaus) {
    checkShape("taus_gaus", gaus, [size], `${countOf(size, "number")}`);
    if (taus || !bounds) {
      throw new TypeError(
        "Cannot import the network: " +
          (taus
            ? "both taus and taus_gaus, one of them is needed"
            : "taus_gaus needs the bounds of the decay time constants, in steps"),
      );
    }
    return { taus: bounds, tausGaus: numbersOf("taus_gaus", gaus) };
  }
  if (!taus) {
    throw new TypeError(
      "Cannot import the network: there is no taus (decay time constants in " +
        "steps, one, or one a unit) and no taus_gaus",
    );
  }
  if (taus.data.length !== 1) {
    checkShape("taus", taus, [size], `one number or ${size}, in steps`);
  }
  const numbers = Float64Array.from(numbersOf("taus", taus));
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const [low, high] = bounds ?? [1, Infinity];
  if (!(least >= low && most <= high)) {
    throw new RangeError(
      `Cannot import the network: taus are from ${least} to ${
        countOf(most, "step")
      }, ` +
        `allowed are ${low} to ${high}; seconds or ms have to be divided by ` +
        "the duration of a step",
    );
  }
  if (least === most) {
    return { taus: [least], tausGaus: new Float64Array(size) };
  }
  const beyond = margin * (most - least);
  const [min, max] = bounds ?? [
    Math.max(1, Math.floor(100 * (least - beyond)) / 100),
    Math.ceil(100 * (most + beyond)) / 100,
  ];
  return {
    taus: [min, max],
    tausGaus: numbers.map((tau) => {
      // A sigmoid does not reach its bounds.
      const share = Math.min(
        1 - nearest,
        Math.max(nearest, (tau - min) / (max - min)),
      );
      return log(share / (1 - share));
    }),
  };
}
