// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Backpropagation through a block of trials, trials in lanes. */
import { slope } from "./activation";
import { Lanes, offset0, offset1, PAIR, pairOffsets, pairWeights, rowAt, weight0, weight1 } from "./lanes";
import { meet } from "./meeting";
import { total } from "./single_forward";

@inline function plus(sum: v128, a: v128, b: v128): v128 {
  return f32x4.add(sum, f32x4.mul(a, b));
}

/** Lanes 0 and 1 of both. */
@inline function lower(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 1, 4, 5);
}

/** Lanes 2 and 3 of both. */
@inline function upper(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 3, 6, 7);
}

/** Lanes 0 of both, then lanes 1 of both. */
@inline function firsts(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 0, 4, 1, 5);
}

/** Lanes 2 of both, then lanes 3 of both. */
@inline function lasts(a: v128, b: v128): v128 {
  return i32x4.shuffle(a, b, 2, 6, 3, 7);
}

/**
 * This step's part in the gradients of a pair of synapses, of which the rate's
 * four lanes are `r`, and those of the two gradients `g` and `h`.
 *
 * @param parts 4: `sums` is the first synapse's, and the second's follow it;
 *   2: two sums of the one, then two of the other; 1: one of each
 */
@inline function plusPair(parts: i32, sums: v128, g: v128, h: v128, r: v128): v128 {
  const a = f32x4.mul(g, r), b = f32x4.mul(h, r);
  if (parts == 2) return f32x4.add(f32x4.add(sums, lower(a, b)), upper(a, b));
  const first = firsts(a, b), last = lasts(a, b);
  const two = f32x4.add(f32x4.add(sums, first), upper(first, first));
  return f32x4.add(f32x4.add(two, last), upper(last, last));
}

/**
 * Gradient that reaches every unit's rate, into `to`, and this step's part in
 * the gradients of the outgoing weights.
 *
 * @param vectors vectors of four lanes in a row: 1, 2 or 4, known when compiled
 * @param parts partial sums, likewise
 * @param bounds those of the first of `units` units
 * @param entries of all units
 */
@inline function gather(
  vectors: i32,
  parts: i32,
  units: i32,
  readout: usize,
  outputGradient: usize,
  bounds: usize,
  entries: usize,
  moved: usize,
  rates: usize,
  sums: usize,
  to: usize,
): void {
  const width = <usize>vectors << 4;
  let entry = entries + load<u32>(bounds);
  const stop = to + width * <usize>units;
  const none = i32x4(0, 0, 0, 0);
  for (; to < stop; to += width) {
    const r0 = v128.load(rates);
    const r1 = vectors > 1 ? v128.load(rates, 16) : none;
    const r2 = vectors > 2 ? v128.load(rates, 32) : none;
    const r3 = vectors > 2 ? v128.load(rates, 48) : none;
    const o = v128.load32_splat(readout);
    let a0 = f32x4.mul(o, v128.load(outputGradient));
    let a1 = vectors > 1 ? f32x4.mul(o, v128.load(outputGradient, 16)) : none;
    let a2 = vectors > 2 ? f32x4.mul(o, v128.load(outputGradient, 32)) : none;
    let a3 = vectors > 2 ? f32x4.mul(o, v128.load(outputGradient, 48)) : none;
    bounds += 4;
    const end = entries + load<u32>(bounds);
    for (; entry < end; entry += PAIR) {
      const offsets = pairOffsets(entry), pair = pairWeights(entry);
      const p = rowAt(vectors, moved, offset0(offsets));
      const w = weight0(pair);
      const g0 = v128.load(p);
      const g1 = vectors > 1 ? v128.load(p, 16) : none;
      const g2 = vectors > 2 ? v128.load(p, 32) : none;
      const g3 = vectors > 2 ? v128.load(p, 48) : none;
      a0 = plus(a0, g0, w);
      if (vectors > 1) a1 = plus(a1, g1, w);
      if (vectors > 2) a2 = plus(a2, g2, w), a3 = plus(a3, g3, w);
      if (parts == 4) {
        let sum = plus(v128.load(sums), g0, r0);
        if (vectors > 2) sum = plus(plus(plus(sum, g1, r1), g2, r2), g3, r3);
        v128.store(sums, sum);
      }
      const q = rowAt(vectors, moved, offset1(offsets));
      const v = weight1(pair);
      const h0 = v128.load(q);
      const h1 = vectors > 1 ? v128.load(q, 16) : none;
      const h2 = vectors > 2 ? v128.load(q, 32) : none;
      const h3 = vectors > 2 ? v128.load(q, 48) : none;
      a0 = plus(a0, h0, v);
      if (vectors > 1) a1 = plus(a1, h1, v);
      if (vectors > 2) a2 = plus(a2, h2, v), a3 = plus(a3, h3, v);
      if (parts == 4) {
        let sum = plus(v128.load(sums, 16), h0, r0);
        if (vectors > 2) sum = plus(plus(plus(sum, h1, r1), h2, r2), h3, r3);
        v128.store(sums, sum, 16);
        sums += 32;
      } else if (parts == 2) {
        v128.store(sums, plusPair(2, plusPair(2, v128.load(sums), g0, h0, r0), g1, h1, r1));
        sums += 16;
      } else {
        v128.store64_lane(sums, plusPair(1, v128.load64_zero(sums), g0, h0, r0), 0);
        sums += 8;
      }
    }
    v128.store(to, a0);
    if (vectors > 1) v128.store(to, a1, 16);
    if (vectors > 2) v128.store(to, a2, 32), v128.store(to, a3, 48);
    rates += width;
    readout += 4;
  }
}

