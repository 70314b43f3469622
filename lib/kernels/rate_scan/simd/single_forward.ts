/**
 * One trial, units in lanes, one stage. Histories are rows of `units` numbers,
 * one a step; `units` is a multiple of 4.
 */
import { phi } from "./activation";
import { Matrix, multiplyAdd } from "./matrix";

/**
 * Input from the stimulus: row t of `rates`, t = 1 … steps - 1, becomes
 * w_in u_{t-1}.
 *
 * @param weights channels×units
 * @param inputs channels×steps
 */
export function singleDrive(
  rates: usize,
  units: i32,
  steps: i32,
  channels: i32,
  weights: usize,
  inputs: usize,
): void {
  const stride = <usize>units << 2;
  memory.fill(rates + stride, 0, stride * (steps - 1));
  for (let t = 1; t < steps; t++) {
    const row = rates + stride * t;
    for (let c = 0; c < channels; c++) {
      const u = load<f32>(inputs + (<usize>(c * steps + t - 1) << 2));
      if (u == 0) continue; // most stimuli are off most of the time
      const input = f32x4.splat(u);
      const weight = weights + stride * c;
      for (let i: usize = 0; i < stride; i += 16) {
        const product = f32x4.mul(v128.load(weight + i), input);
        v128.store(row + i, f32x4.add(v128.load(row + i), product));
      }
    }
  }
}

/**
 * The scan. On entry row t of `rates` holds the input from outside the stage
 * (t > 0) and row t of `drives` what is added to x at step t; on return they
 * hold r_t and the drive whose product with alpha moved x.
 *
 * @param states x_0 … x_{t}, `statesStride` bytes apart; 0: only the latest is kept
 */
export function singleForward(
  steps: i32,
  units: i32,
  activation: i32,
  matrix: Matrix,
  alphas: usize,
  rates: usize,
  drives: usize,
  states: usize,
  statesStride: usize,
): void {
  const stride = <usize>units << 2;
  for (let i: usize = 0; i < stride; i += 16) {
    const x = v128.load(drives + i);
    v128.store(states + i, x);
    v128.store(rates + i, phi(activation, x));
  }
  for (let t = 1; t < steps; t++) {
    multiplyAdd(matrix, rates, rates + stride);
    rates += stride;
    drives += stride;
    const now = states + statesStride;
    for (let i: usize = 0; i < stride; i += 16) {
      const x = v128.load(states + i);
      const drive = f32x4.sub(v128.load(rates + i), x);
      const moved = f32x4.add(x, f32x4.mul(v128.load(alphas + i), drive));
      const next = f32x4.add(moved, v128.load(drives + i));
      v128.store(drives + i, drive);
      v128.store(now + i, next);
      v128.store(rates + i, phi(activation, next));
    }
    states = now;
  }
}

/** Sum of the four lanes, (l0 + l1) + (l2 + l3). */
// @ts-ignore: decorator
@inline export function total(p: v128): f32 {
  return (f32x4.extract_lane(p, 0) + f32x4.extract_lane(p, 1)) +
    (f32x4.extract_lane(p, 2) + f32x4.extract_lane(p, 3));
}

/** Adds the stage's part of the readout to outputs[t], t = 1 … steps - 1. */
export function singleReadout(
  steps: i32,
  units: i32,
  readout: usize,
  rates: usize,
  outputs: usize,
): void {
  const stride = <usize>units << 2;
  for (let t = 1; t < steps; t++) {
    rates += stride;
    outputs += 4;
    let sum = i32x4(0, 0, 0, 0);
    for (let i: usize = 0; i < stride; i += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(readout + i), v128.load(rates + i)));
    }
    store<f32>(outputs, load<f32>(outputs) + total(sum));
  }
}
