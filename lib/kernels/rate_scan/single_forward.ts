/** The tasks of a single trial: its scan forward. */
import { diagonals, type Piece } from "./pieces.ts";
import type { SingleStage, SingleStructure } from "./single_structure.ts";
import { type KernelCall, runCalls, type TaskList } from "./tasks.ts";
import { transferFunctions } from "../../network/activations.ts";
import type { LaunchTrial } from "./trial.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

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
  /** Calls that draw noise, by stage; none if disturbances are written already. */
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
    // Drawn noise comes first: what is written changes it.
    runCalls(memory, noise);
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
 * Adds the forward scan.
 *
 * @returns number of the task that ends it
 */
export function addForward(
  list: TaskList,
  placed: PlacedTrial,
  pieces: readonly (Piece & { readonly structure?: SingleStructure })[],
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
  { from, to, structure = placed.structure }: Piece & {
    readonly structure?: SingleStructure;
  },
): KernelCall[] {
  const { vectors: { wiring }, trial: { steps } } = placed;
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
      transferFunctions[wiring.activation].number,
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
