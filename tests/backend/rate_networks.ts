/** Random rate networks and trials for property tests. */
import fc from "fast-check";
import { activations, type RateNetwork } from "../../lib/network/types.ts";
import type { LossName, RateTrial } from "../../lib/backend/types.ts";

/** What a random case is made of; everything else follows from `seed`. */
export interface CaseShape {
  readonly sizes: number[];
  readonly steps: number;
  readonly batch: number;
  readonly channels: number;
  readonly activation: RateNetwork["activation"];
  readonly dale: boolean;
  readonly fixedTau: boolean;
  readonly loss: LossName;
  readonly density: number;
  readonly hasFeedback: boolean;
  readonly readsAll: boolean;
  readonly drivesAll: boolean;
  readonly hasLossWeights: boolean;
  readonly drawsNoise: boolean;
  readonly seed: number;
}

/** Arbitrary case with limits on layers, units a layer, steps and trials. */
export function caseShapes(
  limits: { layers: number; units: number; steps: number; batch: number },
): fc.Arbitrary<CaseShape> {
  return fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: limits.units }), {
      minLength: 1,
      maxLength: limits.layers,
    }),
    steps: fc.integer({ min: 2, max: limits.steps }),
    batch: fc.integer({ min: 1, max: limits.batch }),
    channels: fc.integer({ min: 1, max: 3 }),
    activation: fc.constantFrom(...activations),
    dale: fc.boolean(),
    fixedTau: fc.boolean(),
    loss: fc.constantFrom<LossName>("l1", "l2"),
    density: fc.constantFrom(0.02, 0.2, 0.6, 1),
    hasFeedback: fc.boolean(),
    readsAll: fc.boolean(),
    drivesAll: fc.boolean(),
    hasLossWeights: fc.boolean(),
    drawsNoise: fc.boolean(),
    seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  });
}

/** Uniform numbers in [0, 1), xorshift32. */
export function uniforms(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box–Muller). */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** The network of a case: weights of both signs, zeros, and masked entries. */
export function randomNetwork(shape: CaseShape): RateNetwork {
  const uniform = uniforms(shape.seed);
  const normal = normals(shape.seed + 1);
  const { sizes, density, dale, channels } = shape;
  const matrix = (rows: number, columns: number, gain: number) =>
    Float64Array.from({ length: rows * columns }, () => {
      if (uniform() >= density) return 0;
      const w = gain * normal() / Math.sqrt(columns * density);
      // Under Dale's principle most weights exist, some have died.
      return Math.fround(dale && uniform() < 0.8 ? Math.abs(w) : w);
    });
  const mask = (length: number) =>
    Uint8Array.from({ length }, () => Number(uniform() < 0.9));
  const vector = (length: number, gain: number) =>
    Float64Array.from({ length }, () => Math.fround(gain * normal()));
  const layers = sizes.map((size) => ({
    size,
    inhibitory: Uint8Array.from(
      { length: size },
      () => Number(dale && uniform() < 0.3),
    ),
    sstCount: 0,
    weights: matrix(size, size, 1.5),
    mask: mask(size * size),
    tausGaus: vector(size, 1),
  }));
  const between = [];
  for (let l = 1; l < sizes.length; l++) {
    const size = sizes[l] * sizes[l - 1];
    between.push({
      from: l - 1,
      to: l,
      weights: matrix(sizes[l], sizes[l - 1], 1),
      mask: mask(size),
    });
  }
  if (shape.hasFeedback && sizes.length > 1) {
    const last = sizes.length - 1;
    between.push({
      from: last,
      to: last - 1,
      weights: matrix(sizes[last - 1], sizes[last], 0.5),
    });
  }
  const read = sizes.map((_, l) => l).filter((l) =>
    shape.readsAll || l === sizes.length - 1
  );
  return {
    activation: shape.activation,
    dale,
    taus: shape.fixedTau ? [4] : [2, 10],
    layers,
    inputs: sizes.map((_, l) => l).filter((l) => shape.drivesAll || l === 0)
      .map((to) => ({
        from: "input" as const,
        to,
        weights: vector(sizes[to] * channels, 1),
      })),
    between,
    readout: {
      from: read,
      weights: read.map((l) => vector(sizes[l], 0.5)),
      bias: Math.fround(0.1 * normal()),
    },
  };
}

/** The trials of a case, of equal length. */
export function randomTrials(shape: CaseShape): RateTrial[] {
  const normal = normals(shape.seed + 2);
  const uniform = uniforms(shape.seed + 3);
  const { steps, channels } = shape;
  const units = shape.sizes.reduce((sum, size) => sum + size, 0);
  const vector = (length: number) =>
    Float64Array.from({ length }, () => Math.fround(normal()));
  return Array.from({ length: shape.batch }, (_, b) => ({
    inputs: vector(channels * steps),
    steps,
    noise: shape.drawsNoise
      ? { key: (shape.seed * 2654435761) >>> 0, trial: 7 + b }
      : { initial: vector(units), steps: vector(units * (steps - 1)) },
    target: vector(steps),
    ...(shape.hasLossWeights && {
      lossWeights: Float64Array.from(
        { length: steps - 1 },
        () => Math.fround(uniform()),
      ),
    }),
  }));
}
