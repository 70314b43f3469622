/** Correlation and regression of two series, for comparing two networks. */
import { countOf } from "../count.ts";

/** y ≈ gain·x + offset. */
export interface Regression {
  /** Slope; NaN if x does not vary. */
  readonly gain: number;
  /** Intercept: y at x = 0. */
  readonly offset: number;
  /** Pearson correlation; NaN if one of the two does not vary. */
  readonly correlation: number;
}

/**
 * Least-squares line through pairs, with their correlation. If x does not
 * vary there is no slope: gain and correlation are NaN, the offset is the mean
 * of y.
 *
 * @param x abscissae
 * @param y ordinates, as many
 * @throws {TypeError} for different lengths or fewer than two pairs
 */
export function regress(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Regression {
  const n = x.length;
  if (n !== y.length || n < 2) {
    throw new TypeError(
      `Cannot regress ${countOf(y.length, "number")} on ${n}: ` +
        "the same number of both is needed, at least 2",
    );
  }
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < n; i++) {
    meanX += x[i];
    meanY += y[i];
  }
  meanX /= n;
  meanY /= n;
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    const dx = x[i] - meanX;
    const dy = y[i] - meanY;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  // Rounding of the mean leaves a constant series a variance of this order.
  const constantX = xx <= n * (1e-12 * meanX) ** 2;
  const constantY = yy <= n * (1e-12 * meanY) ** 2;
  if (constantX) return { gain: NaN, offset: meanY, correlation: NaN };
  const gain = xy / xx;
  return {
    gain,
    offset: meanY - gain * meanX,
    correlation: constantY ? NaN : xy / Math.sqrt(xx * yy),
  };
}
