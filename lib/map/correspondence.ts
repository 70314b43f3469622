/** How much of a rate network is left in its spiking twin, unit by unit. */
import { median } from "../arithmetic/median.ts";
import type { Backend } from "../backend/types.ts";
import { openBackend } from "../backend/open.ts";
import { heedAbort } from "../platform/turn.ts";
import { effectiveProjection, effectiveWeights } from "../network/effective.ts";
import { firstUnits, unitCount } from "../network/geometry.ts";
import type { Correspondence } from "../network/records.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { Task } from "../tasks/types.ts";
import type { MeanCourses } from "./courses.ts";
import { regress } from "./statistics.ts";
import { recordTwins } from "./twins.ts";

/** Options of the measurement of a correspondence. */
export interface CorrespondenceOptions {
  /** Of the trials and all noise. */
  readonly seed: number;
  /** Number of recorded trials of every condition. Defaults to 20. */
  readonly recorded?: number;
  /** Where to run. Defaults to `simd` with one worker. */
  readonly backend?: Backend;
  /** Stops between chunks of trials. */
  readonly signal?: AbortSignal;
}

/**
 * Compares the activity and the weights of a spiking network with those of the
 * rate network that it was mapped from, on the same stimuli.
 *
 * A mapped network does its task because its units follow their rate units. A
 * calibration can also find another solution with the same units: performance
 * is then as high, but the correspondence is lost.
 *
 * @param spiking the network, from `convert`, with its calibration if it has
 * one
 * @param task what it does
 * @param options seed, how many trials
 * @returns correlation of units, CKA of the activity, change of the weights
 * @throws {RangeError} for a number of trials below 1, or a bad seed
 * @throws {TypeError} for a network with another number of input channels
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   convert, correspondence, createNetwork, getTask, randomStream,
 * } from "@spikernn/spikernn";
 * const network = createNetwork({ channels: 1, units: 10 }, randomStream(1));
 * const spiking = convert(network, { scalingFactor: 50 });
 * const measured = await correspondence(spiking, getTask("go-nogo"), {
 *   seed: 1,
 *   recorded: 2,
 * });
 * // The factor alone leaves the weights as they are.
 * assert(measured.weightChange === 0 && measured.synapsesChanged === 0);
 * assert(measured.cka > 0 && measured.cka <= 1);
 * ```
 */
export async function correspondence(
  spiking: SpikingNetwork,
  task: Task,
  options: CorrespondenceOptions,
): Promise<Correspondence> {
  const backend = options.backend ?? await openBackend();
  try {
    const { seed, recorded = 20, signal } = options;
    const run = { seed, recorded, backend, signal };
    const { rate, courses } = await recordTwins(spiking, task, run);
    return await correspondenceOf(spiking, rate, courses, signal);
  } finally {
    if (!options.backend) backend.close();
  }
}

/** The same from mean courses that have been recorded. */
export async function correspondenceOf(
  spiking: SpikingNetwork,
  rate: MeanCourses,
  courses: MeanCourses,
  signal?: AbortSignal,
): Promise<Correspondence> {
  return {
    unitCorrelation: median(unitCorrelations(rate, courses)),
    cka: await linearCka(courseColumns(rate), courseColumns(courses), signal),
    ...weightChanges(spiking),
  };
}

/** Pearson correlation of every unit's two mean courses; NaN if one is constant. */
export function unitCorrelations(
  rate: MeanCourses,
  spiking: MeanCourses,
): Float64Array {
  return Float64Array.from(
    { length: rate.units },
    (_, unit) => regress(rate.unit(unit), spiking.unit(unit)).correlation,
  );
}

function courseColumns(courses: MeanCourses): Float64Array[] {
  return Array.from(
    { length: courses.units },
    (_, unit) => courses.unit(unit),
  );
}

/**
 * Linear centred kernel alignment of two sets of columns over the same rows:
 * 1 for the same geometry up to rotation and scale, 0 for none in common.
 *
 * Source: S. Kornblith, M. Norouzi, H. Lee, G. Hinton, ICML 2019, equation 5.
 *
 * @param x columns of one set, as long as those of the other
 * @param y columns of the other set, any number of them
 * @param signal stops it
 * @returns 0 to 1; NaN if no column of one of the sets varies
 */
