/** A spiking network as a layer of tfjs models. */
import * as tf from "@tensorflow/tfjs";
import { spikingParameters } from "../network/spiking_parameters.ts";
import type {
  NeuronModel,
  SpikingNetwork,
  SynapseModel,
} from "../network/spiking.ts";
import { filterOf, recordedRise, synapseNames } from "../network/synapses.ts";
import { stepsPerRateStep } from "../network/geometry.ts";
import type { LifConstants } from "./lif_constants.ts";
import { lifScan } from "./lif_scan.ts";
import { readOut } from "./network.ts";
import {
  NetworkLayer,
  type NetworkLayerArgs,
  oneOf,
  stimulusOf,
} from "./network_layer.ts";
import { expectBackend } from "./shapes.ts";
import type {
  LayerConfig,
  LayerShape,
  LayerVariable,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from "./tensors.ts";

/** Outputs of a spiking layer. */
export type SpikingOutput = "outputs" | "rates" | "spikes" | "voltages";

/**
 * Arguments of a spiking layer; a layer that is loaded has the parts of the
 * network.
 */
export interface SpikingLayerArgs extends Omit<NetworkLayerArgs, "network"> {
  /** The spiking network, of LIF units with a synaptic filter. */
  readonly network?: SpikingNetwork;
  /** How it was mapped. Defaults to the mapping of `network`. */
  readonly mapping?: SpikingMapping;
  /** Output of the layer. Defaults to the network's `outputs`. */
  readonly output?: SpikingOutput;
  /**
   * Noise of the voltages: seed, and standard deviation in mV (0.1 by default).
   * With it initial voltages are drawn as the model draws them; without, units
   * start at their reset voltage.
   */
  readonly noise?: { readonly seed: number; readonly amplitude?: number };
  /** Of the surrogate derivative, see {@linkcode LifConstants}. */
  readonly surrogate?: Pick<LifConstants, "height" | "steepness">;
}

/** Numbers that a mapping adds to a rate network. */
export interface SpikingMapping {
  /** Constants of the units; times in ms, voltages in mV. */
  readonly constants: LifConstants;
  /** Duration of a column of the stimulus, ms. */
  readonly stepMs: number;
  /** Integration steps of a column. */
  readonly stepsPerColumn: number;
  /** Added to the output; 0 without a calibration. */
  readonly offset: number;
}

/**
 * A spiking network as a layer: takes a stimulus, trials×columns×channels, whose
 * last column is where the trial ends, and gives outputs, trials×steps×1, or
 * rates, spikes or voltages, trials×steps×units, at every integration step.
 * Gradients are by the surrogate derivative of {@linkcode lifScan}; the weights
 * that are trained are the rate network's.
 *
 * Runs on tfjs's backends `cpu` and `webgpu`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { convert, createNetwork, randomStream } from "@spikernn/spikernn";
 * import { SpikingLayer } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const network = convert(
 *   createNetwork({ units: 20, channels: 1 }, randomStream(1)),
 *   { scalingFactor: 50, downsample: 5 },
 * );
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.inputLayer({ inputShape: [11, 1] }),
 *     new SpikingLayer({ network, output: "spikes" }),
 *   ],
 * });
 * const spikes = model.predict(tf.ones([2, 11, 1])) as tf.Tensor;
 * // Ten steps of 5 ms, of 20 integration steps of 0.25 ms each.
 * assert.deepEqual(spikes.shape, [2, 200, 20]);
 * ```
 */
export class SpikingLayer extends NetworkLayer {
  /** Name of the class in files of models. */
  static className = "SpikernnSpikingLayer";
  readonly #mapping: SpikingMapping;
  readonly #output: SpikingOutput;
  readonly #args: Pick<SpikingLayerArgs, "noise" | "surrogate">;
  #spiking: SpikingNetwork | undefined;
  #fixed:
    | Record<"gain" | "current" | "readoutGain", LayerVariable>
    | undefined;
  #calls = 0;

  /**
   * Makes a layer of a network.
   *
   * @param args network, and what the layer gives
   * @throws {TypeError} without a network
   * @throws {RangeError} for other neurons than LIF, synapses without a filter, or
   *   another output
   */
  constructor(args: SpikingLayerArgs) {
    const spiking = args?.network;
    if (spiking) checkSpiking(spiking);
    super("SpikingLayer", { ...args, network: spiking?.rate });
    this.#spiking = spiking;
    this.#mapping = spiking ? mappingOf(spiking) : args.mapping!;
    const { noise, surrogate } = args;
    this.#args = {
      noise: noise ?? undefined,
      surrogate: surrogate ?? undefined,
    };
    this.#output = oneOf("SpikingLayer", args.output, [
      "outputs",
      "rates",
      "spikes",
      "voltages",
    ]);
  }

  /**
   * Makes the factors of weights and readout by the mapping, and the currents.
   */
  protected override buildFixed(): void {
    const { units } = this;
    const gains = this.#spiking && gainsOf(this.#spiking);
    const add = (name: string, shape: number[], values?: Float64Array) =>
      this.addValues(name, shape, values, false);
    this.#fixed = {
      gain: add("gain", [units, units], gains?.weights),
      current: add("current", [units], gains?.bias),
      readoutGain: add("readout_gain", [units, 1], gains?.readout),
    };
    this.#spiking = undefined;
  }

  /** Shape of what it gives. */
  override computeOutputShape(
    inputShape: LayerShape | LayerShape[],
  ): LayerShape {
    const [trials, columns] = inputShape as LayerShape;
    const steps = columns === null
      ? null
      : (columns - 1) * this.#mapping.stepsPerColumn;
    return [trials, steps, this.#output === "outputs" ? 1 : this.units];
  }

  /** Runs the network. */
  override call(inputs: Tensor | Tensor[]): Tensor {
    expectBackend("SpikingLayer");
    return tf.tidy(() => {
      const stimulus = stimulusOf(inputs);
      const { constants, stepMs, stepsPerColumn, offset } = this.#mapping;
      const { gain, current, readoutGain } = this.#fixed!;
      const [trials, columns] = stimulus.shape;
      const steps = (columns - 1) * stepsPerColumn;
      if (steps < 1) {
        throw new RangeError(
          `Cannot run the layer ${this.name}: the stimulus has ${columns} ` +
            "columns, at least 2 are needed",
        );
      }
      // The stimulus changes in the middle of a rate step, as in the model.
      const column = Int32Array.from(
        { length: steps },
        (_, k) =>
          Math.floor((2 * (k + 1) + stepsPerColumn) / (2 * stepsPerColumn)),
      );
      const drive = tf.gather(
        tf.add(this.drive(stimulus), current.read()),
        tf.tensor1d(column, "int32"),
        1,
      ) as Tensor3D;
      const found = lifScan({
        weights: tf.mul(this.effectiveWeights(), gain.read()) as Tensor2D,
        tauDecay: tf.mul(stepMs, tf.reciprocal(this.decay())) as Tensor1D,
        drive,
        constants: { ...constants, ...this.#args.surrogate },
        ...this.#noise([trials, steps, this.units]),
      });
      if (this.#output !== "outputs") return found[this.#output];
      const weights = tf.mul(this.readoutWeights(), readoutGain.read());
      return readOut(found.rates, weights as Tensor2D, tf.scalar(offset));
    });
  }

  #noise(
    [trials, steps, units]: [number, number, number],
  ): { noise?: Tensor3D; initial?: Tensor2D } {
    const { noise } = this.#args;
    if (!noise) return {};
    const { seed, amplitude = 0.1 } = noise;
    const { reset = -65 } = this.#mapping.constants;
    const call = `${seed} ${this.#calls++}`;
    return {
      noise: tf.randomNormal(
        [trials, steps, units],
        0,
        amplitude,
        "float32",
        seedOf(call),
      ),
      initial: tf.randomUniform(
        [trials, units],
        reset,
        30,
        "float32",
        seedOf(`${call} initial`),
      ),
    };
  }

  /** What a file says of the layer beside its weights. */
  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      mapping: this.#mapping,
      output: this.#output,
      noise: this.#args.noise ?? null,
      surrogate: this.#args.surrogate ?? null,
    } as unknown as LayerConfig;
  }
}

