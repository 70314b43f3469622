/**
 * A rate network whose layers are one: units in order, weights within and between
 * layers in one matrix, as the scans take it; and back.
 */
import { channelCount, firstUnits, unitCount } from "../network/geometry.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import type { NetworkStructure } from "./network_tensors.ts";

/** The arrays of all layers together; U units, C channels. */
export interface FlatArrays {
  /** As trained, U×U. */
  readonly weights: Float32Array;
  /** Which synapses may exist, U×U of 0 and 1. */
  readonly mask: Float32Array;
  /** U numbers. */
  readonly tausGaus: Float32Array;
  /** 1 where a unit is inhibitory, U. */
  readonly inhibitory: Float32Array;
  /** Input weights, C×U. */
  readonly input: Float32Array;
  /** Readout weights, U; 0 where a unit is not read. */
  readonly readout: Float32Array;
  /** Bias of the readout. */
  readonly bias: number;
}

/** A block of the matrix: weights from one layer to another. */
interface Block {
  readonly to: number;
  readonly from: number;
}

/**
 * Blocks of weights within and between layers, in the order of a network's arrays.
 *
 * @throws {TypeError} if two projections have the same place in the matrix
 */
function blocksOf(
  { layers, between, inputs }: NetworkStructure,
): Block[] {
  const blocks = [
    ...layers.map((_, l) => ({ to: l, from: l })),
    ...between.map(({ from, to }) => ({ to, from })),
  ];
  const places = [
    ...blocks.map(({ to, from }) => `layer ${from} to layer ${to}`),
    ...inputs.map(({ to }) => `the input to layer ${to}`),
  ];
  const twice = places.find((place, k) => places.indexOf(place) < k);
  if (twice !== undefined) {
    throw new TypeError(
      `Cannot put the network into one layer: two projections lead from ${twice}`,
    );
  }
  return blocks;
}

/** Calls with the place of each number of a block in the matrix, row by row. */
function eachPlace(
  { layers }: NetworkStructure,
  { to, from }: Block,
  visit: (place: number, index: number) => void,
): void {
  const first = firstUnits({ layers: layers as RateNetwork["layers"] });
  const units = unitCount({ layers });
  const columns = layers[from].size;
  for (let i = 0; i < layers[to].size; i++) {
    for (let j = 0; j < columns; j++) {
      visit((first[to] + i) * units + first[from] + j, i * columns + j);
    }
  }
}

/** The arrays of a network's layers together. */
export function flatArrays(
  structure: NetworkStructure,
  network: RateNetwork,
): FlatArrays {
  const { layers, between, inputs, readout } = network;
  const units = unitCount(network);
  const channels = channelCount(network);
  const first = firstUnits(network);
  const weights = new Float32Array(units * units);
  const mask = new Float32Array(units * units);
  const parts = [...layers, ...between];
  blocksOf(structure).forEach((block, k) =>
    eachPlace(structure, block, (place, index) => {
      weights[place] = parts[k].weights[index];
      mask[place] = parts[k].mask?.[index] ?? 1;
    })
  );
  const input = new Float32Array(channels * units);
  for (const { to, weights } of inputs) {
    const own = weights.length / layers[to].size;
    weights.forEach((weight, k) =>
      input[k % own * units + first[to] + Math.floor(k / own)] = weight
    );
  }
  const read = new Float32Array(units);
  readout.from.forEach((layer, k) =>
    read.set(readout.weights[k], first[layer])
  );
  const joined = (arrays: readonly ArrayLike<number>[]) =>
    Float32Array.from(arrays.flatMap((array) => Array.from(array)));
  return {
    weights,
    mask,
    tausGaus: joined(layers.map(({ tausGaus }) => tausGaus)),
    inhibitory: joined(layers.map(({ inhibitory }) => inhibitory)),
    input,
    readout: read,
    bias: readout.bias,
  };
}

/** The network of arrays of all layers together. */
export function networkOfFlat(
  structure: NetworkStructure,
  flat: FlatArrays,
): RateNetwork {
  const { layers, between, inputs, readout, ...shared } = structure;
  const first = firstUnits({ layers: layers as RateNetwork["layers"] });
  const units = unitCount({ layers });
  const channels = flat.input.length / units;
  const blocks = blocksOf(structure);
  const taken = (all: FloatArray, block: Block) => {
    const size = layers[block.to].size * layers[block.from].size;
    const part = new Float32Array(size);
    eachPlace(structure, block, (place, index) => part[index] = all[place]);
    return part;
  };
  const own = (all: FloatArray, l: number) =>
    all.slice(first[l], first[l] + layers[l].size);
  return {
    ...shared,
    layers: layers.map(({ size, sstCount }, l) => ({
      size,
      sstCount,
      weights: taken(flat.weights, blocks[l]),
      mask: Uint8Array.from(taken(flat.mask, blocks[l])),
      tausGaus: own(flat.tausGaus, l),
      inhibitory: Uint8Array.from(own(flat.inhibitory, l)),
    })),
    inputs: inputs.map(({ to }) => ({
      from: "input" as const,
      to,
      weights: Float32Array.from(
        { length: layers[to].size * channels },
        (_, k) =>
          flat
            .input[k % channels * units + first[to] + Math.floor(k / channels)],
      ),
    })),
    between: between.map(({ from, to, masked }, k) => {
      const block = blocks[layers.length + k];
      return {
        from,
        to,
        weights: taken(flat.weights, block),
        ...(masked && { mask: Uint8Array.from(taken(flat.mask, block)) }),
      };
    }),
    readout: {
      from: readout,
      weights: readout.map((l) => own(flat.readout, l)),
      bias: flat.bias,
    },
  };
}
