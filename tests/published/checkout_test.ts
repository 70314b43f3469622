/**
 * A checkout of the package, used from a folder of your own: `deno check`,
 * `deno test` and `deno bundle` pass there, under that folder's settings.
 */
import { deepStrictEqual as equal } from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { inFolder } from "../folder.ts";
import {
  deno,
  entriesPrint,
  everyEntry,
  fewEntries,
  smallEntries,
  testOf,
} from "./programs.ts";

const { name, version, exports, imports } = manifest;
const root = new URL("../../", import.meta.url);

const entries = Object.entries(exports).map(([entry, path]) => [
  name + entry.slice(1),
  new URL(path, root).href,
]);

/** Puts a program together, which then runs by itself. */
async function bundles(folder: string, program: string): Promise<void> {
  await deno(folder, ["bundle", "--quiet", "-o", "out.js", program]);
  const bundle = ["run", "--no-config", "out.js"];
  equal(await deno(folder, bundle), entriesPrint);
}

Deno.test("a checkout is used through links", async () => {
  await inFolder(async (folder) => {
    await writeFile(
      join(folder, "deno.json"),
      JSON.stringify({
        links: [root.pathname],
        imports: { [name]: `jsr:${name}@${version}` },
      }),
    );
    await writeFile(join(folder, "main.ts"), smallEntries(name));
    // All that draws is put together once; jsr_test.ts checks its types.
    await writeFile(join(folder, "all.ts"), everyEntry(name));
    await writeFile(join(folder, "main_test.ts"), testOf(["main.ts"]));
    // The types of all entries are checked below.
    await deno(folder, ["test", "--no-prompt", "--no-check"]);
    await writeFile(join(folder, "few.ts"), fewEntries(name));
    await deno(folder, ["check", "few.ts"]);
    await bundles(folder, "all.ts");
  });
});

Deno.test("a checkout is used through an import map, and by the addresses of its files", async () => {
  await inFolder(async (folder) => {
    await writeFile(
      join(folder, "deno.json"),
      JSON.stringify({
        imports: Object.fromEntries(entries),
        scopes: { [root.href]: imports },
      }),
    );
    await writeFile(join(folder, "main.ts"), smallEntries(name));
    const address = (entry: string) =>
      entries.find(([known]) => known === entry)![1];
    await writeFile(
      join(folder, "addresses.ts"),
      smallEntries(name).replaceAll(
        /"(@spikernn\/spikernn[^"]*)"/g,
        (_, entry) => JSON.stringify(address(entry)),
      ),
    );
    await writeFile(
      join(folder, "main_test.ts"),
      testOf(["main.ts", "addresses.ts"]),
    );
    // Types are checked on the way, under the settings of this folder.
    await deno(folder, ["test", "--no-prompt"]);
    await bundles(folder, "main.ts");
  });
});
