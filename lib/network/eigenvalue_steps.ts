/**
 * Eigenvalues of a real square matrix, step by step: reduction to Hessenberg form
 * by Householder reflections, then Francis's QR steps with two shifts.
 *
 * Source: G. H. Golub and C. F. Van Loan, Matrix Computations, 4th edition,
 * algorithms 7.4.2 and 7.5.1; R. S. Martin, G. Peters and J. H. Wilkinson, The
 * QR algorithm for real Hessenberg matrices, Numerische Mathematik 14 (1970).
 */

/**
 * All of the work, in small pieces; after each the share that is done.
 *
 * @param h the matrix, n×n and row-major, which is used up
 * @param real receives the real parts
 * @param imaginary receives the imaginary parts
 */
export type EigenvalueSteps = (
  h: Float64Array,
  n: number,
  real: Float64Array,
  imaginary: Float64Array,
) => Generator<number>;

/**
 * What computes eigenvalues. Everything that it needs stands inside, so that a
 * thread can be given it as text.
 */
export function eigenvalueSteps(): EigenvalueSteps {
  /**
   * Share of the time that the reduction to Hessenberg form takes: 0.29 was
   * measured with 2000 units, where it matters most, 0.41 with 900.
   */
  const shareOfReduction = 0.3;

  function* work(
    h: Float64Array,
    n: number,
    real: Float64Array,
    imaginary: Float64Array,
  ): Generator<number> {
    // A column's reflection takes all rows of the columns that are left, a QR
    // step the rows and columns of the eigenvalues that are not found yet.
    for (const column of toHessenberg(h, n)) {
      yield shareOfReduction * (1 - (1 - column / n) ** 2);
    }
    for (const found of qr(h, n, real, imaginary)) {
      yield 1 - (1 - shareOfReduction) * (1 - found / n) ** 3;
    }
  }

  /**
   * Makes every element below the first subdiagonal 0 by similarity: for each
   * column a reflection P = I - beta v v', and h becomes P h P.
   *
   * @yields how many columns are done, before each
   */
  function* toHessenberg(h: Float64Array, n: number): Generator<number> {
    const v = new Float64Array(n);
    const left = new Float64Array(n);
    const right = new Float64Array(n);
    for (let column = 0; column < n - 2; column++) {
      yield column;
      const first = column + 1;
      let square = 0;
      for (let i = first + 1; i < n; i++) square += h[i * n + column] ** 2;
      if (square === 0) continue;
      const head = h[first * n + column];
      const norm = Math.sqrt(head * head + square);
      const onto = head > 0 ? -norm : norm;
      for (let i = first; i < n; i++) v[i] = h[i * n + column];
      v[first] = head - onto;
      const beta = 2 / (square + v[first] ** 2);

      // left = v' h and right = h v, in one pass over the rows.
      left.fill(0);
      for (let i = 0; i < n; i++) {
        const row = i * n;
        const vi = i < first ? 0 : v[i];
        let sum = 0;
        for (let j = first; j < n; j++) {
          const value = h[row + j];
          sum += value * v[j];
          left[j] += vi * value;
        }
        right[i] = sum;
      }
      let both = 0;
      for (let j = first; j < n; j++) both += left[j] * v[j];
      for (let i = 0; i < n; i++) {
        const row = i * n;
        const a = i < first ? 0 : beta * v[i];
        const b = beta * (right[i] - a * both);
        for (let j = first; j < n; j++) h[row + j] -= a * left[j] + b * v[j];
      }
      h[first * n + column] = onto;
      for (let i = first + 1; i < n; i++) h[i * n + column] = 0;
    }
  }

  /** QR steps that are made for one eigenvalue at most; a handful is usual. */
  const mostSteps = 60;

  /**
   * Finds the eigenvalues of a Hessenberg matrix from the last to the first.
   *
   * @yields how many are found, before each step
   */
  function* qr(
    h: Float64Array,
    n: number,
    real: Float64Array,
    imaginary: Float64Array,
  ): Generator<number> {
    const norm = h.reduce((sum, value) => sum + Math.abs(value), 0);
    let shifted = 0;
    let steps = 0;
    for (let end = n - 1; end >= 0;) {
      yield n - 1 - end;
      const start = blockStart(h, n, end, norm);
      const x = h[end * n + end];
      if (start === end) {
        real[end] = x + shifted;
        end -= 1;
        steps = 0;
        continue;
      }
      const y = h[(end - 1) * n + end - 1];
      const w = h[end * n + end - 1] * h[(end - 1) * n + end];
      if (start === end - 1) {
        pair(x, y, w, shifted, end, real, imaginary);
        end -= 2;
        steps = 0;
        continue;
      }
      if (steps === mostSteps) {
        throw new Error(
          `Cannot compute eigenvalues: no convergence in ${mostSteps} steps`,
        );
      }
      // The shifts are the eigenvalues of the last 2×2 block, by sum and product.
      let sum = x + y;
      let product = x * y - w;
      if (steps % 10 === 9) {
        // A shift of another kind, out of a cycle.
        shifted += x;
        for (let i = 0; i <= end; i++) h[i * n + i] -= x;
        const size = Math.abs(h[end * n + end - 1]) +
          Math.abs(h[(end - 1) * n + end - 2]);
        sum = 1.5 * size;
        product = size * size;
      }
      steps++;
      step(h, n, { start, end, sum, product });
    }
  }

  /** First row of the block that ends at a row and has no negligible subdiagonal. */
  function blockStart(
    h: Float64Array,
    n: number,
    end: number,
    norm: number,
  ): number {
    let start = end;
    for (; start > 0; start--) {
      const beside = Math.abs(h[(start - 1) * n + start - 1]) +
        Math.abs(h[start * n + start]);
      const below = Math.abs(h[start * n + start - 1]);
      if (below <= Number.EPSILON * (beside || norm)) break;
    }
    return start;
  }

  /** Both eigenvalues of the 2×2 block whose diagonal is y, x. */
  function pair(
    x: number,
    y: number,
    w: number,
    shifted: number,
    end: number,
    real: Float64Array,
    imaginary: Float64Array,
  ): void {
    const half = (y - x) / 2;
    const under = half * half + w;
    const root = Math.sqrt(Math.abs(under));
    if (under < 0) {
      real[end - 1] = real[end] = x + half + shifted;
      imaginary[end - 1] = root;
      imaginary[end] = -root;
      return;
    }
    // The larger one first, the other by their product: nothing cancels.
    const far = half + (half < 0 ? -root : root);
    real[end - 1] = real[end] = x + far + shifted;
    if (far !== 0) real[end] = x - w / far + shifted;
  }

  /** One step with two shifts: a bulge of 3 rows is chased down the block. */
  function step(
    h: Float64Array,
    n: number,
    { start, end, sum, product }: {
      readonly start: number;
      readonly end: number;
      readonly sum: number;
      readonly product: number;
    },
  ): void {
    // First column of h² - sum h + product, of the lowest row that will do.
    let [p, q, r] = [0, 0, 0];
    let first = end - 2;
    for (;; first--) {
      const at = first * n + first;
      const z = h[at];
      p = (z * z - sum * z + product) / h[at + n] + h[at + 1];
      q = z + h[at + n + 1] - sum;
      r = h[at + 2 * n + 1];
      if (first === start) break;
      const small = Math.abs(h[at - 1]) * (Math.abs(q) + Math.abs(r));
      const large = Math.abs(p) *
        (Math.abs(h[at - n - 1]) + Math.abs(z) + Math.abs(h[at + n + 1]));
      if (small <= Number.EPSILON * large) break;
    }
    for (let i = first + 2; i <= end; i++) {
      h[i * n + i - 2] = 0;
      if (i > first + 2) h[i * n + i - 3] = 0;
    }
    for (let k = first; k < end; k++) {
      const three = k < end - 1;
      const k0 = k * n;
      const k1 = k0 + n;
      const k2 = three ? k1 + n : k1;
      if (k > first) {
        p = h[k0 + k - 1];
        q = h[k1 + k - 1];
        r = three ? h[k2 + k - 1] : 0;
      } else if (!three) r = 0;
      const scale = Math.abs(p) + Math.abs(q) + Math.abs(r);
      if (scale === 0) continue;
      p /= scale;
      q /= scale;
      r /= scale;
      const length = Math.sqrt(p * p + q * q + r * r);
      const s = p < 0 ? -length : length;
      if (k > first) h[k0 + k - 1] = -s * scale;
      else if (first > start) h[k0 + k - 1] = -h[k0 + k - 1];
      const v1 = q / (p + s);
      const v2 = r / (p + s);
      const u0 = (p + s) / s;
      const u1 = q / s;
      const u2 = r / s;
      for (let j = k; j <= end; j++) {
        const dot = h[k0 + j] + v1 * h[k1 + j] + (three ? v2 * h[k2 + j] : 0);
        h[k0 + j] -= dot * u0;
        h[k1 + j] -= dot * u1;
        if (three) h[k2 + j] -= dot * u2;
      }
      const lowest = Math.min(end, k + 3);
      for (let i = start; i <= lowest; i++) {
        const at = i * n + k;
        const dot = u0 * h[at] + u1 * h[at + 1] + (three ? u2 * h[at + 2] : 0);
        h[at] -= dot;
        h[at + 1] -= dot * v1;
        if (three) h[at + 2] -= dot * v2;
      }
    }
  }

  return work;
}
