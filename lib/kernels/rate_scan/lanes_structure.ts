/** A network laid out for trials in lanes: one sparse matrix over all units. */
import type { ByteRange } from "./job.ts";
import type { KernelMemory } from "./memory.ts";
import { existingSynapses, Places } from "./structure.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Bytes of a unit's row of four lanes, in which entries count. */
const row = 16;
/** Bytes of a synapse. */
export const synapseBytes = 8;
const entry = synapseBytes;

/** Synapses by one of their units, in pairs, see simd/lanes.ts. */
export interface SparseRows {
  readonly entries: number;
  readonly bounds: number;
  readonly count: number;
}

/** The layout; addresses in the kernel's memory. */
export class LanesStructure {
  readonly incoming: SparseRows;
  readonly outgoing: SparseRows;
  /** Address of each `outgoing` entry's synapse; -1 for those that fill up a pair. */
  readonly synapseOfEntry: number;
  /** Everything that a run reads. */
  readonly ranges: readonly ByteRange[];
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

    const postOf = (k: number) => post[synapses[k]];
    const preOf = (k: number) => pre[synapses[k]];
    const byPost = Uint32Array.from(synapses.keys());
    const byPre = outgoingOrder(vectors, synapses);
    const incoming = placeRows(memory, units, byPost, postOf, preOf);
    const outgoing = placeRows(memory, units, byPre, preOf, postOf);
    this.incoming = incoming.rows;
    this.outgoing = outgoing.rows;
    const synapseOfEntry = new Uint32Array(outgoing.rows.count).fill(-1);
    byPre.forEach((k) => synapseOfEntry[outgoing.positions[k]] = synapses[k]);
    this.synapseOfEntry = memory.store(synapseOfEntry);
    this.ids = memory.store(wiring.unitIds);
    this.inputWeights = memory.store(Float32Array.from(wiring.inputWeights));
    this.alphas = memory.store(new Float32Array(units));
    this.readout = memory.store(new Float32Array(units));
    this.stages = memory.store(
      Uint32Array.from(wiring.stages.flatMap(({ from, to }) => [from, to])),
    );
    this.ranges = [
      ...rowRanges(this.incoming, units),
      ...rowRanges(this.outgoing, units),
      { at: this.ids, bytes: 4 * units },
      { at: this.inputWeights, bytes: 4 * wiring.inputWeights.length },
      { at: this.alphas, bytes: 4 * units },
      { at: this.readout, bytes: 4 * units },
      { at: this.stages, bytes: 8 * wiring.stages.length },
    ];
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

function rowRanges(rows: SparseRows, units: number): ByteRange[] {
  return [
    { at: rows.entries, bytes: entry * rows.count },
    { at: rows.bounds, bytes: 4 * (units + 1) },
  ];
}

/**
 * Lays out synapses by unit.
 *
 * @param order the synapses k, those of a unit together
 * @returns also the address of each synapse's weight, and its number among the entries
 */
function placeRows(
  memory: KernelMemory,
  units: number,
  order: Uint32Array,
  unitOf: (k: number) => number,
  otherOf: (k: number) => number,
): { rows: SparseRows; addresses: Uint32Array; positions: Uint32Array } {
  const counts = new Uint32Array(units);
  order.forEach((k) => counts[unitOf(k)]++);
  const bounds = new Uint32Array(units + 1);
  for (let i = 0; i < units; i++) {
    bounds[i + 1] = bounds[i] + entry * (counts[i] + counts[i] % 2);
  }
  const words = new Uint32Array(bounds[units] / 4);
  const entries = memory.allocate(bounds[units]);
  const next = bounds.slice();
  const addresses = new Uint32Array(order.length);
  const positions = new Uint32Array(order.length);
  order.forEach((k) => {
    const at = next[unitOf(k)];
    next[unitOf(k)] += entry;
    // Of a pair, the offsets come before the weights.
    const isSecond = Number(at % (2 * entry) !== 0);
    const pair = at - isSecond * entry;
    positions[k] = at / entry;
    words[pair / 4 + isSecond] = row * otherOf(k);
    addresses[k] = entries + pair + 8 + 4 * isSecond;
  });
  memory.words(entries, words.length).set(words);
  return {
    rows: {
      entries,
      bounds: memory.store(bounds),
      count: bounds[units] / entry,
    },
    addresses,
    positions,
  };
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
