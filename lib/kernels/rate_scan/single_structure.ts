/** A network laid out for single trials: units in lanes, stage by stage. */
import type { KernelMemory } from "./memory.ts";
import { placeMatrix } from "./matrix.ts";
import { existingSynapses, Places } from "./structure.ts";
import { placeSynapseGroups, type SynapseGroups } from "./synapse_groups.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

/** One stage; addresses in the kernel's memory, `size` a multiple of 4. */
export interface SingleStage {
  /** First unit. */
  readonly from: number;
  readonly units: number;
  readonly size: number;
  /** Number of its first unit when every stage is filled up to a multiple of 4. */
  readonly padded: number;
  readonly ids: number;
  readonly alphas: number;
  readonly readout: number;
  /** channels×size. */
  readonly inputWeights: number;
  /** Whether any channel reaches the stage, and whether the readout reads it. */
  readonly isDriven: boolean;
  readonly isRead: boolean;
  readonly recurrent: number;
  readonly recurrentTransposed: number;
  /** Matrices from earlier stages, and from later ones transposed, ascending. */
  readonly incoming: readonly { stage: number; matrix: number }[];
  readonly outgoing: readonly { stage: number; matrix: number }[];
}

/** The whole layout. */
export class SingleStructure {
  readonly stages: readonly SingleStage[];
  readonly groups: SynapseGroups;
  /** Units of all stages filled up to multiples of 4. */
  readonly paddedUnits: number;
  readonly #vectors: ParameterVectors;
  readonly #places: Places;
  #version = -1;

  constructor(vectors: ParameterVectors) {
    const { memory, wiring } = vectors;
    const synapses = existingSynapses(vectors);
    const origin = memory.allocate(16);
    const stageOf = new Uint32Array(wiring.units);
    const padded: number[] = [];
    let paddedUnits = 0;
    wiring.stages.forEach(({ from, to }, k) => {
      stageOf.fill(k, from, to);
      padded.push(paddedUnits);
      paddedUnits += upToFour(to - from);
    });
    const { post, pre } = wiring;
    const local = (unit: number) => unit - wiring.stages[stageOf[unit]].from;

    // Synapses by pair of stages; within each, in the order of the vector.
    const pairs = new Map<string, number[]>();
    synapses.forEach((s, k) => {
      const pair = `${stageOf[post[s]]} ${stageOf[pre[s]]}`;
      let members = pairs.get(pair);
      if (members === undefined) pairs.set(pair, members = []);
      members.push(k);
    });
    const forward = new Uint32Array(synapses.length);
    const backward = new Uint32Array(synapses.length);
    const place = (to: number, from: number) => {
      const members = pairs.get(`${to} ${from}`) ?? [];
      const rows = Uint32Array.from(members, (k) => local(post[synapses[k]]));
      const columns = Uint32Array.from(members, (k) => local(pre[synapses[k]]));
      const sizes = [to, from].map((k) =>
        upToFour(wiring.stages[k].to - wiring.stages[k].from)
      );
      // A stage's own rates are known step by step, those of others all at once.
      const use = to === from ? "one" : "many";
      const plain = placeMatrix(
        memory,
        sizes[0],
        sizes[1],
        { rows, columns },
        use,
      );
      const transposed = placeMatrix(
        memory,
        sizes[1],
        sizes[0],
        { rows: columns, columns: rows },
        use,
      );
      members.forEach((k, e) => {
        forward[k] = plain.addresses[e];
        backward[k] = transposed.addresses[e];
      });
      return { plain, transposed };
    };

    const recurrent = wiring.stages.map((_, k) => place(k, k));
    const incoming = wiring.stages.map((): SingleStage["incoming"][0][] => []);
    const outgoing = wiring.stages.map((): SingleStage["outgoing"][0][] => []);
    for (let to = 0; to < wiring.stages.length; to++) {
      for (let from = 0; from < to; from++) {
        if (!pairs.has(`${to} ${from}`)) continue;
        const placed = place(to, from);
        incoming[to].push({ stage: from, matrix: placed.plain.at });
        outgoing[from].push({ stage: to, matrix: placed.transposed.at });
      }
    }
    this.stages = wiring.stages.map(({ from, to }, k) => ({
      ...placeUnits(memory, vectors, from, to),
      padded: padded[k],
      recurrent: recurrent[k].plain.at,
      recurrentTransposed: recurrent[k].transposed.at,
      incoming: incoming[k],
      outgoing: outgoing[k],
    }));
    const paddedUnit = (unit: number) => padded[stageOf[unit]] + local(unit);
    this.groups = placeSynapseGroups(memory, {
      post: synapses.map((s) => paddedUnit(post[s])),
      pre: synapses.map((s) => paddedUnit(pre[s])),
      target: synapses.map((s) => vectors.gradients + 4 * s),
    }, origin);
    this.paddedUnits = paddedUnits;
    this.#vectors = vectors;
    this.#places = new Places(
      vectors,
      synapses,
      { forward, backward },
      origin,
    );
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
    const alphas = new Float32Array(vectors.wiring.units);
    vectors.writeAlphas(alphas);
    const { readout, memory } = vectors;
    for (const stage of this.stages) {
      const end = stage.from + stage.units;
      memory.floats(stage.alphas, stage.units)
        .set(alphas.subarray(stage.from, end));
      memory.floats(stage.readout, stage.units)
        .set(readout.subarray(stage.from, end));
    }
    this.#version = vectors.version;
    return true;
  }
}

function placeUnits(
  memory: KernelMemory,
  vectors: ParameterVectors,
  from: number,
  to: number,
) {
  const { channels, inputWeights, unitIds, read } = vectors.wiring;
  const units = to - from;
  const size = upToFour(units);
  const ids = new Uint32Array(size);
  ids.set(unitIds.subarray(from, to));
  const weights = new Float32Array(channels * size);
  for (let i = 0; i < units; i++) {
    for (let c = 0; c < channels; c++) {
      weights[c * size + i] = inputWeights[(from + i) * channels + c];
    }
  }
  return {
    from,
    units,
    size,
    ids: memory.store(ids),
    alphas: memory.store(new Float32Array(size)),
    readout: memory.store(new Float32Array(size)),
    inputWeights: memory.store(weights),
    isDriven: weights.some((w) => w !== 0),
    isRead: read.subarray(from, to).includes(1),
  };
}
