/** Rate and spiking networks as layers of tfjs models. */
import * as tf from "@tensorflow/tfjs";
import { spikingParameters } from "../network/spiking_parameters.ts";
import type {
  NeuronModel,
  SpikingNetwork,
  SynapseModel,
} from "../network/spiking.ts";
import type { Activation, RateNetwork } from "../network/types.ts";
import { checkNetwork } from "../network/check.ts";
import {
  channelCount,
  stepsPerRateStep,
  unitCount,
} from "../network/geometry.ts";
import { type FlatArrays, flatArrays, networkOfFlat } from "./flat_network.ts";
import type { LifConstants } from "./lif_constants.ts";
import { lifScan } from "./lif_scan.ts";
import { daleWeights, decayRates, readOut } from "./network.ts";
import { type NetworkStructure, structureOf } from "./network_tensors.ts";
import { rateScan, type ScanNoise } from "./rate_scan.ts";
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

/** Weights of a layer, by their names in its files. */
export type LayerWeight =
  | "weights"
  | "tausGaus"
  | "readout"
  | "bias"
  | "input"
  | "inhibitory"
  | "mask";

/** tfjs's own class of layers. */
export const ModelLayer: (typeof tf)["layers"]["Layer"] = tf.layers.Layer;

/** What layers of both kinds are given. */
export interface NetworkLayerArgs {
  /** The network; in a layer that is loaded from a file, its structure alone. */
  readonly network?: RateNetwork;
  /** Its structure; of `network` where that is given. */
  readonly structure?: NetworkStructure;
  /** Name of the layer. */
  readonly name?: string;
  /** Whether its weights are trained. Defaults to true. */
  readonly trainable?: boolean;
}

/**
 * What a rate and a spiking layer share: the weights of a network, as trained.
 * Recurrent weights, decay time constants (if the network has bounds for them),
 * readout and its bias are trained; input weights, types of units and the mask are
 * fixed.
 */
export abstract class NetworkLayer extends ModelLayer {
  /** What the network is made of. */
  readonly structure: NetworkStructure;
  #network: RateNetwork | undefined;
  #variables = new Map<string, LayerVariable>();

  /**
   * Takes the network.
   *
   * @throws {TypeError} without one, or for one whose arrays do not fit together
   */
  protected constructor(kind: string, args: NetworkLayerArgs) {
    super({ name: args?.name, trainable: args?.trainable });
    const { network, structure } = args ?? {};
    if (network) checkNetwork(network, "run");
    if (!network && !structure) {
      throw new TypeError(
        `Cannot make a ${kind}: it has no network, give { network }`,
      );
    }
    this.#network = network;
    this.structure = network ? structureOf(network) : readable(structure!);
  }

  /** Number of units of all layers. */
  get units(): number {
    return unitCount(this.structure);
  }

  /**
   * Makes the weights; tfjs calls it.
   *
   * @throws {TypeError} for a stimulus that is not trials×steps×channels of the
   *   network's number of channels
   */
  override build(inputShape: LayerShape | LayerShape[]): void {
    const shape = inputShape as LayerShape;
    const network = this.#network;
    const channels = network ? channelCount(network) : shape[2];
    if (shape.length !== 3 || shape[2] !== channels || channels === null) {
      throw new TypeError(
        `Cannot build the layer ${this.name}: its input is [${shape}], ` +
          `expected [trials, steps, ${channels ?? "channels"}]`,
      );
    }
    const { units, structure } = this;
    const flat = network && flatArrays(structure, network);
    const trained = structure.taus.length === 2;
    const add = (
      name: LayerWeight,
      shape: number[],
      trainable: boolean,
    ) => {
      const values = flat?.[name];
      const list = typeof values === "number" ? [values] : values;
      const variable = this.addValues(name, shape, list, trainable);
      this.#variables.set(name, variable);
    };
    add("weights", [units, units], true);
    add("tausGaus", [units], trained);
    add("readout", [units, 1], true);
    add("bias", [1], true);
    add("input", [channels, units], false);
    add("inhibitory", [units], false);
    add("mask", [units, units], false);
    this.buildFixed();
    this.#network = undefined;
    this.built = true;
  }

