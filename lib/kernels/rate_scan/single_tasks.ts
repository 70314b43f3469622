/** The tasks of a single trial: its scan forward and backward, and gradients. */
import type { SingleStage, SingleStructure } from "./single_structure.ts";
import type { KernelCall, TaskList } from "./tasks.ts";
import { activationNumber, type LaunchTrial } from "./trial.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Steps `from` up to, not with, `to`. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** A piece is worth the hand-over from thread to thread from this length on. */
const shortestPiece = 24;
/** A trial is cut into so many at most. */
const mostPieces = 16;

/** A trial in pieces: one for one thread, or enough that stages overlap. */
export function piecesOf(steps: number, threads: number): Piece[] {
  const length = threads === 1
    ? steps
    : Math.max(shortestPiece, upToFour(Math.ceil(steps / mostPieces)));
  const pieces: Piece[] = [];
  for (let from = 0; from < steps; from += length) {
    pieces.push({ from, to: Math.min(from + length, steps) });
  }
  return pieces;
}

/** One trial in the kernel's memory. */
export interface PlacedTrial {
  readonly vectors: ParameterVectors;
  readonly structure: SingleStructure;
  readonly trial: LaunchTrial;
  /** By stage: rates and drives, T×size. */
  readonly rates: readonly number[];
  readonly drives: readonly number[];
  /** By stage, T×size, when states are recorded. */
  readonly states?: readonly number[];
  /** State after the latest step, all stages. */
  readonly latest: number;
  /** C×T. */
  readonly inputs: number;
  /** T; the first is unused. */
  readonly outputs: number;
  /** Calls that draw noise, by stage; none where disturbances are written already. */
  readonly noise: readonly KernelCall[];
}

/** Makes room for a trial, and writes its inputs and what disturbs it. */
export function placeForward(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  keepsStates: boolean,
): PlacedTrial {
  const { memory, wiring } = vectors;
  const { steps } = trial;
  const { stages } = structure;
  const histories = () =>
    stages.map(({ size }) => memory.allocate(4 * upToFour(steps) * size));
  const rates = histories();
  const drives = histories();
  const states = keepsStates ? histories() : undefined;
  const outputs = memory.allocate(4 * steps);
  const latest = memory.allocate(4 * structure.paddedUnits);
  const inputs = memory.allocate(4 * wiring.channels * steps);
  memory.floats(inputs, wiring.channels * steps).set(trial.inputs);
  memory.floats(outputs, steps).fill(vectors.bias);
  let noise = trial.noise === undefined
    ? []
    : stages.map((stage, k) => noiseCall(stage, trial, drives[k]));
  if (trial.disturb !== undefined) {
    for (const { name, values } of noise) memory.run[name](...values);
    noise = [];
    stages.forEach((stage, k) => disturb(vectors, stage, trial, drives[k]));
  }
  return {
    vectors,
    structure,
    trial,
    rates,
    drives,
    states,
    latest,
    inputs,
    outputs,
    noise,
  };
}

function noiseCall(
  stage: SingleStage,
  { noise, steps }: LaunchTrial,
  drives: number,
): KernelCall {
  const { trial, key, initial, step } = noise!;
  return {
    name: "singleNoise",
    values: [drives, stage.size, stage.ids, steps, trial, key, initial, step],
  };
}

/** Writes the disturbances of a stage. */
function disturb(
  { memory }: ParameterVectors,
  stage: SingleStage,
  { disturb, noise, steps }: LaunchTrial,
  drives: number,
): void {
  const rows = memory.floats(drives, steps * stage.size);
  if (noise === undefined) rows.fill(0);
  const end = stage.from + stage.units;
  // Units of other stages have no place here: writes at -1 are ignored.
  disturb!(
    rows,
    (unit, step) =>
      unit >= stage.from && unit < end
        ? step * stage.size + unit - stage.from
        : -1,
  );
}

/**
 * Pairs of a stage and a piece, so ordered that neighbours seldom wait for each
 * other: stages follow one another at the distance of a piece.
 */
function* diagonals(
  stages: number,
  pieces: number,
): Generator<[number, number]> {
  for (let d = 0; d < stages + pieces - 1; d++) {
    for (let k = Math.min(d, stages - 1); k >= 0 && d - k < pieces; k--) {
      yield [k, d - k];
    }
  }
}

/**
 * Adds the forward scan.
 *
 * @returns number of the task that ends it
 */
export function addForward(
  list: TaskList,
  placed: PlacedTrial,
  pieces: readonly Piece[],
): number {
  const { stages } = placed.structure;
  const drawn = placed.noise.map((call) => list.add([call]));
  const done = stages.map(() => [] as number[]);
  for (const [k, p] of diagonals(stages.length, pieces.length)) {
    const after: number[] = [];
    if (p > 0) after.push(done[k][p - 1]);
    else if (drawn.length > 0) after.push(drawn[k]);
    if (k > 0) after.push(done[k - 1][p]);
    done[k][p] = list.add(forwardCalls(placed, k, pieces[p]), after);
  }
  return done[stages.length - 1][pieces.length - 1];
}

function forwardCalls(
  placed: PlacedTrial,
  k: number,
  { from, to }: Piece,
): KernelCall[] {
  const { structure, vectors: { wiring }, trial: { steps } } = placed;
  const { stages } = structure;
  const stage = stages[k];
  const rates = placed.rates[k];
  const stride = 4 * stage.size;
  const first = Math.max(1, from);
  const calls: KernelCall[] = [{
    name: "singleDrive",
    values: [
      rates,
      stage.size,
      from,
      to,
      steps,
      stage.isDriven ? wiring.channels : 0,
      stage.inputWeights,
      placed.inputs,
    ],
  }];
  for (const { stage: source, matrix } of stage.incoming) {
    const sourceStride = 4 * stages[source].size;
    calls.push({
      name: "multiplyAddRows",
      values: [
        matrix,
        placed.rates[source] + sourceStride * (first - 1),
        sourceStride,
        rates + stride * first,
        stride,
        to - first,
      ],
    });
  }
  calls.push({
    name: "singleForward",
    values: [
      from,
      to,
      stage.size,
      activationNumber[wiring.activation],
      stage.recurrent,
      stage.alphas,
      rates,
      placed.drives[k],
      placed.states?.[k] ?? placed.latest + 4 * stage.padded,
      placed.states ? stride : 0,
    ],
  });
  if (stage.isRead) {
    calls.push({
      name: "singleReadout",
      values: [from, to, stage.size, stage.readout, rates, placed.outputs],
    });
  }
  return calls;
}

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
  { gradient }: { readonly gradient: number },
): PlacedGradient {
  const bySize = (numbers: number) =>
    structure.stages.map(({ size }) => memory.allocate(4 * numbers * size));
  const length = 4 * upToFour(steps - 1);
  const series = () => memory.allocate(length * structure.paddedUnits);
  return {
    outputGradient: gradient,
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
      activationNumber[wiring.activation],
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
    ["synapseGradients", groups.single, groups.singleCount, 36],
    ["pairGradients", groups.pairs, groups.pairCount, 52],
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
