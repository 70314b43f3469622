/** A rate network as tensors of tfjs, and back: every parameter in its shape. */
import * as tf from "@tensorflow/tfjs";
import { checkNetwork } from "../network/check.ts";
import {
  type Activation,
  activations,
  type FloatArray,
  type RateNetwork,
} from "../network/types.ts";
import type { Tensor } from "./tensors.ts";

/** Structure of a network, without its numbers; JSON. */
export interface NetworkStructure {
  /** Transfer function. */
  readonly activation: Activation;
  /** Whether Dale's principle is enforced. */
  readonly dale: boolean;
  /**
   * Decay time constants in steps: a fixed one, or the bounds of trained ones.
   */
  readonly taus: readonly [number] | readonly [number, number];
  /** Units and SST units of each layer. */
  readonly layers: readonly {
    /** Number of units. */
    readonly size: number;
    /** Number of SST units. */
    readonly sstCount: number;
  }[];
  /** Layers that get the stimulus, one entry for each projection. */
  readonly inputs: readonly {
    /** Layer that gets it. */
    readonly to: number;
  }[];
  /** Projections between layers. */
  readonly between: readonly {
    /** Presynaptic layer. */
    readonly from: number;
    /** Postsynaptic layer. */
    readonly to: number;
    /** Whether some of its synapses may not exist. */
    readonly masked: boolean;
  }[];
  /** Layers that are read. */
  readonly readout: readonly number[];
}

