/** Tables as Parquet, which data frames read with the types of their columns. */
import type { CsvCell } from "./csv.ts";

/** Whether every value of a column is of a type, or nothing; not for no values. */
function holdsOnly(values: readonly CsvCell[], type: string): boolean {
  return values.every((value) => value === null || typeof value === type) &&
    values.some((value) => value !== null);
}

/**
 * Makes a Parquet file of a table: a column of numbers is of double precision, one
 * of truth values of those, every other one of texts; null is a missing value.
 *
 * @param rows fields by the names of columns, the same in every row
 * @returns the bytes of the file, compressed by Snappy
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parquetReadObjects } from "hyparquet";
 * import { toParquet } from "./parquet.ts";
 * const bytes = await toParquet([{ seed: 1, task: "xor" }, { seed: null, task: "dms" }]);
 * const rows = await parquetReadObjects({ file: bytes.buffer });
 * assert.equal(rows[0].task, "xor");
 * ```
 */
export async function toParquet(
  rows: readonly Readonly<Record<string, CsvCell>>[],
): Promise<Uint8Array<ArrayBuffer>> {
  // Loaded where it is asked for: few tables are written so.
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = Object.keys(rows[0] ?? {}).map((name) => {
    const values = rows.map((row) => row[name]);
    const type = holdsOnly(values, "number")
      ? "DOUBLE" as const
      : holdsOnly(values, "boolean")
      ? "BOOLEAN" as const
      : "STRING" as const;
    const data = type === "STRING"
      ? values.map((value) => value === null ? null : String(value))
      : values;
    return { name, data, type, nullable: true };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
