/** Tails of distributions, to about 1e-12 of their own size. */
import { exp, log, log1p, tanh } from "../arithmetic/elementary.ts";
import { gammaln } from "simple-statistics";

/** Smallest number that a continued fraction divides by. */
const tiny = 1e-300;

/** Largest number of terms; all are done long before. */
const mostTerms = 10_000;

/** Continued fraction b0 + a1/(b1 + a2/(b2 + …)), after Lentz. */
function continuedFraction(
  start: number,
  term: (k: number) => readonly [a: number, b: number],
): number {
  let value = start || tiny;
  let c = value;
  let d = 0;
  for (let k = 1; k < mostTerms; k++) {
    const [a, b] = term(k);
    d = 1 / (b + a * d || tiny);
    c = b + a / c || tiny;
    const change = c * d;
    value *= change;
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return value;
}

/**
 * Probability that a standard normal number is further from 0 than z, on either
 * side. NaN for NaN.
 */
export function normalTails(z: number): number {
  const x = z * z / 2;
  if (Number.isNaN(x)) return NaN;
  if (x < 1.5) {
    // 1 - P(1/2, x), by the power series of P.
    let term = 2;
    let sum = term;
    for (let k = 1; Math.abs(term) > 1e-17 * sum; k++) {
      term *= x / (k + 0.5);
      sum += term;
    }
    return 1 - sum * Math.sqrt(x / Math.PI) * exp(-x);
  }
  const fraction = continuedFraction(
    x + 0.5,
    (k) => [k * (0.5 - k), x + 2 * k + 0.5],
  );
  return Math.sqrt(x / Math.PI) * exp(-x) / fraction;
}

/** Regularised incomplete beta function I_x(a, b). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? NaN : 0;
  if (x >= 1) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exp(
    a * log(x) + b * log1p(-x) +
      gammaln(a + b) - gammaln(a) - gammaln(b),
  ) / a;
  const fraction = continuedFraction(1, (k) => {
    const m = k >> 1;
    const up = a + 2 * m;
    return [
      k % 2 === 0
        ? m * (b - m) * x / ((up - 1) * up)
        : -(a + m) * (a + b + m) * x / (up * (up + 1)),
      1,
    ];
  });
  return front / fraction;
}

/**
 * Probability that a number of Fisher's F distribution is larger than a value.
 *
 * @param value of F, 0 or more
 * @param between degrees of freedom of the numerator
 * @param within degrees of freedom of the denominator
 */
export function fisherTail(
  value: number,
  between: number,
  within: number,
): number {
  if (value === Infinity) return 0;
  return incompleteBeta(
    within / (within + between * value),
    within / 2,
    between / 2,
  );
}

/** Value below which a standard normal number falls with probability 0.975. */
export const normal975 = 1.959963984540054;

/**
 * 95 % interval of a correlation by Fisher's z.
 *
 * @param r the correlation
 * @param n number of pairs
 * @returns NaN for fewer than 4 pairs
 */
export function correlationInterval(
  r: number,
  n: number,
): readonly [low: number, high: number] {
  if (n < 4) return [NaN, NaN];
  const half = normal975 / Math.sqrt(n - 3);
  const z = (log1p(r) - log1p(-r)) / 2;
  return [tanh(z - half), tanh(z + half)];
}

/**
 * Value below which a number of Student's t distribution falls with probability
 * 0.975: half the width of a 95 % interval of a mean, in standard errors.
 *
 * @param freedom degrees of freedom, 1 or more; NaN for fewer
 */
export function student975(freedom: number): number {
  if (!(freedom >= 1)) return NaN;
  // t² has Fisher's F distribution; with one degree of freedom it is 12.7².
  let [low, high] = [0, 13];
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2;
    if (fisherTail(middle * middle, 1, freedom) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}
