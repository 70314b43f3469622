/**
 * Flattens a rate network to units and synapses for the kernels, and back. One
 * layer is a list of one; the kernels know units, synapses and stages only.
 */
import { channelCount, inputWeights } from "../network/geometry.ts";
import type { FloatArray, RateNetwork } from "../network/types.ts";
import {
  type ParameterLayout,
  parameterLayout,
  type Wiring,
} from "../kernels/rate_scan/types.ts";
import { layerStages } from "./stages.ts";
import type { RateParameters } from "./types.ts";

/** A network's wiring, and where each number belongs in the network. */
export interface WiredNetwork {
  readonly wiring: Wiring;
  readonly layout: ParameterLayout;
  /** First unit of each layer, in the kernels' numbering. */
  readonly firstUnit: readonly number[];
  /** Matrix of each synapse: a layer, or the number of layers plus a projection. */
  readonly matrix: Uint32Array;
  /** Entry of each synapse in its matrix. */
  readonly entry: Uint32Array;
  /** Unit in the kernels' numbering, by number over all layers in the network's order. */
  readonly unitOf: Uint32Array;
}

/** A weight matrix between two layers, or within one. */
interface Block {
  readonly matrix: number;
  readonly from: number;
  readonly to: number;
  readonly weights: FloatArray;
  readonly mask?: Uint8Array;
}

function blocksOf(network: RateNetwork): Block[] {
  return [
    ...network.layers.map((layer, l) => ({
      matrix: l,
      from: l,
      to: l,
      weights: layer.weights,
      mask: layer.mask,
    })),
    ...network.between.map((projection, p) => ({
      matrix: network.layers.length + p,
      from: projection.from as number,
      to: projection.to,
      weights: projection.weights,
      mask: projection.mask,
    })),
  ];
}

/**
 * Wires a network.
 *
 * Under Dale's principle a weight at 0 or below has no gradient, so a synapse
 * that never existed never will: such entries are left out, which changes no
 * number.
 *
 * @param keep says of an entry (by matrix and entry) that it must be a synapse
 *   although its weight is not positive: it has moments, or all are wanted
 */
export function wire(
  network: RateNetwork,
  keep: (matrix: number, entry: number) => boolean = () => false,
): WiredNetwork {
  const { layers, dale } = network;
  const blocks = blocksOf(network);
  const stageLayers = layerStages(
    layers.length,
    network.between.map(({ from, to }) => [from as number, to]),
  );
  const order = stageLayers.flat();
  const firstUnit = new Array<number>(layers.length).fill(0);
  let units = 0;
  for (const l of order) {
    firstUnit[l] = units;
    units += layers[l].size;
  }
  const stages = stageLayers.map((group) => ({
    from: firstUnit[group[0]],
    to: firstUnit[group.at(-1)!] + layers[group.at(-1)!].size,
  }));

  const unitIds = new Uint32Array(units);
  const unitOf = new Uint32Array(units);
  const signs = new Int8Array(units).fill(1);
  const read = new Uint8Array(units);
  let id = 0;
  layers.forEach((layer, l) => {
    for (let i = 0; i < layer.size; i++, id++) {
      unitIds[firstUnit[l] + i] = id;
      unitOf[id] = firstUnit[l] + i;
      if (dale && layer.inhibitory[i]) signs[firstUnit[l] + i] = -1;
    }
    if (network.readout.from.includes(l)) {
      read.fill(1, firstUnit[l], firstUnit[l] + layer.size);
    }
  });

  const exists = (block: Block, entry: number) =>
    (block.mask === undefined || block.mask[entry] !== 0) &&
    (!dale || block.weights[entry] > 0 || keep(block.matrix, entry));
  const incoming = layers.map((_, l) =>
    blocks.filter(({ to }) => to === l).sort((a, b) =>
      firstUnit[a.from] - firstUnit[b.from]
    )
  );
  let count = 0;
  for (const block of blocks) {
    for (let e = 0; e < block.weights.length; e++) {
      if (exists(block, e)) count++;
    }
  }
  const post = new Uint32Array(count);
  const pre = new Uint32Array(count);
  const matrix = new Uint32Array(count);
  const entry = new Uint32Array(count);
  let s = 0;
  for (const l of order) {
    for (let i = 0; i < layers[l].size; i++) {
      for (const block of incoming[l]) {
        const columns = layers[block.from].size;
        for (let j = 0; j < columns; j++) {
          const e = i * columns + j;
          if (!exists(block, e)) continue;
          post[s] = firstUnit[l] + i;
          pre[s] = firstUnit[block.from] + j;
          matrix[s] = block.matrix;
          entry[s] = e;
          s++;
        }
      }
    }
  }
  return {
    wiring: {
      activation: network.activation,
      dale,
      units,
      channels: channelCount(network),
      stages,
      unitIds,
      post,
      pre,
      signs,
      read,
      inputWeights: placedInputs(network, unitOf),
      taus: network.taus,
    },
    layout: parameterLayout(count, units),
    firstUnit,
    matrix,
    entry,
    unitOf,
  };
}

