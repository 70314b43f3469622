// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * Transfer functions phi and their slopes, four lanes at a time. The constants
 * and the order of operations are those of ../arithmetic.ts, bit for bit.
 *
 * Constants are read from a table: V8 rebuilds a literal splat each time round
 * a loop.
 */

const TABLE: usize = memory.data<f32>([
  1, 1, 1, 1, // ONE: 1
  2, 2, 2, 2, // TWO: 2
  20, 20, 20, 20, // CEILING: upper bound of clipped activations
  -80, -80, -80, -80, // LOWEST: least x taken
  80, 80, 80, 80, // HIGHEST: greatest x taken
  -1.4426950216293335, -1.4426950216293335, -1.4426950216293335, -1.4426950216293335, // MINUS_LOG2E: -1/ln 2
  12582912, 12582912, 12582912, 12582912, // SHIFT: 1.5·2^23: adding it rounds to an integer
  0.693359375, 0.693359375, 0.693359375, 0.693359375, // LN2_HIGH: ln 2, leading bits
  -0.00021219444170128554, -0.00021219444170128554, -0.00021219444170128554, -0.00021219444170128554, // LN2_LOW: ln 2, the rest
  1.0000001192092896, 1.0000001192092896, 1.0000001192092896, 1.0000001192092896, // EXP_0: e^-y on ±ln(2)/2
  -0.9999997019767761, -0.9999997019767761, -0.9999997019767761, -0.9999997019767761, // EXP_1
  0.4999889135360718, 0.4999889135360718, 0.4999889135360718, 0.4999889135360718, // EXP_2
  -0.16667576134204865, -0.16667576134204865, -0.16667576134204865, -0.16667576134204865, // EXP_3
  0.04191562905907631, 0.04191562905907631, 0.04191562905907631, 0.04191562905907631, // EXP_4
  -0.00829761940985918, -0.00829761940985918, -0.00829761940985918, -0.00829761940985918, // EXP_5
  1, 1, 1, 1, // ATANH_0: atanh(s)/s in s² on [0, 1/9]
  0.3333315849304199, 0.3333315849304199, 0.3333315849304199, 0.3333315849304199, // ATANH_1
  0.20012454688549042, 0.20012454688549042, 0.20012454688549042, 0.20012454688549042, // ATANH_2
  0.13980300724506378, 0.13980300724506378, 0.13980300724506378, 0.13980300724506378, // ATANH_3
  0.1408916711807251, 0.1408916711807251, 0.1408916711807251, 0.1408916711807251, // ATANH_4
  0.4269999861717224, 0.4269999861717224, 0.4269999861717224, 0.4269999861717224, // LIF_HEIGHT: activation lif: see network/activations.ts
  0.35499998927116394, 0.35499998927116394, 0.35499998927116394, 0.35499998927116394, // LIF_BEND
  3.809999942779541, 3.809999942779541, 3.809999942779541, 3.809999942779541, // LIF_STEEP
  9.630000114440918, 9.630000114440918, 9.630000114440918, 9.630000114440918, // LIF_SHIFT
  2.3419203758239746, 2.3419203758239746, 2.3419203758239746, 2.3419203758239746, // LIF_PER_HEIGHT
  2.816901445388794, 2.816901445388794, 2.816901445388794, 2.816901445388794, // LIF_PER_BEND
  0.2887694239616394, 0.2887694239616394, 0.2887694239616394, 0.2887694239616394, // LIF_SLOPE
  10, 10, 10, 10, // LIF_CEILING: a rate of once in the refractory period
], 16);

@inline const ONE: usize = 0;
@inline const TWO: usize = 16;
@inline const CEILING: usize = 32;
@inline const LOWEST: usize = 48;
@inline const HIGHEST: usize = 64;
@inline const MINUS_LOG2E: usize = 80;
@inline const SHIFT: usize = 96;
@inline const LN2_HIGH: usize = 112;
@inline const LN2_LOW: usize = 128;
@inline const EXP_0: usize = 144;
@inline const EXP_1: usize = 160;
@inline const EXP_2: usize = 176;
@inline const EXP_3: usize = 192;
@inline const EXP_4: usize = 208;
@inline const EXP_5: usize = 224;
@inline const ATANH_0: usize = 240;
@inline const ATANH_1: usize = 256;
@inline const ATANH_2: usize = 272;
@inline const ATANH_3: usize = 288;
@inline const ATANH_4: usize = 304;
@inline const LIF_HEIGHT: usize = 320;
@inline const LIF_BEND: usize = 336;
@inline const LIF_STEEP: usize = 352;
@inline const LIF_SHIFT: usize = 368;
@inline const LIF_PER_HEIGHT: usize = 384;
@inline const LIF_PER_BEND: usize = 400;
@inline const LIF_SLOPE: usize = 416;
@inline const LIF_CEILING: usize = 432;

const EXPONENT_OF_ONE: usize = memory.data<i32>([0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000], 16);

/** The transfer functions, as network/activations.ts numbers them. */
@inline export const SIGMOID: i32 = 0;
@inline export const CLIPPED_RELU: i32 = 1;
@inline export const SOFTPLUS: i32 = 2;
@inline export const RETANH: i32 = 3;
@inline export const LIF: i32 = 4;

