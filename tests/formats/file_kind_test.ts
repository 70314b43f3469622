/** What a file is, by what is in it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileKind } from "../../lib/formats/file_kind.ts";
import { variableNames } from "../../lib/mat5/variable_names.ts";
import { decodeMat, encodeMat, numeric } from "../../lib/mat5/mod.ts";
import { encodeNpz } from "../../lib/formats/npz.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const data = new URL("../data/", import.meta.url);

/** Every MATLAB file of the tests, of both byte orders and several programs. */
const files = [
  "gonogo_original.mat",
  ...[...Deno.readDirSync(new URL("mat/", data))].map(({ name }) =>
    `mat/${name}`
  ).filter((name) => name.endsWith(".mat")),
];

for (const file of files) {
  Deno.test(`variableNames() finds what decodeMat() finds in ${file}`, async () => {
    const path = new URL(file, data);
    using opened = await Deno.open(path);
    const { names, whole } = await variableNames(opened);
    assert.deepEqual(
      [...new Set(names)],
      [...decodeMat(await Deno.readFile(path)).keys()],
    );
    assert.equal(whole, true);
  });
}

Deno.test("variableNames() says that a file is cut off", () =>
  inFolder(async (folder) => {
    const bytes = await Deno.readFile(new URL("gonogo_original.mat", data));
    for (const length of [129, 1000, bytes.length - 1]) {
      const path = `${folder}/cut.mat`;
      await Deno.writeFile(path, bytes.subarray(0, length));
      using opened = await Deno.open(path);
      assert.equal((await variableNames(opened)).whole, false);
    }
  }));

Deno.test("fileKind() tells kinds by content, whatever the name", () =>
  inFolder(async (folder) => {
    const text = (content: string) => new TextEncoder().encode(content);
    const trials = ["u", "out", "condition"];
    const cases: [string | undefined, Uint8Array][] = [
      ["model", await Deno.readFile(new URL("gonogo_original.mat", data))],
      [
        "trials",
        encodeMat(new Map(trials.map((name) => [name, numeric(1)]))),
      ],
      ["arrays", encodeMat(new Map([["u", numeric(1)], ["c", numeric(2)]]))],
      [
        "trials",
        encodeNpz(
          Object.fromEntries(
            trials.map((name) => [name, { data: Float64Array.of(1) }]),
          ),
        ),
      ],
      ["arrays", encodeNpz({ u: { data: Float64Array.of(1) } })],
      ["other", Uint8Array.of(0x50, 0x4b, 3, 4)],
      ["html", text("<!DOCTYPE html>\n<title>x</title>")],
      ["svg", text('<?xml version="1.0"?>\n<!-- x -->\n<svg>')],
      ["svg", text('<svg xmlns="http://www.w3.org/2000/svg">')],
      ["other", text("<?xml version='1.0'?><note/>")],
      ["pdf", new TextEncoder().encode("%PDF-1.3\n")],
      ["png", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)],
      ["other", text("{}")],
      [undefined, text("")],
    ];
    for (const [kind, bytes] of cases) {
      await Deno.writeFile(`${folder}/file`, bytes);
      assert.equal(await fileKind(`${folder}/file`), kind);
    }
    assert.equal(await fileKind(`${folder}/none`), undefined);
    assert.equal(await fileKind(folder), undefined);
  }));

testWith(
  "scipy",
  "fileKind() knows arrays that NumPy saved",
  () =>
    inFolder(async (folder) => {
      const path = `${folder}/a.npz`;
      const code = (names: string) =>
        `import numpy, sys; numpy.savez_compressed(sys.argv[1], ${names})`;
      const all = "u=[1.0], out=[1.0], condition=[1]";
      for (const [names, kind] of [[all, "trials"], ["u=[1.0]", "arrays"]]) {
        execFileSync("python3", ["-c", code(names), path]);
        assert.equal(await fileKind(path), kind);
      }
    }),
);
