/**
 * A checkout of the package, used from a folder of your own: `deno check`,
 * `deno test` and `deno bundle` pass there, under that folder's settings.
 */
import { deepStrictEqual as equal } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { inFolder } from "../folder.ts";
import { deno, entriesPrint, everyEntry, smallEntries } from "./programs.ts";

const { name, version, exports, imports } = manifest;
const root = new URL("../../", import.meta.url);

const entries = Object.entries(exports).map(([entry, path]) => [
  name + entry.slice(1),
  new URL(path, root).href,
]);

/** Settings of the folder, by the way that they name the package. */
const ways: Readonly<Record<string, unknown>> = {
  links: {
    links: [root.pathname],
    imports: { [name]: `jsr:${name}@${version}` },
  },
  "an import map": {
    imports: Object.fromEntries(entries),
    scopes: { [root.href]: imports },
  },
};

for (const [way, settings] of Object.entries(ways)) {
  Deno.test(`a checkout is used through ${way}`, async () => {
    await inFolder(async (folder) => {
      const file = (name: string, text: string) =>
        writeFile(join(folder, name), text);
      await file("deno.json", JSON.stringify(settings));
      // All that draws is checked, and put together, once.
      const program = way === "links" ? everyEntry : smallEntries;
      await file("main.ts", program(name));
      await file(
        "main_test.ts",
        `import { sizes } from "./main.ts";
         Deno.test("sizes", () => { if (sizes[0] !== 8) throw sizes; });`,
      );
      // Types are checked on the way.
      await deno(folder, ["test", "--no-prompt"]);
      await deno(folder, ["bundle", "--quiet", "-o", "out.js", "main.ts"]);
      const bundle = ["run", "--no-config", "out.js"];
      equal(await deno(folder, bundle), entriesPrint);
    });
  });
}

Deno.test("a checkout is used by the addresses of its files", async () => {
  await inFolder(async (folder) => {
    const address = (entry: string) =>
      entries.find(([known]) => known === entry)![1];
    const text = smallEntries(name).replaceAll(
      /"(@spikernn\/spikernn[^"]*)"/g,
      (_, entry) => JSON.stringify(address(entry)),
    );
    await writeFile(join(folder, "main.ts"), text);
    await writeFile(
      join(folder, "deno.json"),
      JSON.stringify({ scopes: { [root.href]: imports } }),
    );
    await deno(folder, ["check", "main.ts"]);
    equal(await deno(folder, ["run", "main.ts"]), entriesPrint);
  });
});
