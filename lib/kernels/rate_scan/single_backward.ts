/** The tasks of a single trial: its scan backward, and the gradients. */
import { diagonals, type Piece } from "./pieces.ts";
import type { PlacedTrial } from "./single_forward.ts";
import { groupBytes } from "./synapse_groups.ts";
import type { KernelCall, TaskList } from "./tasks.ts";
import { transferFunctions } from "../../network/activations.ts";
import { upToFour } from "./types.ts";

/** Room for the way back. */
export interface PlacedGradient {
  /** dL/do, T. */
  readonly outputGradient: number;
  /** By stage: gradients that reach the rates, T×size, and dL/dx of a step. */
  readonly gradients: readonly number[];
  readonly state: readonly number[];
  /** By stage: partial sums of the gradients by alphas and readout. */
  readonly alphaSums: readonly number[];
  readonly readoutSums: readonly number[];
  /** All stages' series of alpha·dL/dx and of rates, and the bytes of one. */
  readonly post: number;
  readonly pre: number;
  readonly length: number;
}

/** Makes room for the way back. */
export function placeBackward(
  { vectors: { memory }, structure, trial: { steps } }: PlacedTrial,
): PlacedGradient {
  const bySize = (numbers: number) =>
    structure.stages.map(({ size }) => memory.allocate(4 * numbers * size));
  const length = 4 * upToFour(steps - 1);
  const series = () => memory.allocate(length * structure.paddedUnits);
  return {
    outputGradient: memory.allocate(4 * steps),
    gradients: bySize(steps),
    state: bySize(1),
    alphaSums: bySize(4),
    readoutSums: bySize(4),
    post: series(),
    pre: series(),
    length,
  };
}

/**
 * Adds the backward scan.
 *
 * @param loss number of the task that makes the gradient by the outputs
 * @returns numbers of the tasks that make the series for the synapses
 */
export function addBackward(
  list: TaskList,
  placed: PlacedTrial,
  back: PlacedGradient,
  pieces: readonly Piece[],
  loss: number,
): number[] {
  const { stages } = placed.structure;
  const last = stages.length - 1;
  const done = stages.map(() => [] as number[]);
  const series: number[] = [];
  // Backwards in both: the last stage and piece come first.
  for (const [i, q] of diagonals(stages.length, pieces.length)) {
    const k = last - i;
    const p = pieces.length - 1 - q;
    const after: number[] = [];
    if (i > 0) after.push(done[k + 1][p]);
    if (q > 0) after.push(done[k][p + 1]);
    if (after.length === 0) after.push(loss);
    done[k][p] = list.add(backwardCalls(placed, back, k, pieces[p]), after);
    if (p === 0) {
      series.push(list.add(seriesCalls(placed, back, k), [done[k][p]]));
    }
  }
  return series;
}

function backwardCalls(
  placed: PlacedTrial,
  back: PlacedGradient,
  k: number,
  { from, to }: Piece,
): KernelCall[] {
  const { structure, vectors: { wiring }, trial: { steps } } = placed;
  const { stages } = structure;
  const stage = stages[k];
  const gradients = back.gradients[k];
  const stride = 4 * stage.size;
  const first = Math.max(1, from);
  const calls: KernelCall[] = [{
    name: "singleReadoutBackward",
    values: [
      from,
      to,
      stage.size,
      stage.readout,
      back.outputGradient,
      gradients,
    ],
  }];
  // A rate moves other stages' units at the next step; after the last there is none.
  const count = Math.min(to, steps - 1) - first;
  for (const { stage: target, matrix } of stage.outgoing) {
    if (count <= 0) break;
    const targetStride = 4 * stages[target].size;
    calls.push({
      name: "multiplyAddRows",
      values: [
        matrix,
        placed.drives[target] + targetStride * (first + 1),
        targetStride,
        gradients + stride * first,
        stride,
        count,
      ],
    });
  }
  calls.push({
    name: "singleBackward",
    values: [
      from,
      to,
      steps,
      stage.size,
      transferFunctions[wiring.activation].number,
      stage.recurrentTransposed,
      stage.alphas,
      placed.rates[k],
      placed.drives[k],
      back.outputGradient,
      gradients,
      back.state[k],
      back.alphaSums[k],
      back.readoutSums[k],
    ],
  });
  return calls;
}

/** A stage's gradients by unit, and its series for the gradients by synapse. */
function seriesCalls(
  { vectors, structure, trial: { steps }, rates, drives }: PlacedTrial,
  back: PlacedGradient,
  k: number,
): KernelCall[] {
  const { from, units, size, padded } = structure.stages[k];
  const { layout } = vectors;
  const to = vectors.gradients + 4 * from;
  const series = back.length * padded;
  const last = 4 * size * (steps - 1);
  return [
    {
      name: "addPartialSums",
      values: [to + 4 * layout.readout, back.readoutSums[k], units],
    },
    {
      name: "addPartialSums",
      values: [to + 4 * layout.tausGaus, back.alphaSums[k], units],
    },
    {
      name: "reverseSeries",
      values: [drives[k] + last, size, steps - 1, back.post + series],
    },
    {
      name: "reverseSeries",
      values: [
        rates[k] + last - 4 * size,
        size,
        steps - 1,
        back.pre + series,
      ],
    },
  ];
}

/** Each thread takes about so many shares of the synapses, to end together. */
const sharesEach = 4;

/** Adds the gradients by synapse, in shares for several threads. */
export function addSynapses(
  list: TaskList,
  { structure: { groups } }: PlacedTrial,
  { post, pre, length }: PlacedGradient,
  threads: number,
  after: readonly number[],
): void {
  const kinds = [
    ["synapseGradients", groups.single, groups.singleCount, groupBytes.single],
    ["pairGradients", groups.pairs, groups.pairCount, groupBytes.pair],
  ] as const;
  const shares = threads === 1 ? 1 : sharesEach * threads;
  for (const [name, at, count, bytes] of kinds) {
    for (let share = 0; share < shares; share++) {
      const from = Math.floor(share * count / shares);
      const to = Math.floor((share + 1) * count / shares);
      if (to === from) continue;
      const values = [at + from * bytes, to - from, post, pre, length];
      list.add([{ name, values }], after);
    }
  }
}
