import assert from "node:assert/strict";
import { countOf } from "../lib/count.ts";

Deno.test("countOf() gives one thing its singular, and none and several the plural", () => {
  assert.deepEqual([0, 1, 2].map((count) => countOf(count, "trial")), [
    "0 trials",
    "1 trial",
    "2 trials",
  ]);
  assert.equal(countOf(2, "axis", "axes"), "2 axes");
});

Deno.test("messages leave numbers of things to countOf()", async () => {
  const things = "trial|unit|channel|condition|bin|fold|column|point|network";
  // A number of its own before one of these nouns, in a message.
  const written = new RegExp(
    `\\$\\{(\\w+\\.)*(trials|units|channels|` +
      `conditions|bins|folds|columns|points|length)\\} (${things})s\\b`,
  );
  const found: string[] = [];
  for (const room of ["analysis", "runs/analyse", "simulate", "cli/work"]) {
    const folder = new URL(`../lib/${room}/`, import.meta.url);
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || name.endsWith("_program.ts")) continue;
      const text = await Deno.readTextFile(new URL(name, folder));
      for (const line of text.split("\n")) {
        if (written.test(line)) found.push(`${room}/${name}: ${line.trim()}`);
      }
    }
  }
  assert.deepEqual(found, []);
});
