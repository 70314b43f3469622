// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Runs a block of trials, trials in lanes. */
import { counterPart, storeNormals, storeScaledNormals } from "../../normal/simd/normal";
import { phi } from "./activation";
import { Lanes, offset0, offset1, PAIR, pairOffsets, pairWeights, rowAt, weight0, weight1 } from "./lanes";
import { meet } from "./meeting";
import { scale } from "./noise";

/** Disturbances of four steps, starting at a multiple of 4, for units `first` up to `last`. */
function drawNoise(lanes: Lanes, step: i32, first: i32, last: i32): void {
  const width = lanes.width;
  const stride = width * lanes.units;
  const y0 = counterPart(i32x4.splat(step >> 2));
  const start = lanes.drives + stride * (step % lanes.rows) + width * first;
  for (let c: usize = 0; c < width; c += 16) {
    const z0 = counterPart(v128.load(lanes.trials + c));
    const w0 = counterPart(v128.load(lanes.keys + c));
    const shared = i32x4.mul(y0, w0);
    const amplitude = v128.load(lanes.stepAmplitudes + c);
    const end = start + width * (last - first);
    let id = lanes.ids + (<usize>first << 2);
    for (let at = start + c; at < end; at += width) {
      const x = i32x4.add(counterPart(v128.load32_splat(id)), shared);
      if (step > 0) {
        storeScaledNormals(at, stride, x, y0, z0, w0, amplitude);
      } else {
        storeNormals(at, stride, x, y0, z0, w0);
        scale(at, v128.load(lanes.initialAmplitudes + c));
        scale(at + stride, amplitude);
        scale(at + 2 * stride, amplitude);
        scale(at + 3 * stride, amplitude);
      }
      id += 4;
    }
  }
}

/** Disturbances of all steps at once; `drives` must hold them all. */
export function lanesNoise(lanes: Lanes): void {
  for (let t = 0; t < lanes.steps; t += 4) drawNoise(lanes, t, 0, lanes.units);
}

@inline function plus(sum: v128, rates: usize, offset: usize, weight: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(rates + offset), weight));
}

/**
 * Input to every unit from the stimulus and from other units' rates, into `to`.
 *
 * @param vectors vectors of four lanes in a row: 1, 2 or 4, known when compiled
 * @param bounds those of the first of `units` units
 * @param entries of all units
 */
@inline function gather(
  vectors: i32,
  units: i32,
  channels: i32,
  weights: usize,
  inputs: usize,
  bounds: usize,
  entries: usize,
  before: usize,
  to: usize,
): void {
  const width = <usize>vectors << 4;
  let entry = entries + load<u32>(bounds);
  const stop = to + width * <usize>units;
  for (; to < stop; to += width) {
    let a0 = i32x4(0, 0, 0, 0), a1 = i32x4(0, 0, 0, 0), a2 = i32x4(0, 0, 0, 0), a3 = i32x4(0, 0, 0, 0);
    let u = inputs;
    for (let c = 0; c < channels; c++) {
      const w = v128.load32_splat(weights);
      a0 = plus(a0, u, 0, w);
      if (vectors > 1) a1 = plus(a1, u, 16, w);
      if (vectors > 2) a2 = plus(a2, u, 32, w), a3 = plus(a3, u, 48, w);
      u += width;
      weights += 4;
    }
    bounds += 4;
    const end = entries + load<u32>(bounds);
    for (; entry < end; entry += PAIR) {
      const offsets = pairOffsets(entry), pair = pairWeights(entry);
      const r0 = rowAt(vectors, before, offset0(offsets));
      const w0 = weight0(pair);
      a0 = plus(a0, r0, 0, w0);
      if (vectors > 1) a1 = plus(a1, r0, 16, w0);
      if (vectors > 2) a2 = plus(a2, r0, 32, w0), a3 = plus(a3, r0, 48, w0);
      const r1 = rowAt(vectors, before, offset1(offsets));
      const w1 = weight1(pair);
      a0 = plus(a0, r1, 0, w1);
      if (vectors > 1) a1 = plus(a1, r1, 16, w1);
      if (vectors > 2) a2 = plus(a2, r1, 32, w1), a3 = plus(a3, r1, 48, w1);
    }
    v128.store(to, a0);
    if (vectors > 1) v128.store(to, a1, 16);
    if (vectors > 2) v128.store(to, a2, 32), v128.store(to, a3, 48);
  }
}

/** `gather` for each width, which is known when it is compiled. */
function gather4(u: i32, c: i32, w: usize, i: usize, b: usize, e: usize, r: usize, to: usize): void {
  gather(1, u, c, w, i, b, e, r, to);
}

function gather8(u: i32, c: i32, w: usize, i: usize, b: usize, e: usize, r: usize, to: usize): void {
  gather(2, u, c, w, i, b, e, r, to);
}

function gather16(u: i32, c: i32, w: usize, i: usize, b: usize, e: usize, r: usize, to: usize): void {
  gather(4, u, c, w, i, b, e, r, to);
}

/** One vector's step: `rates` holds the input and then r, `drives` the noise and then the drive. */
@inline function move(
  activation: i32,
  alpha: v128,
  states: usize,
  now: usize,
  drives: usize,
  rates: usize,
): void {
  const x = v128.load(states);
  const drive = f32x4.sub(v128.load(rates), x);
  const moved = f32x4.add(x, f32x4.mul(alpha, drive));
  const next = f32x4.add(moved, v128.load(drives));
  v128.store(drives, drive);
  v128.store(now, next);
  v128.store(rates, phi(activation, next));
}