tf.serialization.registerClass(SpikingLayer);

/** Filters that decay, and rise by a constant that all units share or not at all. */
const runnable = synapseNames.filter((kind) => {
  const { decays, rises } = filterOf({ kind });
  return decays && rises !== "td";
});

/** @throws {RangeError} for what lifScan does not run */
function checkSpiking({ neuron, synapse }: SpikingNetwork): void {
  const wrong = neuron.name !== "lif"
    ? `its units are ${neuron.name}, lif is needed`
    : !runnable.includes(synapse.kind)
    ? `its synapses are ${synapse.kind}, ${runnable.join(" or ")} is needed`
    : undefined;
  if (wrong === undefined) return;
  throw new RangeError(`Cannot make a SpikingLayer: ${wrong}`);
}

function mappingOf(spiking: SpikingNetwork): SpikingMapping {
  const { neuron, synapse, dt, stepMs, calibration } = spiking;
  return {
    constants: constantsOf(neuron, synapse, dt),
    stepMs,
    stepsPerColumn: stepsPerRateStep(spiking),
    offset: calibration?.readout?.offset ?? 0,
  };
}

function constantsOf(
  { tauMembrane, refractory, reset, peak }: NeuronModel,
  synapse: SynapseModel,
  dt: number,
): LifConstants {
  return {
    dt,
    tauMembrane,
    refractory,
    reset,
    peak,
    rise: recordedRise(synapse) ?? 0,
  };
}

/**
 * By what a mapping multiplies effective weights and readout, and the bias
 * currents: what it makes of a network whose weights are all 1.
 */
function gainsOf(spiking: SpikingNetwork) {
  const { rate } = spiking;
  const ones = (length: number) => new Float64Array(length).fill(1);
  const { weights, readout, bias } = spikingParameters({
    ...spiking,
    rate: {
      ...rate,
      dale: false,
      layers: rate.layers.map((layer) => ({
        ...layer,
        // Types of units stay: a readout has gains by type.
        inhibitory: layer.inhibitory,
        weights: ones(layer.size ** 2),
        mask: new Uint8Array(layer.size ** 2).fill(1),
      })),
      between: rate.between.map((projection) => ({
        ...projection,
        weights: ones(projection.weights.length),
        mask: undefined,
      })),
      readout: {
        ...rate.readout,
        weights: rate.readout.weights.map(({ length }) => ones(length)),
      },
    },
  });
  return { weights, readout, bias };
}

/** A seed of tfjs's generators, a whole number, from words. */
function seedOf(words: string): number {
  let hash = 0x811c9dc5;
  for (const character of words) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  }
  return hash >>> 0;
}
