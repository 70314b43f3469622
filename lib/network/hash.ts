/** A hash that tells whether two networks are the same one. */
import { sha256 } from "../platform/hash.ts";
import type { RateNetwork } from "./types.ts";

/**
 * SHA-256 of all that a network is: its parameters in single precision, little
 * endian, which units are inhibitory and which synapses may exist. Networks of one
 * seed and one set of settings have the same on every machine, in every runtime
 * and through a model file; nothing else of a model (its record, its scaling
 * factor, what a calibration found) is in it.
 *
 * @param network any rate network
 * @returns 64 hexadecimal digits
 * @throws {Error} in a page that is not secure, as that of a server without https
 *   on another machine
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream, weightsHash } from "@spikernn/spikernn";
 * const made = (seed: number) =>
 *   weightsHash(createNetwork({ channels: 1, units: 20 }, randomStream(seed)));
 * assert(await made(1) === await made(1));
 * assert(await made(1) !== await made(2));
 * ```
 */
export function weightsHash(network: RateNetwork): Promise<string> {
  const { activation, dale, taus, layers, inputs, between, readout } = network;
  const layout = {
    activation,
    dale,
    taus,
    layers: layers.map(({ size, sstCount }) => [size, sstCount]),
    inputs: inputs.map(({ to }) => to),
    between: between.map(({ from, to }) => [from, to]),
    readout: readout.from,
  };
  return sha256(
    JSON.stringify(layout),
    ...layers.flatMap(({ inhibitory, mask, weights, tausGaus }) => [
      Uint8Array.from(inhibitory),
      Uint8Array.from(mask),
      littleEndian(weights),
      littleEndian(tausGaus),
    ]),
    ...inputs.map(({ weights }) => littleEndian(weights)),
    ...between.flatMap(({ weights, mask }) => [
      littleEndian(weights),
      ...(mask ? [Uint8Array.from(mask)] : []),
    ]),
    ...readout.weights.map(littleEndian),
    littleEndian([readout.bias]),
  );
}

/** Numbers in single precision, as bytes. */
function littleEndian(numbers: ArrayLike<number>): DataView<ArrayBuffer> {
  const bytes = new DataView(new ArrayBuffer(4 * numbers.length));
  // Float32Array has the machine's own order.
  for (let k = 0; k < numbers.length; k++) {
    bytes.setFloat32(4 * k, numbers[k], true);
  }
  return bytes;
}
