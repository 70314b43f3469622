/** Arrays of a checkpoint, by name. */
import type { RateParameters } from "../backend/types.ts";
import { ModelFileError } from "../errors.ts";
import type { Tensor } from "../formats/safetensors.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";

/** Adds a set of parameters (or moments), each matrix in its shape. */
export function packParameters(
  tensors: Map<string, Tensor>,
  set: string,
  { weights, between, readout, bias, tausGaus }: RateParameters,
): void {
  const put = (name: string, data: FloatArray) =>
    tensors.set(`${set}.${name}`, { shape: [data.length], data });
  weights.forEach((data, l) => put(`layers.${l}.weights`, data));
  tausGaus.forEach((data, l) => put(`layers.${l}.taus_gaus`, data));
  between.forEach((data, k) => put(`between.${k}.weights`, data));
  readout.forEach((data, k) => put(`readout.${k}.weights`, data));
  put("readout.bias", Float64Array.of(bias));
}

/** Adds what training does not change. */
export function packFixed(
  tensors: Map<string, Tensor>,
  { layers, inputs, between }: RateNetwork,
): void {
  const put = (name: string, data: FloatArray | Uint8Array) =>
    tensors.set(name, { shape: [data.length], data });
  layers.forEach(({ inhibitory, mask }, l) => {
    put(`layers.${l}.inhibitory`, inhibitory);
    put(`layers.${l}.mask`, mask);
  });
  inputs.forEach(({ weights }, k) => put(`inputs.${k}.weights`, weights));
  between.forEach(({ mask }, k) => {
    if (mask) put(`between.${k}.mask`, mask);
  });
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
    length: number | undefined,
  ): T {
    const data = this.#left.get(name)?.data;
    this.#left.delete(name);
    if (data === undefined) throw wrong(name, "it is missing");
    if (!types.some((type) => data instanceof type)) {
      throw wrong(name, "its numbers are of another type");
    }
    if (length !== undefined && data.length !== length) {
      throw wrong(name, `it has ${data.length} numbers, expected ${length}`);
    }
    return data as T;
  }

  /** Whether an array is there that was not taken yet. */
  has(name: string): boolean {
    return this.#left.has(name);
  }

  /** Numbers of either precision. */
  floats(name: string, length?: number): FloatArray {
    return this.#take<FloatArray>(name, [Float32Array, Float64Array], length);
  }

  /** Float32. */
  singles(name: string, length?: number): Float32Array {
    return this.#take<Float32Array>(name, [Float32Array], length);
  }

  /** Float64. */
  doubles(name: string, length?: number): Float64Array {
    return this.#take<Float64Array>(name, [Float64Array], length);
  }

  /** Zeros and ones. */
  flags(name: string, length: number): Uint8Array {
    const data = this.#take<Uint8Array>(name, [Uint8Array], length);
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
        this.floats(`${set}.layers.${l}.weights`, size * size)
      ),
      tausGaus: layers.map(({ size }, l) =>
        this.floats(`${set}.layers.${l}.taus_gaus`, size)
      ),
      between: between.map(({ from, to }, k) =>
        this.floats(`${set}.between.${k}.weights`, size(from) * size(to))
      ),
      readout: readout.from.map((layer, k) =>
        this.floats(`${set}.readout.${k}.weights`, size(layer))
      ),
      bias: this.doubles(`${set}.readout.bias`, 1)[0],
    };
  }

  /** Says what was not taken. */
  end(): void {
    for (const name of this.#left.keys()) throw wrong(name, "it is unknown");
  }
}

function wrong(name: string, reason: string): ModelFileError {
  return new ModelFileError(
    `Cannot read the checkpoint: ${JSON.stringify(name)}: ${reason}`,
  );
}