/** `gather` for each shape, which is known when it is compiled. */
function gather16(u: i32, o: usize, d: usize, b: usize, e: usize, m: usize, r: usize, s: usize, to: usize): void {
  gather(4, 4, u, o, d, b, e, m, r, s, to);
}

function gather8of16(u: i32, o: usize, d: usize, b: usize, e: usize, m: usize, r: usize, s: usize, to: usize): void {
  gather(2, 2, u, o, d, b, e, m, r, s, to);
}

function gather4of16(u: i32, o: usize, d: usize, b: usize, e: usize, m: usize, r: usize, s: usize, to: usize): void {
  gather(1, 1, u, o, d, b, e, m, r, s, to);
}

function gather4(u: i32, o: usize, d: usize, b: usize, e: usize, m: usize, r: usize, s: usize, to: usize): void {
  gather(1, 4, u, o, d, b, e, m, r, s, to);
}

/** The partial sums of a unit in the first lanes, this step's terms added. */
@inline function plusTerms(parts: i32, sums: v128, terms: v128): v128 {
  const first = f32x4.add(sums, terms);
  if (parts == 4) return first;
  if (parts == 2) return f32x4.add(first, upper(terms, terms));
  const two = f32x4.add(first, i32x4.shuffle(terms, terms, 1, 1, 1, 1));
  const three = f32x4.add(two, i32x4.shuffle(terms, terms, 2, 2, 2, 2));
  return f32x4.add(three, i32x4.shuffle(terms, terms, 3, 3, 3, 3));
}

/**
 * One step back through units `first` up to `last`: `now` holds the gradient that
 * reaches their r_t and then alpha·dL/dx_t.
 */
function moveBack(
  lanes: Lanes,
  first: i32,
  last: i32,
  rates: usize,
  drives: usize,
  outputGradient: usize,
  now: usize,
): void {
  const activation = lanes.activation;
  const width = lanes.width, parts = lanes.parts;
  const stop = now + width * (last - first);
  let state = lanes.stateGradient + width * first;
  let alphas = lanes.alphas + (<usize>first << 2);
  let alphaSums = lanes.alphaSums + (<usize>first << 4);
  let readoutSums = lanes.readoutSums + (<usize>first << 4);
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
      alphaSum = plusTerms(parts, alphaSum, f32x4.mul(g, v128.load(drives)));
      readoutSum = plusTerms(parts, readoutSum, f32x4.mul(v128.load(outputGradient + c), r));
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
 * Backward through all steps; needs the whole history. Leaves the partial sums
 * of every gradient.
 */
export function lanesBackward(lanes: Lanes): void {
  lanesBackwardUnits(lanes, 0, lanes.units, 0, 0, 1);
}

/**
 * One of several threads' part in it: units `first` up to `last`, and the
 * gradients of the synapses that go out from them.
 *
 * @param meeting where the threads meet after each step, see ./meeting.ts
 */
export function lanesBackwardUnits(
  lanes: Lanes,
  first: i32,
  last: i32,
  meeting: usize,
  thread: i32,
  threads: i32,
): void {
  const width = lanes.width;
  const stride = width * lanes.units;
  const units = last - first;
  // Where the thread's units begin.
  const row0 = width * first;
  const bytes = width * units;
  const readout = lanes.readout + (<usize>first << 2);
  const bounds = lanes.outgoingBounds + (<usize>first << 2);
  const from = <usize>load<u32>(bounds), to = <usize>load<u32>(bounds + (<usize>units << 2));
  const sums = lanes.weightSums + (from >> 1) * lanes.parts;
  memory.fill(sums, 0, (to - from >> 1) * lanes.parts);
  memory.fill(lanes.alphaSums + (<usize>first << 4), 0, <usize>units << 4);
  memory.fill(lanes.readoutSums + (<usize>first << 4), 0, <usize>units << 4);
  memory.fill(lanes.stateGradient + row0, 0, bytes);
  // Row `after` holds the next step's alpha·dL/dx; zeros after the last.
  let after = lanes.moved;
  let now = lanes.moved + stride;
  memory.fill(after + row0, 0, bytes);
  memory.fill(now + row0, 0, bytes);
  if (threads > 1) meet(meeting, thread, threads);
  for (let t = lanes.steps - 1; t >= 0; t--) {
    const rates = lanes.rates + stride * t + row0;
    const d = lanes.outputGradient + width * t;
    const own = now + row0;
    if (width == 64) {
      gather16(units, readout, d, bounds, lanes.outgoing, after, rates, sums, own);
    } else if (width == 32) {
      gather8of16(units, readout, d, bounds, lanes.outgoing, after, rates, sums, own);
    } else if (lanes.parts == 1) {
      gather4of16(units, readout, d, bounds, lanes.outgoing, after, rates, sums, own);
    } else {
      gather4(units, readout, d, bounds, lanes.outgoing, after, rates, sums, own);
    }
    if (t > 0) {
      moveBack(lanes, first, last, rates, lanes.drives + stride * t + row0, d, own);
      if (threads > 1) meet(meeting, thread, threads);
    }
    const swap = after;
    after = now;
    now = swap;
  }
}

/**
 * Totals of groups of partial sums, packed.
 *
 * @param parts numbers of a group: 4, 2 or 1
 * @param stride bytes from a group to the next
 * @param to may be where the groups begin
 */
export function totals(sums: usize, count: i32, parts: i32, stride: usize, to: usize): void {
  const end = sums + <usize>count * stride;
  for (; sums < end; sums += stride) {
    if (parts == 4) store<f32>(to, total(v128.load(sums)));
    else if (parts == 2) store<f32>(to, load<f32>(sums) + load<f32>(sums, 4));
    else store<f32>(to, load<f32>(sums));
    to += 4;
  }
}
