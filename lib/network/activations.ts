/**
 * The transfer functions phi(x) of rate units: what they compute, and what
 * follows from it elsewhere. A further one is an entry here, a branch in
 * kernels/rate_scan/simd/activation.ts and one in
 * kernels/rate_scan/webgpu/activation.ts.
 */
import { exp, expm1, log1p, tanh } from "../arithmetic/elementary.ts";
import { expFloat32, f, log1pOfFloat32 } from "./float32.ts";

/** A transfer function. */
export interface TransferFunction {
  /** Its number in the kernels. */
  readonly number: number;
  /** The largest rate. */
  readonly ceiling: number;
  /** The largest slope. */
  readonly steepest: number;
  /** phi(x), double precision. */
  readonly phi: (x: number) => number;
  /** dphi/dx as a function of r = phi(x), double precision. */
  readonly slope: (r: number) => number;
  /** phi(x) in single precision, operation for operation as the SIMD kernel. */
  readonly phi32: (x: number) => number;
  /** dphi/dx of r, likewise. */
  readonly slope32: (r: number) => number;
  /** phi(x) in Python, for NumPy. */
  readonly numpy: string;
  /** The scaling factors that a search tries: the first, and their distance. */
  readonly factors: readonly [first: number, step: number];
  /** Expected summed weight from the layer below onto a unit (docs/how-it-works/layers.md). */
  readonly interGain: number;
  /** What is known of how its networks convert to spikes, if it is worth a word. */
  readonly conversion?: { readonly note: string; readonly badly: boolean };
}

/** Largest rate of the transfer functions that would have none. */
const clip = 20;

function clippedRelu(x: number): number {
  // A NaN passes both comparisons, so that divergence shows.
  const positive = x < 0 ? 0 : x;
  return clip < positive ? clip : positive;
}

function insideClip(r: number): number {
  return r > 0 && r < clip ? 1 : 0;
}

/** Names of the transfer functions phi(x) of a rate unit. */
export type Activation = "sigmoid" | "clipped_relu" | "softplus" | "retanh";

/** The transfer functions by name, in the order in which help and errors list them. */
export const transferFunctions: Readonly<Record<Activation, TransferFunction>> =
  {
    /** 1 / (1 + e^-x) */
    sigmoid: {
      number: 0,
      ceiling: 1,
      steepest: 0.25,
      phi: (x) => 1 / (1 + exp(-x)),
      slope: (r) => r * (1 - r),
      phi32: (x) => f(1 / f(1 + expFloat32(-x))),
      slope32: (r) => f(r * f(1 - r)),
      numpy: "0.5 * (1 + np.tanh(x / 2))",
      factors: [20, 5],
      interGain: 2,
    },
    /** min(max(x, 0), 20) */
    clipped_relu: {
      number: 1,
      ceiling: clip,
      steepest: 1,
      phi: clippedRelu,
      slope: insideClip,
      phi32: clippedRelu,
      slope32: insideClip,
      numpy: "np.clip(x, 0, 20)",
      factors: [4, 2],
      interGain: 1,
      conversion: {
        note:
          "clipped_relu networks convert badly: none of the paper's 100 did",
        badly: true,
      },
    },
    /** min(log(1 + e^x), 20) */
    softplus: {
      number: 2,
      ceiling: clip,
      steepest: 1,
      phi: (x) => Math.min(Math.max(x, 0) + log1p(exp(-Math.abs(x))), clip),
      slope: (r) => insideClip(r) * -expm1(-r),
      phi32(x) {
        const value = f(
          (x < 0 ? 0 : x) + log1pOfFloat32(expFloat32(-Math.abs(x))),
        );
        return clip < value ? clip : value;
      },
      slope32: (r) => f(insideClip(r) * f(1 - expFloat32(-r))),
      numpy: "np.minimum(np.logaddexp(0, x), 20)",
      factors: [4, 2],
      interGain: 1,
      conversion: {
        note:
          "softplus networks convert in part: the paper's example reached 78 %",
        badly: false,
      },
    },
    /** max(tanh(x), 0), rectified hyperbolic tangent */
    retanh: {
      number: 3,
      ceiling: 1,
      steepest: 1,
      phi: (x) => tanh(x < 0 ? 0 : x),
      slope: (r) => (r > 0 ? 1 : 0) * (1 - r * r),
      phi32(x) {
        const positive = x < 0 ? 0 : x;
        const e = expFloat32(-f(positive + positive));
        const value = f(f(1 - e) / f(1 + e));
        // Next to 0 the rounding of e can make it negative.
        return value < 0 ? 0 : value;
      },
      slope32: (r) => f((r > 0 ? 1 : 0) * f(1 - f(r * r))),
      numpy: "np.tanh(np.maximum(x, 0))",
      factors: [20, 5],
      interGain: 1,
      conversion: {
        note:
          "retanh networks convert in part by one factor: their rate units " +
          "are silent below 0, spiking ones are not",
        badly: false,
      },
    },
  };

/** Every activation, in the order in which help and errors list them. */
export const activations: readonly Activation[] = Object.keys(
  transferFunctions,
) as Activation[];

/** The scaling factors that a search tries: 12 of them, as in the paper. */
export const factorCount = 12;
