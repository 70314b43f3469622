// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * One trial, units in lanes, one stage. Histories are rows of `units` numbers,
 * one a step; `units` is a multiple of 4. What goes over steps does so from
 * step `from` up to, not with, step `to`: a trial may be run piece by piece.
 */
import { phi } from "./activation";
import { Matrix, multiplyAdd } from "./matrix";

/**
 * Input from the stimulus: row t of `rates`, t > 0, becomes w_in u_{t-1}.
 *
 * @param weights channels×units
 * @param inputs channels×steps
 */
export function singleDrive(
  rates: usize,
  units: i32,
  from: i32,
  to: i32,
  steps: i32,
  channels: i32,
  weights: usize,
  inputs: usize,
): void {
  const stride = <usize>units << 2;
  const first = max(1, from);
  if (first >= to) return;
  memory.fill(rates + stride * first, 0, stride * (to - first));
  for (let t = first; t < to; t++) {
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
 * @param states x_0 … x_{t}, `statesStride` bytes apart; 0: only the latest is
 *   kept, for the piece that comes next
 */
export function singleForward(
  from: i32,
  to: i32,
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
  if (from == 0) {
    for (let i: usize = 0; i < stride; i += 16) {
      const x = v128.load(drives + i);
      v128.store(states + i, x);
      v128.store(rates + i, phi(activation, x));
    }
    from = 1;
  }
  const done = <usize>from - 1;
  rates += stride * done;
  drives += stride * done;
  states += statesStride * done;
  for (let t = from; t < to; t++) {
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
@inline export function total(p: v128): f32 {
  return (f32x4.extract_lane(p, 0) + f32x4.extract_lane(p, 1)) +
    (f32x4.extract_lane(p, 2) + f32x4.extract_lane(p, 3));
}

/** Adds the stage's part of the readout to outputs[t], t > 0. */
export function singleReadout(
  from: i32,
  to: i32,
  units: i32,
  readout: usize,
  rates: usize,
  outputs: usize,
): void {
  const stride = <usize>units << 2;
  const first = max(1, from);
  rates += stride * first;
  outputs += <usize>first << 2;
  for (let t = first; t < to; t++) {
    let sum = i32x4(0, 0, 0, 0);
    for (let i: usize = 0; i < stride; i += 16) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(readout + i), v128.load(rates + i)));
    }
    store<f32>(outputs, load<f32>(outputs) + total(sum));
    rates += stride;
    outputs += 4;
  }
}