  /** Makes further weights that are not trained. */
  protected buildFixed(): void {}

  /** Adds a weight with its values; those of a layer from a file come later. */
  protected addValues(
    name: string,
    shape: number[],
    values: ArrayLike<number> | undefined,
    trainable: boolean,
  ): LayerVariable {
    const variable = this.addWeight(
      name,
      shape,
      "float32",
      tf.initializers.zeros(),
      undefined,
      trainable,
    );
    if (values) {
      tf.tidy(() => {
        variable.write(tf.tensor(Float32Array.from(values), shape));
      });
    }
    return variable;
  }

  /** One of the weights. */
  protected variable(name: LayerWeight): Tensor {
    return this.#variables.get(name)!.read();
  }

  /** Effective weights, U×U: rectified, signed, masked. */
  protected effectiveWeights(): Tensor2D {
    const weights = this.variable("weights") as Tensor2D;
    const mask = this.variable("mask") as Tensor2D;
    if (!this.structure.dale) return tf.mul(weights, mask) as Tensor2D;
    const signs = tf.sub(1, tf.mul(2, this.variable("inhibitory")));
    return daleWeights(weights, signs as Tensor1D, mask);
  }

  /** Decay rates dt/tau of the units. */
  protected decay(): Tensor1D {
    const [min, max] = this.structure.taus;
    return max === undefined
      ? tf.fill([this.units], 1 / min)
      : decayRates(this.variable("tausGaus") as Tensor1D, min, max);
  }

  /** Input of each unit from a stimulus, trials×steps×units. */
  protected drive(stimulus: Tensor3D): Tensor3D {
    const [trials, steps, channels] = stimulus.shape;
    return tf.matMul(
      stimulus.reshape([trials * steps, channels]) as Tensor2D,
      this.variable("input") as Tensor2D,
    ).reshape([trials, steps, this.units]) as Tensor3D;
  }

  /** Readout weights of the units that are read, U×1. */
  protected readoutWeights(): Tensor2D {
    const read = this.structure.layers.flatMap(({ size }, l) =>
      new Array<number>(size).fill(Number(this.structure.readout.includes(l)))
    );
    return tf.mul(
      this.variable("readout"),
      tf.tensor2d(read, [this.units, 1]),
    ) as Tensor2D;
  }

  /**
   * The network with the weights as they are.
   *
   * @returns a rate network, in float32
   * @throws {Error} for a layer that has no weights yet
   */
  async network(): Promise<RateNetwork> {
    if (!this.built) {
      throw new Error(
        `Cannot read the network of the layer ${this.name}: it is not built ` +
          "yet, add it to a model first",
      );
    }
    const read: Record<string, Float32Array> = {};
    for (const [name, variable] of this.#variables) {
      read[name] = Float32Array.from(await variable.read().data());
    }
    const { bias, ...arrays } = read;
    const flat = { ...arrays, bias: bias[0] } as unknown as FlatArrays;
    return networkOfFlat(this.structure, flat);
  }

  /** What a file says of the layer beside its weights. */
  override getConfig(): LayerConfig {
    return { ...super.getConfig(), structure: writable(this.structure) };
  }
}

/**
 * tfjs rewrites words with underscores in its files, so that there are none in
 * ours.
 */
function writable(
  structure: NetworkStructure,
): LayerConfig {
  const activation = structure.activation.replaceAll("_", "-");
  return { ...structure, activation } as unknown as LayerConfig;
}

function readable(structure: NetworkStructure): NetworkStructure {
  const activation = structure.activation.replaceAll("-", "_") as Activation;
  return { ...structure, activation };
}

/** The stimulus of a call. */
function stimulusOf(inputs: Tensor | Tensor[]): Tensor3D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
}

/** What a rate layer is given. */
export interface RateLayerArgs extends NetworkLayerArgs {
  /** What it gives: the network's `outputs` (the default), or `rates`. */
  readonly output?: "outputs" | "rates";
  /**
   * Noise of the states. Every call draws new one: trials are counted on. None by
   * default.
   */
  readonly noise?: ScanNoise;
}