export async function linearCka(
  x: readonly Float64Array[],
  y: readonly Float64Array[],
  signal?: AbortSignal,
): Promise<number> {
  const [a, b] = [x.map(centred), y.map(centred)];
  return await squaredProducts(a, b, signal) / Math.sqrt(
    await squaredProducts(a, a, signal) * await squaredProducts(b, b, signal),
  );
}

function centred(column: Float64Array): Float64Array {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  return column.map((value) => value - mean);
}

/** Sum of the squared inner products of all pairs of columns. */
async function squaredProducts(
  x: readonly Float64Array[],
  y: readonly Float64Array[],
  signal?: AbortSignal,
): Promise<number> {
  const products = new Float64Array(x.length * y.length);
  let sum = 0;
  for (const [i, a] of x.entries()) {
    const row = products.subarray(i * y.length, (i + 1) * y.length);
    // Of a set with itself, each pair is there twice.
    const known = x === y ? i : 0;
    for (let j = 0; j < known; j++) row[j] = products[j * y.length + i];
    productsWith(a, y, row, known);
    for (const product of row) sum += product * product;
    // A thousand units take seconds.
    await heedAbort(signal);
  }
  return sum;
}

/** Inner products of a column with others, from one on: four at a time, whose sums do not wait for each other. */
function productsWith(
  a: Float64Array,
  others: readonly Float64Array[],
  products: Float64Array,
  from: number,
): void {
  let j = from;
  for (; j + 3 < others.length; j += 4) {
    const [b, c, d, e] = others.slice(j, j + 4);
    let [ab, ac, ad, ae] = [0, 0, 0, 0];
    for (let row = 0; row < a.length; row++) {
      const own = a[row];
      ab += own * b[row];
      ac += own * c[row];
      ad += own * d[row];
      ae += own * e[row];
    }
    products.set([ab, ac, ad, ae], j);
  }
  for (; j < others.length; j++) {
    const b = others[j];
    let ab = 0;
    for (let row = 0; row < a.length; row++) ab += a[row] * b[row];
    products[j] = ab;
  }
}

/**
 * How far a calibration moved the synaptic weights from those of the factor
 * alone. One gain that all of them share counts as another factor, not as a
 * change.
 *
 * @returns `weightChange`: norm of the difference as a share of the weights';
 *   `synapsesChanged`: share of synapses that grew or shrank more than twofold
 */
export function weightChanges(
  { rate, calibration }: SpikingNetwork,
): Pick<Correspondence, "weightChange" | "synapsesChanged"> {
  const first = firstUnits(rate);
  const unitGain = calibration?.units?.gain ??
    new Float64Array(unitCount(rate)).fill(1);
  const weights: number[] = [];
  const gains: number[] = [];
  const collect = (
    own: Float64Array,
    to: number,
    columns: number,
    synapses: ArrayLike<number> | undefined,
  ) =>
    own.forEach((weight, k) => {
      if (weight === 0) return;
      weights.push(weight);
      const post = first[to] + Math.floor(k / columns);
      gains.push(unitGain[post] * (synapses?.[k] ?? 1));
    });
  const { recurrent, between } = calibration?.synapses ?? {};
  rate.layers.forEach(({ size }, l) =>
    collect(effectiveWeights(rate, l), l, size, recurrent?.[l])
  );
  rate.between.forEach((projection, k) =>
    collect(
      effectiveProjection(rate, projection),
      projection.to,
      rate.layers[projection.from as number].size,
      between?.[k],
    )
  );
  if (weights.length === 0) return { weightChange: 0, synapsesChanged: 0 };
  let [product, square] = [0, 0];
  weights.forEach((weight, k) => {
    product += weight * weight * gains[k];
    square += weight * weight;
  });
  const common = product / square;
  let [difference, changed] = [0, 0];
  weights.forEach((weight, k) => {
    const gain = gains[k] / common;
    difference += (weight * (gain - 1)) ** 2;
    if (gain > 2 || gain < 0.5) changed++;
  });
  return {
    weightChange: Math.sqrt(difference / square),
    synapsesChanged: changed / weights.length,
  };
}
