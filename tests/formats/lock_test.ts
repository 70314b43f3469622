/** One process at a time in a folder. */
import { deepStrictEqual as equal, rejects } from "node:assert/strict";
import { join } from "node:path";
import { ModelFileError } from "../../lib/errors.ts";
import { lockFolder, lockName } from "../../lib/formats/lock.ts";
import { inFolder } from "../folder.ts";

Deno.test("lockFolder() refuses a second owner, naming the first, until it is freed", async () => {
  await inFolder(async (folder) => {
    const first = await lockFolder(folder);
    await rejects(lockFolder(folder), (error: Error) => {
      equal(error instanceof ModelFileError, true);
      equal(error.message.includes(`process ${Deno.pid}`), true, error.message);
      return true;
    });
    await first.release();
    await first.release();
    equal([...Deno.readDirSync(folder)], []);
    await (await lockFolder(folder)).release();
  });
});

Deno.test("lockFolder() takes a folder whose owner is gone", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, lockName), '{"pid":1}');
    await using _lock = await lockFolder(folder);
    const { pid } = JSON.parse(await Deno.readTextFile(join(folder, lockName)));
    equal(pid, Deno.pid);
  });
});

Deno.test("lockFolder() shows nothing of a lock file that a terminal would obey", async () => {
  await inFolder(async (folder) => {
    await using _lock = await lockFolder(folder);
    await Deno.writeTextFile(
      join(folder, lockName),
      JSON.stringify({ pid: "x", host: "\x1b[2J", since: { a: 1 } }),
    );
    await rejects(lockFolder(folder), /in use by another process on 2J;/);
  });
});

Deno.test("lockFolder() says that a folder is missing", async () => {
  await inFolder(async (folder) => {
    await rejects(lockFolder(join(folder, "none")), /it does not exist/);
  });
});

Deno.test("lockFolder() names an owner that has taken the lock and is about to write", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, lockName);
    using taken = await Deno.open(path, { write: true, create: true });
    await taken.lock(true);
    const refused = rejects(lockFolder(folder), /in use by process 42;/);
    await new Promise((resolve) => setTimeout(resolve, 60));
    Deno.writeTextFileSync(path, '{"pid":42}');
    await refused;
  });
});
