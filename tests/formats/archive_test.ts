/** Archives of models: each is read by its name, and as if it were a file of its own. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { archivedModels, encodeArchive } from "../../lib/formats/archive.ts";
import { archivedModel } from "../../lib/formats/archive_path.ts";
import {
  encodeModel,
  readModel,
  writeModel,
} from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { run } from "../cli/in_process.ts";
import { inFolder } from "../folder.ts";

const model = (seed: number) => ({
  network: createNetwork({ units: 6, channels: 1 }, randomStream(seed)),
  task: { name: "go-nogo", timing: {} },
});

const files = [1, 2].map((seed) =>
  [`net-${seed}.mat`, encodeModel(model(seed))] as const
);

/** An archive of two models and a text, in a folder of its own. */
async function withArchive(body: (path: string) => Promise<void>) {
  await inFolder(async (folder) => {
    const path = join(folder, "nets.zip");
    const notes = ["notes.json", new TextEncoder().encode("{}")] as const;
    await Deno.writeFile(path, encodeArchive([notes, ...files]));
    await body(path);
  });
}

Deno.test("readModel() reads a model of an archive as it reads its own file", async () => {
  await withArchive(async (path) => {
    assert.deepEqual(await archivedModels(path), [
      `${path}#net-1.mat`,
      `${path}#net-2.mat`,
    ]);
    for (const [name, bytes] of files) {
      const own = join(path, "..", name);
      await Deno.writeFile(own, bytes);
      const read = await readModel(own);
      assert.deepEqual(await readModel(`${path}#${name}`), read);
      assert.deepEqual(await readModel(`${path}#${name.slice(0, -4)}`), read);
    }
  });
});

Deno.test("archivedModel() takes nothing but a name in a .zip for one", () => {
  assert.deepEqual(archivedModel("a/b.zip#c.mat"), {
    archive: "a/b.zip",
    member: "c.mat",
  });
  for (const path of ["a#b.mat", "a.zip", "a.zip#", "a.zip/b.mat"]) {
    assert.equal(archivedModel(path), undefined, path);
  }
});

Deno.test("an archive says what it holds where another model, or none, is named", async () => {
  await withArchive(async (path) => {
    await assert.rejects(readModel(`${path}#net-3`), {
      name: "ModelFileError",
      message: `Cannot find "net-3.mat" in ${JSON.stringify(path)}: the ` +
        "archive holds net-1.mat, net-2.mat",
    });
    await assert.rejects(readModel(path), /name one of them, .*nets\.zip#NAME/);
    await assert.rejects(readModel(`${path}x.zip#a`), /Cannot read .*x\.zip/);
    await assert.rejects(
      writeModel(`${path}#net-1.mat`, model(3)),
      /models in an archive stay as they are.*unzip .*nets\.zip net-1\.mat/,
    );
  });
});

Deno.test("a model of an archive that is damaged is refused, the others are read", async () => {
  await withArchive(async (path) => {
    const bytes = await Deno.readFile(path);
    const [, second] = files[1];
    const at = bytes.length - second.length / 2 - 300 | 0;
    bytes[at] ^= 255;
    await Deno.writeFile(path, bytes);
    await assert.rejects(readModel(`${path}#net-2`), {
      name: "ModelFileError",
      message: /wrong checksum/,
    });
    assert.equal((await readModel(`${path}#net-1`)).task?.name, "go-nogo");
    await Deno.writeFile(path, bytes.subarray(0, at));
    await assert.rejects(readModel(`${path}#net-1`), /holds no models/);
  });
});

Deno.test("commands take a model of an archive, and all of them", async () => {
  await withArchive(async (path) => {
    const { out } = await run(["info", `${path}#net-2`]);
    assert.match(out, /6 /);
    const flags = ["--trials", "2", "--seed", "1", "--quiet"];
    const both = await run(["eval", path, ...flags]);
    for (const name of ["net-1", "net-2"]) {
      assert.match(both.out, new RegExp(`nets\\.zip#${name}\\.mat`));
    }
    await run(["plot", `${path}#net-1`, "weights", "--quiet"]);
    const names = [...Deno.readDirSync(join(path, ".."))].map((e) => e.name);
    assert.ok(names.every((name) => !name.includes("#")), `${names}`);
    assert.ok(names.some((name) => name.startsWith("net-1")), `${names}`);
  });
});
