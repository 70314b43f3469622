/** Arrays of a checkpoint, by name. */
import type { RateParameters } from "../backend/types.ts";
import { ModelFileError } from "../errors.ts";
import type { Tensor } from "../formats/safetensors.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";

/** Adds a set of parameters (or moments) of a network, each array in its shape. */
export function packParameters(
  tensors: Map<string, Tensor>,
  set: string,
  { weights, between, readout, bias, tausGaus }: RateParameters,
  network: RateNetwork,
): void {
  const put = (name: string, shape: readonly number[], data: FloatArray) =>
    tensors.set(`${set}.${name}`, { shape, data });
  const { layers } = network;
  weights.forEach((data, l) => {
    put(`layers.${l}.weights`, [layers[l].size, layers[l].size], data);
  });
  tausGaus.forEach((data, l) => {
    put(`layers.${l}.taus_gaus`, [layers[l].size], data);
  });
  between.forEach((data, k) => {
    put(`between.${k}.weights`, betweenShape(network, k), data);
  });
  readout.forEach((data, k) => {
    put(`readout.${k}.weights`, [data.length], data);
  });
  put("readout.bias", [], Float64Array.of(bias));
}

/** Adds what training does not change. */
export function packFixed(
  tensors: Map<string, Tensor>,
  network: RateNetwork,
): void {
  const { layers, inputs, between } = network;
  layers.forEach(({ size, inhibitory, mask }, l) => {
    tensors.set(`layers.${l}.inhibitory`, { shape: [size], data: inhibitory });
    tensors.set(`layers.${l}.mask`, { shape: [size, size], data: mask });
  });
  inputs.forEach(({ to, weights }, k) => {
    const { size } = layers[to];
    const shape = [size, weights.length / size];
    tensors.set(`inputs.${k}.weights`, { shape, data: weights });
  });
  between.forEach(({ mask }, k) => {
    if (!mask) return;
    const shape = betweenShape(network, k);
    tensors.set(`between.${k}.mask`, { shape, data: mask });
  });
}

/** Sizes of a projection between layers: size(to)×size(from). */
function betweenShape({ layers, between }: RateNetwork, k: number): number[] {
  const { from, to } = between[k];
  return [layers[to].size, layers[from as number].size];
}

/** Arrays of a file; each is taken once, and none may be left. */
export class Arrays {
  readonly #left: Map<string, Tensor>;

  constructor(tensors: ReadonlyMap<string, Tensor>) {
    this.#left = new Map(tensors);
  }

  #take<T>(
    name: string,
    types: readonly (new (length: number) => T)[],
    expected?: readonly number[],
  ): T {
    const tensor = this.#left.get(name);
    this.#left.delete(name);
    if (!tensor) throw wrong(name, "it is missing");
    const { data, shape } = tensor;
    if (!types.some((type) => data instanceof type)) {
      throw wrong(name, "its numbers are of another type");
    }
    if (expected) checkShape(name, shape, expected);
    return data as T;
  }

  /** Whether an array is there that was not taken yet. */
  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** Numbers of either precision. */
  floats(name: string, shape?: readonly number[]): FloatArray {
    return this.#take<FloatArray>(name, [Float32Array, Float64Array], shape);
  }

  /** Float32. */
  singles(name: string, shape?: readonly number[]): Float32Array {
    return this.#take<Float32Array>(name, [Float32Array], shape);
  }

  /** Float64. */
  doubles(name: string, shape?: readonly number[]): Float64Array {
    return this.#take<Float64Array>(name, [Float64Array], shape);
  }

  /** Zeros and ones. */
  flags(name: string, shape: readonly number[]): Uint8Array {
    const data = this.#take<Uint8Array>(name, [Uint8Array], shape);
    if (data.some((flag) => flag > 1)) throw wrong(name, "it is not 0 and 1");
    return data;
  }

  /** A set of parameters of a network's sizes. */
  parameters(
    set: string,
    { layers, between, readout }: RateNetwork,
  ): RateParameters {
    const size = (layer: number | "input") => {
      const found = layers[layer as number];
      if (!found) throw wrong(set, `it names layer ${layer}`);
      return found.size;
    };
    return {
      weights: layers.map(({ size }, l) =>
        this.floats(`${set}.layers.${l}.weights`, [size, size])
      ),
      tausGaus: layers.map(({ size }, l) =>
        this.floats(`${set}.layers.${l}.taus_gaus`, [size])
      ),
      between: between.map(({ from, to }, k) =>
        this.floats(`${set}.between.${k}.weights`, [size(to), size(from)])
      ),
      readout: readout.from.map((layer, k) =>
        this.floats(`${set}.readout.${k}.weights`, [size(layer)])
      ),
      bias: this.doubles(`${set}.readout.bias`, [])[0],
    };
  }

  /** Says what was not taken. */
  end(): void {
    for (const name of this.#left.keys()) throw wrong(name, "it is unknown");
  }
}

/** Files of earlier versions have every array as a vector. */
function checkShape(
  name: string,
  shape: readonly number[],
  expected: readonly number[],
): void {
  const count = expected.reduce((product, size) => product * size, 1);
  const vector = shape.length === 1 && shape[0] === count;
  if (vector || `${shape}` === `${expected}`) return;
  throw wrong(
    name,
    `its shape is (${shape.join(", ")}), expected (${expected.join(", ")})`,
  );
}

function wrong(name: string, reason: string): ModelFileError {
  return new ModelFileError(
    `Cannot read the checkpoint: ${JSON.stringify(name)}: ${reason}`,
  );
}
