/**
 * The house: which room stands above which. Imports, those of types included,
 * go from a room to rooms below it, and no file is in a circle.
 */
import assert from "node:assert/strict";
import { dirname, join, relative } from "node:path";

const library = new URL("../lib", import.meta.url).pathname;

/** The rooms of lib/, the lowest first. */
const floors = [
  "platform",
  "arithmetic",
  "version",
  "program",
  "printable",
  "count",
  "heard",
  "errors",
  "settings",
  "random",
  "mat5",
  "network",
  "tasks",
  "kernels",
  "backend",
  "spiking",
  "formats",
  "records",
  "simulate",
  "train",
  "map",
  "calibrate",
  "export",
  "analysis",
  "tfjs",
  "report",
  "dashboard",
  "sweep",
  "runs",
  "notebook",
  "cli",
  "entry",
];

/** Every file under lib/ that Deno runs, and the files that it imports. */
async function importsOf(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for await (const path of files(library)) {
    const text = (await Deno.readTextFile(path))
      .replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
    const imported = [
      ...text.matchAll(/(?:\bfrom\s+|\bimport\(\s*|^import\s+)"(\.[^"]+)"/gm),
    ].map(([, specifier]) => relative(library, join(dirname(path), specifier)));
    found.set(relative(library, path), imported);
  }
  return found;
}

async function* files(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    // Source in AssemblyScript, whose names have no ending.
    if (isDirectory && name !== "simd") yield* files(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

const room = (file: string) => file.split("/")[0].replace(/\.ts$/, "");

Deno.test("every room of lib/ has its place in the house", async () => {
  const rooms = new Set([...(await importsOf()).keys()].map(room));
  assert.deepEqual([...rooms].filter((name) => !floors.includes(name)), []);
});

Deno.test("imports go from a room to those below it", async () => {
  const upwards = [...await importsOf()].flatMap(([file, imported]) =>
    imported.filter((other) =>
      room(other) !== room(file) &&
      floors.indexOf(room(other)) > floors.indexOf(room(file))
    ).map((other) => `${file} imports ${other}`)
  );
  assert.deepEqual(upwards, []);
});

Deno.test("no files import each other in a circle", async () => {
  const graph = await importsOf();
  const done = new Set<string>();
  const circles: string[] = [];
  function walk(file: string, path: readonly string[]): void {
    const at = path.indexOf(file);
    if (at >= 0) circles.push([...path.slice(at), file].join(" → "));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  }
  for (const file of graph.keys()) walk(file, []);
  assert.deepEqual(circles, []);
});

Deno.test("what is imported by a path is there", async () => {
  const missing: string[] = [];
  for (const [file, imported] of await importsOf()) {
    for (const other of imported) {
      const stat = await Deno.stat(join(library, other)).catch(() => undefined);
      if (!stat?.isFile) missing.push(`${file} imports ${other}`);
    }
  }
  assert.deepEqual(missing, []);
});
