/** One-to-one mapping of a trained rate network to a spiking network. */
import { checkNetwork } from "../network/check.ts";
import type { RateNetwork } from "../network/types.ts";
import type {
  Calibration,
  SpikingNetwork,
  SynapseName,
} from "../network/spiking.ts";
import { checkFactors } from "../network/scaling_factor.ts";
import { checkCalibration } from "./calibration_check.ts";
import { checkStep } from "./integration.ts";
import { type NeuronChoice, neuronModel, synapseModel } from "./neurons.ts";
import { usualMapping } from "./usual.ts";

/** Options of the mapping. */
export interface ConvertOptions {
  /**
   * The scaling factor (1/lambda in the paper) by which recurrent weights and
   * readout are divided: one for the network, or one for each layer, which
   * divides all weights that leave the layer (its units then fire at that
   * factor times their rate).
   */
  readonly scalingFactor: number | readonly number[];
  /** Duration of a step of the rate network, ms. Defaults to 5. */
  readonly stepMs?: number;
  /** Neuron model. Defaults to `lif`. */
  readonly neuron?: NeuronChoice;
  /** Filter of the synapses. Defaults to `double`. */
  readonly synapse?: SynapseName;
  /** Rise time constant of the double exponential, ms. Defaults to 2; 0 for none. */
  readonly rise?: number;
  /**
   * Absolute refractory period, ms: shorthand for the constant of the neuron
   * model.
   */
  readonly refractory?: number;
  /**
   * Multiplies the integration step of 0.05 ms; a rate step must remain a whole
   * number of integration steps.
   */
  readonly downsample?: number;
  /** Network before training, whose recurrent weights are used instead. */
  readonly initialWeights?: RateNetwork;
  /** What was fitted on top of the scaling factor. */
  readonly calibration?: Calibration;
}

/**
 * Maps a trained rate network one-to-one to a spiking network: every rate unit
 * becomes a spiking unit, with recurrent weights and readout divided by the
 * scaling factor, the input weights unchanged, and the unit's decay time
 * constant as the decay of its synapses (Kim, Li and Sejnowski, PNAS 116:22811,
 * 2019, eq. 5 and 6). No weight is copied: the result refers to `network`.
 *
 * @param network a rate network, trained
 * @param options scaling factor and models; see {@linkcode ConvertOptions}
 * @returns the spiking network
 * @throws {TypeError} if an array has the wrong length, or the number of
 * factors is not the number of layers
 * @throws {RangeError} for weights that are not finite, an impossible factor
 * (below 1, or ten times beyond those searched), a gain that is not above 0, a
 * constant of a model that is out of range, or for which the integration step
 * is too long
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { convert, type RateNetwork } from "@spikernn/spikernn";
 * const network: RateNetwork = {
 *   activation: "sigmoid",
 *   dale: true,
 *   taus: [10],
 *   layers: [{
 *     size: 2,
 *     inhibitory: Uint8Array.of(0, 1),
 *     sstCount: 0,
 *     weights: Float32Array.of(0, 0.5, 0.5, 0),
 *     mask: Uint8Array.of(1, 1, 1, 1),
 *     tausGaus: new Float32Array(2),
 *   }],
 *   inputs: [{ from: "input", to: 0, weights: Float32Array.of(1, 1) }],
 *   between: [],
 *   readout: { from: [0], weights: [Float32Array.of(1, -1)], bias: 0 },
 * };
 * const spiking = convert(network, { scalingFactor: 50 });
 * assert(spiking.neuron.name === "lif" && spiking.dt === 0.05);
 * ```
 */
export function convert(
  network: RateNetwork,
  options: ConvertOptions,
): SpikingNetwork {
  const stepMs = options.stepMs ?? usualMapping.stepMs;
  if (!(Number.isFinite(stepMs) && stepMs > 0)) {
    throw new RangeError(
      `Cannot convert the network: a step of ${stepMs} ms, it must be above 0`,
    );
  }
  checkNetwork(network, "convert");
  checkFactor(options.scalingFactor, network);
  if (options.calibration) checkCalibration(options.calibration, network);
  const neuron = typeof options.neuron === "string" || !options.neuron
    ? { name: options.neuron ?? usualMapping.neuron }
    : options.neuron;
  const spiking: SpikingNetwork = {
    rate: options.initialWeights
      ? withInitialWeights(network, options.initialWeights)
      : network,
    factor: options.scalingFactor,
    neuron: neuronModel(
      options.refractory === undefined
        ? neuron
        : { ...neuron, refractory: options.refractory },
    ),
    synapse: synapseModel(options.synapse, options.rise),
    stepMs,
    dt: stepOfIntegration(
      stepMs,
      options.downsample ?? usualMapping.downsample,
    ),
  };
  checkStep(spiking);
  return options.calibration
    ? { ...spiking, calibration: options.calibration }
    : spiking;
}

/**
 * The network with the recurrent weights (and those between layers) that it had
 * before training; readout, masks and decay time constants stay the trained
 * ones, as with the original's `use_initial_weights`.
 *
 * @throws {TypeError} if the two networks differ in their sizes
 * @throws {RangeError} if the initial weights are not finite
 */
export function withInitialWeights(
  network: RateNetwork,
  initial: RateNetwork,
): RateNetwork {
  const sizes = (of: RateNetwork) => of.layers.map((layer) => layer.size);
  if (
    String(sizes(network)) !== String(sizes(initial)) ||
    network.between.length !== initial.between.length
  ) {
    throw new TypeError(
      `Cannot use the initial weights: layers of ${sizes(initial)} units, ` +
        `the network has layers of ${sizes(network)}`,
    );
  }
  // Only what is taken over is checked: a model file may not know the rest.
  const mixed = {
    ...network,
    layers: network.layers.map((layer, l) => ({
      ...layer,
      weights: initial.layers[l].weights,
    })),
    between: network.between.map((projection, k) => ({
      ...projection,
      weights: initial.between[k].weights,
    })),
  };
  checkNetwork(mixed, "convert");
  return mixed;
}

function stepOfIntegration(stepMs: number, downsample: number): number {
  const { integrationStep } = usualMapping;
  const perStep = stepMs / integrationStep / downsample;
  if (
    !(Number.isInteger(downsample) && downsample > 0) ||
    perStep < 1 || Math.abs(perStep - Math.round(perStep)) > 1e-9
  ) {
    throw new RangeError(
      `Cannot convert the network: a downsampling of ${downsample}, allowed ` +
        `are whole numbers that divide a step of ${stepMs} ms into whole ` +
        `steps of downsampling × ${integrationStep} ms`,
    );
  }
  return downsample * integrationStep;
}

function checkFactor(
  factor: number | readonly number[],
  network: RateNetwork,
): void {
  const factors = typeof factor === "number" ? [factor] : factor;
  if (
    !Array.isArray(factors) ||
    factors.some((value) => typeof value !== "number")
  ) {
    throw new TypeError(
      `Cannot convert the network: a scaling factor of ` +
        `${JSON.stringify(factor)} (${typeof factor}), a number or an array ` +
        "of numbers is needed",
    );
  }
  if (typeof factor !== "number" && factors.length !== network.layers.length) {
    throw new TypeError(
      `Cannot convert the network: ${factors.length} scaling factors, ` +
        `allowed are one, or one for each of ${network.layers.length} layers`,
    );
  }
  checkFactors(factors, network.activation, "convert the network");
}
