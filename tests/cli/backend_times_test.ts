import assert from "node:assert/strict";
import { join } from "node:path";
import { calibrate, type Times } from "../../lib/backend/calibrate.ts";
import { timesMemory, timesPath } from "../../lib/runs/backend_times.ts";
import { inFolder } from "../folder.ts";
import { testWith } from "../require.ts";

const times: Times = { simd: 20, webgpu: 4 };

Deno.test("timesPath() is shared by all models of a folder", () => {
  const file = join(".spikernn", "backend_times.json");
  for (
    const [folder, place] of [
      ["models/go-nogo/P_rec_0.2_Taus_4.0_20.0", "models"],
      ["/data/models/old/models/xor", "/data/models/old/models"],
      ["models", "models"],
      ["/data/networks", "/data/networks"],
      [".", "."],
    ]
  ) assert.equal(timesPath(folder), join(place, file));
});

Deno.test("timesMemory() keeps times for later runs", () =>
  inFolder(async (folder) => {
    const models = join(folder, "models", "xor");
    const memory = timesMemory({ folder: models, write: true });
    assert.equal(await memory.recall("a"), undefined);
    await memory.keep("a", times);
    await memory.keep("__proto__", { simd: 1, webgpu: 2 });
    const later = timesMemory({ folder: models, write: false });
    assert.deepEqual(await later.recall("a"), times);
    assert.equal(await later.recall("b"), undefined);
  }));

Deno.test("timesMemory() writes nothing where a command only reads", () =>
  inFolder(async (folder) => {
    await timesMemory({ folder, write: false }).keep("a", times);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("timesMemory() keeps the latest 200", () =>
  inFolder(async (folder) => {
    const path = timesPath(folder);
    await Deno.mkdir(join(folder, ".spikernn"));
    const many = Array.from({ length: 200 }, (_, k) => [`n${k}`, times]);
    await Deno.writeTextFile(path, JSON.stringify(Object.fromEntries(many)));
    const memory = timesMemory({ folder, write: true });
    await memory.keep("newest", times);
    assert.equal(await memory.recall("n0"), undefined);
    assert.deepEqual(await memory.recall("n1"), times);
    assert.deepEqual(await memory.recall("newest"), times);
  }));

Deno.test("timesMemory() takes a spoilt file for none", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, ".spikernn"));
    for (const spoilt of ["", "{", "null", "[3]", "7"]) {
      await Deno.writeTextFile(timesPath(folder), spoilt);
      const memory = timesMemory({ folder, write: true });
      assert.equal(await memory.recall("a"), undefined, spoilt);
      await memory.keep("a", times);
      assert.deepEqual(await memory.recall("a"), times);
    }
    // A file where the folder should be.
    await Deno.remove(join(folder, ".spikernn"), { recursive: true });
    await Deno.writeTextFile(join(folder, ".spikernn"), "mine");
    const memory = timesMemory({ folder, write: true });
    await memory.keep("a", times);
    assert.equal(await memory.recall("a"), undefined);
    assert.equal(await Deno.readTextFile(join(folder, ".spikernn")), "mine");
  }));

for (const granted of ["none", "read"] as const) {
  const allowed = granted === "read" ? true : false;
  Deno.test({
    name: `timesMemory() asks for nothing with the permissions: ${granted}`,
    permissions: { read: allowed, write: false },
    async fn() {
      const memory = timesMemory({ folder: "models", write: true });
      await memory.keep("a", times);
      assert.equal(await memory.recall("a"), undefined);
    },
  });
}

testWith(
  "webgpu",
  "calibrate() measures once, then remembers, but not what is spoilt",
  async () => {
    const kept = new Map<string, unknown>();
    const memory = {
      recall: (name: string) => Promise.resolve(kept.get(name)),
      keep(name: string, found: Times) {
        kept.set(name, found);
        return Promise.resolve();
      },
    };
    const work = {
      kind: "simulate" as const,
      units: 5,
      steps: 1,
      trials: 1,
      // What is no part of the size is no part of its name.
      times: 7,
    };
    const found = await calibrate("a card", work, { memory });
    assert.ok(found.simd > 0 && found.webgpu > 0);
    assert.equal(kept.size, 1);
    const [name] = kept.keys();
    assert.match(name, /a card/);
    assert.doesNotMatch(name, /times/);
    // This process knows; what was kept is for others.
    kept.clear();
    const again = await calibrate("a card", { ...work, units: 8 }, { memory });
    assert.equal(again, found);
    // As another process, by another name of the card.
    const other = name.replace("a card", "another");
    kept.set(other, times);
    assert.deepEqual(await calibrate("another", work, { memory }), times);
    const third = name.replace("a card", "a third");
    kept.set(third, { simd: -1, webgpu: "fast" });
    // Clocks of pages tell whole milliseconds: this work takes less than one.
    const { now } = performance;
    performance.now = () => Math.floor(now.call(performance));
    const measured = await calibrate("a third", work, { memory })
      .finally(() => performance.now = now);
    assert.ok(measured.simd > 0);
    assert.equal(kept.get(third), measured);
  },
);
