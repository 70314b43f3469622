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
  /** The rates that units use, if that is far from the largest one. Defaults to it. */
  readonly range?: number;
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
  /** The scaling factors that a search tries, ascending. */
  readonly factors: readonly number[];
  /** Expected summed weight from the layer below onto a unit (docs/how-it-works/layers.md). */
  readonly interGain: number;
  /** What is known of how its networks convert to spikes, if it is worth a word. */
  readonly conversion?: { readonly note: string; readonly badly: boolean };
}

/** Scaling factors of a grid: 12 of them, as in the paper. */
function twelve(first: number, step: number): readonly number[] {
  return Array.from({ length: 12 }, (_, k) => first + k * step);
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

/**
 * The activation `lif`: the firing rate of a leaky integrate-and-fire unit at a
 * constant input of x mV beside its bias, with the model's constants and noise, in
 * units of `rate` (Hz): height·(√(1 + bend·softplus(steep·x + shift)) - 1). It is a
 * fit to rates that `transferCurve` measured (30 s at each input): within 1.3 Hz
 * below 12 mV, 2 Hz up to 32 mV. A kernel that is built has the same numbers.
 */
export const lifCurve = {
  rate: 50,
  height: 0.427,
  bend: 0.355,
  steep: 3.81,
  shift: 9.63,
  /** 500 Hz: a spike in every refractory period. */
  ceiling: 10,
} as const;

const lif = {
  ...lifCurve,
  /** The slope is this times (1 - e^-softplus) / √(1 + bend·softplus). */
  slope: lifCurve.steep * lifCurve.height * lifCurve.bend / 2,
};

const lif32 = {
  height: f(lif.height),
  bend: f(lif.bend),
  steep: f(lif.steep),
  shift: f(lif.shift),
  slope: f(lif.slope),
  perHeight: f(1 / lif.height),
  perBend: f(1 / lif.bend),
};

/** log(1 + e^x) */
function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** The same in single precision. */
function softplus32(x: number): number {
  return f((x < 0 ? 0 : x) + log1pOfFloat32(expFloat32(-Math.abs(x))));
}

/** Names of the transfer functions phi(x) of a rate unit. */
export type Activation =
  | "sigmoid"
  | "clipped_relu"
  | "softplus"
  | "retanh"
  | "lif";

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
      factors: twelve(20, 5),
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
      factors: twelve(4, 2),
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
      phi: (x) => Math.min(softplus(x), clip),
      slope: (r) => insideClip(r) * -expm1(-r),
      phi32(x) {
        const value = softplus32(x);
        return clip < value ? clip : value;
      },
      slope32: (r) => f(insideClip(r) * f(1 - expFloat32(-r))),
      numpy: "np.minimum(np.logaddexp(0, x), 20)",
      factors: twelve(4, 2),
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
      factors: twelve(20, 5),
      interGain: 1,
      conversion: {
        note:
          "retanh networks convert in part by one factor: their rate units " +
          "are silent below 0, spiking ones are not",
        badly: false,
      },
    },
    /** min(height·(√(1 + bend·softplus(steep·x + shift)) - 1), 10) */
    lif: {
      number: 4,
      ceiling: lif.ceiling,
      range: 1,
      steepest: 0.193,
      phi(x) {
        const t = lif.bend * softplus(lif.steep * x + lif.shift);
        // height·(√(1 + t) - 1), without the loss of digits next to 0.
        return Math.min(lif.height * t / (1 + Math.sqrt(1 + t)), lif.ceiling);
      },
      slope(r) {
        const q = r / lif.height;
        const s = q * (2 + q) / lif.bend;
        const inside = r > 0 && r < lif.ceiling ? lif.slope : 0;
        return inside / (1 + q) * -expm1(-s);
      },
      phi32(x) {
        const s = softplus32(f(f(x * lif32.steep) + lif32.shift));
        const t = f(s * lif32.bend);
        const root = f(Math.sqrt(f(1 + t)));
        const value = f(f(t * lif32.height) / f(1 + root));
        return lif.ceiling < value ? lif.ceiling : value;
      },
      slope32(r) {
        const q = f(r * lif32.perHeight);
        const s = f(f(q * f(2 + q)) * lif32.perBend);
        const inside = r > 0 && r < lif.ceiling ? lif32.slope : 0;
        return f(f(inside / f(1 + q)) * f(1 - expFloat32(-s)));
      },
      numpy: `np.minimum(${lif.height} * (np.sqrt(1 + ${lif.bend} * ` +
        `np.logaddexp(0, ${lif.steep} * x + ${lif.shift})) - 1), ${lif.ceiling})`,
      // A spiking unit fires at 50 times this rate by construction.
      factors: [lif.rate],
      interGain: 2,
    },
  };

/** Every activation, in the order in which help and errors list them. */
export const activations: readonly Activation[] = Object.keys(
  transferFunctions,
) as Activation[];
