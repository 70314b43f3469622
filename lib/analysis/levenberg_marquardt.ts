/**
 * Minimising |F(x)|² by the method of Levenberg and Marquardt, for a vector
 * field whose Jacobian can be applied at the cost of its synapses. Each step
 * minimises |J·step + F|² + mu·|step|² by conjugate gradients, which need few
 * iterations: J is -1/tau on its diagonal plus few strong directions.
 *
 * Source: N. Yamashita and M. Fukushima, On the rate of convergence of the
 * Levenberg–Marquardt method, Computing Supplement 15:239 (2001), whose
 * mu ∝ |F|² converges quadratically, also next to fixed points that are not
 * isolated.
 */
import type { LeastSquares } from "../kernels/least_squares/reference.ts";
import type { VectorField } from "./rate_dynamics.ts";

/** Where a descent ended. */
export interface Descent {
  readonly state: Float64Array;
  /** |F|² there. */
  readonly square: number;
}

/** When a descent ends. */
export interface DescentOptions {
  /** |F|² of a fixed point. */
  readonly fixed: number;
  /** |F|² of a slow point. */
  readonly slow: number;
  /** Scale of the states. */
  readonly spread: number;
}

/** Steps of a descent at most; five to fifteen are usual. */
const mostSteps = 300;
/** The last step to a fixed point goes this much further, for digits to spare. */
const further = 1e-3;
/** Share of the predicted reduction of |F|² that a step must bring. */
const leastGain = 1e-4;
/** Damping of the first step, in mean squares of 1/tau. */
const firstDamping = 0.01;
/**
 * |J'F| over |F|/tau at which a minimum of |F| is reached: roughly, for one that
 * is no slow point, and closely for one that may be.
 */
const flat = { elsewhere: 1e-3, slow: 1e-4 };

/**
 * A descent above the slow points ends when this many steps have not lessened
 * |F|² to this share: most starts that end at no such point creep like that.
 */
const mostIdle = 6;
const lessened = 0.99;

/** What a descent asks for or tells between its steps. */
export type Between =
  /** A problem whose answer it needs. */
  | { readonly problem: LeastSquares }
  /** Where it has come to: buffers that it goes on using. */
  | { readonly at: Descent };

/**
 * Goes down from a state to a minimum of |F|². It stops whenever it needs the
 * solution of a problem, and when it has made a step, so that several can be
 * made side by side.
 *
 * @returns where it ends
 */
export function* descend(
  field: VectorField,
  start: Float64Array,
  { fixed, slow, spread }: DescentOptions,
): Generator<Between, Descent, void> {
  const { units, meanRate } = field;
  const zeros = () => new Float64Array(units);
  let [x, next, f, nextF] = [
    Float64Array.from(start),
    zeros(),
    zeros(),
    zeros(),
  ];
  const [step, change, gradient] = [zeros(), zeros(), zeros()];
  field.velocity(x, f);
  let square = dot(f, f);
  const first = square;
  let [mark, idle] = [square, 0];
  let damping = firstDamping * meanRate ** 2 / square;
  for (let k = 0; k < mostSteps && square > further * fixed; k++) {
    field.transposed(f, gradient);
    const steepness = Math.sqrt(dot(gradient, gradient) / square) / meanRate;
    if (steepness < (square < slow ? flat.slow : flat.elsewhere)) break;
    const closeness = Math.sqrt(square / first);
    yield {
      problem: {
        slopes: field.slopes,
        f,
        gradient,
        mu: damping * square,
        tolerance: Math.max(1e-6, Math.min(0.3, closeness)),
        step,
      },
    };
    field.jacobian(step, change);
    let predicted = 0;
    for (let i = 0; i < units; i++) {
      predicted += (f[i] + change[i]) ** 2;
      next[i] = x[i] + step[i];
    }
    field.velocity(next, nextF);
    const reached = dot(nextF, nextF);
    const gain = (square - reached) / (square - predicted);
    if (!(gain > leastGain)) {
      damping *= gain < -1 ? 16 : 4;
      // Rounding leaves nothing to gain, or the steps have become nothing.
      if (dot(step, step) < 1e-24 * spread * spread) break;
      field.velocity(x, f);
      continue;
    }
    [x, next] = [next, x];
    [f, nextF] = [nextF, f];
    square = reached;
    if (square < lessened * mark) {
      mark = square;
      idle = 0;
    } else if (square > slow && ++idle === mostIdle) break;
    if (gain < 0.25) damping *= 4;
    else if (gain > 0.75) damping /= 4;
    yield { at: { state: x, square } };
  }
  return { state: x, square };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
