/** Symmetric matrices as lower triangles, row after row. */

/** Entries of the lower triangle of a square matrix. */
export function triangle(size: number): number {
  return size * (size + 1) / 2;
}

/**
 * Adds factors times outer products of vectors, four in one pass.
 *
 * @param matrix lower triangle
 * @param vectors of the matrix's size
 * @param factors one a vector
 */
export function addOuters(
  matrix: Float64Array,
  vectors: readonly Float64Array[],
  factors: readonly number[],
): void {
  for (let k = 0; k < vectors.length; k += 4) {
    const [p, q = p, r = p, s = p] = vectors.slice(k, k + 4);
    const [e, f = 0, g = 0, h = 0] = factors.slice(k, k + 4);
    for (let i = 0, at = 0; i < p.length; i++) {
      const a = e * p[i];
      const b = f * q[i];
      const c = g * r[i];
      const d = h * s[i];
      if (a === 0 && b === 0 && c === 0 && d === 0) {
        at += i + 1;
        continue;
      }
      for (let j = 0; j <= i; j++) {
        matrix[at++] += a * p[j] + b * q[j] + c * r[j] + d * s[j];
      }
    }
  }
}

/**
 * Cholesky decomposition in place, two rows and two columns at a time; a unit
 * without variance gets a pivot of 0.
 */
export function decompose(matrix: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 2) {
    const two = i + 1 < size;
    const row = triangle(i);
    const below = two ? triangle(i + 1) : row;
    for (let j = 0; j < i; j += 2) {
      const one = triangle(j);
      const other = one + j + 1;
      let a = 0, b = 0, c = 0, d = 0;
      for (let k = 0; k < j; k++) {
        const x = matrix[row + k];
        const y = matrix[below + k];
        const u = matrix[one + k];
        const v = matrix[other + k];
        a += x * u;
        b += x * v;
        c += y * u;
        d += y * v;
      }
      const first = matrix[one + j];
      const second = matrix[other + j + 1];
      const between = matrix[other + j];
      const x = quotient(matrix[row + j] - a, first);
      const y = quotient(matrix[below + j] - c, first);
      matrix[row + j] = x;
      matrix[row + j + 1] = quotient(
        matrix[row + j + 1] - b - x * between,
        second,
      );
      if (!two) continue;
      matrix[below + j] = y;
      matrix[below + j + 1] = quotient(
        matrix[below + j + 1] - d - y * between,
        second,
      );
    }
    pivot(matrix, i, size);
    if (!two) continue;
    let sum = 0;
    for (let k = 0; k < i; k++) sum += matrix[row + k] * matrix[below + k];
    matrix[below + i] = quotient(matrix[below + i] - sum, matrix[row + i]);
    pivot(matrix, i + 1, size);
  }
}

function quotient(value: number, pivot: number): number {
  return pivot > 0 ? value / pivot : 0;
}

function pivot(matrix: Float64Array, i: number, size: number): void {
  const row = triangle(i);
  const own = matrix[row + i];
  let square = 0;
  for (let k = 0; k < i; k++) square += matrix[row + k] * matrix[row + k];
  const rest = own - square;
  const usable = rest > own * size * Number.EPSILON;
  matrix[row + i] = usable ? Math.sqrt(rest) : 0;
}

/** Solves for a right side with a decomposed matrix; 0 where a pivot is 0. */
export function solve(
  matrix: Float64Array,
  right: Float64Array,
): Float64Array {
  const size = right.length;
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = triangle(i);
    let sum = right[i];
    for (let k = 0; k < i; k++) sum -= matrix[row + k] * x[k];
    x[i] = quotient(sum, matrix[row + i]);
  }
  for (let i = size - 1; i >= 0; i--) {
    const row = triangle(i);
    x[i] = quotient(x[i], matrix[row + i]);
    for (let k = 0; k < i; k++) x[k] -= matrix[row + k] * x[i];
  }
  return x;
}
