/**
 * Fixed and slow points of a rate network at a constant input: where its
 * dynamics stand still, or nearly so.
 *
 * Source: D. Sussillo and O. Barak, Opening the black box: low-dimensional
 * dynamics in high-dimensional recurrent neural networks, Neural Computation
 * 25:626 (2013).
 */
import { countOf } from "../count.ts";
import { turns } from "../platform/turn.ts";
import { type Eigenvalues, eigenvalues } from "../network/eigenvalues.ts";
import type { FloatArray } from "../network/types.ts";
import type { RandomStream } from "../random/stream.ts";
import { integer } from "../random/draw.ts";
import { Ends, inOrder, squaredDistance } from "./descents.ts";
import { descend } from "./levenberg_marquardt.ts";
import {
  outputAt,
  type RateDynamics,
  synapsesOf,
  VectorField,
} from "./rate_dynamics.ts";

/** q below which a point is fixed: F is 0 but for rounding. */
const fixedBelow = 1e-20;
/** q below which a point is slow, 1/ms². */
const slowBelow = 1e-6;
/** Points nearer to each other than this share of the spread are one. */
const apart = 1e-3;

/** A state at which the dynamics stand still, or nearly so. */
export interface FixedPoint {
  /** `fixed`: q < 1e-20. `slow`: a minimum of q below 1e-6. */
  readonly kind: "fixed" | "slow";
  /** Inputs of the units x, all layers in order. */
  readonly state: Float64Array;
  /** ½|F|²/N, in 1/ms². */
  readonly q: number;
  /** Starts that ended here. */
  readonly starts: number;
  /** Output of the readout here. */
  readonly output: number;
  /** Eigenvalues of the Jacobian, 1/ms; absent beyond `mostSpectra` points. */
  readonly eigenvalues?: Eigenvalues;
  /** Number of eigenvalues with a real part above 0: 0 stable, else the saddle's order. */
  readonly unstable: number;
  /** Largest 1/|real part| of the eigenvalues, ms. */
  readonly slowest: number;
}

/** What a search for fixed points found. */
export interface FixedPoints {
  /** Fixed points first, then slow ones, each by how many starts ended there. */
  readonly points: readonly FixedPoint[];
  /** Number of starts. */
  readonly starts: number;
  /**
   * Starts that ended at a minimum of q of 1e-6 or more, which is neither a
   * fixed nor a slow point.
   */
  readonly nowhere: number;
  /** Root of the mean squared distance of the starts from their mean. */
  readonly spread: number;
}

