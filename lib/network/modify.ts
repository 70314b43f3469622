/**
 * Circuit surgery: synapses between two classes of units scaled, cut or
 * shuffled. It acts on the rate network; the spiking twin has the same synapses.
 */
import { randomStream } from "../random/stream.ts";
import { firstUnits, unitCount } from "./geometry.ts";
import type { SpikingNetwork } from "./spiking.ts";
import type { FloatArray, RateNetwork } from "./types.ts";
import {
  type PopulationName,
  selectUnits,
  type UnitSelection,
} from "./units.ts";

/** Ways to change synapses. */
export type ModificationKind = "scale" | "cut" | "shuffle";

/** Kinds of modification. */
export const modificationKinds: readonly ModificationKind[] = [
  "scale",
  "cut",
  "shuffle",
];

/**
 * Units at one end of synapses: a population, units by number, all of them, or
 * those of one layer (from 0, the stimulus up).
 */
export type SynapseEnd =
  | UnitSelection
  | "all"
  | {
    readonly layer: number;
    /** Defaults to all units of the layer. */
    readonly population?: PopulationName | "all";
  };

/** A change of the synapses from one class of units to another. */
export interface WeightChange {
  /** Presynaptic units. */
  readonly from: SynapseEnd;
  /** Postsynaptic units. */
  readonly to: SynapseEnd;
  /**
   * `scale` multiplies weights by `amount`; `cut` sets a share of them to 0, of
   * synapses drawn by `seed`; `shuffle` permutes the weights among the places of
   * the synapses, by `seed`.
   */
  readonly kind: ModificationKind;
  /**
   * `scale`: the factor, 0 or more. `cut`: the share, 0 to 1; with the same
   * seed, a larger share includes the synapses of a smaller one. `shuffle`:
   * none.
   */
  readonly amount?: number;
  /** Seed of `cut` and `shuffle`. Defaults to 0. */
  readonly seed?: number;
  /**
   * Restricts the change to synapses for which this returns true; units are
   * counted over all layers.
   */
  readonly synapses?: (post: number, pre: number) => boolean;
}

/** A synapse: its units over all layers, and its weight's place. */
interface Synapse {
  readonly post: number;
  readonly pre: number;
  /** A layer, or the number of layers plus a projection. */
  readonly matrix: number;
  readonly entry: number;
}

/**
 * Returns a network with changed synapses, one change after the other. Every
 * change chooses among the synapses of the given network, so their order has no
 * effect on which synapses they change.
 *
 * @param network a rate network, or a spiking one; it is not changed
 * @param changes the changes
 * @returns a network that shares with `network` everything that is not changed
 * @throws {RangeError} for a class of units that the network lacks, a change of
 * no synapse, a strength below 0, a share outside [0, 1], or a window: that is
 * for `evaluate` and `simulate`
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, effectiveWeights, modify, randomStream } from "@spikernn/spikernn";
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const weak = modify(network, [{ from: "I", to: "I", kind: "scale", amount: 0.5 }]);
 * const [before, after] = [network, weak].map((n) => effectiveWeights(n, 0));
 * const { inhibitory } = network.layers[0];
 * after.forEach((w, k) => {
 *   const [post, pre] = [Math.floor(k / 20), k % 20];
 *   const both = inhibitory[post] && inhibitory[pre];
 *   assert(w === before[k] * (both ? 0.5 : 1));
 * });
 * ```
 */
export function modify<Network extends RateNetwork | SpikingNetwork>(
  network: Network,
  changes: readonly WeightChange[],
): Network {
  if (isSpiking(network)) {
    return { ...network, rate: modify(network.rate, changes) };
  }
  const rate: RateNetwork = network;
  const synapses = synapsesOf(rate);
  const matrices = [
    ...rate.layers.map(({ weights }) => weights),
    ...rate.between.map(({ weights }) => weights),
  ];
  const copied = new Set<number>();
  for (const change of changes) {
    checkChange(change);
    const chosen = choose(rate, synapses, change);
    for (const { matrix } of chosen) {
      if (copied.has(matrix)) continue;
      matrices[matrix] = matrices[matrix].slice();
      copied.add(matrix);
    }
    apply(matrices, chosen, change);
  }
  return {
    ...network,
    layers: rate.layers.map((layer, l) => ({ ...layer, weights: matrices[l] })),
    between: rate.between.map((projection, p) => ({
      ...projection,
      weights: matrices[rate.layers.length + p],
    })),
  };
}

function isSpiking(
  network: RateNetwork | SpikingNetwork,
): network is SpikingNetwork {
  return "rate" in network;
}

