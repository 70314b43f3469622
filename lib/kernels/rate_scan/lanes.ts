/** Runs blocks of trials on the SIMD kernel, trials in lanes. */
import type { LanesStructure } from "./lanes_structure.ts";
import {
  activationNumber,
  type LaunchLoss,
  type LaunchTrace,
  type LaunchTrial,
  lossNumber,
} from "./trial.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Rows of history that a run without record keeps: they stay in the cache. */
const shortHistory = 16;

/** A block of up to `width` trials of equal length. */
export interface LaunchBlock {
  readonly trials: readonly LaunchTrial[];
  readonly width: number;
}

/** Where things are in the kernel's memory. */
interface Placed {
  readonly record: number;
  readonly rates: number;
  readonly drives: number;
  readonly states: number;
  readonly outputs: number;
  readonly outputGradient: number;
  readonly weightSums: number;
  readonly alphaSums: number;
  readonly readoutSums: number;
}

/** Runs a block and keeps what was asked for. */
export function runLanes(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  record: { readonly states?: boolean; readonly rates?: boolean },
): LaunchTrace[] {
  const { memory, wiring: { units } } = vectors;
  const { trials, width } = block;
  const { steps } = trials[0];
  const mark = memory.mark;
  const placed = place(vectors, structure, block, {
    keepsHistory: record.rates === true,
    keepsStates: record.states === true,
    goesBack: false,
  });
  memory.run.lanesForward(placed.record);
  const collect = (address: number, b: number) => {
    const rows = memory.floats(address, steps * units * width);
    return Float32Array.from(
      { length: steps * units },
      (_, k) => rows[k * width + b],
    );
  };
  const traces = trials.map((_, b) => ({
    outputs: outputsOf(vectors, placed, block, b),
    ...(record.rates && { rates: collect(placed.rates, b) }),
    ...(record.states && { states: collect(placed.states, b) }),
  }));
  memory.release(mark);
  return traces;
}

/**
 * Runs a block and adds the gradients by effective weights, readout, alphas and
 * bias to the gradient vector.
 */
export function lanesGradient(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  loss: LaunchLoss,
  wantsOutputs: boolean,
): { losses: number[]; outputs?: Float32Array[] } {
  const { memory, layout, wiring: { units }, gradients } = vectors;
  const { trials, width } = block;
  const { steps } = trials[0];
  const { run } = memory;
  const mark = memory.mark;
  const placed = place(vectors, structure, block, {
    keepsHistory: true,
    keepsStates: false,
    goesBack: true,
  });
  const targets = perStep(vectors, block, ({ target }) => target!);
  const weights = trials.some(({ lossWeights }) => lossWeights !== undefined)
    ? perStep(
      vectors,
      block,
      ({ lossWeights }) => lossWeights ?? new Float32Array(steps - 1).fill(1),
    )
    : 0;
  const losses = memory.allocate(8 * trials.length);

  run.lanesForward(placed.record);
  run.losses(
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
  );
  run.lanesBackward(placed.record);
  run.biasGradient(
    steps,
    width,
    placed.outputGradient,
    gradients + 4 * layout.bias,
  );
  run.addLaneSums(
    placed.weightSums,
    structure.outgoing.count,
    structure.gradientTargets,
  );
  run.addTotals(placed.readoutSums, units, gradients + 4 * layout.readout);
  run.addTotals(placed.alphaSums, units, gradients + 4 * layout.tausGaus);
  const result = {
    losses: [...memory.doubles(losses, trials.length)],
    ...(wantsOutputs && {
      outputs: trials.map((_, b) => outputsOf(vectors, placed, block, b)),
    }),
  };
  memory.release(mark);
  return result;
}

function outputsOf(
  vectors: ParameterVectors,
  placed: Placed,
  block: LaunchBlock,
  b: number,
): Float32Array {
  const { width, trials } = block;
  const { steps } = trials[b];
  const rows = vectors.memory.floats(placed.outputs, steps * width);
  return Float32Array.from(
    { length: steps - 1 },
    (_, k) => rows[(k + 1) * width + b],
  );
}

/** Number k of every trial's series at row k + 1: T×lanes. */
function perStep(
  vectors: ParameterVectors,
  { trials, width }: LaunchBlock,
  series: (trial: LaunchTrial) => ArrayLike<number>,
): number {
  const { steps } = trials[0];
  const at = vectors.memory.allocate(4 * steps * width);
  const rows = vectors.memory.floats(at, steps * width);
  rows.fill(0);
  trials.forEach((trial, b) => {
    const values = series(trial);
    for (let k = 0; k < steps - 1; k++) rows[(k + 1) * width + b] = values[k];
  });
  return at;
}

/** Writes a block and its `Lanes` record (simd/lanes.ts) to memory. */
function place(
  vectors: ParameterVectors,
  structure: LanesStructure,
  block: LaunchBlock,
  { keepsHistory, keepsStates, goesBack }: {
    keepsHistory: boolean;
    keepsStates: boolean;
    goesBack: boolean;
  },
): Placed {
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
    weightSums: goesBack ? memory.allocate(16 * structure.outgoing.count) : 0,
    alphaSums: goesBack ? memory.allocate(16 * units) : 0,
    readoutSums: goesBack ? memory.allocate(16 * units) : 0,
  };
  const inputs = allocate(steps * channels);
  const stimulus = memory.floats(inputs, width * steps * channels);
  stimulus.fill(0);
  trials.forEach((trial, b) => {
    for (let c = 0; c < channels; c++) {
      for (let t = 0; t < steps; t++) {
        stimulus[(t * channels + c) * width + b] = trial.inputs[c * steps + t];
      }
    }
  });
  const perLane = (value: (trial: LaunchTrial) => number) => {
    const values = new Uint32Array(width);
    trials.forEach((trial, b) => values[b] = value(trial));
    return memory.store(values);
  };
  const amplitudes = (value: (trial: LaunchTrial) => number) => {
    const values = new Float32Array(width);
    trials.forEach((trial, b) => values[b] = value(trial));
    return memory.store(values);
  };
  const fields = [
    units,
    channels,
    activationNumber[wiring.activation],
    steps,
    lanes,
    rows,
    Number(isDrawn),
    structure.ids,
    perLane(({ noise }) => noise?.trial ?? 0),
    perLane(({ noise }) => noise?.key ?? 0),
    amplitudes(({ noise }) => noise?.initial ?? 0),
    amplitudes(({ noise }) => noise?.step ?? 0),
    structure.inputWeights,
    inputs,
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
  ];
  const record = memory.store(Uint32Array.from(fields));
  memory.floats(record, fields.length)[biasField] = vectors.bias;
  if (!isDrawn) disturb(vectors, block, record, placed.drives, rows);
  return { ...placed, record };
}

/** Index of `bias` among the fields of the `Lanes` record. */
const biasField = 16;

/** Draws and writes all disturbances of a block before it runs. */
function disturb(
  vectors: ParameterVectors,
  { trials, width }: LaunchBlock,
  record: number,
  drives: number,
  rows: number,
): void {
  const { memory, wiring: { units } } = vectors;
  memory.floats(drives, rows * units * width).fill(0);
  memory.run.lanesNoise(record);
  trials.forEach((trial, b) => {
    trial.disturb?.(
      memory.floats(drives, rows * units * width),
      (unit, step) => (step * units + unit) * width + b,
    );
  });
}