/** How fixed points are searched. */
export interface FixedPointOptions {
  /**
   * Largest number of points whose eigenvalues are computed, fixed points
   * first. Defaults to 64; `unstable` and `slowest` of the others are NaN.
   */
  readonly mostSpectra?: number;
  /** Stops it. */
  readonly signal?: AbortSignal;
  /** Called with starts done, or eigenvalues computed, and the total. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Searches for fixed points of F(x) = (-x + Weff·phi(x) + drive)/tau: from each
 * start, q = ½|F|²/N is minimised by the method of Levenberg and Marquardt with
 * the exact Jacobian, in double precision. Points are different if they are
 * further apart than a thousandth of the spread of the starts. A search that
 * comes as near as that to a known point ends there.
 *
 * @param dynamics from `rateDynamics`
 * @param drive what the constant input adds to each unit, from `constantDrive`
 * @param starts states to start from, N numbers each, see `startingStates`
 * @param options a signal that stops it, and a listener of the progress
 * @returns the points, with stability and output
 * @throws {TypeError} for a drive or a start of another length
 * @throws {RangeError} for numbers that are not finite, or no start
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findFixedPoints } from "@spikernn/spikernn/analysis";
 * // One unit that excites itself: x = 8·sigmoid(x) - 4 has three solutions.
 * const { points } = await findFixedPoints(
 *   {
 *     units: 1,
 *     weights: Float64Array.of(8),
 *     taus: Float64Array.of(20),
 *     activation: "sigmoid",
 *     readout: Float64Array.of(1),
 *     bias: 0,
 *   },
 *   Float64Array.of(-4),
 *   [-3, 0.1, 3].map((x) => Float64Array.of(x)),
 * );
 * assert(points.length === 3);
 * const saddle = points.find(({ unstable }) => unstable === 1)!;
 * assert(Math.abs(saddle.state[0]) < 1e-9);
 * // There the slope is 1/4, so the eigenvalue is (8/4 - 1)/20 ms.
 * assert(Math.abs(saddle.eigenvalues!.real[0] - 0.05) < 1e-9);
 * ```
 */
export async function findFixedPoints(
  dynamics: RateDynamics,
  drive: ArrayLike<number>,
  starts: readonly Float64Array[],
  options: FixedPointOptions = {},
): Promise<FixedPoints> {
  checkSearch(dynamics, drive, starts);
  const { units } = dynamics;
  const { mostSpectra = 64, signal, onProgress } = options;
  signal?.throwIfAborted();
  const system = synapsesOf(dynamics);
  const spread = spreadOf(starts, units);
  const slow = 2 * units * slowBelow;
  const fixed = 2 * units * fixedBelow;
  const ends = new Ends({ near: (apart * spread) ** 2, fixed, slow });
  const pause = turns(50);
  const descents = inOrder(
    system,
    starts,
    (start) =>
      descend(new VectorField(dynamics, drive, system), start, {
        fixed,
        slow,
        spread,
      }),
    ends,
  );
  for (const done of descents) {
    if (!await pause()) continue;
    signal?.throwIfAborted();
    onProgress?.(done, starts.length);
  }
  onProgress?.(starts.length, starts.length);
  const found = ends.all.map(({ state, square, starts }) => ({
    state,
    starts,
    q: square / (2 * units),
  })).filter(({ q }) => q < slowBelow);
  const rank = ({ q }: { q: number }) => q < fixedBelow ? 0 : 1;
  found.sort((a, b) => rank(a) - rank(b) || b.starts - a.starts || a.q - b.q);
  const points: FixedPoint[] = [];
  const field = new VectorField(dynamics, drive, system);
  for (const [p, { state, starts, q }] of found.entries()) {
    const kind = q < fixedBelow ? "fixed" as const : "slow" as const;
    const output = outputAt(dynamics, state);
    const about = { kind, state, q, starts, output };
    if (p >= mostSpectra) {
      points.push({ ...about, unstable: NaN, slowest: NaN });
      continue;
    }
    field.velocity(state, new Float64Array(units));
    const spectrum = await eigenvalues(field.matrix(), units, {
      signal,
      stay: true,
    });
    points.push({ ...about, ...stabilityOf(spectrum) });
  }
  const settled = found.reduce((sum, { starts }) => sum + starts, 0);
  return {
    points,
    starts: starts.length,
    nowhere: starts.length - settled,
    spread,
  };
}

function stabilityOf(spectrum: Eigenvalues) {
  const { real } = spectrum;
  return {
    eigenvalues: spectrum,
    unstable: real.filter((x) => x > 0).length,
    slowest: real.reduce((most, x) => Math.max(most, 1 / Math.abs(x)), 0),
  };
}

/** States that a network visits, of one trial. */
export interface VisitedStates {
  /** Inputs x of the units at every sample, units×samples. */
  readonly states: FloatArray;
}

/**
 * States to start a search from: visited ones, drawn with equal probability
 * from all samples of all trials, plus normal noise.
 *
 * @param trials states of trials, as `simulateRate` records them
 * @param units number of units N
 * @param random stream for the draw and the noise
 * @param options number of starts (defaults to 1024) and standard deviation of
 * the noise (defaults to 0.1)
 * @returns the starts, N numbers each
 * @throws {RangeError} if there are no states, or for a number of starts that
 * is not whole, or noise below 0
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork, getTask, randomStream, simulateRate,
 * } from "@spikernn/spikernn";
 * import { startingStates } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const runs = await simulateRate(network, { task: getTask("go-nogo") }, {
 *   seed: 1,
 *   record: { states: true },
 * });
 * const visited = runs.map(({ trace }) => ({ states: trace.states! }));
 * const starts = startingStates(visited, 10, randomStream(1), { count: 100 });
 * assert(starts.length === 100 && starts[0].length === 10);
 * ```
 */
export function startingStates(
  trials: readonly VisitedStates[],
  units: number,
  random: RandomStream,
  { count = 1024, noise = 0.1 }: {
    readonly count?: number;
    readonly noise?: number;
  } = {},
): Float64Array[] {
  if (!(Number.isInteger(count) && count > 0)) {
    throw new RangeError(
      `Cannot start from ${
        countOf(count, "state")
      }: a whole number above 0 is needed`,
    );
  }
  if (!(noise >= 0 && Number.isFinite(noise))) {
    throw new RangeError(
      `Cannot add noise of ${noise} to states: a number from 0 is needed`,
    );
  }
  const sizes = trials.map(({ states }) => states.length / units);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (!(Number.isInteger(total) && total > 0)) {
    throw new RangeError(
      `Cannot draw states: ${countOf(total, "sample")} of ${
        countOf(units, "unit was", "units were")
      } given`,
    );
  }
  const [places, normals] = [random.fork("state"), random.fork("noise")];
  return Array.from({ length: count }, (_, s) => {
    let at = integer(places, total, s);
    let trial = 0;
    while (at >= sizes[trial]) at -= sizes[trial++];
    const { states } = trials[trial];
    return Float64Array.from(
      { length: units },
      (_, i) => states[i * sizes[trial] + at] + noise * normals.normal(i, s),
    );
  });
}

/**
 * Checks what a search is given.
 *
 * @throws {TypeError} for a drive or a start of another length
 * @throws {RangeError} for numbers that are not finite, or no start
 */
export function checkSearch(
  { units }: RateDynamics,
  drive: ArrayLike<number>,
  starts: readonly Float64Array[],
): void {
  const what = "Cannot search fixed points";
  if (starts.length === 0) throw new RangeError(`${what}: there is no start`);
  for (const [name, values] of [["the drive", drive], ...starts.entries()]) {
    const which = typeof name === "number" ? `start ${name}` : name;
    if ((values as Float64Array).length !== units) {
      throw new TypeError(
        `${what}: ${which} has ${
          countOf((values as Float64Array).length, "number")
        }, ` +
          `the network has ${countOf(units, "unit")}`,
      );
    }
    if (!Array.from(values as Float64Array).every(Number.isFinite)) {
      throw new RangeError(`${what}: ${which} has numbers that are not finite`);
    }
  }
}

/** Root of the mean squared distance from the mean; of one state, its length or 1. */
function spreadOf(states: readonly Float64Array[], units: number): number {
  const mean = new Float64Array(units);
  for (const x of states) {
    for (let i = 0; i < units; i++) mean[i] += x[i] / states.length;
  }
  let sum = 0;
  for (const x of states) sum += squaredDistance(x, mean, Infinity);
  const spread = Math.sqrt(sum / states.length);
  return spread > 0 ? spread : Math.hypot(...mean) || 1;
}
