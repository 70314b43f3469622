/** Runs single trials on the SIMD kernel, forward and backward. */
import type { SingleStage, SingleStructure } from "./single_structure.ts";
import {
  activationNumber,
  type LaunchLoss,
  type LaunchTrace,
  type LaunchTrial,
  lossNumber,
} from "./trial.ts";
import { upToFour } from "./types.ts";
import type { ParameterVectors } from "./vectors.ts";

/** Histories of one trial in the kernel's memory. */
interface Histories {
  /** By stage: rates and drives, T×size. */
  readonly rates: readonly number[];
  readonly drives: readonly number[];
  /** By stage, T×size, when states are recorded. */
  readonly states?: readonly number[];
  /** T; the first is unused. */
  readonly outputs: number;
}

/** Runs one trial and keeps what was asked for. */
export function runSingle(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  record: { readonly states?: boolean; readonly rates?: boolean },
): LaunchTrace {
  const { memory } = vectors;
  const mark = memory.mark;
  const histories = forward(vectors, structure, trial, record.states === true);
  const collect = (addresses: readonly number[]) => {
    const all = new Float32Array(trial.steps * vectors.wiring.units);
    structure.stages.forEach(({ from, units, size }, k) => {
      const rows = memory.floats(addresses[k], trial.steps * size);
      for (let t = 0; t < trial.steps; t++) {
        const row = rows.subarray(t * size, t * size + units);
        all.set(row, t * vectors.wiring.units + from);
      }
    });
    return all;
  };
  const trace = {
    outputs: readOutputs(vectors, histories, trial.steps),
    ...(record.rates && { rates: collect(histories.rates) }),
    ...(histories.states && { states: collect(histories.states) }),
  };
  memory.release(mark);
  return trace;
}

/**
 * Runs one trial and adds the gradients by effective weights, readout, alphas
 * and bias to the gradient vector.
 */
export function singleGradient(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  loss: LaunchLoss,
  wantsOutputs: boolean,
): { loss: number; outputs?: Float32Array } {
  const { memory } = vectors;
  const { run } = memory;
  const { steps } = trial;
  const mark = memory.mark;
  const histories = forward(vectors, structure, trial, false);

  const targets = memory.allocate(4 * steps);
  memory.floats(targets, steps).set(trial.target!.subarray(0, steps - 1), 1);
  let weights = 0;
  if (trial.lossWeights !== undefined) {
    weights = memory.allocate(4 * steps);
    memory.floats(weights, steps).set(trial.lossWeights, 1);
  }
  const outputGradient = memory.allocate(4 * steps);
  const losses = memory.allocate(8);
  run.losses(
    lossNumber[loss.name],
    steps,
    1,
    1,
    histories.outputs,
    targets,
    weights,
    loss.scale,
    outputGradient,
    losses,
  );
  run.biasGradient(
    steps,
    1,
    outputGradient,
    vectors.gradients + 4 * vectors.layout.bias,
  );
  backward(vectors, structure, steps, histories, outputGradient);
  const result = {
    loss: memory.doubles(losses, 1)[0],
    ...(wantsOutputs && { outputs: readOutputs(vectors, histories, steps) }),
  };
  memory.release(mark);
  return result;
}

function readOutputs(
  vectors: ParameterVectors,
  histories: Histories,
  steps: number,
): Float32Array {
  return vectors.memory.floats(histories.outputs, steps).slice(1);
}

