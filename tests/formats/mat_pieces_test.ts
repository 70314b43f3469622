/** A MATLAB file that is written piece by piece. */
import { deepStrictEqual as equal, ok, rejects } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MatPieces } from "../../lib/formats/mat_pieces.ts";
import { matValues, rowArray } from "../../lib/formats/arrays.ts";
import { decodeMat, encodeMat } from "../../lib/mat5/mod.ts";
import { largestVariable } from "../../lib/mat5/begun.ts";
import { CourseMemory } from "../cli/course_memory.ts";
import { inFolder } from "../folder.ts";

/** Works on an open file, and gives what is in it afterwards. */
async function written(
  work: (file: Deno.FsFile) => Promise<void>,
): Promise<Uint8Array> {
  let bytes = new Uint8Array();
  await inFolder(async (folder) => {
    const path = join(folder, "a.mat");
    const file = await Deno.open(path, {
      read: true,
      write: true,
      createNew: true,
    });
    try {
      await work(file);
    } finally {
      file.close();
    }
    bytes = new Uint8Array(await readFile(path));
  });
  return bytes;
}

/** Trials of three arrays; one number is none. */
function fill(
  sinks: readonly {
    put(
      name: string,
      shape: readonly number[],
      data: Float32Array,
    ): void | Promise<void>;
  }[],
  trials: number,
): Promise<void> {
  const part = (length: number, k: number) =>
    Float32Array.from({ length }, (_, i) => k === 1 && i === 2 ? NaN : k + i);
  return Array.from({ length: trials }, (_, k) => k).reduce(
    async (before, k) => {
      await before;
      for (const sink of sinks) {
        await sink.put("out", [5], part(5, k));
        await sink.put("rates", [4, 7], part(28, 100 * k));
        await sink.put("single", [3, 1], part(3, 200 * k));
      }
    },
    Promise.resolve(),
  );
}

const rest = {
  seed: rowArray([1]),
  about: { texts: ["{}"], shape: [] },
} as const;

for (const trials of [1, 2, 37]) {
  Deno.test(`MatPieces write the arrays of ${trials} trials as encodeMat() does, not packed`, async () => {
    const whole = new CourseMemory(trials);
    const bytes = await written(async (file) => {
      const pieces = new MatPieces(file, trials);
      await fill([whole, pieces], trials);
      equal(pieces.bytes, 4 * trials * (5 + 28 + 3));
      await pieces.end(matValues(rest));
    });
    const plain = encodeMat(new Map(matValues(whole.arrays())), {
      compress: false,
    });
    equal(bytes.subarray(0, plain.length), plain);
    const read = decodeMat(bytes);
    equal([...read.keys()], ["out", "rates", "single", "seed", "about"]);
    equal(read.get("seed"), new Map(matValues(rest)).get("seed"));
  });
}

Deno.test("MatPieces refuse arrays of 2 GiB, and arrays that are not full", async () => {
  await written(async (file) => {
    const pieces = new MatPieces(file, 2 ** 20);
    await rejects(pieces.put("v", [1000], new Float32Array(1000)), {
      name: "RangeError",
      message: "Cannot write a MATLAB file: v would have 4194304000 bytes, " +
        `allowed are ${largestVariable} in one variable`,
    });
  });
  await written(async (file) => {
    const pieces = new MatPieces(file, 3);
    await fill([pieces], 2);
    await rejects(pieces.end([]), {
      name: "TypeError",
      message: "Cannot write the .mat file: out has 2 of 3 trials",
    });
    equal(pieces.broken, false);
  });
});

Deno.test("MatPieces tell that their file cannot be written to", async () => {
  await written(async (file) => {
    let room = 100;
    const full = Object.create(file, {
      write: {
        value: (bytes: Uint8Array) =>
          (room -= bytes.length) < 0
            ? Promise.reject(new Error("disk full"))
            : Promise.resolve(bytes.length),
      },
      seek: { value: (to: number) => Promise.resolve(to) },
    });
    const pieces = new MatPieces(full, 3);
    await rejects(fill([pieces], 3), /disk full/);
    ok(pieces.broken);
  });
});
