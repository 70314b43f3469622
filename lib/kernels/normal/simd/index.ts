// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/** Arrays of standard normal numbers. */
import { BLOCKS_OF_WORDS, storeRowOfIncrements, storeRowOfWords } from "./increments";
import { counterPart, nextFour, nextUnit, storeNormals } from "./normal";

/** First byte that a caller may use. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Four steps of `units` units of one trial, units in lanes: blocks of 4 units,
 * in each 4 steps × 4 units. `units` is rounded up to a multiple of 4.
 */
export function unitsInLanes(out: usize, units: i32, block: u32, trial: u32, key: u32): void {
  const y0 = counterPart(i32x4.splat(block));
  const z0 = counterPart(i32x4.splat(trial));
  const w0 = counterPart(i32x4.splat(key));
  let x = i32x4.add(counterPart(i32x4(0, 1, 2, 3)), i32x4.mul(y0, w0));
  for (let i = 0; i < units; i += 4) {
    storeNormals(out, 16, x, y0, z0, w0);
    x = nextFour(x);
    out += 64;
  }
}

/**
 * Increments of spiking units, placed as by `unitsInLanes`; as many bytes after them
 * are written too.
 */
export function incrementsInLanes(
  out: usize,
  units: i32,
  block: u32,
  trial: u32,
  key: u32,
  amplitude: f32,
): void {
  const y0 = counterPart(i32x4.splat(block / BLOCKS_OF_WORDS));
  const z0 = counterPart(i32x4.splat(trial));
  const w0 = counterPart(i32x4.splat(key));
  const x = i32x4.add(counterPart(i32x4(0, 1, 2, 3)), i32x4.mul(y0, w0));
  const end = out + (<usize>((units + 3) & ~3) << 4);
  storeRowOfWords(end, end + (end - out), x, y0, z0, w0);
  storeRowOfIncrements(out, end, end, block, amplitude);
}

/**
 * Four steps of `units` units of four consecutive trials, trials in lanes: per
 * unit 4 steps × 4 trials.
 */
export function trialsInLanes(out: usize, units: i32, block: u32, trial: u32, key: u32): void {
  const y0 = counterPart(i32x4.splat(block));
  const z0 = counterPart(i32x4.add(i32x4.splat(trial), i32x4(0, 1, 2, 3)));
  const w0 = counterPart(i32x4.splat(key));
  let x = i32x4.add(counterPart(i32x4.splat(0)), i32x4.mul(y0, w0));
  for (let i = 0; i < units; i++) {
    storeNormals(out, 16, x, y0, z0, w0);
    x = nextUnit(x);
    out += 64;
  }
}
