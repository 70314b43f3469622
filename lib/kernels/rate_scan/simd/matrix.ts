/**
 * A matrix of effective weights and its product with a vector, y += M x. In
 * every row the columns are added in ascending order, so all forms give the
 * same bits.
 */

/** Written by the host; see ../matrix.ts for how `values` is laid out. */
@unmanaged
export class Matrix {
  /** DENSE or BLOCKS. */
  form: i32;
  /** Rows, a multiple of 4. */
  rows: i32;
  columns: i32;
  values: usize;
  /** BLOCKS: number of quads, and their table. */
  quads: i32;
  table: usize;
}

// @ts-ignore: decorator
@inline const DENSE: i32 = 0;

/** y += M x */
export function multiplyAdd(matrix: Matrix, x: usize, y: usize): void {
  if (matrix.form == DENSE) multiplyDense(matrix, x, y);
  else multiplyBlocks(matrix, x, y);
}

/** Y[k] += M X[k] for `count` vectors that lie `xStride` and `yStride` bytes apart. */
export function multiplyAddRows(
  matrix: Matrix,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  count: i32,
): void {
  if (matrix.form == DENSE) {
    multiplyDenseRows(matrix, x, xStride, y, yStride, count);
    return;
  }
  for (let k = 0; k < count; k++) {
    multiplyBlocks(matrix, x, y);
    x += xStride;
    y += yStride;
  }
}

/** The dense form: tiles of 8 rows × 5 vectors share what they load. */
function multiplyDenseRows(
  matrix: Matrix,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  count: i32,
): void {
  let rows = matrix.rows;
  let p = matrix.values;
  const columns = matrix.columns;
  while (rows >= 8) {
    const height = rows >= 40 ? 40 : 8;
    const step = <usize>height << 2;
    for (let r: usize = 0; r < step; r += 32) {
      tiles(p + r, step, columns, x, xStride, y, yStride, count);
      y += 32;
    }
    p += step * columns;
    rows -= height;
  }
  if (rows == 0) return;
  for (let k = 0; k < count; k++) {
    let a0 = v128.load(y);
    for (let j: usize = 0; j < <usize>columns; j++) {
      a0 = plus(a0, p + (j << 4), 0, v128.load32_splat(x + (j << 2)));
    }
    v128.store(y, a0);
    x += xStride;
    y += yStride;
  }
}

/** 8 rows of the matrix, `step` bytes from one column to the next, times all vectors. */
function tiles(
  values: usize,
  step: usize,
  columns: i32,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  count: i32,
): void {
  const end = values + step * columns;
  let k = count;
  for (; k >= 5; k -= 5) {
    let x0 = x, x1 = x + xStride, x2 = x + 2 * xStride, x3 = x + 3 * xStride, x4 = x + 4 * xStride;
    const y1 = y + yStride, y2 = y + 2 * yStride, y3 = y + 3 * yStride, y4 = y + 4 * yStride;
    let a0 = v128.load(y), b0 = v128.load(y, 16), a1 = v128.load(y1), b1 = v128.load(y1, 16);
    let a2 = v128.load(y2), b2 = v128.load(y2, 16), a3 = v128.load(y3), b3 = v128.load(y3, 16);
    let a4 = v128.load(y4), b4 = v128.load(y4, 16);
    for (let p = values; p < end; p += step) {
      const v = v128.load(p), w = v128.load(p, 16);
      let s = v128.load32_splat(x0);
      a0 = f32x4.add(a0, f32x4.mul(v, s)), b0 = f32x4.add(b0, f32x4.mul(w, s));
      s = v128.load32_splat(x1);
      a1 = f32x4.add(a1, f32x4.mul(v, s)), b1 = f32x4.add(b1, f32x4.mul(w, s));
      s = v128.load32_splat(x2);
      a2 = f32x4.add(a2, f32x4.mul(v, s)), b2 = f32x4.add(b2, f32x4.mul(w, s));
      s = v128.load32_splat(x3);
      a3 = f32x4.add(a3, f32x4.mul(v, s)), b3 = f32x4.add(b3, f32x4.mul(w, s));
      s = v128.load32_splat(x4);
      a4 = f32x4.add(a4, f32x4.mul(v, s)), b4 = f32x4.add(b4, f32x4.mul(w, s));
      x0 += 4, x1 += 4, x2 += 4, x3 += 4, x4 += 4;
    }
    v128.store(y, a0), v128.store(y, b0, 16), v128.store(y1, a1), v128.store(y1, b1, 16);
    v128.store(y2, a2), v128.store(y2, b2, 16), v128.store(y3, a3), v128.store(y3, b3, 16);
    v128.store(y4, a4), v128.store(y4, b4, 16);
    x += 5 * xStride;
    y += 5 * yStride;
  }
  for (; k > 0; k--) {
    let a = v128.load(y), b = v128.load(y, 16);
    let at = x;
    for (let p = values; p < end; p += step) {
      const s = v128.load32_splat(at);
      a = plus(a, p, 0, s);
      b = plus(b, p, 16, s);
      at += 4;
    }
    v128.store(y, a), v128.store(y, b, 16);
    x += xStride;
    y += yStride;
  }
}

