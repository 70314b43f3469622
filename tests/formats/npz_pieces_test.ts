/** A .npz file that is written piece by piece. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { writeAll } from "../../lib/formats/atomic.ts";
import { decodeNpz, encodeNpz } from "../../lib/formats/npz.ts";
import { memberNames } from "../../lib/formats/npz/members.ts";
import { npyHeader32 } from "../../lib/formats/npz/npy.ts";
import { localHeader, zipDirectory } from "../../lib/formats/npz/zip.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";
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

testWith(
  "scipy",
  "arrays of 4 GiB and more have headers that NumPy and memberNames() read",
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "large.npz");
      const file = await Deno.open(path, {
        read: true,
        write: true,
        createNew: true,
      });
      const header = npyHeader32([2 ** 30, 2]);
      const sizes = { u: 300, v: header.length + 2 ** 33, w: 400, x: 500 };
      let offset = 0;
      const entries = Object.entries(sizes).map(([name, size]) => {
        const sizes = { compress: false, checksum: 0, size, packed: size };
        const entry = { name: `${name}.npy`, ...sizes, offset };
        offset += localHeader(entry).length + size;
        return entry;
      });
      const write = async (at: number, bytes: Uint8Array) => {
        await file.seek(at, 0);
        await writeAll(file, bytes);
      };
      for (const entry of entries) {
        await write(entry.offset, localHeader(entry));
      }
      const [, { offset: at, ...v }] = entries;
      await write(at + localHeader(v).length, header);
      // What lies between is a hole, which takes no room on disk.
      await write(offset, zipDirectory(entries, offset));
      equal(await memberNames(file), ["u", "v", "w", "x"]);
      file.close();
      const script = `
import json, sys, zipfile
import numpy as np
archive = zipfile.ZipFile(sys.argv[1])
for i in archive.infolist(): archive.open(i).close()
with archive.open("v.npy") as v:
    assert np.lib.format.read_magic(v) == (1, 0)
    shape = np.lib.format.read_array_header_1_0(v)[0]
print(json.dumps([[i.file_size for i in archive.infolist()], shape]))
`;
      const out = execFileSync("python3", ["-c", script, path]);
      equal(JSON.parse(String(out)), [Object.values(sizes), [2 ** 30, 2]]);
    }),
);

Deno.test("NpzPieces refuses an array that is not full", async () => {
  const pieces = new NpzPieces(memoryFile());
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
