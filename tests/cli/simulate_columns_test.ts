/** Simulated trials as a .mat file, which is made while its arrays are given up. */
import assert from "node:assert/strict";
import { encodeArrays, matValues, rowArray } from "../../lib/formats/arrays.ts";
import { matPieces } from "../../lib/mat5/writer.ts";
import { CourseColumns } from "../../lib/runs/course_sinks.ts";
import { CourseMemory } from "./course_memory.ts";

Deno.test("CourseColumns give the file of arrays that are kept row by row", async () => {
  const [rows, columns] = [new CourseMemory(3), new CourseColumns(3)];
  const trial = (length: number, k: number) =>
    Float32Array.from({ length }, (_, i) => Math.sin(100 * k + i));
  for (let k = 0; k < 3; k++) {
    for (const sink of [rows, columns]) {
      sink.put("out", [5], trial(5, k));
      sink.put("rates", [4, 7], trial(28, 10 + k));
      sink.put("single", [4, 1], trial(4, 20 + k));
    }
  }
  assert.equal(columns.bytes, 4 * 3 * (5 + 28 + 4));
  const rest = { seed: rowArray([1]) };
  const variables = function* () {
    yield* columns.taken();
    yield* matValues(rest);
  };
  const pieces = [...matPieces(variables())];
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  assert.deepEqual(bytes, encodeArrays("mat", { ...rows.arrays(), ...rest }));
  assert.equal(columns.bytes, 0);
});
