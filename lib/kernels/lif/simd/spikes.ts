// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** What spikes do, and what of a trial they alone change. */
import {
  ADAPTATION,
  ADAPTATION_JUMP,
  BLOCK,
  COLUMN_SCALE,
  COLUMNS,
  COUNTS,
  EARLY,
  FIRED,
  H,
  IPSC,
  K,
  LAST,
  P,
  PADDED,
  PEAK,
  RATE,
  RATE_JUMP,
  RATE_RISES,
  RATES,
  READOUT_JUMP,
  REFRACTORY,
  RESET,
  SPIKES,
  SPIKES_END,
  STATE,
  V,
} from "./layout";

/** Spikes up to this step count as early. */
@inline const EARLY_STEPS: i32 = 9;

// What spikes change from step to step, besides the arrays.
/** Sum of q over all units, without its common decay. */
export let sumOfQ: f32 = 0;
/** Where the next spike is written, and where the list must end. */
export let spikeEnd: usize = 0;
let spikeLimit: usize = 0;

/** What spikes add, a row a unit. */
let columns: usize = 0;

/** Spikes are weighted by other columns from now on. */
export function setColumns(at: usize): void {
  columns = at;
}

/** A trial's spikes begin: no sum, an empty list. */
export function beginSpikes(net: usize, trial: usize): void {
  sumOfQ = 0;
  columns = load<usize>(net, COLUMNS);
  spikeEnd = load<usize>(trial, SPIKES);
  spikeLimit = load<usize>(trial, SPIKES_END);
}

/** Lets units integrate whose refractory period ended with the step before. */
export function release(net: usize, firedAt: i32): void {
  const count = load<usize>(net, PADDED) << 2;
  const last = load<usize>(net, LAST);
  const rate = f32x4.splat(load<f32>(net, RATE));
  const at = i32x4.splat(firedAt);
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < count; i += 16, block += BLOCK) {
    const freed = i32x4.eq(v128.load(last + i), at);
    v128.store(block, v128.bitselect(rate, v128.load(block, K), freed), K);
  }
}

/** Takes h, hr and the sum of q to their present decay, from where it starts anew. */
export function rebase(net: usize, scale: f32): void {
  const bytes = load<usize>(net, PADDED) << 2;
  const rises = load<usize>(net, RATE_RISES);
  const scales = f32x4.splat(scale);
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < bytes; i += 16, block += BLOCK) {
    v128.store(block, f32x4.mul(v128.load(block, H), scales), H);
    v128.store(rises + i, f32x4.mul(v128.load(rises + i), scales));
  }
  sumOfQ *= scale;
}

/**
 * What the spikes of a step do.
 *
 * @param side 0 or 16: which copies of voltages, currents and p are the present ones
 * @returns `sum`, the step's output, with what they add to it
 */
export function spread(
  net: usize,
  trial: usize,
  side: usize,
  rises: bool,
  rates: bool,
  t: i32,
  inverse: f32,
  sum: f32,
): f32 {
  const padded = load<usize>(net, PADDED);
  const state = load<usize>(net, STATE);
  const end = state + (padded >> 2) * BLOCK;
  const peaks = f32x4.splat(load<f32>(net, PEAK));
  const scale = f32x4.splat(load<f32>(net, COLUMN_SCALE) * inverse);
  const last = load<usize>(net, LAST);
  const counts = load<usize>(trial, COUNTS);
  const early = load<usize>(trial, EARLY);
  const readoutJump = load<usize>(net, READOUT_JUMP);
  const rateJump = load<usize>(net, RATE_JUMP);
  const refractory = load<i32>(net, REFRACTORY);
  const reset = load<f32>(net, RESET);
  const adaptation = load<usize>(net, ADAPTATION) + side;
  const adaptationJump = load<f32>(net, ADAPTATION_JUMP);
  let unit: usize = 0;
  for (let block = state; block < end; block += BLOCK, unit += 4) {
    let mask = i32x4.bitmask(f32x4.ge(v128.load(block + side, V), peaks));
    while (mask != 0) {
      const lane: usize = ctz(mask) << 2;
      mask &= mask - 1;
      const j = (unit << 2) + lane;
      const own = block + lane;
      store<f32>(own + side, reset, V);
      // Two copies of four units are 32 bytes: eight a unit.
      const adapted = adaptation + (unit << 3) + lane;
      store<f32>(adapted, load<f32>(adapted) + adaptationJump);
      store<i32>(last + j, t);
      if (refractory > 0) store<f32>(own, 0, K);
      store<u32>(counts + j, load<u32>(counts + j) + 1);
      if (t <= EARLY_STEPS) store<u32>(early + j, load<u32>(early + j) + 1);
      if (spikeEnd != spikeLimit) {
        store<u32>(spikeEnd, t);
        store<u32>(spikeEnd, j >> 2, 4);
        spikeEnd += 8;
      }
      let column = columns + j * padded;
      if (rises) {
        for (let to = state; to < end; to += BLOCK, column += 16) {
          v128.store(to, f32x4.add(v128.load(to, H), f32x4.mul(v128.load(column), scale)), H);
        }
      } else {
        for (let to = state + side; to < end; to += BLOCK, column += 16) {
          v128.store(to, f32x4.add(v128.load(to, IPSC), f32x4.mul(v128.load(column), scale)), IPSC);
        }
      }
      const jump = load<f32>(readoutJump + j);
      const p = load<f32>(own + side, P);
      if (rises) {
        store<f32>(own + side, p - jump, P);
        sumOfQ += jump * inverse;
      } else {
        store<f32>(own + side, p + jump, P);
        sum += jump;
      }
      if (rates) {
        const to = (rises ? load<usize>(net, RATE_RISES) : load<usize>(net, RATES)) + j;
        const gain = load<f32>(rateJump + j);
        store<f32>(to, load<f32>(to) + (rises ? gain * inverse : gain));
      }
    }
  }
  store<u8>(load<usize>(net, FIRED) + t % (refractory + 1), 1);
  return sum;
}