/** Synapses that exist: unmasked, and above 0 under Dale's principle. */
function synapsesOf(network: RateNetwork): Synapse[] {
  const first = firstUnits(network);
  const found: Synapse[] = [];
  const add = (
    matrix: number,
    to: number,
    from: number,
    weights: FloatArray,
    mask: Uint8Array | undefined,
  ) => {
    const { size } = network.layers[from];
    weights.forEach((weight, entry) => {
      if (mask?.[entry] === 0) return;
      if (network.dale ? !(weight > 0) : weight === 0) return;
      found.push({
        post: first[to] + Math.floor(entry / size),
        pre: first[from] + entry % size,
        matrix,
        entry,
      });
    });
  };
  network.layers.forEach(({ weights, mask }, l) => add(l, l, l, weights, mask));
  network.between.forEach(({ from, to, weights, mask }, p) =>
    add(network.layers.length + p, to, from as number, weights, mask)
  );
  return found;
}

function choose(
  network: RateNetwork,
  synapses: readonly Synapse[],
  change: WeightChange,
): Synapse[] {
  const from = new Set(unitsAt(network, change.from));
  const to = new Set(unitsAt(network, change.to));
  const chosen = synapses.filter(({ post, pre }) =>
    from.has(pre) && to.has(post) && (change.synapses?.(post, pre) ?? true)
  );
  if (chosen.length === 0) {
    throw new RangeError(
      `Cannot ${change.kind} synapses from ${endText(change.from)} to ` +
        `${endText(change.to)}: there is none`,
    );
  }
  return chosen;
}

/** Units at an end of synapses. */
function unitsAt(network: RateNetwork, end: SynapseEnd): number[] {
  if (end === "all") {
    return Array.from({ length: unitCount(network) }, (_, i) => i);
  }
  if (typeof end === "string" || !("layer" in end)) {
    return selectUnits(network, end);
  }
  const { layer, population = "all" } = end;
  const here = network.layers[layer];
  if (!here) {
    throw new RangeError(
      `Cannot select layer ${layer}: the network has layers 0 to ` +
        `${network.layers.length - 1}`,
    );
  }
  const first = firstUnits(network)[layer];
  const members = population === "all"
    ? Array.from({ length: here.size }, (_, i) => i)
    : selectUnits({ ...network, layers: [here] }, population);
  return members.map((unit) => first + unit);
}

/** An end of synapses in words. */
export function endText(end: SynapseEnd): string {
  if (typeof end === "string") return end;
  if (!("layer" in end)) return end.join(", ");
  const { layer, population = "all" } = end;
  return `${population} of layer ${layer}`;
}

function apply(
  matrices: readonly FloatArray[],
  chosen: readonly Synapse[],
  { kind, amount, seed = 0 }: WeightChange,
): void {
  const random = randomStream(seed).fork(kind);
  /** The synapses in an order drawn by the seed. */
  const drawn = () => {
    const order = chosen.map(({ post, pre }) => random.uniform(post, pre));
    return [...chosen.keys()].sort((a, b) => order[a] - order[b] || a - b)
      .map((k) => chosen[k]);
  };
  const weightOf = ({ matrix, entry }: Synapse) => matrices[matrix][entry];
  const set = ({ matrix, entry }: Synapse, weight: number) =>
    matrices[matrix][entry] = weight;
  switch (kind) {
    case "scale":
      chosen.forEach((one) => set(one, weightOf(one) * amount!));
      break;
    case "cut":
      drawn().slice(0, Math.round(amount! * chosen.length))
        .forEach((one) => set(one, 0));
      break;
    case "shuffle": {
      const weights = drawn().map(weightOf);
      chosen.forEach((one, k) => set(one, weights[k]));
    }
  }
}

function checkChange(change: WeightChange): void {
  const { kind, amount } = change;
  if (!modificationKinds.includes(kind)) {
    throw new RangeError(
      `Cannot modify synapses by ${JSON.stringify(kind)}: allowed are ` +
        modificationKinds.join(", "),
    );
  }
  if ("window" in change && change.window !== undefined) {
    throw new RangeError(
      "Cannot modify a network in a window of time: a network has none; give " +
        "the modification to evaluate or simulate, as option modifications",
    );
  }
  const allowed = {
    scale: "a strength of 0 or more",
    cut: "a share of 0 to 1",
    shuffle: "none",
  }[kind];
  const fits = kind === "shuffle"
    ? amount === undefined
    : amount !== undefined && Number.isFinite(amount) && amount >= 0 &&
      (kind === "scale" || amount <= 1);
  if (!fits) {
    throw new RangeError(
      `Cannot ${kind} synapses by ${amount}: allowed is ${allowed}`,
    );
  }
}
