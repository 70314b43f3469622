/** Every link of every page leads somewhere. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { anchors, links, pages, readPage, root } from "./markdown.ts";

Deno.test("every link between pages leads to a file, and to a heading in it", async () => {
  const broken: string[] = [];
  for (const path of await pages()) {
    const page = await readPage(path);
    for (const { target, line } of links(page)) {
      if (/^(https?|mailto):/.test(target)) continue;
      const [file, anchor] = target.split("#");
      const url = file ? new URL(file, new URL(path, root)) : null;
      const there = url === null || await exists(url);
      const text = !there || !anchor
        ? ""
        : url === null
        ? page
        : await Deno.readTextFile(url);
      if (!there || (anchor && !anchors(text).has(anchor))) {
        broken.push(`${path}:${line}: ${target}`);
      }
    }
  }
  equal(broken, []);
});

Deno.test("every page that the program names in its texts is there", async () => {
  const missing: string[] = [];
  async function look(folder: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(isDirectory ? `${name}/` : name, folder);
      if (isDirectory) await look(url);
      else if (/\.(ts|py|pyi|m|toml)$/.test(name)) {
        for (
          const [, page] of (await Deno.readTextFile(url)).matchAll(
            /(?<!tests\/)\b(docs\/[\w./-]+\.(?:md|ts|svg|toml|ipynb))\b/g,
          )
        ) {
          if (!await exists(new URL(page, root))) {
            missing.push(
              `${url.pathname.slice(root.pathname.length)}: ${page}`,
            );
          }
        }
      }
    }
  }
  for (const folder of ["lib/", "bench/", "tools/", "python/", "matlab/"]) {
    await look(new URL(folder, root));
  }
  equal(missing, []);
});

async function exists(url: URL): Promise<boolean> {
  return await Deno.stat(url).then(() => true, () => false);
}