@inline function constant(offset: usize): v128 {
  return v128.load(TABLE + offset);
}

/** c0 + c1·x, the coefficients following each other in the table. */
@inline function line(offset: usize, x: v128): v128 {
  return f32x4.add(constant(offset), f32x4.mul(constant(offset + 16), x));
}

/**
 * e^-x, x limited to ±80. The polynomial is in -y = x + k·ln 2, so its odd
 * coefficients are negative: the same bits as e^y with a sign less to turn.
 */
@inline function expOfMinus(x: v128): v128 {
  const limited = f32x4.pmin(f32x4.pmax(x, constant(LOWEST)), constant(HIGHEST));
  const shifted = f32x4.add(f32x4.mul(limited, constant(MINUS_LOG2E)), constant(SHIFT));
  const k = f32x4.sub(shifted, constant(SHIFT));
  const y = f32x4.add(
    f32x4.add(limited, f32x4.mul(k, constant(LN2_HIGH))),
    f32x4.mul(k, constant(LN2_LOW)),
  );
  const y2 = f32x4.mul(y, y);
  const low = f32x4.add(line(EXP_0, y), f32x4.mul(line(EXP_2, y), y2));
  const p = f32x4.add(low, f32x4.mul(line(EXP_4, y), f32x4.mul(y2, y2)));
  // The low bits of `shifted` are k; moved to the exponent they make 2^k.
  const power = i32x4.add(i32x4.shl(shifted, 23), v128.load(EXPONENT_OF_ONE));
  return f32x4.mul(p, power);
}

/** log(1 + e^x) */
@inline function softplus(x: v128): v128 {
  const positive = f32x4.pmax(x, i32x4(0, 0, 0, 0));
  const e = expOfMinus(f32x4.abs(x));
  const s = f32x4.div(e, f32x4.add(constant(TWO), e));
  const z = f32x4.mul(s, s);
  const z2 = f32x4.mul(z, z);
  const low = f32x4.add(line(ATANH_0, z), f32x4.mul(line(ATANH_2, z), z2));
  const series = f32x4.add(low, f32x4.mul(constant(ATANH_4), f32x4.mul(z2, z2)));
  return f32x4.add(positive, f32x4.mul(f32x4.add(s, s), series));
}

/** phi(x) */
@inline export function phi(activation: i32, x: v128): v128 {
  if (activation == SIGMOID) {
    return f32x4.div(constant(ONE), f32x4.add(constant(ONE), expOfMinus(x)));
  }
  // pmax(a, b) is a < b ? b : a, so a NaN in x stays one.
  const positive = f32x4.pmax(x, i32x4(0, 0, 0, 0));
  if (activation == CLIPPED_RELU) return f32x4.pmin(positive, constant(CEILING));
  if (activation == RETANH) {
    const e = expOfMinus(f32x4.add(positive, positive));
    const value = f32x4.div(f32x4.sub(constant(ONE), e), f32x4.add(constant(ONE), e));
    return f32x4.pmax(value, i32x4(0, 0, 0, 0));
  }
  // One softplus for two: the code of a kernel is laid out for every activation.
  const lif = activation == LIF;
  const s = softplus(
    lif ? f32x4.add(f32x4.mul(x, constant(LIF_STEEP)), constant(LIF_SHIFT)) : x,
  );
  if (!lif) return f32x4.pmin(s, constant(CEILING));
  const t = f32x4.mul(s, constant(LIF_BEND));
  const root = f32x4.sqrt(f32x4.add(constant(ONE), t));
  const value = f32x4.div(
    f32x4.mul(t, constant(LIF_HEIGHT)),
    f32x4.add(constant(ONE), root),
  );
  return f32x4.pmin(value, constant(LIF_CEILING));
}

/** dphi/dx as a function of r = phi(x) */
@inline export function slope(activation: i32, r: v128): v128 {
  if (activation == SIGMOID) return f32x4.mul(r, f32x4.sub(constant(ONE), r));
  if (activation == RETANH) {
    return v128.and(
      f32x4.gt(r, i32x4(0, 0, 0, 0)),
      f32x4.sub(constant(ONE), f32x4.mul(r, r)),
    );
  }
  if (activation == LIF) {
    const q = f32x4.mul(r, constant(LIF_PER_HEIGHT));
    const s = f32x4.mul(
      f32x4.mul(q, f32x4.add(constant(TWO), q)),
      constant(LIF_PER_BEND),
    );
    const most = v128.and(
      v128.and(f32x4.gt(r, i32x4(0, 0, 0, 0)), f32x4.lt(r, constant(LIF_CEILING))),
      constant(LIF_SLOPE),
    );
    return f32x4.mul(
      f32x4.div(most, f32x4.add(constant(ONE), q)),
      f32x4.sub(constant(ONE), expOfMinus(s)),
    );
  }
  const inside = v128.and(
    v128.and(f32x4.gt(r, i32x4(0, 0, 0, 0)), f32x4.lt(r, constant(CEILING))),
    constant(ONE),
  );
  if (activation == CLIPPED_RELU) return inside;
  return f32x4.mul(inside, f32x4.sub(constant(ONE), expOfMinus(r)));
}