// @ts-ignore: decorator
@inline function plus(sum: v128, values: usize, offset: usize, x: v128): v128 {
  return f32x4.add(sum, f32x4.mul(v128.load(values + offset), x));
}

/** Panels of 40 rows, then of 8, then of 4; each holds its columns in order. */
function multiplyDense(matrix: Matrix, x: usize, y: usize): void {
  const end = x + (<usize>matrix.columns << 2);
  let rows = matrix.rows;
  let p = matrix.values;
  for (; rows >= 40; rows -= 40) {
    let a0 = v128.load(y), a1 = v128.load(y, 16), a2 = v128.load(y, 32), a3 = v128.load(y, 48), a4 = v128.load(y, 64);
    let a5 = v128.load(y, 80), a6 = v128.load(y, 96), a7 = v128.load(y, 112), a8 = v128.load(y, 128), a9 = v128.load(y, 144);
    for (let j = x; j < end; j += 4) {
      const s = v128.load32_splat(j);
      a0 = plus(a0, p, 0, s);
      a1 = plus(a1, p, 16, s);
      a2 = plus(a2, p, 32, s);
      a3 = plus(a3, p, 48, s);
      a4 = plus(a4, p, 64, s);
      a5 = plus(a5, p, 80, s);
      a6 = plus(a6, p, 96, s);
      a7 = plus(a7, p, 112, s);
      a8 = plus(a8, p, 128, s);
      a9 = plus(a9, p, 144, s);
      p += 160;
    }
    v128.store(y, a0), v128.store(y, a1, 16), v128.store(y, a2, 32), v128.store(y, a3, 48), v128.store(y, a4, 64);
    v128.store(y, a5, 80), v128.store(y, a6, 96), v128.store(y, a7, 112), v128.store(y, a8, 128), v128.store(y, a9, 144);
    y += 160;
  }
  for (; rows >= 8; rows -= 8) {
    let a0 = v128.load(y), a1 = v128.load(y, 16);
    for (let j = x; j < end; j += 4) {
      const s = v128.load32_splat(j);
      a0 = plus(a0, p, 0, s);
      a1 = plus(a1, p, 16, s);
      p += 32;
    }
    v128.store(y, a0), v128.store(y, a1, 16);
    y += 32;
  }
  if (rows != 0) {
    let a0 = v128.load(y);
    for (let j = x; j < end; j += 4) {
      a0 = plus(a0, p, 0, v128.load32_splat(j));
      p += 16;
    }
    v128.store(y, a0);
  }
}

/**
 * Blocks of 4 rows × 1 column that hold a non-zero weight. Four groups of 4 rows
 * go side by side: one chain of additions a group would wait for each other.
 *
 * Table, one quad: number of blocks a group, then four byte offsets into y.
 * Values, one entry of a quad: four byte offsets into x, then four blocks.
 * A quad that lacks groups repeats the first one with weights of 0; the first is
 * stored last.
 */
function multiplyBlocks(matrix: Matrix, x: usize, y: usize): void {
  let quad = matrix.table;
  let p = matrix.values;
  const end = quad + <usize>matrix.quads * 20;
  for (; quad < end; quad += 20) {
    const y0 = y + load<u32>(quad, 4);
    const y1 = y + load<u32>(quad, 8);
    const y2 = y + load<u32>(quad, 12);
    const y3 = y + load<u32>(quad, 16);
    let a0 = v128.load(y0), a1 = v128.load(y1), a2 = v128.load(y2), a3 = v128.load(y3);
    const stop = p + <usize>load<u32>(quad) * 80;
    for (; p < stop; p += 80) {
      const at = v128.load(p);
      a0 = plus(a0, p, 16, v128.load32_splat(x + i32x4.extract_lane(at, 0)));
      a1 = plus(a1, p, 32, v128.load32_splat(x + i32x4.extract_lane(at, 1)));
      a2 = plus(a2, p, 48, v128.load32_splat(x + i32x4.extract_lane(at, 2)));
      a3 = plus(a3, p, 64, v128.load32_splat(x + i32x4.extract_lane(at, 3)));
    }
    v128.store(y3, a3), v128.store(y2, a2), v128.store(y1, a1), v128.store(y0, a0);
  }
}
