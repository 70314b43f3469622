// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Backpropagation through one trial, units in lanes, one stage; like the scan,
 * from step `from` up to, not with, step `to`, the latest piece first.
 */
import { slope } from "./activation";
import { Matrix, multiplyAdd } from "./matrix";

/** Row t of `gradients`, t > 0, becomes readout·dL/do_t. */
export function singleReadoutBackward(
  from: i32,
  to: i32,
  units: i32,
  readout: usize,
  outputGradient: usize,
  gradients: usize,
): void {
  const stride = <usize>units << 2;
  const first = max(1, from);
  gradients += stride * first;
  for (let t = first; t < to; t++) {
    const d = v128.load32_splat(outputGradient + (<usize>t << 2));
    for (let i: usize = 0; i < stride; i += 16) {
      v128.store(gradients + i, f32x4.mul(v128.load(readout + i), d));
    }
    gradients += stride;
  }
}

/**
 * The scan backwards. On entry row t of `gradients` holds the gradient that
 * reaches r_t from outside the stage; on return row t of `drives` holds
 * alpha·dL/dx_t, for t > 0.
 *
 * @param transposed weights with a row a presynaptic unit
 * @param state dL/dx of the step after, `units` numbers
 * @param alphaSums gradient by alpha, 4 partial sums × `units`, from zeros
 * @param readoutSums gradient by the readout, likewise
 */
export function singleBackward(
  from: i32,
  to: i32,
  steps: i32,
  units: i32,
  activation: i32,
  transposed: Matrix,
  alphas: usize,
  rates: usize,
  drives: usize,
  outputGradient: usize,
  gradients: usize,
  state: usize,
  alphaSums: usize,
  readoutSums: usize,
): void {
  const stride = <usize>units << 2;
  const last = steps - 1;
  if (to > last) {
    memory.fill(state, 0, stride);
    memory.fill(alphaSums, 0, stride << 2);
    memory.fill(readoutSums, 0, stride << 2);
  }
  const first = max(1, from);
  for (let t = to - 1; t >= first; t--) {
    const row = stride * t;
    const reaching = gradients + row;
    if (t < last) multiplyAdd(transposed, drives + row + stride, reaching);
    const d = v128.load32_splat(outputGradient + (<usize>t << 2));
    const partial = stride * ((last - t) & 3);
    for (let i: usize = 0; i < stride; i += 16) {
      const r = v128.load(rates + row + i);
      const alpha = v128.load(alphas + i);
      const later = v128.load(state + i);
      const kept = f32x4.sub(later, f32x4.mul(alpha, later));
      const through = f32x4.mul(v128.load(reaching + i), slope(activation, r));
      const g = f32x4.add(through, kept);
      const byAlpha = f32x4.mul(g, v128.load(drives + row + i));
      v128.store(state + i, g);
      v128.store(drives + row + i, f32x4.mul(alpha, g));
      const a = alphaSums + partial + i;
      v128.store(a, f32x4.add(v128.load(a), byAlpha));
      const o = readoutSums + partial + i;
      v128.store(o, f32x4.add(v128.load(o), f32x4.mul(d, r)));
    }
  }
}

/** to[i] += (p0 + p1) + (p2 + p3), each p `count` numbers (padded to a multiple of 4). */
export function addPartialSums(to: usize, partial: usize, count: i32): void {
  const stride = (<usize>count + 3 & ~3) << 2;
  for (let i: usize = 0; i < <usize>count << 2; i += 4) {
    const p = partial + i;
    const sum = (load<f32>(p) + load<f32>(p + stride)) +
      (load<f32>(p + 2 * stride) + load<f32>(p + 3 * stride));
    store<f32>(to + i, load<f32>(to + i) + sum);
  }
}
