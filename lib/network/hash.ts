/** A hash that tells whether two networks are the same one. */
import { sha256 } from "../platform/hash.ts";
import type { RateNetwork } from "./types.ts";

/**
 * SHA-256 of a network: of its parameters in single precision (little endian),
 * the types of its units and its mask. Networks with the same seed and settings
 * have the same hash on every machine, in every runtime, and after saving and
 * loading. The rest of a model (its record, scaling factor and calibration) is
 * not part of the hash.
 *
 * @param network any rate network
 * @returns 64 hexadecimal digits
 * @throws {Error} in a page that is not secure, such as one from another
 * machine without https
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
