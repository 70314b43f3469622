/** Runs of blocks of trials on the SIMD kernel, trials in lanes, as jobs. */
import { asFloats, type ByteRange, type KernelJob } from "./job.ts";
import { type LaunchBlock, placeBlock } from "./lanes_block.ts";
import type { LanesStructure } from "./lanes_structure.ts";
import { type StructureFrom, structurePieces } from "./pieces.ts";
import type { LaunchTrace } from "./trial.ts";
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

/** One trial's outputs of rows T×lanes, of which the first is unused. */
export function outputsOf(
  rows: Float32Array,
  { width, trials }: LaunchBlock,
  b: number,
): Float32Array {
  return Float32Array.from(
    { length: trials[b].steps - 1 },
    (_, k) => rows[(k + 1) * width + b],
  );
}
