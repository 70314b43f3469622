/** Writes blocks of trials to the kernel's memory, trials in lanes. */
import type { ByteRange } from "./job.ts";
import type { LanesStructure } from "./lanes_structure.ts";
import { transferFunctions } from "../../network/activations.ts";
import type { LaunchTrial } from "./trial.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Rows of history that a run without record keeps: they stay in the cache. */
const shortHistory = 16;

/** Partial sums of a gradient: a block's, or those that a share of it has. */
export type PartialSums = 1 | 2 | 4;

/** A block of up to `width` trials of equal length, or a share of one. */
export interface LaunchBlock {
  readonly trials: readonly LaunchTrial[];
  readonly width: number;
  /** Lane b belongs to partial sum b modulo this. */
  readonly parts: PartialSums;
}

/**
 * A block's shares: trials that belong to the same partial sums, so that each
 * share is computed without the others and the sums come out to the last bit.
 *
 * @param parts partial sums of a share: 4 for the block as it is
 */
export function sharesOf(
  trials: readonly LaunchTrial[],
  width: number,
  parts: PartialSums,
): LaunchBlock[] {
  return Array.from({ length: 4 / parts }, (_, share) => ({
    trials: trials.filter((_, b) => placeInShares(b, parts).share === share),
    width: width * parts / 4,
    parts,
  }));
}

/** The share and the lane of a block's trial b. */
export function placeInShares(
  b: number,
  parts: PartialSums,
): { share: number; lane: number } {
  return {
    share: Math.floor(b % 4 / parts),
    lane: Math.floor(b / 4) * parts + b % parts,
  };
}

/** What a block is placed for. */
export interface BlockPurpose {
  readonly keepsHistory: boolean;
  readonly keepsStates: boolean;
  readonly goesBack: boolean;
}

/** Where things are in the kernel's memory. */
export interface PlacedBlock {
  /** The `Lanes` record, see simd/lanes.ts. */
  readonly record: number;
  readonly rates: number;
  readonly drives: number;
  readonly states: number;
  readonly outputs: number;
  readonly outputGradient: number;
  readonly weightSums: number;
  readonly alphaSums: number;
  readonly readoutSums: number;
  /** What was written. */
  readonly inputs: readonly ByteRange[];
}

/** Index of `bias` among the fields of the `Lanes` record. */
const biasField = 17;

/** Writes a block and its record. */
export function placeBlock(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  { keepsHistory, keepsStates, goesBack }: BlockPurpose,
): PlacedBlock {
  const { memory, wiring } = vectors;
  const { units, channels } = wiring;
  const { trials, width } = block;
  const { steps } = trials[0];
  const lanes = 4 * width;
  const isDrawn = trials.every(({ noise, disturb }) =>
    noise !== undefined && disturb === undefined
  );
  // Disturbances from outside are written for all steps at once.
  const rows = keepsHistory || !isDrawn
    ? upToFour(steps)
    : Math.min(shortHistory, upToFour(steps));
  const allocate = (numbers: number) => memory.allocate(lanes * numbers);
  const placed = {
    rates: allocate(rows * units),
    drives: allocate(rows * units),
    states: allocate(units * (keepsStates ? steps : 1)),
    outputs: allocate(steps),
    outputGradient: goesBack ? allocate(steps) : 0,
    moved: goesBack ? allocate(2 * units) : 0,
    stateGradient: goesBack ? allocate(units) : 0,
    weightSums: goesBack
      ? memory.allocate(4 * block.parts * structure.outgoing.count)
      : 0,
    alphaSums: goesBack ? memory.allocate(16 * units) : 0,
    readoutSums: goesBack ? memory.allocate(16 * units) : 0,
  };
  const inputs: ByteRange[] = [...structure.ranges];
  const store = (values: Float32Array | Uint32Array) => {
    const at = memory.store(values);
    inputs.push({ at, bytes: values.byteLength });
    return at;
  };
  const words = (value: (trial: LaunchTrial) => number) => {
    const values = new Uint32Array(width);
    trials.forEach((trial, b) => values[b] = value(trial));
    return store(values);
  };
  const floats = (value: (trial: LaunchTrial) => number) => {
    const values = new Float32Array(width);
    trials.forEach((trial, b) => values[b] = value(trial));
    return store(values);
  };
  const fields = Uint32Array.of(
    units,
    channels,
    transferFunctions[wiring.activation].number,
    steps,
    lanes,
    block.parts,
    rows,
    Number(isDrawn),
    structure.ids,
    words(({ noise }) => noise?.trial ?? 0),
    words(({ noise }) => noise?.key ?? 0),
    floats(({ noise }) => noise?.initial ?? 0),
    floats(({ noise }) => noise?.step ?? 0),
    structure.inputWeights,
    store(stimulus(block, channels)),
    structure.alphas,
    structure.readout,
    0,
    structure.stages,
    wiring.stages.length,
    structure.incoming.entries,
    structure.incoming.bounds,
    structure.outgoing.entries,
    structure.outgoing.bounds,
    placed.rates,
    placed.drives,
    placed.states,
    keepsStates ? lanes * units : 0,
    placed.outputs,
    placed.outputGradient,
    placed.moved,
    placed.stateGradient,
    placed.weightSums,
    placed.alphaSums,
    placed.readoutSums,
  );
  new Float32Array(fields.buffer)[biasField] = vectors.bias;
  const record = store(fields);
  if (!isDrawn) {
    const bytes = lanes * rows * units;
    disturb(vectors, block, record, placed.drives, bytes / 4);
    inputs.push({ at: placed.drives, bytes });
  }
  return { ...placed, record, inputs };
}

/** u of all trials, T×C×lanes. */
function stimulus(
  { trials, width }: LaunchBlock,
  channels: number,
): Float32Array {
  const { steps } = trials[0];
  const rows = new Float32Array(steps * channels * width);
  trials.forEach(({ inputs }, b) => {
    for (let c = 0; c < channels; c++) {
      for (let t = 0; t < steps; t++) {
        rows[(t * channels + c) * width + b] = inputs[c * steps + t];
      }
    }
  });
  return rows;
}

/** Draws and writes all disturbances of a block before it runs. */
function disturb(
  vectors: ParameterVectors,
  { trials, width }: LaunchBlock,
  record: number,
  drives: number,
  numbers: number,
): void {
  const { memory, wiring: { units } } = vectors;
  memory.floats(drives, numbers).fill(0);
  memory.run.lanesNoise(record);
  trials.forEach((trial, b) => {
    trial.disturb?.(
      memory.floats(drives, numbers),
      (unit, step) => (step * units + unit) * width + b,
    );
  });
}

/** Number k of every trial's series in row k + 1: T×lanes. */
export function perStep(
  { trials, width }: LaunchBlock,
  series: (trial: LaunchTrial) => ArrayLike<number>,
): Float32Array {
  const { steps } = trials[0];
  const rows = new Float32Array(steps * width);
  trials.forEach((trial, b) => {
    const values = series(trial);
    for (let k = 0; k < steps - 1; k++) rows[(k + 1) * width + b] = values[k];
  });
  return rows;
}
