// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Gradients by single weights, from the histories of one trial. */

@inline function low(a: v128, b: v128): v128 { // a0 b0 a1 b1
  return i32x4.shuffle(a, b, 0, 4, 1, 5);
}

@inline function high(a: v128, b: v128): v128 { // a2 b2 a3 b3
  return i32x4.shuffle(a, b, 2, 6, 3, 7);
}

@inline function lowPair(a: v128, b: v128): v128 { // a0 a1 b0 b1
  return i32x4.shuffle(a, b, 0, 1, 4, 5);
}

@inline function highPair(a: v128, b: v128): v128 { // a2 a3 b2 b3
  return i32x4.shuffle(a, b, 2, 3, 6, 7);
}

@inline function row(last: usize, stride: usize, k: i32, count: i32): v128 {
  return k < count ? v128.load(last - stride * k) : i32x4(0, 0, 0, 0);
}

/**
 * Turns a history of rows into one series a unit, latest step first and filled
 * up with zeros to a multiple of 4.
 *
 * @param last row of the latest step
 * @param count number of steps
 */
export function reverseSeries(last: usize, units: i32, count: i32, to: usize): void {
  const stride = <usize>units << 2;
  const length = (<usize>count + 3 & ~3) << 2;
  for (let k = 0; k < count; k += 4) {
    const out = to + (<usize>k << 2);
    for (let i: usize = 0; i < stride; i += 16) {
      const a = row(last + i, stride, k, count);
      const b = row(last + i, stride, k + 1, count);
      const c = row(last + i, stride, k + 2, count);
      const d = row(last + i, stride, k + 3, count);
      const ab = low(a, b), cd = low(c, d), ef = high(a, b), gh = high(c, d);
      const series = out + length * (i >> 2);
      v128.store(series, lowPair(ab, cd));
      v128.store(series + length, highPair(ab, cd));
      v128.store(series + 2 * length, lowPair(ef, gh));
      v128.store(series + 3 * length, highPair(ef, gh));
    }
  }
}

@inline function addLane(at: usize, value: f32): void {
  store<f32>(at, load<f32>(at) + value);
}

/** Totals of four sums of partial sums: (l0 + l1) + (l2 + l3) of each. */
@inline function totals(a0: v128, a1: v128, a2: v128, a3: v128): v128 {
  const ab = low(a0, a1), cd = low(a2, a3), ef = high(a0, a1), gh = high(a2, a3);
  return f32x4.add(
    f32x4.add(lowPair(ab, cd), highPair(ab, cd)),
    f32x4.add(lowPair(ef, gh), highPair(ef, gh)),
  );
}

/** Adds four numbers to those at the addresses in `targets`. */
@inline function addTo(targets: usize, sums: v128): void {
  addLane(load<u32>(targets), f32x4.extract_lane(sums, 0));
  addLane(load<u32>(targets, 4), f32x4.extract_lane(sums, 1));
  addLane(load<u32>(targets, 8), f32x4.extract_lane(sums, 2));
  addLane(load<u32>(targets, 12), f32x4.extract_lane(sums, 3));
}

/**
 * Gradients by weights: products of a postsynaptic and a presynaptic series,
 * summed over time in four partial sums and added where they belong. Synapses
 * come in groups of four that share the postsynaptic unit.
 *
 * @param groups per group: number of the postsynaptic series, four of the
 *   presynaptic ones, four addresses where the gradients go
 * @param length bytes of a series
 */
export function synapseGradients(
  groups: usize,
  count: i32,
  post: usize,
  pre: usize,
  length: usize,
): void {
  const end = groups + <usize>count * 36;
  for (; groups < end; groups += 36) {
    const d = post + length * load<u32>(groups);
    const r0 = pre + length * load<u32>(groups, 4);
    const r1 = pre + length * load<u32>(groups, 8);
    const r2 = pre + length * load<u32>(groups, 12);
    const r3 = pre + length * load<u32>(groups, 16);
    let a0 = i32x4(0, 0, 0, 0), a1 = i32x4(0, 0, 0, 0), a2 = i32x4(0, 0, 0, 0), a3 = i32x4(0, 0, 0, 0);
    for (let k: usize = 0; k < length; k += 16) {
      const g = v128.load(d + k);
      a0 = f32x4.add(a0, f32x4.mul(g, v128.load(r0 + k)));
      a1 = f32x4.add(a1, f32x4.mul(g, v128.load(r1 + k)));
      a2 = f32x4.add(a2, f32x4.mul(g, v128.load(r2 + k)));
      a3 = f32x4.add(a3, f32x4.mul(g, v128.load(r3 + k)));
    }
    addTo(groups + 20, totals(a0, a1, a2, a3));
  }
}

/**
 * The same for two postsynaptic units at once, the second series following the
 * first: where connections are dense, the presynaptic series are loaded half as
 * often. Eight addresses a group.
 */
export function pairGradients(
  groups: usize,
  count: i32,
  post: usize,
  pre: usize,
  length: usize,
): void {
  const end = groups + <usize>count * 52;
  for (; groups < end; groups += 52) {
    const d = post + length * load<u32>(groups);
    const e = d + length;
    const r0 = pre + length * load<u32>(groups, 4);
    const r1 = pre + length * load<u32>(groups, 8);
    const r2 = pre + length * load<u32>(groups, 12);
    const r3 = pre + length * load<u32>(groups, 16);
    let a0 = i32x4(0, 0, 0, 0), a1 = i32x4(0, 0, 0, 0), a2 = i32x4(0, 0, 0, 0), a3 = i32x4(0, 0, 0, 0);
    let b0 = i32x4(0, 0, 0, 0), b1 = i32x4(0, 0, 0, 0), b2 = i32x4(0, 0, 0, 0), b3 = i32x4(0, 0, 0, 0);
    for (let k: usize = 0; k < length; k += 16) {
      const g = v128.load(d + k), h = v128.load(e + k);
      let r = v128.load(r0 + k);
      a0 = f32x4.add(a0, f32x4.mul(g, r)), b0 = f32x4.add(b0, f32x4.mul(h, r));
      r = v128.load(r1 + k);
      a1 = f32x4.add(a1, f32x4.mul(g, r)), b1 = f32x4.add(b1, f32x4.mul(h, r));
      r = v128.load(r2 + k);
      a2 = f32x4.add(a2, f32x4.mul(g, r)), b2 = f32x4.add(b2, f32x4.mul(h, r));
      r = v128.load(r3 + k);
      a3 = f32x4.add(a3, f32x4.mul(g, r)), b3 = f32x4.add(b3, f32x4.mul(h, r));
    }
    addTo(groups + 20, totals(a0, a1, a2, a3));
    addTo(groups + 36, totals(b0, b1, b2, b3));
  }
}
