/** What stays of a file that is written anew: who may use it, and links to it. */
import assert from "node:assert/strict";
import { writeAtomic } from "../../lib/formats/atomic.ts";
import { readModel, writeModel } from "../../lib/formats/model_file.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";

const posix = Deno.build.os !== "windows";
const root = posix && Deno.uid() === 0;

function modeOf(path: string): number {
  return Deno.statSync(path).mode! & 0o7777;
}

Deno.test({
  name: "writeAtomic() gives a new file the permissions of the old one",
  ignore: !posix,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/a.mat`;
      await Deno.writeTextFile(path, "old");
      for (const mode of [0o664, 0o600, 0o444, 0o660]) {
        await Deno.chmod(path, mode);
        await writeAtomic(path, Uint8Array.of(1));
        assert.equal(modeOf(path), mode);
      }
    }),
});

Deno.test({
  name: "writeAtomic() keeps a file's owner and group where it may",
  ignore: !root,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/a.mat`;
      await Deno.writeTextFile(path, "old");
      await Deno.chown(path, 1234, 4321);
      await Deno.chmod(path, 0o660);
      await writeAtomic(path, Uint8Array.of(1));
      const { uid, gid } = await Deno.stat(path);
      assert.deepEqual([uid, gid, modeOf(path)], [1234, 4321, 0o660]);
    }),
});

Deno.test({
  name: "writeModel() writes through a symbolic link, into another folder too",
  ignore: !posix,
  fn: () =>
    inFolder(async (folder) => {
      const network = createNetwork(
        { channels: 1, units: 10 },
        randomStream(1),
      );
      await Deno.mkdir(`${folder}/elsewhere`);
      const target = `${folder}/elsewhere/model.mat`;
      await writeModel(target, { network });
      await Deno.chmod(target, 0o664);
      await Deno.symlink("elsewhere/model.mat", `${folder}/first.mat`);
      await Deno.symlink("first.mat", `${folder}/second.mat`);
      const task = { name: "go-nogo", timing: {} };
      await writeModel(`${folder}/second.mat`, { network, task });
      for (const link of ["first", "second"]) {
        assert.ok((await Deno.lstat(`${folder}/${link}.mat`)).isSymlink);
      }
      assert.deepEqual((await readModel(target)).task, task);
      assert.equal(modeOf(target), 0o664);
      assert.equal([...Deno.readDirSync(`${folder}/elsewhere`)].length, 1);
    }),
});

Deno.test({
  name: "writeModel() replaces a link that leads nowhere",
  ignore: !posix,
  fn: () =>
    inFolder(async (folder) => {
      const network = createNetwork(
        { channels: 1, units: 10 },
        randomStream(1),
      );
      const path = `${folder}/a.mat`;
      await Deno.symlink("nothing", path);
      await writeModel(path, { network });
      assert.ok((await Deno.lstat(path)).isFile);
    }),
});

Deno.test({
  name: "writeAtomic() does not follow a link that it is not told to follow",
  ignore: !posix,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(`${folder}/precious`, "kept");
      await Deno.symlink("precious", `${folder}/a.search.json`);
      await writeAtomic(`${folder}/a.search.json`, Uint8Array.of(1));
      assert.equal(await Deno.readTextFile(`${folder}/precious`), "kept");
      assert.ok((await Deno.lstat(`${folder}/a.search.json`)).isFile);
    }),
});

Deno.test({
  name: "writeAtomic() does not put a file in the place of a pipe",
  ignore: !posix,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [path] }).output();
      await assert.rejects(writeAtomic(path, Uint8Array.of(1)), {
        name: "ModelFileError",
        message: /it is a device, a pipe or a socket/,
      });
      assert.ok((await Deno.lstat(path)).isFifo);
    }),
});
