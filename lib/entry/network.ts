/**
 * Networks: how to make one, its effective weights and time constants, and its
 * summary.
 *
 * @module
 */
export type { RandomStream } from "../random/stream.ts";
export { type Activation, activations } from "../network/activations.ts";
export { createNetwork } from "../network/create.ts";
export {
  decayTimeConstants,
  effectiveProjection,
  effectiveWeights,
} from "../network/effective.ts";
export { unitTypes } from "../network/geometry.ts";
export {
  checkTaus,
  type CompleteSettings,
  completeSettings,
  type NetworkSettings,
  usualBetweenGain,
  usualInhibition,
  type WeightDistribution,
} from "../network/settings.ts";
export {
  type LayerSummary,
  type NetworkSummary,
  spectralRadius,
  type Spread,
  summariseNetwork,
  type WeightCounts,
} from "../network/summary.ts";
export type {
  FloatArray,
  Layer,
  Projection,
  RateNetwork,
  Readout,
} from "../network/types.ts";
