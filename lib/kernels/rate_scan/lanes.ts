/** Runs of blocks of trials on the SIMD kernel, trials in lanes, as jobs. */
import { asDoubles, asFloats, type ByteRange, type KernelJob } from "./job.ts";
import {
  type LaunchBlock,
  perStep,
  placeBlock,
  placeInShares,
} from "./lanes_block.ts";
import type { LanesStructure } from "./lanes_structure.ts";
import { type StructureFrom, structurePieces } from "./pieces.ts";
import { type LaunchLoss, type LaunchTrace, lossNumber } from "./trial.ts";
import type { ParameterVectors } from "./vectors.ts";

/**
 * A run of a block that keeps what was asked for.
 *
 * @param later structures of other weights, and the steps from which they hold
 */
export function lanesRun(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  record: { readonly states?: boolean; readonly rates?: boolean },
  later: readonly StructureFrom<LanesStructure>[] = [],
): KernelJob<LaunchTrace[]> {
  const { memory, wiring: { units } } = vectors;
  const { trials, width } = block;
  const { steps } = trials[0];
  const placed = placeBlock(vectors, structure, block, {
    keepsHistory: record.rates === true,
    keepsStates: record.states === true,
    goesBack: false,
  });
  const history = 4 * width * steps * units;
  const outputs: ByteRange[] = [
    { at: placed.outputs, bytes: 4 * width * steps },
  ];
  if (record.rates) outputs.push({ at: placed.rates, bytes: history });
  if (record.states) outputs.push({ at: placed.states, bytes: history });
  const oneLane = (rows: Float32Array, b: number) => {
    const lane = new Float32Array(steps * units);
    // Many numbers: from() with a function takes six times as long.
    for (let k = 0; k < lane.length; k++) lane[k] = rows[k * width + b];
    return lane;
  };
  return {
    memoryBytes: memory.mark,
    inputs: [
      ...placed.inputs,
      ...[...new Set(later.map(({ structure }) => structure))]
        .flatMap((other) => other === structure ? [] : other.ranges),
    ],
    calls: structurePieces(steps, structure, later).map((piece) => ({
      name: "lanesForwardSteps",
      values: [
        placed.record,
        piece.from,
        piece.to,
        piece.structure.incoming.entries,
        piece.structure.incoming.bounds,
      ],
    })),
    outputs,
    finish: (found) => {
      const rows = found.map(asFloats);
      const states = record.states ? rows.pop() : undefined;
      const rates = record.rates ? rows.pop() : undefined;
      return trials.map((_, b) => ({
        outputs: outputsOf(rows[0], block, b),
        ...(rates && { rates: oneLane(rates, b) }),
        ...(states && { states: oneLane(states, b) }),
      }));
    },
  };
}

/** What the gradient of a block gives besides the gradient. */
export interface BlockLosses {
  readonly losses: readonly number[];
  /** By trial, where they were asked for. */
  readonly outputs: readonly Float32Array[];
}

/** What a share of a block gives: of each gradient the total of its partial sums. */
export interface ShareGradient {
  readonly share: LaunchBlock;
  readonly losses: Float64Array;
  /** T×lanes, where they were asked for. */
  readonly outputs?: Float32Array;
  readonly bias: Float32Array;
  /** By entry of the structure's outgoing synapses. */
  readonly byWeight: Float32Array;
  readonly byReadout: Float32Array;
  readonly byAlpha: Float32Array;
}

/**
 * The gradient of a block or of a share of it, by effective weights, readout,
 * alphas and bias; `addShares` adds it to the gradient vector.
 */
