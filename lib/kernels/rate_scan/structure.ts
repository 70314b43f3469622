/**
 * A structure holds effective weights where a scan wants them. It has places
 * for the synapses that existed when it was built; under Dale's principle
 * synapses die, so it is built anew when that has become worth while.
 */
import type { ParameterVectors } from "./vectors.ts";
import { upToFour } from "./types.ts";

/** A structure is built anew when fewer than this part of its synapses are left. */
const worthKeeping = 0.85;

/** Addresses of a structure's weights in the order of the structure's synapses. */
export interface Placement {
  readonly forward: Uint32Array;
  readonly backward: Uint32Array;
}

/** Synapses that have a place: all, or under Dale's principle those that exist. */
export function existingSynapses(vectors: ParameterVectors): Uint32Array {
  const { wiring } = vectors;
  const count = wiring.post.length;
  const weights = vectors.view(vectors.parameters);
  const list = new Uint32Array(count);
  let found = 0;
  for (let s = 0; s < count; s++) {
    if (!wiring.dale || weights[s] > 0) list[found++] = s;
  }
  return list.slice(0, found);
}

/** Keeps a structure's weights up to date. */
export class Places {
  readonly #vectors: ParameterVectors;
  readonly #forward: number;
  readonly #backward: number;
  /** Where weights without a place go; the places are counted from here. */
  readonly #origin: number;
  readonly #synapses: number;
  #version = -1;

  /**
   * @param synapses synapses that have a place
   * @param origin an address of 16 unused bytes below all places
   */
  constructor(
    vectors: ParameterVectors,
    synapses: Uint32Array,
    places: Placement,
    origin: number,
  ) {
    this.#vectors = vectors;
    this.#origin = origin;
    this.#synapses = synapses.length;
    const all = (addresses: Uint32Array) => {
      const offsets = new Uint32Array(upToFour(vectors.wiring.post.length));
      for (let k = 0; k < synapses.length; k++) {
        offsets[synapses[k]] = addresses[k] - origin;
      }
      return vectors.memory.store(offsets);
    };
    this.#forward = all(places.forward);
    this.#backward = all(places.backward);
  }

  /**
   * Writes the current weights, if they changed.
   *
   * @returns whether the structure will do; otherwise build another
   */
  update(): boolean {
    const vectors = this.#vectors;
    if (this.#version === vectors.version) return true;
    const { wiring, memory } = vectors;
    const positive = memory.run.placeWeights(
      upToFour(wiring.post.length),
      vectors.parameters,
      vectors.signs,
      Number(wiring.dale),
      this.#forward,
      this.#backward,
      this.#origin,
    );
    this.#version = vectors.version;
    if (!wiring.dale) return true;
    return positive >= worthKeeping * this.#synapses;
  }
}
