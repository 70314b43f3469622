// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * The adjoint of the smoothed model (../smooth.ts) for four trials, one in each
 * lane. A record of 32-bit words, written by ../smooth_launch.ts.
 */
@inline const UNITS: usize = 0;
@inline export const INTERVALS: usize = 4;
/** Where each unit's synapses begin: units + 1 words. */
@inline const FIRST: usize = 8;
/** Postsynaptic units, as 16 times their number. */
@inline const POST: usize = 12;
@inline const WEIGHTS: usize = 16;
/** Constants of each unit: D, E, B, P, Q and three words of nothing. */
@inline const CONSTANTS: usize = 20;
/** Histories, intervals×units×lanes. */
@inline export const SPIKES: usize = 24;
@inline export const SLOPES: usize = 28;
@inline export const BY_RATES: usize = 32;
/** State of each unit, lane by lane: gI, gh, gr, gs. */
@inline const STATE: usize = 36;
/** Gradient by what arrives at each unit. */
@inline const ARRIVING: usize = 40;
/** Results, lane by lane: of each synapse, of each unit. */
@inline const BY_WEIGHT: usize = 44;
@inline const BY_DRIVE: usize = 48;

@inline function splat(at: usize, offset: usize): v128 {
  return v128.load32_splat(at + offset);
}

@inline function sum(a: v128, x: v128, b: v128, y: v128): v128 {
  return f32x4.add(f32x4.mul(a, x), f32x4.mul(b, y));
}

export function adjoint(record: usize): void {
  const units = load<u32>(record, UNITS);
  const first = <usize> load<u32>(record, FIRST);
  const post = <usize> load<u32>(record, POST);
  const weights = <usize> load<u32>(record, WEIGHTS);
  const constants = <usize> load<u32>(record, CONSTANTS);
  const state = <usize> load<u32>(record, STATE);
  const arriving = <usize> load<u32>(record, ARRIVING);
  const byWeight = <usize> load<u32>(record, BY_WEIGHT);
  const byDrive = <usize> load<u32>(record, BY_DRIVE);
  const row = <usize> units * 16;
  memory.fill(state, 0, row * 4);
  memory.fill(byDrive, 0, row);
  memory.fill(byWeight, 0, <usize> load<u32>(first + <usize> units * 4) * 16);
  const intervals = load<u32>(record, INTERVALS);
  let spikes = <usize> load<u32>(record, SPIKES) + row * intervals;
  let slopes = <usize> load<u32>(record, SLOPES) + row * intervals;
  let byRates = <usize> load<u32>(record, BY_RATES) + row * intervals;
  for (let k: u32 = 0; k < intervals; k++) {
    spikes -= row;
    slopes -= row;
    byRates -= row;
    let s = state;
    let c = constants;
    for (let i: usize = 0; i < row; i += 16) {
      v128.store(
        s + 32,
        f32x4.add(v128.load(s, 32), v128.load(byRates + i)),
      );
      v128.store(
        arriving + i,
        sum(splat(c, 12), v128.load(s), splat(c, 16), v128.load(s, 16)),
      );
      s += 64;
      c += 32;
    }
    s = state;
    c = constants;
    let synapse = <usize> load<u32>(first);
    for (let j: usize = 0; j < row; j += 16) {
      const gI = v128.load(s);
      const gh = v128.load(s, 16);
      const gr = v128.load(s, 32);
      const gs = v128.load(s, 48);
      let bySpike = sum(splat(c, 12), gr, splat(c, 16), gs);
      const end = <usize> load<u32>(first + (j >> 2) + 4);
      const n = v128.load(spikes + j);
      if (v128.any_true(n)) {
        for (; synapse < end; synapse++) {
          const there = v128.load(
            arriving + <usize> load<u32>(post + 4 * synapse),
          );
          bySpike = f32x4.add(
            bySpike,
            f32x4.mul(splat(weights + 4 * synapse, 0), there),
          );
          const at = byWeight + 16 * synapse;
          v128.store(at, f32x4.add(v128.load(at), f32x4.mul(n, there)));
        }
      } else {
        for (; synapse < end; synapse++) {
          const there = v128.load(
            arriving + <usize> load<u32>(post + 4 * synapse),
          );
          bySpike = f32x4.add(
            bySpike,
            f32x4.mul(splat(weights + 4 * synapse, 0), there),
          );
        }
      }
      const byInput = f32x4.mul(bySpike, v128.load(slopes + j));
      v128.store(
        byDrive + j,
        f32x4.add(v128.load(byDrive + j), byInput),
      );
      const decay = splat(c, 0);
      const rise = splat(c, 4);
      const risen = splat(c, 8);
      v128.store(s, f32x4.add(f32x4.mul(decay, gI), byInput));
      v128.store(s + 16, sum(risen, gI, rise, gh));
      v128.store(s + 32, f32x4.mul(decay, gr));
      v128.store(s + 48, sum(risen, gr, rise, gs));
      s += 64;
      c += 32;
    }
  }
}
