/** What layers of tfjs models that are networks share. */
import * as tf from "@tensorflow/tfjs";
import type { Activation, RateNetwork } from "../network/types.ts";
import { checkNetwork } from "../network/check.ts";
import { channelCount, unitCount } from "../network/geometry.ts";
import { type FlatArrays, flatArrays, networkOfFlat } from "./flat_network.ts";
import { daleWeights, decayRates } from "./network.ts";
import { type NetworkStructure, structureOf } from "./network_tensors.ts";
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

/** Arguments of both kinds of layers. */
export interface NetworkLayerArgs {
  /** The network; a layer that is loaded from a file has only its structure. */
  readonly network?: RateNetwork;
  /** Structure of the network. Defaults to that of `network`. */
  readonly structure?: NetworkStructure;
  /** Name of the layer. */
  readonly name?: string;
  /** Whether its weights are trained. Defaults to true. */
  readonly trainable?: boolean;
}

/**
 * Base of rate and spiking layers: the weights of a network, as trained.
 * Recurrent weights, decay time constants (if the network has bounds for them),
 * readout and its bias are trained; input weights, types of units and the mask
 * are fixed.
 */
export abstract class NetworkLayer extends ModelLayer {
  /** Structure of the network. */
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

  /**
   * Adds a weight with its values; a layer from a file gets its values later.
   */
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
export function stimulusOf(inputs: Tensor | Tensor[]): Tensor3D {
  return (Array.isArray(inputs) ? inputs[0] : inputs) as Tensor3D;
}

/**
 * One of the words that a layer takes; the first if none is given.
 *
 * @throws {RangeError} for another one
 */
export function oneOf<T extends string>(
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
