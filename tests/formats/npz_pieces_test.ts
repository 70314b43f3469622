/** A .npz file that is written piece by piece. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import { NpzPieces } from "../../lib/formats/npz_pieces.ts";

/** A file in memory that takes a few bytes at once. */
function memoryFile(room = Infinity) {
  const bytes: number[] = [];
  let at = 0;
  return {
    bytes: () => Uint8Array.from(bytes),
    seek: (position: number) => Promise.resolve(at = position),
    write(part: Uint8Array) {
      if (bytes.length > room) return Promise.reject(new Error("disk full"));
      const taken = part.subarray(0, 100);
      for (const byte of taken) bytes[at++] = byte;
      return Promise.resolve(taken.length);
    },
  };
}

Deno.test("NpzPieces writes what encodeNpz() writes, rows of several arrays in turn", async () => {
  const file = memoryFile();
  const pieces = new NpzPieces(file);
  const rows = [0, 1, 2].map((row) => ({
    a: Float32Array.from({ length: 50 }, (_, k) => row + k / 3),
    b: Float64Array.of(row, -row),
  }));
  for (const { a, b } of rows) {
    if (!pieces.has("a")) {
      await pieces.reserve("a", [3, 50]);
      await pieces.reserve("b", [3, 2]);
    }
    await pieces.append("b", b);
    await pieces.append("a", a);
  }
  await pieces.add("names", { texts: ["go", "nogo"] });
  await pieces.add("count", { data: Uint32Array.of(3), shape: [] });
  await pieces.end();
  const whole = encodeNpz({
    a: {
      data: Float32Array.from(rows.flatMap(({ a }) => [...a])),
      shape: [3, 50],
    },
    b: {
      data: Float32Array.from(rows.flatMap(({ b }) => [...b])),
      shape: [3, 2],
    },
    names: { texts: ["go", "nogo"] },
    count: { data: Uint32Array.of(3), shape: [] },
  });
  equal(file.bytes(), whole);
  equal(decodeNpz(file.bytes()).get("b")?.shape, [3, 2]);
});

Deno.test("NpzPieces refuses an array that is not full, and files of 4 GiB", async () => {
  const pieces = new NpzPieces(memoryFile());
  await rejects(pieces.reserve("large", [2 ** 30, 2]), RangeError);
  await pieces.reserve("a", [3, 50]);
  await pieces.append("a", new Float32Array(50));
  await rejects(pieces.end(), {
    name: "TypeError",
    message: "Cannot write the .npz file: a.npy lacks 400 bytes",
  });
  ok(!pieces.broken, "the file itself is well");
});

Deno.test("NpzPieces tells that its file cannot be written to", async () => {
  const pieces = new NpzPieces(memoryFile(300));
  await pieces.reserve("a", [3, 50]);
  await rejects(pieces.append("a", new Float32Array(150)), /disk full/);
  ok(pieces.broken);
});
