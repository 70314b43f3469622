/** The standing attack in short: some of each kind, and that it notices what breaks. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { diceOf } from "../../tools/attack/dice.ts";
import {
  faultOf,
  type HostileFormat,
} from "../../tools/attack/formats/format.ts";
import { formats } from "../../tools/attack/formats/registry.ts";
import { attackFiles } from "../../tools/attack/hostile_files.ts";
import { attacks } from "../../tools/attack/registry.ts";
import { inFolder } from "../folder.ts";

const forever = { seed: 1, until: Infinity };

for (const [key, format] of Object.entries(formats)) {
  Deno.test(`hostile files: ${format.name} is read or refused in words`, async () => {
    const { tried, held, broken } = await attackFiles(key, format, {
      ...forever,
      count: 80,
    });
    equal(broken, []);
    equal(tried, 80);
    ok(held.read > 0, "some are sound");
  });
}

Deno.test("a hostile file is made again from its number", () =>
  inFolder(async (folder) => {
    for (const format of Object.values(formats)) {
      const { make } = await format.prepare(folder);
      const twice = [7, 8, 7].map((index) => make(diceOf(3, index)));
      equal(twice[0], twice[2]);
      ok(twice[0].join() !== twice[1].join(), format.name);
    }
  }));

Deno.test("attackFiles() notices errors of the engine, and what is too slow", async () => {
  const reading = (read: () => void): HostileFormat => ({
    name: "made up",
    what: "nothing",
    prepare: () => ({ make: () => new Uint8Array(1), read }),
  });
  const found = async (read: () => void) => {
    const options = { ...forever, count: 1, keep: false };
    return (await attackFiles("x", reading(read), options)).broken[0];
  };
  match(
    await found(() => (undefined as unknown as string[]).join()),
    /x file 0 \(seed 1\): TypeError: Cannot read properties of undefined/,
  );
  match(
    await found(() => {
      throw new RangeError("Cannot read the plan: " + "x".repeat(30_000));
    }),
    /a message of 300\d\d characters/,
  );
  equal(await found(() => {}), undefined);
  equal(
    faultOf(new RangeError("Cannot read the plan: it is empty")),
    undefined,
  );
  match(faultOf(new RangeError("Invalid array length"))!, /^RangeError/);
  match(faultOf("text")!, /^threw text/);
});

/** So many of each attack that starts processes; tests/cli/resume_test.ts kills others. */
const few: Readonly<Record<string, number>> = {
  tasks: 8,
  listeners: 2,
  "full-disk": 2,
  "failing-disk": 2,
  "kill-sweep": 1,
  parallel: 3,
};

for (const attack of attacks.filter(({ name }) => name in few)) {
  Deno.test(`attack ${attack.name}: ${attack.what}`, async () => {
    const count = few[attack.name];
    const { tried, broken, skipped } = await attack.run({ ...forever, count });
    equal(broken, []);
    if (skipped) console.warn(`skipped: ${attack.name}: ${skipped}`);
    else ok(tried >= count, `${tried} tried`);
  });
}

Deno.test("the attack says what it takes, and gives its numbers as JSON", async () => {
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "tools/attack.ts", ...args],
      cwd: new URL("../../", import.meta.url).pathname,
    }).output();
    const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
    return { code, out, err };
  };
  for (const wrong of ["--only=nothing", "--seed=x", "--what"]) {
    const { code, err } = await run(wrong);
    equal(code, 2);
    match(err, /^Cannot attack: .*allowed are --only=NAME/);
  }
  const { code, out } = await run("--only=settings", "--count=20", "--json");
  equal(code, 0, out);
  const { name, tried, broken, held } = JSON.parse(out);
  equal([name, tried, broken], ["settings", 20, []]);
  equal(held.read + held.refused, 20);
});
