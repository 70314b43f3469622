/**
 * Elementary functions that give the same bits in every runtime. Those of
 * `Math` are approximations, which each engine, and each version of it, makes in
 * its own way: Node 22 rounds one exponential in twelve otherwise than Deno 2.9.
 * These are the true values, rounded once. They are computed with some 98 bits
 * out of sums, products and quotients, whose last bit IEEE 754 fixes; where 66
 * bits decide how a value is rounded, these are all.
 *
 * Source of the two steps: A. Ziv, Fast evaluation of elementary mathematical
 * functions with correctly rounded last bit, ACM Transactions on Mathematical
 * Software 17 (1991).
 */
import {
  add,
  divide,
  exactSum,
  multiply,
  type Pair,
  productError,
  scale,
} from "./pairs.ts";

/** The logarithm of 2 in parts, so short that multiples are exact. */
const ln2High = 0.6931471803691238;
const ln2Middle = 1.9082149288430703e-10;
const ln2Low = 4.275175589747649e-20;

/** Steps of the table from one power of two to the next. */
const tableSteps = 128;

const half: Pair = [0.5, 0];
const sixth = divide([1, 0], [6, 0]);
const twentyFourth = divide([1, 0], [24, 0]);

/** 2^(j/128), for j from -64 to 63: high parts and, behind them, low parts. */
let powersOfTwo: Float64Array | undefined;

/** What `quickExp` has found, besides what it returns. */
let quickLow = 0;
let quickTimes = 0;

/** The exponential of x. */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : NaN;
  if (x < -745.2) return 0;
  const high = quickExp(x);
  const error = high * 2 ** -66;
  const value = high + (quickLow - error);
  if (value === high + (quickLow + error)) return scaled(value, quickTimes);
  const { rest, times } = reduced(x);
  const [first, second] = add([1, 0], smallExpm1(rest));
  return scaled(first + second, times);
}

/** e^x - 1, with all digits for small x. */
export function expm1(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Infinity : NaN;
  if (x < -40) return -1;
  if (Math.abs(x) < 2 ** -54) return x;
  const [high, low] = preciseExpm1(x);
  return high + low;
}

/** The natural logarithm of x. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : Math.log(x);
  if (x > 0.5 && x < 2) return log1p(x - 1);
  // Beyond, exponentials are not normal numbers.
  if (x < 2 ** -900) return log(x * 2 ** 200) - 200 * Math.LN2;
  if (x > 2 ** 900) return log(x * 2 ** -200) + 200 * Math.LN2;
  // One of Newton's steps makes 100 digits of the 50 that every engine has.
  const near = Math.log(x);
  const high = quickExp(-near);
  const size = scaled(x, quickTimes);
  const whole = size * high;
  const change = whole - 1 +
    (productError(size, high, whole) + size * quickLow);
  const value = near + (change - 2 ** -64);
  if (value === near + (change + 2 ** -64)) return value;
  const [a, b] = add([1, 0], preciseExpm1(near));
  return near + (x - a - b) / x;
}

/** The natural logarithm of 1 + x, with all digits for small x. */
export function log1p(x: number): number {
  if (!(x > -1) || x === Infinity || x === 0) return Math.log1p(x);
  if (x > 2 ** 53) return log(x);
  const near = Math.log1p(x);
  if (Math.abs(near) < 2 ** -54) return x;
  const [high, low] = preciseExpm1(near);
  return near + (x - high - low) / (1 + x);
}

/** The hyperbolic tangent of x. */
export function tanh(x: number): number {
  if (Math.abs(x) > 20) return Math.sign(x);
  if (Math.abs(x) < 2 ** -28 || Number.isNaN(x)) return x;
  const found = preciseExpm1(2 * x);
  const [high, low] = divide(found, add(found, [2, 0]));
  return high + low;
}

/** A whole power, from 0. */
export function power(x: number, exponent: number): number {
  let found: Pair = [1, 0];
  let square: Pair = [x, 0];
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) found = multiply(found, square);
    // Pairs of numbers that are not normal any more are of no use.
    if (Math.abs(square[0]) < 2 ** -450) square = [square[0] * square[0], 0];
    else if (left > 1) square = multiply(square, square);
  }
  return found[0] + found[1];
}

/**
 * e^x to some 67 bits: returns the high part, leaves the low one in `quickLow`
 * and the power of two that both are to be multiplied with in `quickTimes`.
 */
function quickExp(x: number): number {
  powersOfTwo ??= table();
  const k = Math.round(x * (tableSteps / Math.LN2));
  const a = x - k * (ln2High / tableSteps);
  const b = -k * (ln2Middle / tableSteps);
  const r = a + b;
  const part = r - a;
  const rest = a - (r - part) + (b - part) - k * (ln2Low / tableSteps);
  const tail = rest +
    r * r *
      (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const at = (k + tableSteps / 2) & (tableSteps - 1);
  quickTimes = (k + tableSteps / 2 - at) / tableSteps;
  const high = powersOfTwo[at];
  const low = powersOfTwo[tableSteps + at];
  const step = high * r;
  const sum = high + step;
  quickLow = step - (sum - high) +
    (low + productError(high, r, step) + high * tail + low * r);
  return sum;
}

function table(): Float64Array {
  const found = new Float64Array(2 * tableSteps);
  for (let k = 0; k < tableSteps; k++) {
    const j = k - tableSteps / 2;
    const log2 = add([j * ln2High, 0], [j * ln2Middle, j * ln2Low]);
    const value = add([1, 0], smallExpm1(scale(log2, 1 / tableSteps)));
    [found[k], found[tableSteps + k]] = value;
  }
  return found;
}

/** e^x - 1 to some 98 bits. */
function preciseExpm1(x: number): Pair {
  if (Math.abs(x) < 0.35) return smallExpm1([x, 0]);
  const { rest, times } = reduced(x);
  const value = add([1, 0], smallExpm1(rest));
  // In two steps, since 2^1024 is no number.
  const whole = scale(
    scale(value, 2 ** (times - (times >> 1))),
    2 ** (times >> 1),
  );
  return add(whole, [-1, 0]);
}

/** x less the nearest multiple of the logarithm of 2, and which one that is. */
function reduced(x: number): { readonly rest: Pair; readonly times: number } {
  const times = Math.round(x / Math.LN2);
  const [a, b] = exactSum(x - times * ln2High, -times * ln2Middle);
  return { rest: add([a, b], [-times * ln2Low, 0]), times };
}

/** e^x - 1 for up to 0.36, to some 98 bits of its own. */
function smallExpm1(x: Pair): Pair {
  const s = scale(x, 2 ** -8);
  const [t] = s;
  // What comes fifth is so small that 53 bits of it do.
  const tail = t * t * t * t * t / 120 *
    (1 + t / 6 * (1 + t / 7 * (1 + t / 8 * (1 + t / 9))));
  const third = add(sixth, multiply(s, twentyFourth));
  const second = add(half, multiply(s, third));
  let found = add(s, add(multiply(multiply(s, s), second), [tail, 0]));
  // e^2x - 1 = (e^x - 1)·(e^x - 1 + 2)
  for (let k = 0; k < 8; k++) found = multiply(found, add(found, [2, 0]));
  return found;
}

/** A number times a power of two, however large or small. */
function scaled(value: number, times: number): number {
  if (times > -1000 && times < 1000) return value * 2 ** times;
  const some = times >> 1;
  return value * 2 ** some * 2 ** (times - some);
}
