import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { writeAtomic } from "../../lib/formats/atomic.ts";
import { prepareFolder } from "../../lib/runs/resources.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

Deno.test("writeAtomic() writes and replaces, and leaves nothing else", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.mat`;
    await writeAtomic(path, Uint8Array.of(1, 2, 3));
    await writeAtomic(path, Uint8Array.of(4));
    assert.deepEqual(Deno.readFileSync(path), Uint8Array.of(4));
    assert.deepEqual(names(folder), ["a.mat"]);
  }));

Deno.test("writeAtomic() removes what a killed process was writing, and nothing that is being written", () =>
  inFolder(async (folder) => {
    const program = new URL("hanging_write.ts", import.meta.url).pathname;
    const writing = () =>
      new Deno.Command(Deno.execPath(), {
        args: ["run", "--no-check", "-A", program, `${folder}/big.nwb`],
        stdin: "null",
        stdout: "piped",
      }).spawn();
    const children = [writing(), writing()];
    // Each says that it has begun.
    for (const { stdout } of children) await stdout.getReader().read();
    const half = names(folder);
    assert.equal(half.length, 2);
    const [killed, alive] = children;
    killed.kill("SIGKILL");
    await killed.status;
    // Of a platform without locks: nobody knows.
    const unknown = `.spikernn-${crypto.randomUUID()}.tmp`;
    Deno.writeTextFileSync(`${folder}/${unknown}`, "half");
    await writeAtomic(`${folder}/a.mat`, Uint8Array.of(1));
    const left = names(folder).filter((name) => half.includes(name));
    assert.equal(left.length, 1);
    alive.kill("SIGKILL");
    await alive.status;
    await prepareFolder(folder);
    assert.deepEqual(names(folder), [unknown, "a.mat"]);
  }));

Deno.test("writeAtomic() writes a file with the longest name", () =>
  inFolder(async (folder) => {
    const name = `${"a".repeat(251)}.mat`;
    await writeAtomic(`${folder}/${name}`, new Uint8Array(2 ** 20));
    assert.deepEqual(names(folder), [name]);
    await assert.rejects(
      writeAtomic(`${folder}/x${name}`, Uint8Array.of(1)),
      { name: "ModelFileError", message: /its name is too long/ },
    );
    assert.deepEqual(names(folder), [name]);
  }));

Deno.test("writeAtomic() says what is wrong with a path", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "old");
    const cases: [string, RegExp][] = [
      [`${folder}/none/a.mat`, /Cannot write ".*a\.mat": it does not exist/],
      [folder, /it is a folder/],
      [`${folder}/file/a.mat`, /a part of its path is a file/],
    ];
    for (const [path, message] of cases) {
      await assert.rejects(writeAtomic(path, Uint8Array.of(1)), {
        name: "ModelFileError",
        message,
      });
    }
    assert.deepEqual(names(folder), ["file"]);
    assert.equal(await Deno.readTextFile(`${folder}/file`), "old");
  }));

Deno.test("writeAtomic() lets a reader see the old file or the new one, never a part", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a`;
    const content = (fill: number) => new Uint8Array(300_000).fill(fill);
    await writeAtomic(path, content(0));
    let writing = true;
    const writer = (async () => {
      for (let fill = 1; fill <= 10; fill++) {
        await writeAtomic(path, content(fill));
      }
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const bytes = await Deno.readFile(path);
      assert.equal(bytes.length, 300_000);
      assert.ok(Buffer.from(bytes).equals(content(bytes[0])));
      reads++;
    }
    await writer;
    assert.ok(reads > 0);
  }));

/** Writes from another process under the given permissions or user; gives the error's message. */
function writeElsewhere(
  path: string,
  length: number,
  command: string[] = [],
  permissions: string[] = [
    `--allow-read=${path.replace(/\/[^/]*$/, "")}`,
    `--allow-write=${path.replace(/\/[^/]*$/, "")}`,
  ],
): string {
  const module = new URL("../../lib/formats/atomic.ts", import.meta.url).href;
  const code = `import { writeAtomic } from ${JSON.stringify(module)};
    try {
      await writeAtomic(${JSON.stringify(path)}, new Uint8Array(${length}));
      console.log("written");
    } catch (error) { console.log(error.name + ": " + error.message); }`;
  const [program, ...args] = [
    ...command,
    Deno.execPath(),
    "run",
    "--no-prompt",
    "--no-check",
    ...permissions,
    "-",
  ];
  return execFileSync(program, args, { input: code, encoding: "utf8" }).trim();
}

Deno.test("writeAtomic() needs nothing but read and write permission for the folder", () =>
  inFolder(async (folder) => {
    assert.equal(writeElsewhere(`${folder}/a`, 3), "written");
    const denied = writeElsewhere(`${folder}/a`, 9, [], [
      `--allow-read=${folder}`,
    ]);
    assert.match(denied, /^ModelFileError: .*Deno was not permitted it/);
    assert.equal((await Deno.stat(`${folder}/a`)).size, 3);
  }));

/** Whether this machine lets a test do something. */
const root = Deno.build.os === "linux" && Deno.uid() === 0;

function readOnlyFolder(): Promise<void> {
  return inFolder(async (folder) => {
    const locked = `${folder}/locked`;
    await Deno.mkdir(locked);
    await Deno.writeTextFile(`${locked}/a`, "old");
    // Root may write anywhere: give up its powers in the other process.
    const drop = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"];
    chmodSync(locked, 0o555);
    try {
      const message = writeElsewhere(`${locked}/a`, 9, root ? drop : []);
      assert.match(message, /^ModelFileError: .*may not do that there/);
    } finally {
      chmodSync(locked, 0o755);
    }
    assert.equal(await Deno.readTextFile(`${locked}/a`), "old");
    assert.deepEqual(names(locked), ["a"]);
  });
}

const readOnly =
  "writeAtomic() leaves the old file alone when the folder is read-only";
if (root) testWith("setpriv", readOnly, readOnlyFolder);
else {
  Deno.test({
    name: readOnly,
    ignore: Deno.build.os === "windows",
    fn: readOnlyFolder,
  });
}

testWith(
  "mount",
  "writeAtomic() leaves the old file alone when the disk is full",
  () =>
    inFolder(async (folder) => {
      const disk = `${folder}/disk`;
      await Deno.mkdir(disk);
      execFileSync("mount", [..."-t tmpfs -o size=64k tmpfs".split(" "), disk]);
      try {
        await writeAtomic(`${disk}/a`, new Uint8Array(30_000).fill(7));
        await assert.rejects(
          writeAtomic(`${disk}/a`, new Uint8Array(200_000)),
          { name: "ModelFileError", message: /the disk is full/ },
        );
        assert.deepEqual(names(disk), ["a"]);
        assert.deepEqual(
          await Deno.readFile(`${disk}/a`),
          new Uint8Array(30_000).fill(7),
        );
      } finally {
        execFileSync("umount", [disk]);
      }
    }),
);
