/** What the effective weights of a network look like, by class of units. */
import { countOf } from "../count.ts";
import { allEffectiveWeights } from "../network/effective.ts";
import { firstUnits, unitCount, unitTypes } from "../network/geometry.ts";
import type { Layer, RateNetwork } from "../network/types.ts";

/** Classes of units; without Dale's principle all units are one class. */
export type UnitClass = "E" | "I" | "SST" | "PV" | "units";

/** The synapses from one class to another. */
export interface ClassConnection {
  /** Layer and class of the postsynaptic units, layers from 0. */
  readonly to: { readonly layer: number; readonly class: UnitClass };
  /** Layer and class of the presynaptic units. */
  readonly from: { readonly layer: number; readonly class: UnitClass };
  /** Number of weights that are not 0. */
  readonly synapses: number;
  /** Their share of all places, a unit's own included. */
  readonly density: number;
  /** Mean of the weights that are not 0, signed; NaN if there is none. */
  readonly mean: number;
  /** Their standard deviation (of them all, not of a sample). */
  readonly sd: number;
  /** Sum of the weights onto a postsynaptic unit, averaged over these units. */
  readonly input: number;
}

/**
 * Summarises weights by class of the post- and the presynaptic unit: E and I,
 * and also SST and PV if the layer has SST units. Recurrent weights of each
 * layer come first, then projections between layers.
 *
 * @param network any rate network
 * @param weights units×units over all layers, row = postsynaptic unit, such as
 * those of its spiking network; defaults to the network's effective weights
 * @returns one entry for each pair of classes that both have units
 * @throws {TypeError} for a matrix of another size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { classConnections } from "@spikernn/spikernn/analysis";
 * const network = createNetwork({ channels: 1, units: 50 }, randomStream(1));
 * const connections = classConnections(network);
 * const names = connections.map(({ to, from }) => `${from.class}→${to.class}`);
 * assert.deepEqual(names, ["E→E", "I→E", "E→I", "I→I"]);
 * assert(connections[0].mean > 0 && connections[1].mean < 0);
 * ```
 */
export function classConnections(
  network: RateNetwork,
  weights: ArrayLike<number> = allEffectiveWeights(network),
): ClassConnection[] {
  const units = unitCount(network);
  if (weights.length !== units * units) throw notSquare(weights, units);
  const first = firstUnits(network);
  const classes = network.layers.map((layer, l) =>
    classesOf(layer, network.dale, first[l])
  );
  const blocks = [
    ...network.layers.map((_, l) => ({ to: l, from: l })),
    ...network.between.map(({ to, from }) => ({ to, from: from as number })),
  ];
  return blocks.flatMap(({ to, from }) =>
    classes[to].flatMap((post) =>
      classes[from].map((pre) => ({
        to: { layer: to, class: post.class },
        from: { layer: from, class: pre.class },
        ...summary(weights, units, post.units, pre.units),
      }))
    )
  );
}

function notSquare(weights: ArrayLike<number>, units: number): TypeError {
  return new TypeError(
    "Cannot sum weights: " +
      `${countOf(weights.length, "number was", "numbers were")} given, ` +
      `a matrix of ${countOf(units, "unit")} has ${units * units}`,
  );
}

/** Classes that have units, with their units over all layers. */
function classesOf(layer: Layer, dale: boolean, first: number) {
  const { excitatory, inhibitory, sst, pv } = unitTypes(layer);
  const all: [UnitClass, number[]][] = dale
    ? [
      ["E", excitatory],
      ["I", inhibitory],
      ...(sst.length > 0
        ? [["SST", sst], ["PV", pv]] satisfies [UnitClass, number[]][]
        : []),
    ]
    : [["units", Array.from({ length: layer.size }, (_, i) => i)]];
  return all.filter(([, units]) => units.length > 0)
    .map(([name, units]) => ({
      class: name,
      units: units.map((unit) => first + unit),
    }));
}

function summary(
  weights: ArrayLike<number>,
  columns: number,
  to: readonly number[],
  from: readonly number[],
) {
  let [synapses, sum, square] = [0, 0, 0];
  for (const i of to) {
    for (const j of from) {
      const weight = weights[i * columns + j];
      if (weight === 0) continue;
      synapses++;
      sum += weight;
    }
  }
  const mean = sum / synapses;
  for (const i of to) {
    for (const j of from) {
      const weight = weights[i * columns + j];
      if (weight !== 0) square += (weight - mean) ** 2;
    }
  }
  return {
    synapses,
    density: synapses / (to.length * from.length),
    mean,
    sd: Math.sqrt(square / synapses),
    input: sum / to.length,
  };
}

