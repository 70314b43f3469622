/**
 * Numbers of twice the digits: an unevaluated sum of two, the second below the
 * first's last bit. Relative errors are some 2^-103 an operation.
 *
 * Source: T. J. Dekker, A floating-point technique for extending the available
 * precision, Numerische Mathematik 18 (1971).
 */

/** A number as the sum of two. */
export type Pair = readonly [high: number, low: number];

/** a + b, exactly, for |a| >= |b|. */
export function quickSum(a: number, b: number): Pair {
  const high = a + b;
  return [high, b - (high - a)];
}

/** a + b, exactly. */
export function exactSum(a: number, b: number): Pair {
  const high = a + b;
  const part = high - a;
  return [high, (a - (high - part)) + (b - part)];
}

/** What a·b rounded lacks of a·b, exactly. */
export function productError(a: number, b: number, rounded: number): number {
  const bigA = 134217729 * a;
  const a1 = bigA - (bigA - a);
  const a2 = a - a1;
  const bigB = 134217729 * b;
  const b1 = bigB - (bigB - b);
  const b2 = b - b1;
  return a1 * b1 - rounded + a1 * b2 + a2 * b1 + a2 * b2;
}

export function add([a, c]: Pair, [b, d]: Pair): Pair {
  const [s, e] = exactSum(a, b);
  const [t, f] = exactSum(c, d);
  const [high, low] = quickSum(s, e + t);
  return quickSum(high, low + f);
}

export function multiply([a, c]: Pair, [b, d]: Pair): Pair {
  const high = a * b;
  return quickSum(high, productError(a, b, high) + (a * d + c * b));
}

export function divide(a: Pair, b: Pair): Pair {
  const first = a[0] / b[0];
  const rest = add(a, multiply(b, [-first, 0]));
  const second = rest[0] / b[0];
  const last = add(rest, multiply(b, [-second, 0]))[0] / b[0];
  const [high, low] = quickSum(first, second);
  return quickSum(high, low + last);
}

/** A pair times a power of two. */
export function scale([a, b]: Pair, factor: number): Pair {
  return [a * factor, b * factor];
}
