// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Backpropagation through a block of trials, trials in lanes. */
import { slope } from "./activation";
import { Lanes, offset0, offset1, PAIR, pairOffsets, pairWeights, weight0, weight1 } from "./lanes";
import { total } from "./single_forward";

@inline function plus(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/**
 * Gradient that reaches every unit's rate, into `to`, and this step's part in
 * the gradients of the outgoing weights; 16 lanes.
 */
function gather16(
  units: i32,
  readout: usize,
  outputGradient: usize,
  bounds: usize,
  entry: usize,
  moved: usize,
  rates: usize,
  sums: usize,
  to: usize,
): void {
  const first = entry;
  const stop = to + (<usize>units << 6);
  for (; to < stop; to += 64) {
    const r0 = v128.load(rates), r1 = v128.load(rates, 16), r2 = v128.load(rates, 32), r3 = v128.load(rates, 48);
    const o = v128.load32_splat(readout);
    let a0 = f32x4.mul(o, v128.load(outputGradient));
    let a1 = f32x4.mul(o, v128.load(outputGradient, 16));
    let a2 = f32x4.mul(o, v128.load(outputGradient, 32));
    let a3 = f32x4.mul(o, v128.load(outputGradient, 48));
    bounds += 4;
    const end = first + load<u32>(bounds);
    for (; entry < end; entry += PAIR) {
      const offsets = pairOffsets(entry), pair = pairWeights(entry);
      let p = moved + offset0(offsets);
      let w = weight0(pair);
      let g0 = v128.load(p), g1 = v128.load(p, 16), g2 = v128.load(p, 32), g3 = v128.load(p, 48);
      a0 = plus(a0, g0, w);
      a1 = plus(a1, g1, w);
      a2 = plus(a2, g2, w);
      a3 = plus(a3, g3, w);
      v128.store(sums, plus(plus(plus(plus(v128.load(sums), g0, r0), g1, r1), g2, r2), g3, r3));
      p = moved + offset1(offsets);
      w = weight1(pair);
      g0 = v128.load(p), g1 = v128.load(p, 16), g2 = v128.load(p, 32), g3 = v128.load(p, 48);
      a0 = plus(a0, g0, w);
      a1 = plus(a1, g1, w);
      a2 = plus(a2, g2, w);
      a3 = plus(a3, g3, w);
      v128.store(sums, plus(plus(plus(plus(v128.load(sums, 16), g0, r0), g1, r1), g2, r2), g3, r3), 16);
      sums += 32;
    }
    v128.store(to, a0), v128.store(to, a1, 16), v128.store(to, a2, 32), v128.store(to, a3, 48);
    rates += 64;
    readout += 4;
  }
}

/** The same for 4 lanes. */
function gather4(
  units: i32,
  readout: usize,
  outputGradient: usize,
  bounds: usize,
  entry: usize,
  moved: usize,
  rates: usize,
  sums: usize,
  to: usize,
): void {
  const first = entry;
  const stop = to + (<usize>units << 4);
  const d = v128.load(outputGradient);
  for (; to < stop; to += 16) {
    const r = v128.load(rates);
    let a = f32x4.mul(v128.load32_splat(readout), d);
    bounds += 4;
    const end = first + load<u32>(bounds);
    for (; entry < end; entry += PAIR) {
      const offsets = pairOffsets(entry), pair = pairWeights(entry);
      const g0 = v128.load(moved + (offset0(offsets) >> 2));
      const g1 = v128.load(moved + (offset1(offsets) >> 2));
      a = plus(plus(a, g0, weight0(pair)), g1, weight1(pair));
      v128.store(sums, plus(v128.load(sums), g0, r));
      v128.store(sums, plus(v128.load(sums, 16), g1, r), 16);
      sums += 32;
    }
    v128.store(to, a);
    rates += 16;
    readout += 4;
  }
}

/**
 * One step back through all units: `now` holds the gradient that reaches r_t and
 * then alpha·dL/dx_t.
 */
function moveBack(lanes: Lanes, rates: usize, drives: usize, outputGradient: usize, now: usize): void {
  const activation = lanes.activation;
  const width = lanes.width;
  const stop = now + width * lanes.units;
  let state = lanes.stateGradient;
  let alphas = lanes.alphas;
  let alphaSums = lanes.alphaSums;
  let readoutSums = lanes.readoutSums;
  while (now < stop) {
    const alpha = v128.load32_splat(alphas);
    let alphaSum = v128.load(alphaSums);
    let readoutSum = v128.load(readoutSums);
    for (let c: usize = 0; c < width; c += 16) {
      const r = v128.load(rates);
      const later = v128.load(state);
      const kept = f32x4.sub(later, f32x4.mul(alpha, later));
      const g = f32x4.add(f32x4.mul(v128.load(now), slope(activation, r)), kept);
      v128.store(state, g);
      v128.store(now, f32x4.mul(alpha, g));
      alphaSum = plus(alphaSum, g, v128.load(drives));
      readoutSum = plus(readoutSum, v128.load(outputGradient + c), r);
      rates += 16;
      drives += 16;
      state += 16;
      now += 16;
    }
    v128.store(alphaSums, alphaSum);
    v128.store(readoutSums, readoutSum);
    alphas += 4;
    alphaSums += 16;
    readoutSums += 16;
  }
}

/**
 * Backward through all steps; needs the whole history. Leaves four partial sums
 * of every gradient.
 */
export function lanesBackward(lanes: Lanes): void {
  const width = lanes.width, units = lanes.units;
  const stride = width * units;
  const entries = <usize>load<u32>(lanes.outgoingBounds + (<usize>units << 2));
  memory.fill(lanes.weightSums, 0, entries << 1);
  memory.fill(lanes.alphaSums, 0, <usize>units << 4);
  memory.fill(lanes.readoutSums, 0, <usize>units << 4);
  memory.fill(lanes.stateGradient, 0, stride);
  memory.fill(lanes.moved, 0, stride << 1);
  // Row `after` holds the next step's alpha·dL/dx; zeros after the last.
  let after = lanes.moved;
  let now = lanes.moved + stride;
  for (let t = lanes.steps - 1; t >= 0; t--) {
    const rates = lanes.rates + stride * t;
    const d = lanes.outputGradient + width * t;
    if (width == 64) {
      gather16(units, lanes.readout, d, lanes.outgoingBounds, lanes.outgoing, after, rates, lanes.weightSums, now);
    } else {
      gather4(units, lanes.readout, d, lanes.outgoingBounds, lanes.outgoing, after, rates, lanes.weightSums, now);
    }
    if (t > 0) moveBack(lanes, rates, lanes.drives + stride * t, d, now);
    const swap = after;
    after = now;
    now = swap;
  }
}

/** Replaces groups of four partial sums by their totals, packed at the start. */
export function totals(sums: usize, count: i32): void {
  const end = sums + (<usize>count << 4);
  let to = sums;
  for (; sums < end; sums += 16) {
    store<f32>(to, total(v128.load(sums)));
    to += 4;
  }
}
