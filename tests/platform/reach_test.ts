/**
 * What programs import from this package in Node, Bun and browsers names no
 * platform: what differs between them is behind lib/platform.
 */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };

const root = new URL("../../", import.meta.url);

/** Entries that are for every platform. */
const everywhere = [
  ".",
  "./tasks",
  "./network",
  "./mapping",
  "./analysis",
  "./web",
];

/**
 * Loaded under Deno alone, by an import that comes when it is needed. Bundles
 * hold it all the same, so a `node:` module must not be imported at once.
 */
const forDeno = /^lib\/tasks\/sandbox(_channel)?\.ts$/;

/** Files that a file of this package reaches, imports that come later included. */
async function reached(entry: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const left = [new URL(entry, root)];
  for (let url; (url = left.pop()) !== undefined;) {
    const path = url.href.slice(root.href.length);
    if (found.has(path)) continue;
    const text = (await Deno.readTextFile(url))
      .replace(/^\s*(\/\/|\*|\/\*).*$/gm, "")
      .replace(/^import type [^;]*;/gm, "");
    found.set(path, text);
    for (
      const [, specifier] of text.matchAll(
        /(?:\bfrom\s+|\bimport\(\s*|^import\s+)"(\.[^"]+\.ts)"(?! with)/gm,
      )
    ) left.push(new URL(specifier, url));
  }
  return found;
}

for (const [name, entry] of Object.entries(manifest.exports)) {
  if (!everywhere.includes(name)) continue;
  Deno.test(`"${name}" reaches no Deno.… and no node: module but in lib/platform`, async () => {
    const files = await reached(entry);
    ok(files.size > 5);
    // A worker's program is a bundle, with what it needs of lib/platform.
    const found = [...files].flatMap(([path, text]) =>
      /^lib\/platform\/|_program\.ts$/.test(path) ? [] : [...text.matchAll(
        forDeno.test(path)
          ? /from "node:[^"]+"/g
          : /\bDeno\.\w+|\bprocess\.|\bBun\b|from "node:[^"]+"|import\("node:|\bnew Worker\b/g,
      )].map(([what]) => `${path}: ${what}`)
    );
    equal(found, []);
  });

  Deno.test(`what "${name}" reaches keeps to syntax and functions that Node 22 has`, async () => {
    const newer =
      /\b(?:await )?using \w+ =|Math\.sumPrecise|RegExp\.escape|\bTemporal\.|\.toHex\(|\.toBase64\(|Float16Array\(|import source|import defer/g;
    const found = [...await reached(entry)].flatMap(([path, text]) =>
      forDeno.test(path) || path.startsWith("lib/platform/")
        ? []
        : [...text.matchAll(newer)].map(([what]) => `${path}: ${what}`)
    );
    equal(found, []);
  });
}
