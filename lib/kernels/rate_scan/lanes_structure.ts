/** A network laid out for trials in lanes: one sparse matrix over all units. */
import { existingSynapses, Places } from "./structure.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Bytes of a unit's row of 16 lanes, in which entries count. */
const row = 64;

/** Synapses by one of their units, see simd/lanes.ts; addresses and sizes in bytes. */
export interface SparseRows {
  readonly entries: number;
  readonly bounds: number;
  readonly count: number;
}

/** The layout; addresses in the kernel's memory. */
export class LanesStructure {
  readonly incoming: SparseRows;
  readonly outgoing: SparseRows;
  /** Per entry of `outgoing`: byte offset of its gradient in the gradient vector. */
  readonly gradientOffsets: number;
  readonly ids: number;
  readonly inputWeights: number;
  readonly alphas: number;
  readonly readout: number;
  readonly stages: number;
  readonly #vectors: ParameterVectors;
  readonly #places: Places;
  #version = -1;

  constructor(vectors: ParameterVectors) {
    const { memory, wiring } = vectors;
    const synapses = existingSynapses(vectors);
    const origin = memory.allocate(16);
    const { post, pre, units } = wiring;

    const byPost = Uint32Array.from(synapses.keys());
    const byPre = outgoingOrder(vectors, synapses);
    const rowsOf = (
      order: Uint32Array,
      unit: (k: number) => number,
      other: (k: number) => number,
    ) => {
      const words = new Uint32Array(2 * order.length);
      const bounds = new Uint32Array(units + 1);
      order.forEach((k, e) => {
        words[2 * e] = row * other(k);
        bounds[unit(k) + 1] += 8;
      });
      for (let i = 0; i < units; i++) bounds[i + 1] += bounds[i];
      const entries = memory.store(words);
      const addresses = new Uint32Array(order.length);
      order.forEach((k, e) => addresses[k] = entries + 8 * e + 4);
      return {
        rows: { entries, bounds: memory.store(bounds), count: order.length },
        addresses,
      };
    };
    const postOf = (k: number) => post[synapses[k]];
    const preOf = (k: number) => pre[synapses[k]];
    const incoming = rowsOf(byPost, postOf, preOf);
    const outgoing = rowsOf(byPre, preOf, postOf);
    this.incoming = incoming.rows;
    this.outgoing = outgoing.rows;
    this.gradientOffsets = memory.store(byPre.map((k) => 4 * synapses[k]));

    this.ids = memory.store(wiring.unitIds);
    this.inputWeights = memory.store(Float32Array.from(wiring.inputWeights));
    this.alphas = memory.store(new Float32Array(units));
    this.readout = memory.store(new Float32Array(units));
    this.stages = memory.store(
      Uint32Array.from(wiring.stages.flatMap(({ from, to }) => [from, to])),
    );
    this.#vectors = vectors;
    this.#places = new Places(vectors, synapses, {
      forward: incoming.addresses,
      backward: outgoing.addresses,
    }, origin);
  }

  /**
   * Writes the current parameters.
   *
   * @returns false if the structure should be built anew
   */
  update(): boolean {
    const vectors = this.#vectors;
    if (!this.#places.update()) return false;
    if (this.#version === vectors.version) return true;
    const { memory, wiring: { units } } = vectors;
    vectors.writeAlphas(memory.floats(this.alphas, units));
    memory.floats(this.readout, units).set(vectors.readout);
    this.#version = vectors.version;
    return true;
  }
}

/**
 * Synapses by presynaptic unit, in the order in which gradients come back: those
 * to later stages first, then those within the unit's own stage, both ascending.
 */
function outgoingOrder(
  vectors: ParameterVectors,
  synapses: Uint32Array,
): Uint32Array {
  const { post, pre, units, stages } = vectors.wiring;
  const stageEnd = new Uint32Array(units);
  for (const { from, to } of stages) stageEnd.fill(to, from, to);
  // Two passes of a counting sort: the second keeps the order of the first.
  const isOwn = (s: number) => Number(post[s] < stageEnd[pre[s]]);
  const next = new Uint32Array(2 * units + 1);
  for (const s of synapses) next[2 * pre[s] + isOwn(s) + 1]++;
  for (let i = 0; i < 2 * units; i++) next[i + 1] += next[i];
  const order = new Uint32Array(synapses.length);
  synapses.forEach((s, k) => order[next[2 * pre[s] + isOwn(s)]++] = k);
  return order;
}
