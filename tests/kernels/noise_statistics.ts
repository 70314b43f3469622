/**
 * Statistics of the noise: moments, chi-square over equally likely bins, tails,
 * and correlations between neighbouring units, steps, trials and seeds. Shared by
 * a test on some million numbers and by tools/noise_statistics.ts on 10^9.
 */
import * as simd from "../../lib/kernels/normal/normal.wasm";
import { incrementSizes, incrementUnit } from "../../lib/random/increments.ts";

/** Units and steps of one panel of numbers; all of its numbers are counted once. */
export const panelUnits = 256;
export const panelSteps = 64;
const panelSize = panelUnits * panelSteps;

const bins = 256;
const start = simd.heapBase();

/** A deviation in standard errors. */
export interface Deviation {
  readonly what: string;
  readonly value: number;
  readonly sigmas: number;
}

/** Numbers whose statistics are taken. */
export interface Noise {
  /** Fills memory from an address on with a block of numbers of many units. */
  readonly draw: (
    at: number,
    units: number,
    block: number,
    trial: number,
    key: number,
  ) => void;
  /** Expected size of a number. */
  readonly meanSize: number;
}

/** The noise of rate units. */
export const normals: Noise = {
  draw: simd.unitsInLanes,
  meanSize: Math.sqrt(2 / Math.PI),
};

/** The noise of spiking units. */
export const increments: Noise = {
  draw: (...counter) => simd.incrementsInLanes(...counter, 1),
  meanSize: incrementUnit *
    incrementSizes.reduce((sum, size) => sum + size / incrementSizes.length, 0),
};

/** Draws a panel, steps×units. */
export function drawPanel(
  to: Float32Array,
  firstBlock: number,
  trial: number,
  key: number,
  { draw }: Noise = normals,
): void {
  const blockNumbers = 4 * panelUnits;
  // Increments write as much again.
  const missing = start + 8 * blockNumbers - simd.memory.buffer.byteLength;
  if (missing > 0) simd.memory.grow(Math.ceil(missing / 65536));
  for (let b = 0; b < panelSteps / 4; b++) {
    draw(start, panelUnits, firstBlock + b, trial, key);
    const four = new Float32Array(simd.memory.buffer, start, blockNumbers);
    for (let quad = 0; quad < panelUnits / 4; quad++) {
      for (let step = 0; step < 4; step++) {
        const at = 16 * quad + 4 * step;
        const row = (4 * b + step) * panelUnits + 4 * quad;
        to[row] = four[at];
        to[row + 1] = four[at + 1];
        to[row + 2] = four[at + 2];
        to[row + 3] = four[at + 3];
      }
    }
  }
}

/** P(Z > x). */
function upperTail(x: number): number {
  // Continued fraction (Abramowitz and Stegun 26.2.14), x > 2.
  let fraction = 0;
  for (let k = 200; k >= 1; k--) fraction = k / (x + fraction);
  return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) / (x + fraction);
}

