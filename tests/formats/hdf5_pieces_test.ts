/** HDF5 files that are written and read on disk, in pieces. */
import {
  deepStrictEqual as equal,
  ok,
  rejects,
  throws,
} from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ModelFileError } from "../../lib/errors.ts";
import {
  encodeHdf5,
  type Hdf5Group,
  Hdf5Pieces,
  readHdf5,
} from "../../lib/formats/hdf5.ts";
import { nodeFiles } from "../../lib/platform/files_node.ts";
import { inFolder } from "../folder.ts";

const trials = 40;
const samples = 300;
const units = 100;

const rowsOf = (trial: number) =>
  Float32Array.from({ length: samples * units }, (_, i) => trial + i / 7);

const shape = [trials * samples, units];

const rest: Hdf5Group = {
  attributes: { kind: "pieces", first: { refersTo: "/a/b/data" } },
  members: {
    a: {
      members: {
        b: {
          members: {
            data: { attributes: { unit: "mV" } },
            times: {
              shape: [trials * samples],
              *value() {
                for (let trial = 0; trial < trials; trial += 8) {
                  yield Float64Array.from(
                    { length: 8 * samples },
                    (_, i) => trial * samples + i,
                  );
                }
              },
            },
          },
        },
        name: { value: "x" },
      },
    },
    small: { members: {} },
  },
};

/** Opens a new file by Deno's own functions, or by those of Node. */
const openings = {
  Deno: (path: string) =>
    Deno.open(path, { read: true, write: true, createNew: true }),
  Node: (path: string) =>
    nodeFiles().open(path, { write: true, createNew: true }),
};

for (const [runtime, open] of Object.entries(openings)) {
  Deno.test(`Hdf5Pieces have written what has come, by the files of ${runtime}`, () =>
    inFolder(async (folder) => {
      const path = join(folder, "a.h5");
      const file = await open(path);
      const pieces = await Hdf5Pieces.open(file);
      for (let trial = 0; trial < trials; trial++) {
        pieces.append("/a/b/data", rowsOf(trial), shape);
        // Nothing waits in memory.
        const { size } = await stat(path);
        ok(size >= (trial + 1) * samples * units * 4, `${size} bytes`);
      }
      await pieces.end(rest);
      pieces.close();
      equal(pieces.broken, false);
      const check = (read: typeof readHdf5) =>
        read(file, (content) => {
          equal(content.shape("a/b/data"), shape);
          const numbers = content.numbers("a/b/data");
          for (const trial of [0, 17, trials - 1]) {
            const from = trial * samples * units;
            equal(
              numbers.subarray(from, from + samples * units),
              rowsOf(trial),
            );
          }
          const times = content.numbers("a/b/times") as Float64Array;
          ok(times.every((time, i) => time === i));
          equal(content.attribute("a/b/data", "unit"), "mV");
          equal(content.texts("a/name"), ["x"]);
          equal(content.names("/"), ["a", "small"]);
        });
      await check(readHdf5);
      await file.close();
      const bytes = new Uint8Array(await readFile(path));
      await check((_, read) => readHdf5(bytes, read));
    }));
}

Deno.test("Hdf5Pieces give the same bytes each time", () =>
  inFolder(async (folder) => {
    const [one, two] = await Promise.all(["a", "b"].map(async (name) => {
      const file = await openings.Deno(join(folder, name));
      const pieces = await Hdf5Pieces.open(file);
      for (let trial = 0; trial < trials; trial++) {
        pieces.append("/a/b/data", rowsOf(trial), shape);
        await new Promise((done) => setTimeout(done, 0));
      }
      await pieces.end(rest);
      file.close();
      return await readFile(join(folder, name));
    }));
    ok(one.equals(two));
  }));

Deno.test("Hdf5Pieces refuse rows that are no rows, too many and too few", () =>
  inFolder(async (folder) => {
    const file = await openings.Deno(join(folder, "a.h5"));
    const pieces = await Hdf5Pieces.open(file);
    pieces.append("/d", new Float32Array(20), [3, 10]);
    throws(() => pieces.append("/d", new Float32Array(5), [3, 10]), {
      name: "TypeError",
      message: "Cannot write /d of the HDF5 file: received 5 numbers after " +
        "2 rows for shape (3, 10)",
    });
    throws(() => pieces.append("/d", new Float32Array(20), [3, 10]), TypeError);
    await rejects(pieces.end({ members: { d: {} } }), {
      name: "TypeError",
      message: "Cannot write /d of the HDF5 file: 1 of 3 rows are missing",
    });
    equal(pieces.broken, false);
    pieces.close();
    file.close();
    await rejects(
      encodeHdf5({ members: { none: {} } }),
      /\/none of the HDF5 file: received no numbers/,
    );
  }));

Deno.test("Hdf5Pieces say what the disk says when it fails, and later files are well", () =>
  inFolder(async (folder) => {
    const file = await openings.Deno(join(folder, "a.h5"));
    let room = 100_000;
    const full = Object.create(file, {
      seekSync: { value: (to: number) => file.seekSync(to, 0) },
      readSync: { value: (into: Uint8Array) => file.readSync(into) },
      writeSync: {
        value(bytes: Uint8Array) {
          if ((room -= bytes.length) < 0) throw new Error("disk full");
          return file.writeSync(bytes);
        },
      },
    });
    const pieces = await Hdf5Pieces.open(full);
    const fill = () => {
      for (let trial = 0; trial < trials; trial++) {
        pieces.append("/a/b/data", rowsOf(trial), shape);
      }
    };
    throws(fill, /^Error: disk full$/);
    ok(pieces.broken);
    throws(() => pieces.close(), /^Error: disk full$/);
    file.close();
    const bytes = await encodeHdf5({ members: { a: { value: "x" } } });
    equal(await readHdf5(bytes, ({ texts }) => texts("a")), ["x"]);
  }));

Deno.test("readHdf5() reads of a file on disk what is asked for alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.h5");
    const file = await openings.Deno(path);
    const pieces = await Hdf5Pieces.open(file);
    for (let trial = 0; trial < trials; trial++) {
      pieces.append("/a/b/data", rowsOf(trial), shape);
    }
    await pieces.end(rest);
    let read = 0;
    const counted = Object.create(file, {
      stat: { value: () => file.stat() },
      seekSync: { value: (to: number) => file.seekSync(to, 0) },
      readSync: {
        value(into: Uint8Array) {
          const count = file.readSync(into);
          read += count ?? 0;
          return count;
        },
      },
    });
    equal(await readHdf5(counted, ({ texts }) => texts("a/name")), ["x"]);
    ok(read < 100_000, `${read} bytes of ${(await file.stat()).size}`);
    await file.truncate(3000);
    await rejects(
      readHdf5(file, ({ numbers }) => numbers("a/b/data")),
      ModelFileError,
    );
    file.close();
  }));
