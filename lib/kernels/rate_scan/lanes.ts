/** Runs of blocks of trials on the SIMD kernel, trials in lanes, as jobs. */
import { asDoubles, asFloats, type ByteRange, type KernelJob } from "./job.ts";
import { type LaunchBlock, perStep, placeBlock } from "./lanes_block.ts";
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
  readonly losses: number[];
  readonly outputs: Float32Array[];
}

/**
 * The gradient of a block: when it is finished, it adds the gradients by
 * effective weights, readout, alphas and bias to the gradient vector.
 */
export function lanesGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  loss: LaunchLoss,
): KernelJob<BlockLosses> {
  const { memory, layout, wiring: { units }, gradients } = vectors;
  const { trials, width } = block;
  const { steps } = trials[0];
  const placed = placeBlock(vectors, structure, block, {
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
  const targets = store(perStep(block, ({ target }) => target!));
  const hasWeights = trials.some(({ lossWeights }) => lossWeights);
  const ones = new Float32Array(steps - 1).fill(1);
  const weights = hasWeights
    ? store(perStep(block, ({ lossWeights }) => lossWeights ?? ones))
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
        values: [steps, width, placed.outputGradient, bias],
      },
      { name: "totals", values: [placed.weightSums, count] },
      { name: "totals", values: [placed.readoutSums, units] },
      { name: "totals", values: [placed.alphaSums, units] },
    ],
    outputs: [
      range(losses, 8 * trials.length),
      range(placed.outputs, 4 * width * steps),
      range(bias, 4),
      range(placed.weightSums, 4 * count),
      range(placed.readoutSums, 4 * units),
      range(placed.alphaSums, 4 * units),
    ],
    finish: ([lossBytes, ...found]) => {
      const [outputs, bias, byWeight, byReadout, byAlpha] = found.map(asFloats);
      const all = vectors.view(gradients);
      const add = (at: number, values: Float32Array) => {
        for (let k = 0; k < values.length; k++) all[at + k] += values[k];
      };
      add(layout.bias, bias);
      add(layout.readout, byReadout);
      add(layout.tausGaus, byAlpha);
      structure.synapseOfEntry.forEach((s, e) => {
        if (s >= 0) all[layout.weights + s] += byWeight[e];
      });
      return {
        losses: [...asDoubles(lossBytes)],
        outputs: trials.map((_, b) => outputsOf(outputs, block, b)),
      };
    },
  };
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
