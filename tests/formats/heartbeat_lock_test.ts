/** Locks on file systems that have none. */
import {
  deepStrictEqual as equal,
  match,
  ok,
  rejects,
} from "node:assert/strict";
import { join } from "node:path";
import { heartbeatName } from "../../lib/formats/heartbeat_lock.ts";
import {
  lockFolder,
  lockName,
  type LockOptions,
} from "../../lib/formats/lock.ts";
import { inFolder } from "../folder.ts";

/** What Deno throws where flock() fails with ENOLCK, ENOSYS, EOPNOTSUPP. */
const failures = Deno.build.os === "linux"
  ? [
    "No locks available (os error 37)",
    "Function not implemented (os error 38)",
    "Operation not supported (os error 95)",
  ]
  : ["Operation not supported (os error 102)"];

function without(
  message = failures[0],
): LockOptions & { readonly warned: string[] } {
  const warned: string[] = [];
  return {
    warned,
    warn: (text) => warned.push(text),
    tryLock: () => Promise.reject(new Error(message)),
  };
}

const names = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function owner(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(join(folder, heartbeatName)));
}

/** Makes the lock look as if its last sign of life were some seconds old. */
async function age(folder: string, seconds: number): Promise<void> {
  const then = new Date(Date.now() - 1000 * seconds);
  await Deno.utime(join(folder, heartbeatName), then, then);
}

for (const failure of failures) {
  Deno.test(`lockFolder() locks by a file where the system says: ${failure}`, () =>
    inFolder(async (folder) => {
      const options = without(failure);
      const lock = await lockFolder(folder, options);
      equal(names(folder), [heartbeatName]);
      equal(options.warned.length, 1);
      match(options.warned[0], /has no locks: lock-owner\.json there says who/);
      const { pid, since, heartbeat } = await owner(folder);
      equal(pid, Deno.pid);
      ok(Date.parse(String(since)) && Date.parse(String(heartbeat)));
      await rejects(lockFolder(folder, without(failure)), {
        name: "ModelFileError",
        message: new RegExp(
          `in use by process ${Deno.pid} .*since .*last sign of life .*` +
            "allowed is one run at a time; it is freed once that has been sil",
        ),
      });
      await lock.release();
      await lock.release();
      equal(names(folder), []);
      await (await lockFolder(folder, without(failure))).release();
    }));
}

Deno.test("lockFolder() gives the folder to one of 20 that ask at once", () =>
  inFolder(async (folder) => {
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockFolder(folder, without())),
    );
    const locks = asked.filter(({ status }) => status === "fulfilled");
    equal(locks.length, 1);
    for (const each of asked) {
      if (each.status === "fulfilled") await each.value.release();
    }
    equal(names(folder), []);
  }));

Deno.test("lockFolder() gives a stale lock to one of 20 that ask at once", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, heartbeatName), '{"pid":1}');
    await age(folder, 601);
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, () => lockFolder(folder, without())),
    );
    equal(asked.filter(({ status }) => status === "fulfilled").length, 1);
    equal((await owner(folder)).pid, Deno.pid);
    for (const each of asked) {
      if (each.status === "fulfilled") await each.value.release();
    }
    equal(names(folder), []);
  }));

Deno.test("lockFolder() leaves a lock whose owner may be alive on another host", () =>
  inFolder(async (folder) => {
    // What a process that was killed while it wrote leaves as well.
    for (const text of ['{"pid":1,"host":"elsewhere"}', ""]) {
      await Deno.writeTextFile(join(folder, heartbeatName), text);
      await age(folder, 300);
      await rejects(lockFolder(folder, without()), /is in use by/);
    }
  }));

Deno.test({
  name: "lockFolder() takes the lock of a process of this host that is gone",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      const gone = new Deno.Command("true").spawn();
      await gone.status;
      const of = (pid: number) =>
        JSON.stringify({ pid, host: Deno.hostname(), id: "x" });
      const path = join(folder, heartbeatName);
      await Deno.writeTextFile(path, of(Deno.ppid));
      await age(folder, 120);
      await rejects(lockFolder(folder, without()), /is in use by/);
      await Deno.writeTextFile(path, of(gone.pid));
      await age(folder, 30);
      await rejects(lockFolder(folder, without()), /is in use by/);
      await age(folder, 120);
      await (await lockFolder(folder, without())).release();
    }),
});

Deno.test("a lock gives signs of life, and says if it was taken away", () =>
  inFolder(async (folder) => {
    const options = without();
    const times = { beat: 20 };
    const lock = await lockFolder(folder, { ...options, times });
    const { heartbeat: first } = await owner(folder);
    const path = join(folder, heartbeatName);
    // Each sign is written over the last: wait for another one.
    const until = async (met: () => Promise<boolean>) => {
      while (!await met().catch(() => false)) {
        await new Promise((go) => setTimeout(go, 10));
      }
    };
    await until(async () => (await owner(folder)).heartbeat !== first);
    const other = JSON.stringify({ pid: 7, id: "another" });
    await Deno.remove(path);
    await Deno.writeTextFile(path, other);
    await until(() => Promise.resolve(options.warned.length === 2));
    match(options.warned[1], /was taken by another process/);
    await lock.release();
    equal(await Deno.readTextFile(path), other);
  }));

Deno.test("lockFolder() leaves the system's lock file of others alone", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, lockName), '{"pid":1}');
    await (await lockFolder(folder, without())).release();
    equal(names(folder), [lockName]);
  }));

Deno.test("lockFolder() does not take any failure for a lack of locks", () =>
  inFolder(async (folder) => {
    await rejects(
      lockFolder(folder, without("Input/output error (os error 5)")),
      /Cannot lock the folder .*os error 5/,
    );
    equal(names(folder).includes(heartbeatName), false);
  }));
