// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Standard normal numbers, four lanes at a time, to be inlined into kernels.
 * Bit for bit lib/random/normal.ts.
 *
 * A counter is (unit, step >> 2, trial, key). Parts that are the same in a loop
 * are hashed outside it:
 *
 *   const y0 = counterPart(i32x4.splat(step >> 2));
 *   const z0 = counterPart(i32x4.splat(trial));         // or trials in lanes
 *   const w0 = counterPart(i32x4.splat(key));
 *   const shared = i32x4.mul(y0, w0);
 *   let x = i32x4.add(counterPart(units), shared);      // units in lanes, or a splat
 *   storeNormals(out, 16, x, y0, z0, w0);               // steps 0..3 of the block
 *   x = nextUnit(x);  // the same lanes' unit + 1;  nextFour(x): unit + 4
 *
 * Constants are read from a table in memory: V8 rebuilds a literal splat each
 * time round a loop.
 */

// Each constant fills four lanes. Order: see the offsets below.
const TABLE: usize = memory.data<i32>([
  1664525, 1664525, 1664525, 1664525,                       // multiplier
  1013904223, 1013904223, 1013904223, 1013904223,           // increment
  6658100, 6658100, 6658100, 6658100,                       // 4·multiplier
  0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff,           // lower 31 bits
  0x80000000, 0x80000000, 0x80000000, 0x80000000,           // top bit
  0x4eaaaaab, 0x4eaaaaab, 0x4eaaaaab, 0x4eaaaaab,           // bits of 2/3·2^31
  0x007fffff, 0x007fffff, 0x007fffff, 0x007fffff,           // mantissa
  0x3f2aaaab, 0x3f2aaaab, 0x3f2aaaab, 0x3f2aaaab,           // bits of 2/3
], 16);

const FLOATS: usize = memory.data<f32>([
  0.5, 0.5, 0.5, 0.5,
  1, 1, 1, 1,
  -1.3862943649291992, -1.3862943649291992, -1.3862943649291992, -1.3862943649291992, // -2·log(2)
  4.656612873077393e-10, 4.656612873077393e-10, 4.656612873077393e-10, 4.656612873077393e-10, // 2^-31
  // -2·log(1 + m)/m
  -1.9999992847442627, -1.9999992847442627, -1.9999992847442627, -1.9999992847442627,
  1.000044822692871, 1.000044822692871, 1.000044822692871, 1.000044822692871,
  -0.666815459728241, -0.666815459728241, -0.666815459728241, -0.666815459728241,
  0.4968323111534119, 0.4968323111534119, 0.4968323111534119, 0.4968323111534119,
  -0.3945644199848175, -0.3945644199848175, -0.3945644199848175, -0.3945644199848175,
  0.3881598711013794, 0.3881598711013794, 0.3881598711013794, 0.3881598711013794,
  -0.350241959095001, -0.350241959095001, -0.350241959095001, -0.350241959095001,
  // sin(a·pi/2)/a
  1.5707951784133911, 1.5707951784133911, 1.5707951784133911, 1.5707951784133911,
  -0.6459259390830994, -0.6459259390830994, -0.6459259390830994, -0.6459259390830994,
  0.07950065284967422, 0.07950065284967422, 0.07950065284967422, 0.07950065284967422,
  -0.004371014889329672, -0.004371014889329672, -0.004371014889329672, -0.004371014889329672,
  // cos(a·pi/2)
  0.9999999403953552, 0.9999999403953552, 0.9999999403953552, 0.9999999403953552,
  -1.2336982488632202, -1.2336982488632202, -1.2336982488632202, -1.2336982488632202,
  0.2536507546901703, 0.2536507546901703, 0.2536507546901703, 0.2536507546901703,
  -0.020810628309845924, -0.020810628309845924, -0.020810628309845924, -0.020810628309845924,
  0.0008581906406667808, 0.0008581906406667808, 0.0008581906406667808, 0.0008581906406667808,
], 16);

@inline const MULTIPLIER: usize = 0;
@inline const INCREMENT: usize = 16;
@inline const FOUR_MULTIPLIERS: usize = 32;
@inline const LOWER_BITS: usize = 48;
@inline const TOP_BIT: usize = 64;
@inline const SCALED_ORIGIN: usize = 80;
@inline const MANTISSA: usize = 96;
@inline const ORIGIN: usize = 112;
@inline const HALF: usize = 0;
@inline const ONE: usize = 16;
@inline const EXPONENT: usize = 32;
@inline const TO_UNIT: usize = 48;
@inline const LOG: usize = 64;
@inline const SINE: usize = 176;
@inline const COSINE: usize = 240;

@inline function times(offset: usize, x: v128): v128 {
  return f32x4.mul(v128.load(FLOATS + offset), x);
}

@inline function line(offset: usize, x: v128): v128 { // c0 + c1·x
  return f32x4.add(v128.load(FLOATS + offset), times(offset + 16, x));
}