/** Distribution function, by integration of its series (26.2.11). */
function normalCdf(x: number): number {
  if (x > 5) return 1 - upperTail(x);
  if (x < -5) return upperTail(-x);
  let term = x, sum = x;
  for (let k = 1; k < 200; k++) {
    term *= x * x / (2 * k + 1);
    sum += term;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

/** Bins of width 1/32 from -4 to 4: expected share of each, tails with the ends. */
function shares(): Float64Array {
  const edges = Float64Array.from({ length: bins + 1 }, (_, k) => k / 32 - 4);
  return Float64Array.from({ length: bins }, (_, k) => {
    const from = k === 0 ? 0 : normalCdf(edges[k]);
    const to = k === bins - 1 ? 1 : normalCdf(edges[k + 1]);
    return to - from;
  });
}

/** Sums over panels. */
export class NoiseStatistics {
  #count = 0;
  readonly #powers = new Float64Array(5);
  readonly #histogram = new Float64Array(bins);
  readonly #tails = new Float64Array(3);
  readonly #products = new Map<string, { sum: number; count: number }>();
  readonly #meanSize: number;
  largest = 0;

  constructor({ meanSize }: Pick<Noise, "meanSize"> = normals) {
    this.#meanSize = meanSize;
  }

  get count(): number {
    return this.#count;
  }

  /** Adds a panel's numbers. */
  add(panel: Float32Array): void {
    let s1 = 0, s2 = 0, s3 = 0, s4 = 0;
    for (let k = 0; k < panelSize; k++) {
      const x = panel[k];
      const x2 = x * x;
      s1 += x;
      s2 += x2;
      s3 += x2 * x;
      s4 += x2 * x2;
      const bin = (x + 4) * 32;
      this.#histogram[bin < 0 ? 0 : bin >= bins ? bins - 1 : bin | 0]++;
      if (x2 > 16) {
        this.#tails[0]++;
        if (x2 > 25) this.#tails[1]++;
        if (x2 > 36) this.#tails[2]++;
      }
      this.largest = Math.max(this.largest, x, -x);
    }
    this.#powers[1] += s1;
    this.#powers[2] += s2;
    this.#powers[3] += s3;
    this.#powers[4] += s4;
    this.#count += panelSize;
    const rows = [1, 2, 3, 4, 8, 16, 32];
    for (const lag of [1, 2, 3, 4, 5, 8, 16, 64]) {
      this.#correlate(`unit + ${lag}`, panel, panel, lag);
    }
    for (const lag of rows) {
      this.#correlate(`step + ${lag}`, panel, panel, lag * panelUnits);
    }
  }

  /** Adds the products of two panels at the same units and steps. */
  compare(what: string, a: Float32Array, b: Float32Array): void {
    this.#correlate(what, a, b, 0);
  }

  /** Sums of x·y, |x|·|y| and x²·y² of pairs `lag` numbers apart. */
  #correlate(
    what: string,
    a: Float32Array,
    b: Float32Array,
    lag: number,
  ): void {
    // A neighbour in units must not be one in the next step.
    const across = lag % panelUnits;
    const meanSize = this.#meanSize;
    let plain = 0, sizes = 0, squares = 0, count = 0;
    for (let row = 0; row < panelSize - lag; row += panelUnits) {
      for (let i = 0; i < panelUnits - across; i++) {
        const x = a[row + i], y = b[row + i + lag];
        plain += x * y;
        sizes += (Math.abs(x) - meanSize) * (Math.abs(y) - meanSize);
        squares += (x * x - 1) * (y * y - 1);
      }
      count += panelUnits - across;
    }
    this.#product(`x·y, ${what}`, plain, count);
    // Variances of |x| - mean and x² - 1.
    this.#product(`|x|·|y|, ${what}`, sizes / (1 - meanSize ** 2), count);
    this.#product(`x²·y², ${what}`, squares / 2, count);
  }

  #product(what: string, sum: number, count: number): void {
    const found = this.#products.get(what);
    if (found === undefined) this.#products.set(what, { sum, count });
    else {
      found.sum += sum;
      found.count += count;
    }
  }

  /** Everything measured, as deviations in standard errors. */
  deviations(): Deviation[] {
    const n = this.#count;
    const [, s1, s2, s3, s4] = this.#powers;
    // Variances of x, x², x³, x⁴ of a standard normal: 1, 2, 15, 96.
    const moments = ([
      ["mean", s1 / n, 0, 1],
      ["variance", s2 / n, 1, 2],
      ["third moment", s3 / n, 0, 15],
      ["fourth moment", s4 / n, 3, 96],
    ] as const).map(([what, value, expected, variance]) => ({
      what,
      value,
      sigmas: (value - expected) / Math.sqrt(variance / n),
    }));
    let chi2 = 0;
    shares().forEach((share, k) => {
      chi2 += (this.#histogram[k] - n * share) ** 2 / (n * share);
    });
    const freedom = bins - 1;
    const tails = [4, 5, 6].map((limit, k) => {
      const expected = 2 * upperTail(limit) * n;
      return {
        what: `|x| > ${limit} (expected ${expected.toFixed(1)})`,
        value: this.#tails[k],
        sigmas: (this.#tails[k] - expected) / Math.sqrt(expected),
      };
    });
    const products = Array.from(
      this.#products,
      ([what, { sum, count }]) => ({
        what,
        value: sum / count,
        sigmas: sum / Math.sqrt(count),
      }),
    );
    return [
      ...moments,
      {
        what: `chi-square (${freedom} degrees of freedom)`,
        value: chi2,
        sigmas: (chi2 - freedom) / Math.sqrt(2 * freedom),
      },
      ...tails,
      ...products,
    ];
  }
}

/**
 * Draws `panels` panels and gathers their statistics. The four parts of the
 * counter are used as simulations do: few units, long runs of steps, consecutive
 * trials; keys are those given.
 */
export function gather(
  panels: number,
  keys: readonly number[],
  noise: Noise = normals,
): NoiseStatistics {
  const statistics = new NoiseStatistics(noise);
  const [panel, nextTrial, nextKey, farTrial] = Array.from(
    { length: 4 },
    () => new Float32Array(panelSize),
  );
  const blocks = panelSteps / 4;
  const perTrial = 16;
  for (let k = 0; k < panels; k++) {
    const key = keys[k % keys.length];
    const otherKey = keys[(k + 1) % keys.length];
    const round = Math.floor(k / keys.length);
    const trial = Math.floor(round / perTrial);
    const block = (round % perTrial) * blocks;
    drawPanel(panel, block, trial, key, noise);
    statistics.add(panel);
    drawPanel(nextTrial, block, trial + 1, key, noise);
    statistics.compare("trial + 1", panel, nextTrial);
    drawPanel(farTrial, block, trial + 64, key, noise);
    statistics.compare("trial + 64", panel, farTrial);
    drawPanel(nextKey, block, trial, otherKey, noise);
    statistics.compare("other seed", panel, nextKey);
    drawPanel(nextKey, block, trial, key + 1, noise);
    statistics.compare("key + 1", panel, nextKey);
  }
  return statistics;
}

/** Numbers of a panel. */
export const numbersPerPanel = panelSize;