function forward(
  vectors: ParameterVectors,
  structure: SingleStructure,
  trial: LaunchTrial,
  keepsStates: boolean,
): Histories {
  const { memory, wiring } = vectors;
  const { steps } = trial;
  const { stages } = structure;
  const bytes = (stage: SingleStage) => 4 * upToFour(steps) * stage.size;
  const histories = {
    rates: stages.map((stage) => memory.allocate(bytes(stage))),
    drives: stages.map((stage) => memory.allocate(bytes(stage))),
    states: keepsStates
      ? stages.map((stage) => memory.allocate(bytes(stage)))
      : undefined,
    outputs: memory.allocate(4 * steps),
  };
  const latest = memory.allocate(4 * structure.paddedUnits);
  const inputs = memory.allocate(4 * wiring.channels * steps);
  memory.floats(inputs, wiring.channels * steps).set(trial.inputs);
  memory.floats(histories.outputs, steps).fill(vectors.bias);

  const { run } = memory;
  stages.forEach((stage, k) => {
    const rates = histories.rates[k];
    const drives = histories.drives[k];
    const stride = 4 * stage.size;
    disturb(vectors, stage, trial, drives);
    run.singleDrive(
      rates,
      stage.size,
      steps,
      stage.isDriven ? wiring.channels : 0,
      stage.inputWeights,
      inputs,
    );
    for (const { stage: source, matrix } of stage.incoming) {
      run.multiplyAddRows(
        matrix,
        histories.rates[source],
        4 * stages[source].size,
        rates + stride,
        stride,
        steps - 1,
      );
    }
    run.singleForward(
      steps,
      stage.size,
      activationNumber[wiring.activation],
      stage.recurrent,
      stage.alphas,
      rates,
      drives,
      histories.states?.[k] ?? latest,
      keepsStates ? stride : 0,
    );
    if (stage.isRead) {
      run.singleReadout(
        steps,
        stage.size,
        stage.readout,
        rates,
        histories.outputs,
      );
    }
  });
  return histories;
}

/** Draws or writes the disturbances of a stage. */
function disturb(
  vectors: ParameterVectors,
  stage: SingleStage,
  trial: LaunchTrial,
  drives: number,
): void {
  const { memory } = vectors;
  const { noise, steps } = trial;
  if (noise !== undefined) {
    memory.run.singleNoise(
      drives,
      stage.size,
      stage.ids,
      steps,
      noise.trial,
      noise.key,
      noise.initial,
      noise.step,
    );
  }
  if (trial.disturb !== undefined) {
    const rows = memory.floats(drives, steps * stage.size);
    if (noise === undefined) rows.fill(0);
    const end = stage.from + stage.units;
    // Units of other stages have no place here: writes at -1 are ignored.
    trial.disturb(
      rows,
      (unit, step) =>
        unit >= stage.from && unit < end
          ? step * stage.size + unit - stage.from
          : -1,
    );
  }
}

function backward(
  vectors: ParameterVectors,
  structure: SingleStructure,
  steps: number,
  histories: Histories,
  outputGradient: number,
): void {
  const { memory, wiring, layout } = vectors;
  const { run } = memory;
  const { stages, paddedUnits } = structure;
  const largest = Math.max(...stages.map(({ size }) => size));
  const gradients = memory.allocate(4 * steps * largest);
  const state = memory.allocate(4 * largest);
  const alphaSums = memory.allocate(16 * largest);
  const readoutSums = memory.allocate(16 * largest);
  const length = 4 * upToFour(steps - 1);
  const postSeries = memory.allocate(length * paddedUnits);
  const preSeries = memory.allocate(length * paddedUnits);

  for (let k = stages.length - 1; k >= 0; k--) {
    const stage = stages[k];
    const rates = histories.rates[k];
    const drives = histories.drives[k];
    const stride = 4 * stage.size;
    run.singleReadoutBackward(
      steps,
      stage.size,
      stage.readout,
      outputGradient,
      gradients,
    );
    for (const { stage: target, matrix } of stage.outgoing) {
      const targetStride = 4 * stages[target].size;
      run.multiplyAddRows(
        matrix,
        histories.drives[target] + 2 * targetStride,
        targetStride,
        gradients + stride,
        stride,
        steps - 2,
      );
    }
    run.singleBackward(
      steps,
      stage.size,
      activationNumber[wiring.activation],
      stage.recurrentTransposed,
      stage.alphas,
      rates,
      drives,
      outputGradient,
      gradients,
      state,
      alphaSums,
      readoutSums,
    );
    const to = vectors.gradients + 4 * stage.from;
    run.addPartialSums(to + 4 * layout.readout, readoutSums, stage.units);
    run.addPartialSums(to + 4 * layout.tausGaus, alphaSums, stage.units);
    const series = length * stage.padded;
    const last = stride * (steps - 1);
    run.reverseSeries(
      drives + last,
      stage.size,
      steps - 1,
      postSeries + series,
    );
    run.reverseSeries(
      rates + last - stride,
      stage.size,
      steps - 1,
      preSeries + series,
    );
  }
  const { groups } = structure;
  run.synapseGradients(
    groups.single,
    groups.singleCount,
    postSeries,
    preSeries,
    length,
  );
  run.pairGradients(
    groups.pairs,
    groups.pairCount,
    postSeries,
    preSeries,
    length,
  );
}
