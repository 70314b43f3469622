/** Backpropagation through a block of trials, trials in lanes. */
import { slope } from "./activation";
import { ENTRY, Lanes } from "./lanes";
import { total } from "./single_forward";

// @ts-ignore: decorator
@inline function plus(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * Gradient that reaches a unit's rate (added to `to`), and the part of this step
 * in the gradients of the unit's outgoing weights.
 */
// @ts-ignore: decorator
@inline function gather16(
  entry: usize,
  end: usize,
  moved: usize,
  rates: usize,
  sums: usize,
  to: usize,
): void {
  const r0 = v128.load(rates), r1 = v128.load(rates, 16), r2 = v128.load(rates, 32), r3 = v128.load(rates, 48);
  let a0 = v128.load(to), a1 = v128.load(to, 16), a2 = v128.load(to, 32), a3 = v128.load(to, 48);
  for (; entry < end; entry += ENTRY) {
    const p = moved + load<u32>(entry);
    const w = v128.load32_splat(entry, 4);
    const g0 = v128.load(p), g1 = v128.load(p, 16), g2 = v128.load(p, 32), g3 = v128.load(p, 48);
    a0 = plus(a0, g0, w);
    a1 = plus(a1, g1, w);
    a2 = plus(a2, g2, w);
    a3 = plus(a3, g3, w);
    v128.store(sums, plus(plus(plus(plus(v128.load(sums), g0, r0), g1, r1), g2, r2), g3, r3));
    sums += 16;
  }
  v128.store(to, a0), v128.store(to, a1, 16), v128.store(to, a2, 32), v128.store(to, a3, 48);
}

// @ts-ignore: decorator
@inline function gather4(
  entry: usize,
  end: usize,
  moved: usize,
  rates: usize,
  sums: usize,
  to: usize,
): void {
  const r0 = v128.load(rates);
  let a0 = v128.load(to);
  for (; entry < end; entry += ENTRY) {
    const g0 = v128.load(moved + (load<u32>(entry) >> 2));
    a0 = plus(a0, g0, v128.load32_splat(entry, 4));
    v128.store(sums, plus(v128.load(sums), g0, r0));
    sums += 16;
  }
  v128.store(to, a0);
}

/**
 * Backward through all steps; needs the whole history. Leaves four partial sums
 * of every gradient.
 */
export function lanesBackward(lanes: Lanes): void {
  const width = lanes.width, units = lanes.units;
  const stride = width * units;
  const activation = lanes.activation;
  const entries = <usize>load<u32>(lanes.outgoingBounds + (<usize>units << 2));
  memory.fill(lanes.weightSums, 0, entries << 1);
  memory.fill(lanes.alphaSums, 0, <usize>units << 4);
  memory.fill(lanes.readoutSums, 0, <usize>units << 4);
  memory.fill(lanes.stateGradient, 0, stride);
  memory.fill(lanes.moved, 0, stride << 1);
  let after = lanes.moved;
  let now = lanes.moved + stride;
  const last = lanes.steps - 1;
  for (let t = last; t >= 0; t--) {
    const rates = lanes.rates + stride * t;
    const drives = lanes.drives + stride * t;
    const outputGradient = lanes.outputGradient + width * t;
    let entry = lanes.outgoing;
    for (let j = 0; j < units; j++) {
      const at = width * j;
      const small = <usize>j << 2;
      const readout = v128.load32_splat(lanes.readout + small);
      for (let c: usize = 0; c < width; c += 16) {
        v128.store(now + at + c, f32x4.mul(readout, v128.load(outputGradient + c)));
      }
      const end = lanes.outgoing + load<u32>(lanes.outgoingBounds + small, 4);
      if (t < last) {
        const sums = lanes.weightSums + (entry - lanes.outgoing << 1);
        if (width == 64) gather16(entry, end, after, rates + at, sums, now + at);
        else gather4(entry, end, after, rates + at, sums, now + at);
      }
      entry = end;
      if (t == 0) continue;
      const alpha = v128.load32_splat(lanes.alphas + small);
      const sums = <usize>j << 4;
      let alphaSum = v128.load(lanes.alphaSums + sums);
      let readoutSum = v128.load(lanes.readoutSums + sums);
      for (let c: usize = 0; c < width; c += 16) {
        const r = v128.load(rates + at + c);
        const later = v128.load(lanes.stateGradient + at + c);
        const kept = f32x4.sub(later, f32x4.mul(alpha, later));
        const g = f32x4.add(f32x4.mul(v128.load(now + at + c), slope(activation, r)), kept);
        v128.store(lanes.stateGradient + at + c, g);
        v128.store(now + at + c, f32x4.mul(alpha, g));
        alphaSum = plus(alphaSum, g, v128.load(drives + at + c));
        readoutSum = plus(readoutSum, v128.load(outputGradient + c), r);
      }
      v128.store(lanes.alphaSums + sums, alphaSum);
      v128.store(lanes.readoutSums + sums, readoutSum);
    }
    const swap = after;
    after = now;
    now = swap;
  }
}

/** to[at[e]] += total of the four partial sums of entry e; offsets in bytes. */
export function addLaneSums(sums: usize, count: i32, at: usize, to: usize): void {
  const end = sums + (<usize>count << 4);
  for (; sums < end; sums += 16) {
    const p = to + load<u32>(at);
    store<f32>(p, load<f32>(p) + total(v128.load(sums)));
    at += 4;
  }
}

/** to[e] += total of the four partial sums of entry e. */
export function addTotals(sums: usize, count: i32, to: usize): void {
  const end = sums + (<usize>count << 4);
  for (; sums < end; sums += 16) {
    store<f32>(to, load<f32>(to) + total(v128.load(sums)));
    to += 4;
  }
}
