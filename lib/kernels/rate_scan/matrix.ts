/**
 * Lays out a matrix of effective weights for simd/matrix.ts: dense, blocks of 4
 * rows × 1 column where most such blocks would hold zeros only, or panels, which
 * many vectors are multiplied with at once.
 */
import type { KernelMemory } from "./memory.ts";
import { upToFour } from "./types.ts";

/** Entries of a matrix. */
export interface Entries {
  readonly rows: Uint32Array;
  readonly columns: Uint32Array;
}

/** A matrix in the kernel's memory. */
export interface PlacedMatrix {
  /** Address of the `Matrix` record. */
  readonly at: number;
  /** Address of each entry's weight. */
  readonly addresses: Uint32Array;
}

/** How a matrix is used: with one vector after the other, or with many known ones. */
export type MatrixUse = "one" | "many";

/** Cost of a block, with its column index, relative to 4 rows of a dense column. */
const blockCost: Record<MatrixUse, number> = { one: 1.9, many: 2.3 };

/** Numbers of the forms in the kernel. */
const form = { dense: 0, blocks: 1, panels: 2 };

/** Allocates and lays out a matrix; all weights are 0. */
export function placeMatrix(
  memory: KernelMemory,
  rows: number,
  columns: number,
  entries: Entries,
  use: MatrixUse,
): PlacedMatrix {
  const padded = upToFour(rows);
  const blocks = blockLayout(padded, entries);
  const held = use === "many" ? heldColumns(columns, entries) : undefined;
  const dense = (padded / 4) * (held?.length ?? columns);
  if (blockCost[use] * 4 * blocks.length < dense) {
    return placeBlocks(memory, padded, columns, entries, blocks);
  }
  return held === undefined
    ? placeDense(memory, padded, columns, entries)
    : placePanels(memory, padded, held, entries);
}

function placeRecord(memory: KernelMemory, fields: number[]): number {
  return memory.store(Uint32Array.from(fields));
}

/** Columns that hold anything, ascending. */
function heldColumns(columns: number, entries: Entries): Uint32Array {
  const holds = new Uint8Array(columns);
  for (const column of entries.columns) holds[column] = 1;
  return Uint32Array.from(holds.keys()).filter((column) => holds[column]);
}

function placePanels(
  memory: KernelMemory,
  rows: number,
  held: Uint32Array,
  entries: Entries,
): PlacedMatrix {
  const count = held.length;
  const values = memory.allocate(4 * rows * count);
  memory.floats(values, rows * count).fill(0);
  const in8 = rows - rows % 8;
  const addresses = entries.rows.map((row, k) => {
    const height = row < in8 ? 8 : 4;
    const start = row - (row < in8 ? row % 8 : row - in8);
    const column = indexOf(held, entries.columns[k]);
    return values + 4 * (start * count + column * height + row - start);
  });
  const table = memory.store(held.map((column) => 4 * column));
  const room = memory.store(new Float32Array(4 * count));
  return {
    at: placeRecord(memory, [form.panels, rows, count, values, 0, table, room]),
    addresses,
  };
}

function placeDense(
  memory: KernelMemory,
  rows: number,
  columns: number,
  entries: Entries,
): PlacedMatrix {
  const values = memory.allocate(4 * rows * columns);
  memory.floats(values, rows * columns).fill(0);
  const in40 = rows - rows % 40;
  const in8 = rows - rows % 8;
  const addresses = entries.rows.map((row, k) => {
    const height = row < in40 ? 40 : row < in8 ? 8 : 4;
    const start = row < in40 ? 0 : row < in8 ? in40 : in8;
    const within = (row - start) % height;
    const index = (row - within) * columns + entries.columns[k] * height +
      within;
    return values + 4 * index;
  });
  return {
    at: placeRecord(memory, [form.dense, rows, columns, values, 0, 0, 0]),
    addresses,
  };
}

interface BlockLayout {
  /** Columns that hold anything, ascending, by group of 4 rows. */
  readonly columns: Uint32Array[];
  /** Groups that hold anything, most blocks first. */
  readonly order: number[];
  /** Entries of all quads together. */
  readonly length: number;
}

function blockLayout(rows: number, entries: Entries): BlockLayout {
  const groups = rows / 4;
  const found = Array.from({ length: groups }, () => [] as number[]);
  for (let k = 0; k < entries.rows.length; k++) {
    found[entries.rows[k] >> 2].push(entries.columns[k]);
  }
  const columns = found.map((list) => {
    const sorted = Uint32Array.from(list).sort();
    return sorted.filter((column, k) => k === 0 || column !== sorted[k - 1]);
  });
  const order = columns.flatMap((list, g) => list.length > 0 ? [g] : []);
  order.sort((a, b) => columns[b].length - columns[a].length || a - b);
  let length = 0;
  for (let q = 0; q < order.length; q += 4) length += columns[order[q]].length;
  return { columns, order, length };
}

function placeBlocks(
  memory: KernelMemory,
  rows: number,
  columns: number,
  entries: Entries,
  layout: BlockLayout,
): PlacedMatrix {
  const { order, length } = layout;
  const quads = Math.ceil(order.length / 4);
  const table = new Uint32Array(5 * quads);
  const values = memory.allocate(80 * length);
  const words = memory.words(values, 20 * length);
  words.fill(0);
  /** Index of a group's first block among the words, less the column. */
  const firstBlock = new Uint32Array(rows / 4);
  let start = 0;
  for (let q = 0; q < quads; q++) {
    const members = order.slice(4 * q, 4 * q + 4);
    const count = layout.columns[members[0]].length;
    table[5 * q] = count;
    for (let lane = 0; lane < 4; lane++) {
      const group = members[lane] ?? members[0];
      table[5 * q + 1 + lane] = 16 * group;
      if (members[lane] === undefined) continue;
      firstBlock[group] = 20 * start + 4 + 4 * lane;
      layout.columns[group].forEach((column, k) => {
        words[20 * (start + k) + lane] = 4 * column;
      });
    }
    start += count;
  }
  const addresses = entries.rows.map((row, e) => {
    const group = row >> 2;
    const k = indexOf(layout.columns[group], entries.columns[e]);
    return values + 4 * (firstBlock[group] + 20 * k + (row & 3));
  });
  const placedTable = memory.store(table);
  return {
    at: placeRecord(memory, [
      form.blocks,
      rows,
      columns,
      values,
      quads,
      placedTable,
      0,
    ]),
    addresses,
  };
}

/** Position of a value in an ascending list that holds it. */
function indexOf(list: Uint32Array, value: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