export function lanesGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  share: LaunchBlock,
  loss: LaunchLoss,
  wantsOutputs: boolean,
): KernelJob<ShareGradient> {
  const { memory, wiring: { units } } = vectors;
  const { trials, width, parts } = share;
  const { steps } = trials[0];
  const placed = placeBlock(vectors, structure, share, {
    keepsHistory: true,
    keepsStates: false,
    goesBack: true,
  });
  const inputs = [...placed.inputs];
  const store = (values: Float32Array) => {
    const at = memory.store(values);
    inputs.push({ at, bytes: values.byteLength });
    return at;
  };
  const targets = store(perStep(share, ({ target }) => target!));
  const hasWeights = trials.some(({ lossWeights }) => lossWeights);
  const ones = new Float32Array(steps - 1).fill(1);
  const weights = hasWeights
    ? store(perStep(share, ({ lossWeights }) => lossWeights ?? ones))
    : 0;
  const losses = memory.allocate(8 * trials.length);
  const bias = store(new Float32Array(1));
  const { count } = structure.outgoing;
  const range = (at: number, bytes: number) => ({ at, bytes });
  return {
    memoryBytes: memory.mark,
    inputs,
    calls: [
      { name: "lanesForward", values: [placed.record] },
      {
        name: "losses",
        values: [
          lossNumber[loss.name],
          steps,
          width,
          trials.length,
          placed.outputs,
          targets,
          weights,
          loss.scale,
          placed.outputGradient,
          losses,
        ],
      },
      { name: "lanesBackward", values: [placed.record] },
      {
        name: "biasGradient",
        values: [steps, width, parts, placed.outputGradient, bias],
      },
      { name: "totals", values: [placed.weightSums, count, parts, 4 * parts] },
      { name: "totals", values: [placed.readoutSums, units, parts, 16] },
      { name: "totals", values: [placed.alphaSums, units, parts, 16] },
    ],
    outputs: [
      range(losses, 8 * trials.length),
      range(bias, 4),
      range(placed.weightSums, 4 * count),
      range(placed.readoutSums, 4 * units),
      range(placed.alphaSums, 4 * units),
      ...(wantsOutputs ? [range(placed.outputs, 4 * width * steps)] : []),
    ],
    finish: ([lossBytes, ...found]) => {
      const [bias, byWeight, byReadout, byAlpha, outputs] = found.map(asFloats);
      return {
        ...{ share, losses: asDoubles(lossBytes), outputs },
        ...{ bias, byWeight, byReadout, byAlpha },
      };
    },
  };
}

/**
 * Adds a block's gradient to the gradient vector.
 *
 * @param shares what its shares gave, in the order of `sharesOf`; their numbers
 *   are added up in place
 */
export function addShares(
  vectors: ParameterVectors,
  { synapseOfEntry }: LanesStructure,
  shares: readonly ShareGradient[],
): BlockLosses {
  const { layout } = vectors;
  const all = vectors.view(vectors.gradients);
  const add = (at: number, values: Float32Array) => {
    for (let k = 0; k < values.length; k++) all[at + k] += values[k];
  };
  add(layout.bias, sumOf(shares.map(({ bias }) => bias)));
  add(layout.readout, sumOf(shares.map(({ byReadout }) => byReadout)));
  add(layout.tausGaus, sumOf(shares.map(({ byAlpha }) => byAlpha)));
  const byWeight = sumOf(shares.map(({ byWeight }) => byWeight));
  for (let e = 0; e < byWeight.length; e++) {
    const s = synapseOfEntry[e];
    if (s >= 0) all[layout.weights + s] += byWeight[e];
  }
  const count = shares.reduce((sum, { losses }) => sum + losses.length, 0);
  const { parts } = shares[0].share;
  const places = Array.from(
    { length: count },
    (_, b) => placeInShares(b, parts),
  );
  return {
    losses: places.map(({ share, lane }) => shares[share].losses[lane]),
    outputs: places.flatMap(({ share, lane }) => {
      const { share: block, outputs } = shares[share];
      return outputs ? [outputsOf(outputs, block, lane)] : [];
    }),
  };
}

/** Sums of one, two or four vectors, (0 + 1) + (2 + 3) each, in the first one. */
function sumOf(vectors: readonly Float32Array[]): Float32Array {
  for (let step = 1; step < vectors.length; step *= 2) {
    for (let v = 0; v < vectors.length; v += 2 * step) {
      const [sum, more] = [vectors[v], vectors[v + step]];
      for (let k = 0; k < sum.length; k++) sum[k] += more[k];
    }
  }
  return vectors[0];
}

/** One trial's outputs of rows T×lanes, of which the first is unused. */
function outputsOf(
  rows: Float32Array,
  { width, trials }: LaunchBlock,
  b: number,
): Float32Array {
  return Float32Array.from(
    { length: trials[b].steps - 1 },
    (_, k) => rows[(k + 1) * width + b],
  );
}
