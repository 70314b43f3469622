/** What the documentation's pages and the prose linter are made from. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { relinked, withLab } from "../../tools/site/docs.ts";
import { wordsOf } from "../../tools/words.ts";

Deno.test("relinked() leads to pages of the site, and leaves the source as text", () => {
  const places = new Map([["README.md", "docs/about.md"]]);
  const page = "[a](../README.md#install) [b](../lib/version.ts) " +
    "[c](glossary.md) [d](README.md) [e](https://deno.com) [f](#here)";
  equal(
    relinked(page, "docs/tutorial.md", "docs/tutorial.md", places),
    "[a](about.md#install) b [c](glossary.md) [d](index.md) " +
      "[e](https://deno.com) [f](#here)",
  );
});

Deno.test("withLab() puts a button below the title that opens the lab", () => {
  equal(
    withLab("# The lab\n\nText.\n", "docs/guides/lab.md"),
    '# The lab\n\n<p><a class="md-button md-button--primary" ' +
      'href="../../index.html">Open the lab</a></p>\n\nText.\n',
  );
});

Deno.test("wordsOf() keeps comments and texts on their lines, and no code", () => {
  const source = [
    "/** Says `x`, see {@linkcode y}. */",
    'import a from "./lesson.ts";',
    "const b = `told ${lesson} of it`; // why",
  ].join("\n");
  const lines = wordsOf(source).split("\n").map((line) =>
    line.replace(/\s+/g, " ").trim()
  );
  equal(lines, ["Says , see .", "", "told of it why"]);
});
