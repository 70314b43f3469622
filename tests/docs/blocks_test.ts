/** What pages tell readers to type can be typed. */
import { deepStrictEqual as equal } from "node:assert/strict";
import { parse } from "smol-toml";
import { listCommands } from "../../lib/cli/listed.ts";
import { registry } from "../../lib/cli/registry.ts";
import { codeBlocks, links, pages, readPage, root } from "./markdown.ts";

/** Pages whose Python and MATLAB blocks tests of their own run. */
const run: Readonly<Record<string, string>> = {
  "README.md": "tests/docs/pages_test.ts",
  "docs/tutorial.md": "tests/docs/pages_test.ts",
  "docs/guides/take-it-to-python.md": "tests/cli/simulate_files_test.ts",
  "docs/reference/model-file.md": "tests/formats/spiking_fields_test.ts",
  "docs/reference/export.md": "tests/export",
  "python/README.md": "python/tests/test_calls.py",
  "matlab/README.md": "tests/matlab",
};

Deno.test("commands of all pages have flags that there are", async () => {
  const commands = new Map(
    (await listCommands(registry)).map((
      { name, settings },
    ) => [name, new Set(settings.map((one) => one.name))]),
  );
  const wrong: string[] = [];
  for (const path of await pages()) {
    for (const { language, text, line } of codeBlocks(await readPage(path))) {
      if (!["", "sh"].includes(language)) continue;
      const whole = text.replace(/\\\n\s*/g, " ");
      for (
        const [, name, rest] of whole.matchAll(
          /(?:\bspikernn|cli\.ts|deno task) ([a-z]+)((?: +[^\n#|;&]*)?)/g,
        )
      ) {
        const known = commands.get(name);
        if (!known) continue;
        for (const [, flag] of rest.matchAll(/ --(?:no-)?([A-Za-z_-]+)/g)) {
          const usual = /^(help|help-all|json|version|cancel|retries|engine)$/;
          if (!known.has(flag.replaceAll("-", "_")) && !usual.test(flag)) {
            wrong.push(`${path}:${line}: ${name} has no --${flag}`);
          }
        }
      }
    }
  }
  equal(wrong, []);
});

Deno.test("every code block is run or read by a test, or says why it is not", async () => {
  const unread: string[] = [];
  for (const path of await pages()) {
    for (const block of codeBlocks(await readPage(path))) {
      const { language, note, rest, text, line } = block;
      const noted = note !== undefined && note.startsWith("not run: ");
      if (noted || (await isRead(path, language, rest, text))) continue;
      unread.push(`${path}:${line}: ${language} ${rest}`);
    }
  }
  equal(unread, []);
});

/** Whether something looks at a block: deno test, a parser, or a test that is named. */
async function isRead(
  path: string,
  language: string,
  rest: string,
  text: string,
): Promise<boolean> {
  if (language === "toml") return parse(text) !== undefined;
  if (language === "json") return JSON.parse(text) !== undefined;
  // `deno test --doc` runs these; those to ignore are compared or linked.
  if (language === "ts") return rest === "" || /Task/.test(text);
  // Output, and commands, whose flags the test above reads.
  if (["", "text", "sh"].includes(language)) return true;
  if (!run[path]) return false;
  return await Deno.stat(new URL(run[path], root)).then(() => true);
}

Deno.test("every figure under docs/ stands in the gallery", async () => {
  const shown = new Set(
    links(await readPage("docs/gallery.md")).map(({ target }) => target),
  );
  const missing: string[] = [];
  async function look(folder: string): Promise<void> {
    for await (
      const { name, isDirectory } of Deno.readDir(
        new URL(`docs/${folder}`, root),
      )
    ) {
      const path = `${folder}${name}`;
      if (isDirectory) await look(`${path}/`);
      else if (/\.(svg|png)$/.test(name) && !shown.has(path)) {
        missing.push(path);
      }
    }
  }
  await look("");
  equal(missing, []);
});

Deno.test("what docs/guides/troubleshooting.md quotes, the program says", async () => {
  let source = "";
  async function look(folder: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const url = new URL(isDirectory ? `${name}/` : name, folder);
      if (isDirectory) await look(url);
      else if (name.endsWith(".ts")) source += await Deno.readTextFile(url);
    }
  }
  await look(new URL("lib/", root));
  const text = source.replace(/["`] \+\s*["`]/g, "").replace(/\s+/g, " ");
  const page = await readPage("docs/guides/troubleshooting.md");
  const quoted = page.split("\n").filter((line) => line.startsWith("| `"))
    .map((line) => line.split("`")[1]);
  equal(
    quoted.filter((one) => !text.includes(one) && !/not found$/.test(one)),
    [],
  );
});
