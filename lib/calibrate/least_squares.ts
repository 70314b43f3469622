/** Linear least squares with few unknowns, sample by sample. */

/** Sums of a least-squares problem; samples are added, none are kept. */
export class LeastSquares {
  readonly #products: Float64Array;
  readonly #right: Float64Array;

  /** @param unknowns how many coefficients are fitted */
  constructor(readonly unknowns: number) {
    this.#products = new Float64Array(unknowns * unknowns);
    this.#right = new Float64Array(unknowns);
  }

  /** Adds a sample: `target` is to be the sum of coefficients × `values`. */
  add(values: ArrayLike<number>, target: number, weight = 1): void {
    const n = this.unknowns;
    for (let i = 0; i < n; i++) {
      this.#right[i] += weight * values[i] * target;
      for (let j = 0; j < n; j++) {
        this.#products[i * n + j] += weight * values[i] * values[j];
      }
    }
  }

  /**
   * The coefficients, by Gaussian elimination with pivots.
   *
   * @returns `undefined` if the samples do not determine them
   */
  solve(): Float64Array | undefined {
    const n = this.unknowns;
    const a = this.#products.slice();
    const b = this.#right.slice();
    const scale = Math.max(...a.map(Math.abs));
    for (let column = 0; column < n; column++) {
      let pivot = column;
      for (let row = column + 1; row < n; row++) {
        if (Math.abs(a[row * n + column]) > Math.abs(a[pivot * n + column])) {
          pivot = row;
        }
      }
      if (!(Math.abs(a[pivot * n + column]) > 1e-12 * scale)) return undefined;
      for (let k = 0; k < n; k++) {
        [a[column * n + k], a[pivot * n + k]] = [
          a[pivot * n + k],
          a[column * n + k],
        ];
      }
      [b[column], b[pivot]] = [b[pivot], b[column]];
      for (let row = column + 1; row < n; row++) {
        const share = a[row * n + column] / a[column * n + column];
        for (let k = column; k < n; k++) {
          a[row * n + k] -= share * a[column * n + k];
        }
        b[row] -= share * b[column];
      }
    }
    const x = new Float64Array(n);
    for (let row = n - 1; row >= 0; row--) {
      let rest = b[row];
      for (let k = row + 1; k < n; k++) rest -= a[row * n + k] * x[k];
      x[row] = rest / a[row * n + row];
    }
    return x;
  }
}