@inline export function fold(x: v128): v128 {
  return v128.xor(x, i32x4.shr_u(x, 16));
}

@inline export function plusProduct(x: v128, a: v128, b: v128): v128 {
  return i32x4.add(x, i32x4.mul(a, b));
}

/** One part of the counter, through the linear congruential step. */
@inline export function counterPart(part: v128): v128 {
  return i32x4.add(
    i32x4.mul(part, v128.load(TABLE + MULTIPLIER)),
    v128.load(TABLE + INCREMENT),
  );
}

/** The unit's part of the counter, one unit on. */
@inline export function nextUnit(x: v128): v128 {
  return i32x4.add(x, v128.load(TABLE + MULTIPLIER));
}

/** The unit's part of the counter, four units on. */
@inline export function nextFour(x: v128): v128 {
  return i32x4.add(x, v128.load(TABLE + FOUR_MULTIPLIERS));
}

/** sqrt(-2·log(u)), u from the lower 31 bits of each word. */
@inline function radius(word: v128): v128 {
  const scaled = f32x4.add(
    f32x4.convert_i32x4_s(v128.and(word, v128.load(TABLE + LOWER_BITS))),
    v128.load(FLOATS + HALF),
  );
  const split = i32x4.sub(scaled, v128.load(TABLE + SCALED_ORIGIN));
  const exponent = f32x4.convert_i32x4_s(i32x4.shr_s(split, 23));
  const m = f32x4.sub(
    i32x4.add(v128.and(split, v128.load(TABLE + MANTISSA)), v128.load(TABLE + ORIGIN)),
    v128.load(FLOATS + ONE),
  );
  const m2 = f32x4.mul(m, m);
  const low = f32x4.add(line(LOG, m), f32x4.mul(line(LOG + 32, m), m2));
  const high = f32x4.mul(
    f32x4.add(line(LOG + 64, m), times(LOG + 96, m2)),
    f32x4.mul(m2, m2),
  );
  return f32x4.sqrt(
    f32x4.add(times(EXPONENT, exponent), f32x4.mul(f32x4.add(low, high), m)),
  );
}

/** Two vectors of normal numbers from two vectors of words. */
@inline function storePair(
  out: usize,
  stride: usize,
  radiusWord: v128,
  angleWord: v128,
  scaled: bool,
  amplitude: v128,
): void {
  const r = radius(radiusWord);
  const a = times(TO_UNIT, f32x4.convert_i32x4_s(angleWord));
  const q = f32x4.mul(a, a);
  const q2 = f32x4.mul(q, q);
  const sine = f32x4.add(line(SINE, q), f32x4.mul(line(SINE + 32, q), q2));
  const cosine = f32x4.add(
    f32x4.add(line(COSINE, q), f32x4.mul(line(COSINE + 32, q), q2)),
    times(COSINE + 64, f32x4.mul(q2, q2)),
  );
  const signed = v128.xor(r, v128.and(radiusWord, v128.load(TABLE + TOP_BIT)));
  let first = f32x4.mul(signed, cosine);
  let second = f32x4.mul(f32x4.mul(r, a), sine);
  if (scaled) {
    first = f32x4.mul(first, amplitude);
    second = f32x4.mul(second, amplitude);
  }
  v128.store(out, first);
  v128.store(out + stride, second);
}

@inline function storeBlock(
  out: usize,
  stride: usize,
  x: v128,
  y0: v128,
  z0: v128,
  w0: v128,
  scaled: bool,
  amplitude: v128,
): void {
  let y = plusProduct(y0, z0, x);
  let z = plusProduct(z0, x, y);
  let w = plusProduct(w0, y, z);
  x = fold(x);
  y = fold(y);
  z = fold(z);
  w = fold(w);
  x = plusProduct(x, y, w);
  y = plusProduct(y, z, x);
  z = plusProduct(z, x, y);
  w = plusProduct(w, y, z);
  storePair(out, stride, x, y, scaled, amplitude);
  storePair(out + 2 * stride, stride, z, w, scaled, amplitude);
}

/**
 * Four vectors of standard normal numbers, one a step of the block, at `out`,
 * `out + stride`, `out + 2·stride`, `out + 3·stride`.
 *
 * @param x unit's part of the counter plus the product y0·w0
 * @param y0 part of step >> 2
 * @param z0 part of the trial
 * @param w0 part of the key
 */
@inline export function storeNormals(
  out: usize,
  stride: usize,
  x: v128,
  y0: v128,
  z0: v128,
  w0: v128,
): void {
  storeBlock(out, stride, x, y0, z0, w0, false, x);
}

/** The same, multiplied by an amplitude. */
@inline export function storeScaledNormals(
  out: usize,
  stride: usize,
  x: v128,
  y0: v128,
  z0: v128,
  w0: v128,
  amplitude: v128,
): void {
  storeBlock(out, stride, x, y0, z0, w0, true, amplitude);
}
