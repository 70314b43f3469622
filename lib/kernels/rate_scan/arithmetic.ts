/**
 * The arithmetic of the reference: float64, or float32 with the rounding of
 * the SIMD kernel.
 */
import {
  type Activation,
  transferFunctions,
} from "../../network/activations.ts";
import type { Floats, Precision } from "./types.ts";

/** Arithmetic in one precision. */
export interface Arithmetic {
  readonly precision: Precision;
  /** Rounds the result of one operation. */
  readonly round: (value: number) => number;
  /** New vector of zeros. */
  readonly zeros: (length: number) => Floats;
  /** phi(x). */
  readonly phi: Readonly<Record<Activation, (x: number) => number>>;
  /** dphi/dx as a function of r = phi(x). */
  readonly slope: Readonly<Record<Activation, (r: number) => number>>;
}

/** One function of each activation. */
function each(
  pick: "phi" | "slope" | "phi32" | "slope32",
): Readonly<Record<Activation, (value: number) => number>> {
  return Object.fromEntries(
    Object.entries(transferFunctions).map(([name, of]) => [name, of[pick]]),
  ) as Record<Activation, (value: number) => number>;
}

const float64: Arithmetic = {
  precision: "float64",
  round: (value) => value,
  zeros: (length) => new Float64Array(length),
  phi: each("phi"),
  slope: each("slope"),
};

const float32: Arithmetic = {
  precision: "float32",
  round: Math.fround,
  zeros: (length) => new Float32Array(length),
  phi: each("phi32"),
  slope: each("slope32"),
};

/** Arithmetic of a precision. */
export function arithmetic(precision: Precision): Arithmetic {
  return precision === "float64" ? float64 : float32;
}
