/** What a sweep leaves: `sweep.json`, and `result.json` and others of its points. */
import { join } from "node:path";
import { surveySweep } from "../../../lib/runs/sweep/run.ts";
import {
  pointFolder,
  readResults,
  readSweep,
} from "../../../lib/sweep/folder.ts";
import { toCsv } from "../../../lib/formats/csv.ts";
import { resultsTable, toJson } from "../../../lib/sweep/results.ts";
import { summariseSweep } from "../../../lib/sweep/summary.ts";
import { syntheticResult } from "../../../tests/sweep/synthetic.ts";
import type { Dice } from "../dice.ts";
import {
  type Node,
  recombined,
  textBytes,
  toJsonText,
  treeOf,
} from "../tree.ts";
import type { HostileFormat } from "./format.ts";

const point = (id: string, N: number) => ({
  id,
  varied: { N },
  train: { task: "go-nogo", N, seed: 1 },
  map: { factors: [20, 30] },
});

const sweep = {
  name: "trial",
  trials: 100,
  version: "0.1.0",
  points: [point("a", 20), point("b", 30)],
};

const result = (id: string, N: number) => ({
  ...syntheticResult({ varied: { N }, spiking: [0.9, 0.8] }),
  id,
});

/** Every file of a folder, as it should be. */
const sound: Readonly<Record<string, Node>> = {
  "sweep.json": treeOf(sweep),
  "points/a/result.json": treeOf(result("a", 20)),
  "points/b/result.json": treeOf(result("b", 30)),
  "points/b/failed.json": treeOf({ reason: "no memory" }),
};

/** The file that a hostile one takes the place of, in its first line. */
function make(dice: Dice): Uint8Array {
  const name = dice.pick(Object.keys(sound));
  const text = toJsonText(recombined(sound[name], dice, Object.values(sound)));
  const bytes = textBytes(text, dice);
  const first = new TextEncoder().encode(name + "\n");
  const all = new Uint8Array(first.length + bytes.length);
  all.set(first);
  all.set(bytes, first.length);
  return all;
}

/** Sweeps' folders. */
export const sweepFiles: HostileFormat = {
  name: "sweep (sweep.json, result.json, failed.json)",
  what: "fields, kinds, ids, paths, counts, nesting, encodings",
  async prepare(folder) {
    const place = join(folder, "sweep");
    const write = (name: string, bytes: Uint8Array) =>
      Deno.writeFile(join(place, name), bytes);
    const put = (name: string) =>
      write(name, new TextEncoder().encode(toJsonText(sound[name])));
    for (const id of ["a", "b"]) {
      await Deno.mkdir(pointFolder(place, id), { recursive: true });
    }
    for (const name of Object.keys(sound)) await put(name);
    return {
      make,
      async read(bytes) {
        const end = bytes.indexOf(10);
        const name = new TextDecoder().decode(bytes.subarray(0, end));
        await write(name, bytes.subarray(end + 1));
        try {
          const { points } = await readSweep(place);
          await surveySweep(place, points);
          // A damaged point costs that point alone.
          const results = await readResults(place, points);
          const rows = resultsTable(results);
          toCsv(rows);
          toJson(rows);
          summariseSweep(results);
        } finally {
          await put(name);
        }
      },
    };
  },
};