/** Moves all units by one step. */
function moveAll(
  activation: i32,
  units: i32,
  width: usize,
  alphas: usize,
  states: usize,
  now: usize,
  drives: usize,
  rates: usize,
): void {
  const stop = alphas + (<usize>units << 2);
  for (; alphas < stop; alphas += 4) {
    const alpha = v128.load32_splat(alphas);
    for (const end = states + width; states < end; states += 16) {
      move(activation, alpha, states, now, drives, rates);
      now += 16;
      drives += 16;
      rates += 16;
    }
  }
}

/**
 * o_t = bias + sum over stages of (p0 + p1) + (p2 + p3), in every `threads`-th
 * vector of four lanes from number `thread` on.
 */
function readOut(lanes: Lanes, rates: usize, to: usize, thread: i32, threads: i32): void {
  const width = lanes.width;
  for (let c = <usize>thread << 4; c < width; c += <usize>threads << 4) {
    let output = f32x4.splat(lanes.bias);
    for (let s = 0; s < lanes.stageCount; s++) {
      const stage = lanes.stages + (<usize>s << 3);
      const end = load<i32>(stage, 4);
      let p0 = i32x4(0, 0, 0, 0), p1 = i32x4(0, 0, 0, 0), p2 = i32x4(0, 0, 0, 0), p3 = i32x4(0, 0, 0, 0);
      let i = load<i32>(stage);
      let w = lanes.readout + (<usize>i << 2);
      let r = rates + width * i + c;
      for (; i + 3 < end; i += 4) {
        p0 = plus(p0, r, 0, v128.load32_splat(w));
        p1 = plus(p1, r + width, 0, v128.load32_splat(w, 4));
        p2 = plus(p2, r + 2 * width, 0, v128.load32_splat(w, 8));
        p3 = plus(p3, r + 3 * width, 0, v128.load32_splat(w, 12));
        w += 16;
        r += width << 2;
      }
      if (i < end) p0 = plus(p0, r, 0, v128.load32_splat(w));
      if (i + 1 < end) p1 = plus(p1, r + width, 0, v128.load32_splat(w, 4));
      if (i + 2 < end) p2 = plus(p2, r + 2 * width, 0, v128.load32_splat(w, 8));
      output = f32x4.add(output, f32x4.add(f32x4.add(p0, p1), f32x4.add(p2, p3)));
    }
    v128.store(to + c, output);
  }
}

/** Runs all steps; leaves rates, drives and outputs. */
export function lanesForward(lanes: Lanes): void {
  lanesForwardSteps(lanes, 0, lanes.steps, lanes.incoming, lanes.incomingBounds);
}

/** Runs steps `from` up to, not with, `to`, with the synapses given. */
export function lanesForwardSteps(
  lanes: Lanes,
  from: i32,
  to: i32,
  incoming: usize,
  incomingBounds: usize,
): void {
  forward(lanes, from, to, incoming, incomingBounds, 0, lanes.units, 0, 0, 1);
}

/**
 * One of several threads' part in all steps: it moves units `first` up to `last`,
 * and meets the others after each step.
 *
 * @param meeting where they meet, see ./meeting.ts
 */
export function lanesForwardUnits(
  lanes: Lanes,
  first: i32,
  last: i32,
  meeting: usize,
  thread: i32,
  threads: i32,
): void {
  forward(lanes, 0, lanes.steps, lanes.incoming, lanes.incomingBounds, first, last, meeting, thread, threads);
}

function forward(
  lanes: Lanes,
  from: i32,
  to: i32,
  incoming: usize,
  incomingBounds: usize,
  first: i32,
  last: i32,
  meeting: usize,
  thread: i32,
  threads: i32,
): void {
  const width = lanes.width, channels = lanes.channels;
  const stride = width * lanes.units;
  const activation = lanes.activation;
  const units = last - first;
  // Where the thread's units begin.
  const row0 = width * first;
  const bounds = incomingBounds + (<usize>first << 2);
  const alphas = lanes.alphas + (<usize>first << 2);
  const weights = lanes.inputWeights + (<usize>(channels * first) << 2);
  let states = lanes.states + row0;
  if (from == 0) {
    if (lanes.drawn) drawNoise(lanes, 0, first, last);
    const rates = lanes.rates + row0, drives = lanes.drives + row0;
    const end = width * units;
    for (let i: usize = 0; i < end; i += 16) {
      const x = v128.load(drives + i);
      v128.store(states + i, x);
      v128.store(rates + i, phi(activation, x));
    }
    if (threads > 1) meet(meeting, thread, threads);
    from = 1;
  }
  states += lanes.statesStride * <usize>(from - 1);
  for (let t = from; t < to; t++) {
    if (lanes.drawn && (t & 3) == 0) drawNoise(lanes, t, first, last);
    const before = lanes.rates + stride * ((t - 1) % lanes.rows);
    const row = t % lanes.rows;
    const all = lanes.rates + stride * row;
    const rates = all + row0;
    const drives = lanes.drives + stride * row + row0;
    const inputs = lanes.inputs + width * channels * (t - 1);
    const now = states + lanes.statesStride;
    if (width == 64) {
      gather16(units, channels, weights, inputs, bounds, incoming, before, rates);
    } else if (width == 32) {
      gather8(units, channels, weights, inputs, bounds, incoming, before, rates);
    } else {
      gather4(units, channels, weights, inputs, bounds, incoming, before, rates);
    }
    moveAll(activation, units, width, alphas, states, now, drives, rates);
    if (threads > 1) meet(meeting, thread, threads);
    readOut(lanes, all, lanes.outputs + width * t, thread, threads);
    states = now;
  }
}
