// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Increments of spiking units, four lanes at a time, to be inlined into kernels.
 * Bit for bit lib/random/increments.ts.
 */
import { fold, nextFour, plusProduct } from "./normal";

/** Sizes with their signs, by four bits; lib/random/increments.ts has what they are. */
const SIZES: usize = memory.data<i8>([
  4, 13, 23, 35, 47, 57, 69, 127,
  -4, -13, -23, -35, -47, -57, -69, -127,
], 16);

/** Read from memory: V8 rebuilds a literal splat each time round a loop. */
const FACTORS: usize = memory.data<u32>([
  0x85ebca6b, 0x85ebca6b, 0x85ebca6b, 0x85ebca6b,
], 16);
const LOWER_HALVES: usize = memory.data<u32>([
  0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f,
], 16);

@inline const UNIT: f32 = 0.016817117109894753;

/** Counter blocks that the words of one hash serve. */
@inline export const BLOCKS_OF_WORDS: u32 = 8;

@inline function mixed(word: v128): v128 {
  const product = i32x4.mul(fold(word), v128.load(FACTORS));
  return v128.xor(product, i32x4.shr_u(product, 13));
}

/**
 * Words of eight counter blocks, of four units in lanes after four: in each four
 * words of four numbers.
 *
 * @param end where to stop; `out` stands at least 64 bytes before it
 * @param x part of units 0, 1, 2, 3 plus the product y0·w0
 */
@inline export function storeRowOfWords(
  out: usize,
  end: usize,
  x: v128,
  y0: v128,
  z0: v128,
  w0: v128,
): void {
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
    v128.store(out, mixed(x1));
    y1 = plusProduct(y1, z1, x1);
    v128.store(out, mixed(y1), 16);
    z1 = plusProduct(z1, x1, y1);
    v128.store(out, mixed(z1), 32);
    w1 = plusProduct(w1, y1, z1);
    v128.store(out, mixed(w1), 48);
    x = nextFour(x);
  }
}

/** Four numbers from one byte of each lane. */
@inline function storeSizes(out: usize, sizes: v128, left: i32, scale: v128): void {
  const whole = i32x4.shr_s(i32x4.shl(sizes, left), 24);
  v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(whole), scale));
}

/**
 * Increments of one counter block: of four units after four, four steps of four
 * numbers.
 *
 * @param words those of its eight blocks, as `storeRowOfWords` places them
 * @param amplitude their standard deviation
 */
@inline export function storeRowOfIncrements(
  out: usize,
  end: usize,
  words: usize,
  block: u32,
  amplitude: f32,
): void {
  const scale = f32x4.splat(UNIT * amplitude);
  const table = v128.load(SIZES);
  const right = (block & 1) << 2;
  words += (<usize>block >> 1 & 3) << 4;
  for (; out < end; out += 64, words += 64) {
    const bits = v128.and(i32x4.shr_u(v128.load(words), right), v128.load(LOWER_HALVES));
    const sizes = i8x16.swizzle(table, bits);
    storeSizes(out, sizes, 24, scale);
    storeSizes(out + 16, sizes, 16, scale);
    storeSizes(out + 32, sizes, 8, scale);
    storeSizes(out + 48, sizes, 0, scale);
  }
}