/** A network's structure and its numbers as tensors. */
export interface NetworkTensors {
  /** What is not a tensor. */
  readonly structure: NetworkStructure;
  /**
   * Tensors by name, float32: `layers.L.weights`, `layers.L.mask` (N×N),
   * `layers.L.inhibitory`, `layers.L.taus_gaus` (N), `inputs.K.weights`
   * (N×channels), `between.K.weights`, `between.K.mask` (to×from),
   * `readout.K.weights` (N), `readout.bias` (a number).
   */
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/** An array of a network: its name, sizes and numbers. */
type Entry = readonly [
  name: string,
  shape: readonly number[],
  data: FloatArray | Uint8Array,
];

/** The structure of a network. */
export function structureOf(network: RateNetwork): NetworkStructure {
  const { activation, dale, taus, layers, inputs, between, readout } = network;
  return {
    activation,
    dale,
    taus: [...taus] as [number] | [number, number],
    layers: layers.map(({ size, sstCount }) => ({ size, sstCount })),
    inputs: inputs.map(({ to }) => ({ to })),
    between: between.map(({ from, to, mask }) => ({
      from: from as number,
      to,
      masked: mask !== undefined,
    })),
    readout: [...readout.from],
  };
}

/**
 * All parameters of a rate network as tensors, float32. The caller disposes of
 * them (`tf.dispose(tensors)`).
 *
 * @param network a rate network
 * @returns its structure, and its tensors by name
 * @throws {TypeError} for a network whose arrays do not fit together
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { networkOf, networkTensors } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const { structure, tensors } = networkTensors(network);
 * assert.deepEqual(tensors["layers.0.weights"].shape, [20, 20]);
 * const twice = tf.mul(tensors["layers.0.weights"], 2);
 * const changed = await networkOf({
 *   structure,
 *   tensors: { ...tensors, "layers.0.weights": twice },
 * });
 * assert(changed.layers[0].weights[5] === 2 * network.layers[0].weights[5]);
 * ```
 */
export function networkTensors(network: RateNetwork): NetworkTensors {
  checkNetwork(network, "run");
  return {
    structure: structureOf(network),
    tensors: Object.fromEntries(
      entriesOf(network).map(([name, shape, data]) => [
        name,
        tf.tensor(Float32Array.from(data), [...shape], "float32"),
      ]),
    ),
  };
}

function entriesOf({ layers, inputs, between, readout }: RateNetwork): Entry[] {
  return [
    ...layers.flatMap((layer, l): Entry[] => [
      [`layers.${l}.weights`, [layer.size, layer.size], layer.weights],
      [`layers.${l}.mask`, [layer.size, layer.size], layer.mask],
      [`layers.${l}.inhibitory`, [layer.size], layer.inhibitory],
      [`layers.${l}.taus_gaus`, [layer.size], layer.tausGaus],
    ]),
    ...inputs.map(({ to, weights }, k): Entry => [
      `inputs.${k}.weights`,
      [layers[to].size, weights.length / layers[to].size],
      weights,
    ]),
    ...between.flatMap(({ from, to, weights, mask }, k): Entry[] => {
      const shape = [layers[to].size, layers[from as number].size];
      return [
        [`between.${k}.weights`, shape, weights],
        ...(mask ? [[`between.${k}.mask`, shape, mask] as Entry] : []),
      ];
    }),
    ...readout.weights.map((weights, k): Entry => [
      `readout.${k}.weights`,
      [weights.length],
      weights,
    ]),
    ["readout.bias", [], Float64Array.of(readout.bias)],
  ];
}

/**
 * Makes a rate network of a structure and tensors, from {@linkcode
 * networkTensors} or made by a program. The caller still disposes of the
 * tensors.
 *
 * @param from structure and tensors by name
 * @returns the network, in float32
 * @throws {TypeError} for a tensor that is missing, superfluous or of another
 * shape, flags that are not 0 and 1, or an invalid structure
 * @throws {RangeError} for a layer that does not exist
 */
export async function networkOf(
  { structure, tensors }: NetworkTensors,
): Promise<RateNetwork> {
  checkStructure(structure);
  const left = new Map(Object.entries(tensors));
  const take = async (name: string, shape: readonly (number | undefined)[]) => {
    const tensor = left.get(name);
    left.delete(name);
    if (!(tensor instanceof tf.Tensor)) {
      throw cannot(`${name} is missing, a tensor [${shown(shape)}] is needed`);
    }
    const fits = tensor.shape.length === shape.length &&
      shape.every((size, k) => size === undefined || size === tensor.shape[k]);
    if (!fits) {
      throw cannot(
        `${name} is [${tensor.shape}], expected [${shown(shape)}]`,
      );
    }
    return Float32Array.from(await tensor.data());
  };
  const flags = async (name: string, shape: readonly number[]) => {
    const values = await take(name, shape);
    const wrong = values.find((value) => value !== 0 && value !== 1);
    if (wrong === undefined) return Uint8Array.from(values);
    throw cannot(`${name} holds ${wrong}, allowed are 0 and 1`);
  };
  const { layers, inputs, between, readout, ...shared } = structure;
  const sizes = layers.map(({ size }) => size);
  const network: RateNetwork = {
    ...shared,
    layers: await inOrder(layers, async ({ size, sstCount }, l) => ({
      size,
      sstCount,
      weights: await take(`layers.${l}.weights`, [size, size]),
      mask: await flags(`layers.${l}.mask`, [size, size]),
      inhibitory: await flags(`layers.${l}.inhibitory`, [size]),
      tausGaus: await take(`layers.${l}.taus_gaus`, [size]),
    })),
    inputs: await inOrder(inputs, async ({ to }, k) => ({
      from: "input" as const,
      to,
      weights: await take(`inputs.${k}.weights`, [sizes[to], undefined]),
    })),
    between: await inOrder(between, async ({ from, to, masked }, k) => {
      const shape = [sizes[to], sizes[from]];
      return {
        from,
        to,
        weights: await take(`between.${k}.weights`, shape),
        ...(masked && { mask: await flags(`between.${k}.mask`, shape) }),
      };
    }),
    readout: {
      from: readout,
      weights: await inOrder(
        readout,
        (layer, k) => take(`readout.${k}.weights`, [sizes[layer]]),
      ),
      bias: (await take("readout.bias", []))[0],
    },
  };
  for (const name of left.keys()) throw cannot(`${name} is not part of it`);
  checkNetwork(network, "run");
  return network;
}

/** Makes something of each item, one after the other. */
async function inOrder<T, R>(
  items: readonly T[],
  make: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const made: R[] = [];
  for (const [k, item] of items.entries()) made.push(await make(item, k));
  return made;
}

/** @throws {TypeError | RangeError} for a structure that is none */
function checkStructure(structure: NetworkStructure): void {
  const { activation, taus, layers, inputs, between, readout } = structure ??
    {};
  for (
    const [name, list] of Object.entries({
      taus,
      layers,
      inputs,
      between,
      readout,
    })
  ) {
    if (!Array.isArray(list)) {
      throw cannot(`${name} of its structure is ${list}, a list is needed`);
    }
  }
  if (!activations.includes(activation)) {
    throw cannot(
      `its activation is ${activation}, allowed are ${activations.join(", ")}`,
    );
  }
  const named = [
    ...inputs.map(({ to }) => to),
    ...between.flatMap(({ from, to }) => [from, to]),
    ...readout,
  ];
  const wrong = named.find((layer) => layers[layer] === undefined);
  if (layers.length === 0 || wrong !== undefined) {
    throw new RangeError(
      `Cannot make a network of tensors: its structure names layer ${wrong}, ` +
        `it has ${layers.length}, counted from 0`,
    );
  }
}

function shown(shape: readonly (number | undefined)[]): string {
  return shape.map((size) => size ?? "channels").join(",");
}

function cannot(why: string): TypeError {
  return new TypeError(`Cannot make a network of tensors: ${why}`);
}
