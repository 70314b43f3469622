// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** What is recorded of the state, and whether it is finite. */
import {
  ADAPTATION,
  BLOCK,
  H,
  IPSC,
  P,
  PADDED,
  RATE_RISES,
  RATES,
  STATE,
  V,
} from "./layout";

/** Voltage recorded of a unit that spikes. */
@inline const SPIKE_VOLTAGE: f32 = 30;

/** Copies a row of the state to a sample. */
export function sampleState(
  net: usize,
  field: usize,
  side: usize,
  to: usize,
  peaks: v128,
): void {
  const bytes = load<usize>(net, PADDED) << 2;
  let block = load<usize>(net, STATE) + side + field;
  const high = f32x4.splat(SPIKE_VOLTAGE);
  for (let i: usize = 0; i < bytes; i += 16, block += BLOCK) {
    const value = v128.load(block);
    const spiked = f32x4.ge(value, peaks);
    v128.store(to + i, v128.bitselect(high, value, spiked));
  }
}

@inline function isFinite4(x: v128): bool {
  // x - x is 0 for finite numbers only.
  return i32x4.all_true(f32x4.eq(f32x4.sub(x, x), f32x4.splat(0)));
}

/** Whether every number of the state is finite. */
export function allFinite(net: usize, side: usize): bool {
  const bytes = load<usize>(net, PADDED) << 2;
  const rates = load<usize>(net, RATES);
  const rises = load<usize>(net, RATE_RISES);
  const adaptation = load<usize>(net, ADAPTATION) + side;
  let block = load<usize>(net, STATE);
  for (let i: usize = 0; i < bytes; i += 16, block += BLOCK) {
    const at = block + side;
    if (
      !isFinite4(v128.load(at, V)) || !isFinite4(v128.load(at, IPSC)) ||
      !isFinite4(v128.load(at, P)) || !isFinite4(v128.load(block, H)) ||
      !isFinite4(v128.load(adaptation + 2 * i)) ||
      !isFinite4(v128.load(rates + i)) || !isFinite4(v128.load(rises + i))
    ) return false;
  }
  return true;
}