/**
 * A rate network as a layer: takes a stimulus, trials×steps×channels, and gives
 * outputs, trials×steps×1, or rates, trials×steps×units. Output and rates of step
 * 0 are those of the initial state.
 *
 * Runs on tfjs's backends `cpu` and `webgpu`, see {@linkcode rateScan}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { RateLayer } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const layer = new RateLayer({ network });
 * const model = tf.sequential({
 *   layers: [tf.layers.inputLayer({ inputShape: [50, 1] }), layer],
 * });
 * const outputs = model.predict(tf.ones([3, 50, 1])) as tf.Tensor;
 * assert.deepEqual(outputs.shape, [3, 50, 1]);
 * assert.deepEqual((await layer.network()).layers[0].mask, network.layers[0].mask);
 * ```
 */
export class RateLayer extends NetworkLayer {
  /** Name of the class in files of models. */
  static className = "SpikernnRateLayer";
  readonly #output: "outputs" | "rates";
  readonly #noise: ScanNoise | undefined;
  #trials = 0;

  /**
   * Makes a layer of a network.
   *
   * @param args network, and what the layer gives
   * @throws {TypeError} without a network
   * @throws {RangeError} for another output
   */
  constructor(args: RateLayerArgs) {
    super("RateLayer", args);
    this.#output = oneOf("RateLayer", args.output, ["outputs", "rates"]);
    this.#noise = args.noise ?? undefined;
  }

  /** Shape of what it gives. */
  override computeOutputShape(
    inputShape: LayerShape | LayerShape[],
  ): LayerShape {
    const [trials, steps] = inputShape as LayerShape;
    return [trials, steps, this.#output === "rates" ? this.units : 1];
  }

  /** Runs the network. */
  override call(inputs: Tensor | Tensor[]): Tensor {
    expectBackend("RateLayer");
    return tf.tidy(() => {
      const stimulus = stimulusOf(inputs);
      const noise = this.#noise;
      const trial = (noise?.trial ?? 0) + this.#trials;
      this.#trials += stimulus.shape[0];
      const rates = rateScan({
        weights: this.effectiveWeights(),
        decay: this.decay(),
        drive: this.drive(stimulus),
        activation: this.structure.activation,
        noise: noise && { ...noise, trial },
      });
      return this.#output === "rates"
        ? rates
        : readOut(rates, this.readoutWeights(), this.variable("bias"));
    });
  }

  /** What a file says of the layer beside its weights. */
  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      output: this.#output,
      noise: (this.#noise ?? null) as LayerConfig | null,
    };
  }
}

/** What a spiking layer gives. */
export type SpikingOutput = "outputs" | "rates" | "spikes" | "voltages";

/** What a spiking layer is given; in one that is loaded, the parts of the network. */
export interface SpikingLayerArgs extends Omit<NetworkLayerArgs, "network"> {
  /** The spiking network, of LIF units with a synaptic filter. */
  readonly network?: SpikingNetwork;
  /** How it was mapped; of `network` where that is given. */
  readonly mapping?: SpikingMapping;
  /** What it gives; the network's `outputs` by default. */
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

/** What a mapping adds to a rate network, in numbers. */
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

  /** Makes what the mapping multiplies weights and readout by, and the currents. */
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

tf.serialization.registerClass(RateLayer);
tf.serialization.registerClass(SpikingLayer);

/** @throws {RangeError} for what lifScan does not run */
function checkSpiking({ neuron, synapse }: SpikingNetwork): void {
  const wrong = neuron.name !== "lif"
    ? `its units are ${neuron.name}, lif is needed`
    : synapse.kind === "none"
    ? "its synapses have no filter, single or double is needed"
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
  { kind, rise }: SynapseModel,
  dt: number,
): LifConstants {
  return {
    dt,
    tauMembrane,
    refractory,
    reset,
    peak,
    rise: kind === "double" ? rise : 0,
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

function oneOf<T extends string>(
  kind: string,
  value: T | undefined,
  allowed: readonly T[],
): T {
  if (value === undefined || value === null) return allowed[0];
  if (allowed.includes(value)) return value;
  throw new RangeError(
    `Cannot make a ${kind}: its output is ${value}, allowed are ` +
      allowed.join(", "),
  );
}
