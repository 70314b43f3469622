import { deepEqual, equal } from "node:assert/strict";
import { parquetMetadata, parquetReadObjects, parquetSchema } from "hyparquet";
import { toParquet } from "../../lib/formats/parquet.ts";

const rows = [
  {
    seed: 1,
    task: "xor",
    trained: true,
    gain: 0.1,
    list: "4 20",
    none: null,
    mixed: 1,
  },
  {
    seed: 2,
    task: null,
    trained: false,
    gain: null,
    list: 20,
    none: null,
    mixed: "a",
  },
  {
    seed: 3,
    task: 'grün, "é"',
    trained: null,
    gain: 1e300,
    list: "",
    none: null,
    mixed: true,
  },
];

Deno.test("toParquet() keeps numbers, truth values, texts and what is missing", async () => {
  const bytes = await toParquet(rows);
  const found = await parquetReadObjects({ file: bytes.buffer });
  deepEqual(
    found.map((row) => ({ ...row })),
    rows.map((row) => ({
      ...row,
      list: String(row.list),
      mixed: String(row.mixed),
    })),
  );
  const types = parquetSchema(parquetMetadata(bytes.buffer)).children.map(
    ({ element }) => `${element.name} ${element.type}`,
  );
  deepEqual(types, [
    "seed DOUBLE",
    "task BYTE_ARRAY",
    "trained BOOLEAN",
    "gain DOUBLE",
    "list BYTE_ARRAY",
    "none BYTE_ARRAY",
    "mixed BYTE_ARRAY",
  ]);
  deepEqual(await toParquet(rows), bytes);
});

Deno.test("toParquet() makes a file of many rows, and of none", async () => {
  const many = Array.from({ length: 5000 }, (_, seed) => ({ seed, host: "a" }));
  const bytes = await toParquet(many);
  const found = await parquetReadObjects({ file: bytes.buffer });
  equal(found.length, many.length);
  equal(found[4999].seed, 4999);
  const empty = await toParquet([]);
  deepEqual(await parquetReadObjects({ file: empty.buffer }), []);
});
