// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Increments of spiking units, four lanes at a time, to be inlined into kernels.
 * Bit for bit lib/random/increments.ts.
 */
import { fold, nextFour, plusProduct } from "./normal";

/** Read from memory: V8 rebuilds a literal splat each time round a loop. */
const MEAN_OF_BYTES: usize = memory.data<i32>([510, 510, 510, 510], 16);

/** Coefficients of an increment; lib/random/increments.ts has what they are. */
@inline const LINEAR: f32 = 0.006421040612805976;
@inline const CUBIC: f32 = 5.77395428332995e-9;

/** Four increments from four words. */
@inline function storeIncrement(out: usize, word: v128, linear: v128, cubic: v128): void {
  const sum = i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_u(word));
  const d = f32x4.convert_i32x4_s(i32x4.sub(sum, v128.load(MEAN_OF_BYTES)));
  const d2 = f32x4.mul(d, d);
  v128.store(out, f32x4.mul(d, f32x4.add(linear, f32x4.mul(cubic, d2))));
}

/**
 * Increments of blocks of four units in lanes, one after the other: in each four
 * steps of four numbers.
 *
 * @param end where to stop; `out` stands at least 64 bytes before it
 * @param x part of units 0, 1, 2, 3 plus the product y0·w0
 * @param amplitude their standard deviation
 */
@inline export function storeRowOfIncrements(
  out: usize,
  end: usize,
  x: v128,
  y0: v128,
  z0: v128,
  w0: v128,
  amplitude: f32,
): void {
  const linear = f32x4.splat(LINEAR * amplitude);
  const cubic = f32x4.splat(CUBIC * amplitude);
  for (; out < end; out += 64) {
    let x1 = x;
    let y1 = plusProduct(y0, z0, x1);
    let z1 = plusProduct(z0, x1, y1);
    let w1 = plusProduct(w0, y1, z1);
    x1 = fold(x1);
    y1 = fold(y1);
    z1 = fold(z1);
    w1 = fold(w1);
    x1 = plusProduct(x1, y1, w1);
    storeIncrement(out, x1, linear, cubic);
    y1 = plusProduct(y1, z1, x1);
    storeIncrement(out + 16, y1, linear, cubic);
    z1 = plusProduct(z1, x1, y1);
    storeIncrement(out + 32, z1, linear, cubic);
    w1 = plusProduct(w1, y1, z1);
    storeIncrement(out + 48, w1, linear, cubic);
    x = nextFour(x);
  }
}
