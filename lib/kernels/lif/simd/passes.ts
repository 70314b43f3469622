// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** One or two steps of all units, but for what spikes do. */
import {
  ADAPTATION,
  ADAPTATION_DECAY,
  BLOCK,
  D,
  DRIVE,
  H,
  IPSC,
  K,
  P,
  PEAK,
  SHARPNESS,
  SLOPE,
  THRESHOLD,
  V,
} from "./layout";
import { adapts, derivative } from "./models/index";

// How spikes rise: not at all, by a constant that all units share (whose decay is
// not in h), or by each unit's decay time constant once more.
@inline export const SINGLE: i32 = 0;
@inline export const DOUBLE: i32 = 1;
@inline export const ALPHA: i32 = 2;

/** Sums of p after the first and after the second step of a pass. */
export let firstSum: f32 = 0;
export let secondSum: f32 = 0;

/** Constants of the neuron model that a pass needs. */
export let peak: f32 = 0;
export let slope: f32 = 0;
export let sharpness: f32 = 0;
export let threshold: f32 = 0;

export let adaptation: usize = 0;
export let adaptationDecay: f32 = 0;

export function setModel(net: usize): void {
  peak = load<f32>(net, PEAK);
  slope = load<f32>(net, SLOPE);
  sharpness = load<f32>(net, SHARPNESS);
  threshold = load<f32>(net, THRESHOLD);
  adaptation = load<usize>(net, ADAPTATION);
  adaptationDecay = load<f32>(net, ADAPTATION_DECAY);
}

@inline export function laneSum(x: v128): f32 {
  return (f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1)) +
    (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

@inline function advance(
  model: i32,
  v: v128,
  current: v128,
  k: v128,
  noise: v128,
  slopes: v128,
  sharpnesses: v128,
  thresholds: v128,
): v128 {
  const change = derivative(
    model,
    v,
    current,
    slopes,
    sharpnesses,
    thresholds,
  );
  return f32x4.add(f32x4.add(v, noise), f32x4.mul(change, k));
}

/**
 * One step, in place.
 *
 * @param state first block, plus 16 where the second copies are the present ones
 * @param noise of this step, of the first block; blocks follow every 64 bytes
 * @param dts dt times the decay that all h share; not used without rise
 * @returns whether a unit reached the peak
 */
@inline export function step(
  model: i32,
  rise: i32,
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  dts: f32,
): bool {
  const slopes = f32x4.splat(slope);
  const sharpnesses = f32x4.splat(sharpness);
  const thresholds = f32x4.splat(threshold);
  const dt = f32x4.splat(dts);
  const fade = f32x4.splat(adaptationDecay);
  let adapting = adaptation + side;
  let highest = f32x4.splat(-Infinity);
  let sum = i32x4.splat(0);
  for (let fixed = state; fixed < end; fixed += BLOCK) {
    const at = fixed + side;
    const ipsc = v128.load(at, IPSC);
    const decay = v128.load(fixed, D);
    let current = f32x4.add(ipsc, v128.load(fixed, DRIVE));
    if (adapts(model)) {
      const w = v128.load(adapting);
      current = f32x4.sub(current, w);
      v128.store(adapting, f32x4.mul(w, fade));
      adapting += 32;
    }
    const v = advance(
      model,
      v128.load(at, V),
      current,
      v128.load(fixed, K),
      v128.load(noise),
      slopes,
      sharpnesses,
      thresholds,
    );
    noise += 64;
    highest = f32x4.pmax(highest, v);
    v128.store(at, v, V);
    let decayed = f32x4.mul(ipsc, decay);
    if (rise != SINGLE) {
      const h = v128.load(fixed, H);
      decayed = f32x4.add(decayed, f32x4.mul(h, dt));
      if (rise == ALPHA) v128.store(fixed, f32x4.mul(h, decay), H);
    }
    v128.store(at, decayed, IPSC);
    const p = f32x4.mul(v128.load(at, P), decay);
    v128.store(at, p, P);
    sum = f32x4.add(sum, p);
  }
  firstSum = laneSum(sum);
  return v128.any_true(f32x4.ge(highest, f32x4.splat(peak)));
}

/**
 * Two steps at once, from one copy of voltages, currents and p to the other. A
 * spike in the first step reaches other units two steps on, so what this pass
 * finds of the first step holds in any case; what it finds of the second one does
 * only if no unit spiked in the first.
 *
 * @returns bit 0: a unit reached the peak in the first step; bit 1: in the second
 */
@inline export function twoSteps(
  model: i32,
  state: usize,
  end: usize,
  side: usize,
  noise: usize,
  firstDts: f32,
  secondDts: f32,
): i32 {
  const slopes = f32x4.splat(slope);
  const sharpnesses = f32x4.splat(sharpness);
  const thresholds = f32x4.splat(threshold);
  const firstDt = f32x4.splat(firstDts);
  const secondDt = f32x4.splat(secondDts);
  let first = f32x4.splat(-Infinity);
  let second = first;
  let sum1 = i32x4.splat(0);
  let sum2 = i32x4.splat(0);
  const across = 16 - 2 * side;
  const fade = f32x4.splat(adaptationDecay);
  let adapting = adaptation + side;
  for (let fixed = state; fixed < end; fixed += BLOCK) {
    const at = fixed + side;
    const to = at + across;
    const ipsc0 = v128.load(at, IPSC);
    const decay = v128.load(fixed, D);
    const drive = v128.load(fixed, DRIVE);
    const k = v128.load(fixed, K);
    const h = v128.load(fixed, H);
    let current1 = f32x4.add(ipsc0, drive);
    let w = i32x4.splat(0);
    if (adapts(model)) {
      w = v128.load(adapting);
      current1 = f32x4.sub(current1, w);
      w = f32x4.mul(w, fade);
    }
    const v1 = advance(
      model,
      v128.load(at, V),
      current1,
      k,
      v128.load(noise),
      slopes,
      sharpnesses,
      thresholds,
    );
    first = f32x4.pmax(first, v1);
    const ipsc1 = f32x4.add(f32x4.mul(ipsc0, decay), f32x4.mul(h, firstDt));
    let current2 = f32x4.add(ipsc1, drive);
    if (adapts(model)) {
      current2 = f32x4.sub(current2, w);
      v128.store(adapting + across, f32x4.mul(w, fade));
      adapting += 32;
    }
    const v2 = advance(
      model,
      v1,
      current2,
      k,
      v128.load(noise, 16),
      slopes,
      sharpnesses,
      thresholds,
    );
    noise += 64;
    second = f32x4.pmax(second, v2);
    const ipsc2 = f32x4.add(f32x4.mul(ipsc1, decay), f32x4.mul(h, secondDt));
    const p1 = f32x4.mul(v128.load(at, P), decay);
    sum1 = f32x4.add(sum1, p1);
    const p2 = f32x4.mul(p1, decay);
    sum2 = f32x4.add(sum2, p2);
    v128.store(to, v2, V);
    v128.store(to, ipsc2, IPSC);
    v128.store(to, p2, P);
  }
  firstSum = laneSum(sum1);
  secondSum = laneSum(sum2);
  const peaks = f32x4.splat(peak);
  return i32(v128.any_true(f32x4.ge(first, peaks))) |
    (i32(v128.any_true(f32x4.ge(second, peaks))) << 1);
}