/** Input weights of all units, in the kernels' numbering of units. */
function placedInputs(
  network: RateNetwork,
  unitOf: Uint32Array,
): Float64Array {
  const channels = channelCount(network);
  const all = inputWeights(network);
  const placed = new Float64Array(all.length);
  unitOf.forEach((unit, id) => {
    placed.set(
      all.subarray(id * channels, (id + 1) * channels),
      unit * channels,
    );
  });
  return placed;
}

/** Writes a network's parameters (or moments) to a parameter vector. */
export function flatten(
  wired: WiredNetwork,
  network: RateNetwork,
  from: RateParameters,
  to: FloatArray,
): void {
  const { layout, matrix, entry, firstUnit } = wired;
  const matrices = [...from.weights, ...from.between];
  to.fill(0);
  for (let s = 0; s < matrix.length; s++) {
    to[layout.weights + s] = matrices[matrix[s]][entry[s]];
  }
  network.readout.from.forEach((l, k) => {
    to.set(from.readout[k], layout.readout + firstUnit[l]);
  });
  from.tausGaus.forEach((values, l) => {
    to.set(values, layout.tausGaus + firstUnit[l]);
  });
  to[layout.bias] = from.bias;
}

/**
 * Reads a parameter vector into the layout of a network, in copies.
 *
 * @param base what entries that are not synapses hold; zeros when left out
 */
export function unflatten(
  wired: WiredNetwork,
  network: RateNetwork,
  from: FloatArray,
  base?: RateParameters,
): RateParameters {
  const { layout, matrix, entry, firstUnit } = wired;
  const start = (length: number, values?: FloatArray): FloatArray => {
    const copy = from instanceof Float64Array
      ? new Float64Array(length)
      : new Float32Array(length);
    if (values !== undefined) copy.set(values);
    return copy;
  };
  const weights = network.layers.map((layer, l) =>
    start(layer.weights.length, base?.weights[l])
  );
  const between = network.between.map((projection, p) =>
    start(projection.weights.length, base?.between[p])
  );
  const matrices = [...weights, ...between];
  for (let s = 0; s < matrix.length; s++) {
    matrices[matrix[s]][entry[s]] = from[layout.weights + s];
  }
  const slice = (part: number, l: number) => {
    const at = part + firstUnit[l];
    return from.slice(at, at + network.layers[l].size);
  };
  return {
    weights,
    between,
    readout: network.readout.from.map((l) => slice(layout.readout, l)),
    bias: from[layout.bias],
    tausGaus: network.layers.map((_, l) => slice(layout.tausGaus, l)),
  };
}

/** The parameters of a network, not copied. */
export function parametersOf(network: RateNetwork): RateParameters {
  return {
    weights: network.layers.map((layer) => layer.weights),
    between: network.between.map((projection) => projection.weights),
    readout: network.readout.weights,
    bias: network.readout.bias,
    tausGaus: network.layers.map((layer) => layer.tausGaus),
  };
}

/** A network with other parameters. */
export function withParameters(
  network: RateNetwork,
  parameters: RateParameters,
): RateNetwork {
  return {
    ...network,
    layers: network.layers.map((layer, l) => ({
      ...layer,
      weights: parameters.weights[l],
      tausGaus: parameters.tausGaus[l],
    })),
    between: network.between.map((projection, p) => ({
      ...projection,
      weights: parameters.between[p],
    })),
    readout: {
      ...network.readout,
      weights: parameters.readout,
      bias: parameters.bias,
    },
  };
}
