// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Filtered spikes of each unit, where they are sampled or read out by themselves. */
import { DECAY, PADDED, RATE_RISES, RATES, READOUT } from "./layout";
import { ALPHA, laneSum, SINGLE } from "./passes";

/** A step of each unit's r. Returns the sum over units, weighted by the readout. */
export function stepRates(net: usize, rise: i32, dts: f32): f32 {
  const bytes = load<usize>(net, PADDED) << 2;
  const rates = load<usize>(net, RATES);
  const rises = load<usize>(net, RATE_RISES);
  const decay = load<usize>(net, DECAY);
  const readout = load<usize>(net, READOUT);
  const dt = f32x4.splat(dts);
  let sum = i32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    const d = v128.load(decay + i);
    let r = f32x4.mul(v128.load(rates + i), d);
    if (rise != SINGLE) {
      const h = v128.load(rises + i);
      r = f32x4.add(r, f32x4.mul(h, dt));
      if (rise == ALPHA) v128.store(rises + i, f32x4.mul(h, d));
    }
    v128.store(rates + i, r);
    sum = f32x4.add(sum, f32x4.mul(r, v128.load(readout + i)));
  }
  return laneSum(sum);
}
