/** What tables of pages say of defaults is what the settings have. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { listCommands } from "../../lib/cli/listed.ts";
import { registry } from "../../lib/cli/registry.ts";
import { pages, readPage } from "./markdown.ts";

/** Cells of a row of a table, without the bars at its ends. */
const cells = (line: string) =>
  line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());

/** A default in the words of a table, without what is said beside it. */
const bare = (text: string) =>
  text.replaceAll("`", "").replace(/^the preset's, /, "").split(/[;,]/)[0]
    .trim();

Deno.test("defaults in tables of flags are those of the settings", async () => {
  const known = new Map<string, Set<string>>();
  for (const { settings } of await listCommands(registry)) {
    for (const { name, default: value, default_text } of settings) {
      const texts = known.get(name) ?? known.set(name, new Set()).get(name)!;
      texts.add(
        bare(default_text ?? ([value ?? ""].flat().join(" ") || "none")),
      );
    }
  }
  const wrong: string[] = [];
  let seen = 0;
  for (const path of await pages()) {
    if (path === "docs/reference/settings.md") continue; // is made from them
    const lines = (await readPage(path)).split("\n");
    let column = -1;
    for (const [k, line] of lines.entries()) {
      if (!line.startsWith("|")) column = -1;
      else if (column < 0) column = cells(line).indexOf("default");
      const [first, ...rest] = cells(line);
      const flags = [...(first ?? "").matchAll(/`--(\w+)`/g)].map(([, f]) => f);
      if (column < 1 || flags.length !== 1 || !known.has(flags[0])) continue;
      seen++;
      const said = bare(rest[column - 1]);
      const texts = [...known.get(flags[0])!];
      if (!texts.some((text) => text === said || text.split(" ")[0] === said)) {
        wrong.push(`${path}:${k + 1}: --${flags[0]} ${said}, not ${texts}`);
      }
    }
  }
  equal(wrong, []);
  ok(seen >= 8, `${seen}`);
});
