// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Steps of each neuron model with each synapse, as functions of their own. */
import { ALIF, EIF, LIF, QIF } from "./models/index";
import { step, twoSteps } from "./passes";

export function lifStep(state: usize, end: usize, side: usize, noise: usize, dts: f32): bool {
  return step(LIF, true, state, end, side, noise, dts);
}

export function lifStepSingle(state: usize, end: usize, side: usize, noise: usize): bool {
  return step(LIF, false, state, end, side, noise, 0);
}

export function lifTwoSteps(
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  firstDts: f32,
  secondDts: f32,
): i32 {
  return twoSteps(LIF, state, end, side, noise, firstDts, secondDts);
}

export function qifStep(state: usize, end: usize, side: usize, noise: usize, dts: f32): bool {
  return step(QIF, true, state, end, side, noise, dts);
}

export function qifStepSingle(state: usize, end: usize, side: usize, noise: usize): bool {
  return step(QIF, false, state, end, side, noise, 0);
}

export function qifTwoSteps(
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  firstDts: f32,
  secondDts: f32,
): i32 {
  return twoSteps(QIF, state, end, side, noise, firstDts, secondDts);
}

export function eifStep(state: usize, end: usize, side: usize, noise: usize, dts: f32): bool {
  return step(EIF, true, state, end, side, noise, dts);
}

export function eifStepSingle(state: usize, end: usize, side: usize, noise: usize): bool {
  return step(EIF, false, state, end, side, noise, 0);
}

export function eifTwoSteps(
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  firstDts: f32,
  secondDts: f32,
): i32 {
  return twoSteps(EIF, state, end, side, noise, firstDts, secondDts);
}

export function alifStep(state: usize, end: usize, side: usize, noise: usize, dts: f32): bool {
  return step(ALIF, true, state, end, side, noise, dts);
}

export function alifStepSingle(state: usize, end: usize, side: usize, noise: usize): bool {
  return step(ALIF, false, state, end, side, noise, 0);
}

export function alifTwoSteps(
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  firstDts: f32,
  secondDts: f32,
): i32 {
  return twoSteps(ALIF, state, end, side, noise, firstDts, secondDts);
}

/** A step of a model with either synapse. */
export function stepOf(
  model: i32,
  double: bool,
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  dts: f32,
): bool {
  if (double) {
    if (model == QIF) return qifStep(state, end, side, noise, dts);
    if (model == EIF) return eifStep(state, end, side, noise, dts);
    if (model == ALIF) return alifStep(state, end, side, noise, dts);
    return lifStep(state, end, side, noise, dts);
  }
  if (model == QIF) return qifStepSingle(state, end, side, noise);
  if (model == EIF) return eifStepSingle(state, end, side, noise);
  if (model == ALIF) return alifStepSingle(state, end, side, noise);
  return lifStepSingle(state, end, side, noise);
}

/** Two steps of a model with double exponential synapses. */
export function twoStepsOf(
  model: i32,
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  dts1: f32,
  dts2: f32,
): i32 {
  if (model == QIF) return qifTwoSteps(state, end, side, noise, dts1, dts2);
  if (model == EIF) return eifTwoSteps(state, end, side, noise, dts1, dts2);
  if (model == ALIF) return alifTwoSteps(state, end, side, noise, dts1, dts2);
  return lifTwoSteps(state, end, side, noise, dts1, dts2);
}
