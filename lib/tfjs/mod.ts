/**
 * Rate and spiking networks over time as differentiable ops of TensorFlow.js,
 * for losses, optimisers and layers of your own.
 *
 * @module
 */
import "@tensorflow/tfjs-backend-webgpu";

export type { LifConstants } from "./lif_constants.ts";
export {
  lifScan,
  type LifScanInputs,
  type LifScanOutputs,
} from "./lif_scan.ts";
export {
  checkDevice,
  daleWeights,
  decayRates,
  layerTensors,
  readOut,
} from "./network.ts";
export { rateScan, type RateScanInputs, type ScanNoise } from "./rate_scan.ts";
export type { Activation, FloatArray, Layer } from "../network/types.ts";
export type {
  LayerConfig,
  LayerShape,
  LayerVariable,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from "./tensors.ts";
export {
  type LayerWeight,
  ModelLayer,
  NetworkLayer,
  type NetworkLayerArgs,
} from "./network_layer.ts";
export { RateLayer, type RateLayerArgs } from "./rate_layer.ts";
export {
  SpikingLayer,
  type SpikingLayerArgs,
  type SpikingMapping,
  type SpikingOutput,
} from "./spiking_layer.ts";
export {
  networkOf,
  type NetworkStructure,
  type NetworkTensors,
  networkTensors,
} from "./network_tensors.ts";
export type {
  Calibration,
  NeuronModel,
  NeuronName,
  SpikingNetwork,
  SynapseModel,
} from "../network/spiking.ts";
export type { NeuronConstants } from "../network/neurons.ts";
export type { Projection, RateNetwork, Readout } from "../network/types.ts";