/** The weights onto and from one unit. */
export interface UnitConnection {
  /** Sum of its positive incoming weights. */
  readonly excitation: number;
  /** Sum of its negative incoming weights, 0 or below. */
  readonly inhibition: number;
  /** Excitation over inhibition, without sign; NaN without inhibition. */
  readonly ratio: number;
  /** Number of incoming weights that are not 0. */
  readonly inDegree: number;
  /** Number of outgoing weights that are not 0. */
  readonly outDegree: number;
}

/**
 * Summed input, balance and degrees of every unit.
 *
 * @param weights effective weights, N×N, row = postsynaptic unit
 * @param units number of units N
 * @returns one a unit
 * @throws {TypeError} for a matrix of another size
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { unitConnections } from "@spikernn/spikernn/analysis";
 * const [first] = unitConnections([0, 2, -1, 0, 0, 0, 3, 0, 0], 3);
 * assert(first.ratio === 2 && first.inDegree === 2 && first.outDegree === 1);
 * ```
 */
export function unitConnections(
  weights: ArrayLike<number>,
  units: number,
): UnitConnection[] {
  if (weights.length !== units * units) throw notSquare(weights, units);
  return Array.from({ length: units }, (_, i) => {
    let [excitation, inhibition, inDegree, outDegree] = [0, 0, 0, 0];
    for (let j = 0; j < units; j++) {
      const weight = weights[i * units + j];
      if (weight > 0) excitation += weight;
      else inhibition += weight;
      if (weight !== 0) inDegree++;
      if (weights[j * units + i] !== 0) outDegree++;
    }
    return {
      excitation,
      inhibition,
      ratio: inhibition < 0 ? -excitation / inhibition : NaN,
      inDegree,
      outDegree,
    };
  });
}

/** How often two classes of a layer are connected both ways. */
export interface Reciprocity {
  /** Pairs of two different units that are connected. */
  readonly connected: number;
  /** Those that are connected both ways. */
  readonly both: number;
  /** Share of connected pairs that are connected both ways. */
  readonly share: number;
  /** The share that the densities of both directions predict. */
  readonly predicted: number;
  /** Share over prediction: 1 for independent synapses; NaN if none is connected. */
  readonly index: number;
}

/**
 * Reciprocity between two sets of units, or within one: the share of connected
 * pairs that are connected both ways, over what the densities p and q of the two
 * directions predict, p·q/(1 - (1 - p)(1 - q)).
 *
 * Source: S. Song et al., PLoS Biol. 3:e68 (2005).
 *
 * @param weights effective weights, N×N, row = postsynaptic unit
 * @param units number of units N
 * @param first units of one set
 * @param second units of the other; defaults to the first
 * @throws {TypeError} for a matrix of another size
 * @throws {RangeError} for a unit that there is not
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { reciprocity } from "@spikernn/spikernn/analysis";
 * const { both, connected } = reciprocity([0, 1, 0, 1, 0, 0, 1, 0, 0], 3, [0, 1, 2]);
 * assert(both === 1 && connected === 2);
 * ```
 */
export function reciprocity(
  weights: ArrayLike<number>,
  units: number,
  first: readonly number[],
  second: readonly number[] = first,
): Reciprocity {
  if (weights.length !== units * units) throw notSquare(weights, units);
  const unknown = [...first, ...second].find((unit) =>
    !(Number.isInteger(unit) && unit >= 0 && unit < units)
  );
  if (unknown !== undefined) {
    throw new RangeError(
      `Cannot take unit ${unknown}: there are ${countOf(units, "unit")}, ` +
        "counted from 0",
    );
  }
  const within = first === second;
  let [pairs, forth, back, both, connected] = [0, 0, 0, 0, 0];
  for (const [a, i] of first.entries()) {
    for (const [b, j] of second.entries()) {
      if (i === j || within && b < a) continue;
      const [out, home] = [
        weights[j * units + i] !== 0,
        weights[i * units + j] !== 0,
      ];
      pairs++;
      forth += Number(out);
      back += Number(home);
      both += Number(out && home);
      connected += Number(out || home);
    }
  }
  // Within a set the two directions are the same density.
  const p = within ? (forth + back) / (2 * pairs) : forth / pairs;
  const q = within ? p : back / pairs;
  const share = both / connected;
  const predicted = p * q / (1 - (1 - p) * (1 - q));
  return { connected, both, share, predicted, index: share / predicted };
}
