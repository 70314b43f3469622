// @ts-nocheck: AssemblyScript, which TypeScript takes for errors
/**
 * A matrix of effective weights and its product with a vector, y += M x. In
 * every row the columns are added in ascending order, so all forms give the
 * same bits.
 */

/** Written by the host; see ../matrix.ts for how `values` is laid out. */
@unmanaged
export class Matrix {
  /** DENSE, BLOCKS or PANELS. */
  form: i32;
  /** Rows, a multiple of 4. */
  rows: i32;
  columns: i32;
  values: usize;
  /** BLOCKS: number of quads, and their table. PANELS: the columns' byte offsets in x. */
  quads: i32;
  table: usize;
  /** PANELS: room for four numbers a column. */
  room: usize;
}

@inline const DENSE: i32 = 0;
@inline const PANELS: i32 = 2;

/** y += M x */
export function multiplyAdd(matrix: Matrix, x: usize, y: usize): void {
  if (matrix.form == DENSE) multiplyDense(matrix, x, y);
  else multiplyBlocks(matrix, x, y);
}

/** Y[k] += M X[k], for `count` vectors that lie `xStride` and `yStride` bytes apart. */
export function multiplyAddRows(
  matrix: Matrix,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  count: i32,
): void {
  let k = 0;
  if (matrix.form == PANELS) {
    for (; k < count; k += 4) {
      multiplyPanels(matrix, x, xStride, y, yStride, min(4, count - k));
      x += xStride << 2;
      y += yStride << 2;
    }
    return;
  }
  for (; k < count; k++) {
    multiplyAdd(matrix, x, y);
    x += xStride;
    y += yStride;
  }
}

/**
 * Up to four vectors at once, which share the loads of the weights. Panels are
 * of 8 rows, the last one may be of 4; only columns that hold anything are kept.
 */
function multiplyPanels(
  matrix: Matrix,
  x: usize,
  xStride: usize,
  y: usize,
  yStride: usize,
  vectors: i32,
): void {
  const columns = matrix.columns, room = matrix.room;
  // Column by column, the four vectors' numbers lie together.
  for (let v = 0; v < vectors; v++) {
    let at = room + (<usize>v << 2);
    const end = matrix.table + (<usize>columns << 2);
    for (let c = matrix.table; c < end; c += 4) {
      store<f32>(at, load<f32>(x + load<u32>(c)));
      at += 16;
    }
    x += xStride;
  }
  // Vectors that are not there write to the first one before it is written.
  const y1 = vectors > 1 ? y + yStride : y;
  const y2 = vectors > 2 ? y + 2 * yStride : y;
  const y3 = vectors > 3 ? y + 3 * yStride : y;
  const bytes = <usize>matrix.rows << 2;
  let p = matrix.values;
  let r: usize = 0;
  for (; r + 32 <= bytes; r += 32) {
    tile8(p, room, columns, y + r, y1 + r, y2 + r, y3 + r);
    p += <usize>columns << 5;
  }
  if (r < bytes) tile4(p, room, columns, y + r, y1 + r, y2 + r, y3 + r);
}

@inline function lane(x: v128, k: i32): v128 {
  if (k == 0) return i32x4.shuffle(x, x, 0, 0, 0, 0);
  if (k == 1) return i32x4.shuffle(x, x, 1, 1, 1, 1);
  if (k == 2) return i32x4.shuffle(x, x, 2, 2, 2, 2);
  return i32x4.shuffle(x, x, 3, 3, 3, 3);
}

/** 8 rows × 4 vectors. */
function tile8(p: usize, room: usize, columns: i32, y0: usize, y1: usize, y2: usize, y3: usize): void {
  let a0 = v128.load(y0), b0 = v128.load(y0, 16), a1 = v128.load(y1), b1 = v128.load(y1, 16);
  let a2 = v128.load(y2), b2 = v128.load(y2, 16), a3 = v128.load(y3), b3 = v128.load(y3, 16);
  const end = p + (<usize>columns << 5);
  for (; p < end; p += 32) {
    const x = v128.load(room), v = v128.load(p), w = v128.load(p, 16);
    const x0 = lane(x, 0);
    a0 = f32x4.add(a0, f32x4.mul(v, x0)), b0 = f32x4.add(b0, f32x4.mul(w, x0));
    const x1 = lane(x, 1);
    a1 = f32x4.add(a1, f32x4.mul(v, x1)), b1 = f32x4.add(b1, f32x4.mul(w, x1));
    const x2 = lane(x, 2);
    a2 = f32x4.add(a2, f32x4.mul(v, x2)), b2 = f32x4.add(b2, f32x4.mul(w, x2));
    const x3 = lane(x, 3);
    a3 = f32x4.add(a3, f32x4.mul(v, x3)), b3 = f32x4.add(b3, f32x4.mul(w, x3));
    room += 16;
  }
  v128.store(y3, a3), v128.store(y3, b3, 16), v128.store(y2, a2), v128.store(y2, b2, 16);
  v128.store(y1, a1), v128.store(y1, b1, 16), v128.store(y0, a0), v128.store(y0, b0, 16);
}

/** 4 rows × 4 vectors. */
function tile4(p: usize, room: usize, columns: i32, y0: usize, y1: usize, y2: usize, y3: usize): void {
  let a0 = v128.load(y0), a1 = v128.load(y1), a2 = v128.load(y2), a3 = v128.load(y3);
  const end = p + (<usize>columns << 4);
  for (; p < end; p += 16) {
    const x = v128.load(room), v = v128.load(p);
    a0 = f32x4.add(a0, f32x4.mul(v, lane(x, 0)));
    a1 = f32x4.add(a1, f32x4.mul(v, lane(x, 1)));
    a2 = f32x4.add(a2, f32x4.mul(v, lane(x, 2)));
    a3 = f32x4.add(a3, f32x4.mul(v, lane(x, 3)));
    room += 16;
  }
  v128.store(y3, a3), v128.store(y2, a2), v128.store(y1, a1), v128.store(y0, a0);
}

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
