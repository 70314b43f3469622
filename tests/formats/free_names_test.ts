/** Files and folders whose names are taken by writing, not by looking. */
import assert from "node:assert/strict";
import { makeFreeFolder, writeFree } from "../../lib/formats/atomic.ts";
import { inFolder } from "../folder.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** File systems, by what giving a file a second name does on them. */
const links: readonly [string, (from: string, to: string) => Promise<void>][] =
  [
    ["links", Deno.link],
    ["no links", () => Promise.reject(new Deno.errors.PermissionDenied("no"))],
  ];

for (const [kind, link] of links) {
  Deno.test(`writeFree() gives each of 40 writers a file of its own (${kind})`, () =>
    inFolder(async (folder) => {
      const paths = await Promise.all(
        Array.from(
          { length: 40 },
          (_, n) => writeFree(`${folder}/a.mat`, Uint8Array.of(n), link),
        ),
      );
      assert.equal(new Set(paths).size, 40);
      paths.forEach((path, n) =>
        assert.deepEqual(Deno.readFileSync(path), Uint8Array.of(n))
      );
      const found = names(folder);
      assert.equal(found.length, 40, found.join(" "));
      assert.ok(found.includes("a.mat") && found.includes("a_2.mat"));
    }));

  Deno.test(`writeFree() leaves files, folders and dangling links alone (${kind})`, () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/a.mat`, "old");
      await Deno.mkdir(`${folder}/a_2.mat`);
      await Deno.symlink("nothing", `${folder}/a_3.mat`);
      const path = await writeFree(
        `${folder}/a.mat`,
        Uint8Array.of(1),
        link,
      );
      assert.equal(path, `${folder}/a_4.mat`);
      assert.equal(await Deno.readTextFile(`${folder}/a.mat`), "old");
      assert.deepEqual(names(folder), [
        "a.mat",
        "a_2.mat",
        "a_3.mat",
        "a_4.mat",
      ]);
    }));
}

Deno.test("writeFree() shows a reader whole files alone", () =>
  inFolder(async (folder) => {
    let writing = true;
    const writers = Promise.all(
      Array.from(
        { length: 20 },
        (_, n) => writeFree(`${folder}/a`, new Uint8Array(300_000).fill(n)),
      ),
    ).then(() => writing = false);
    while (writing) {
      for await (const { name } of Deno.readDir(folder)) {
        if (name.startsWith(".")) continue;
        const { length } = await Deno.readFile(`${folder}/${name}`);
        assert.equal(length, 300_000);
      }
    }
    await writers;
  }));

Deno.test("writeFree() believes a link that was made though an error says it was not", () =>
  inFolder(async (folder) => {
    const path = await writeFree(
      `${folder}/a`,
      Uint8Array.of(1),
      async (from, to) => {
        await Deno.link(from, to);
        throw new Deno.errors.AlreadyExists("asked twice");
      },
    );
    assert.equal(path, `${folder}/a`);
    assert.deepEqual(names(folder), ["a"]);
  }));

Deno.test("makeFreeFolder() makes each of 40 askers a folder of its own", () =>
  inFolder(async (folder) => {
    const paths = await Promise.all(
      Array.from({ length: 40 }, () => makeFreeFolder(`${folder}/a.run`)),
    );
    assert.equal(new Set(paths).size, 40);
    assert.equal(names(folder).length, 40);
    assert.ok(names(folder).includes("a_2.run"));
  }));
