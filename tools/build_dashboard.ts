/**
 * Builds the live page: lib/dashboard/page/ with uPlot in it becomes
 * lib/dashboard/assets.ts, texts that can be served without reading any file.
 *
 *   deno run -A tools/build_dashboard.ts
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = new URL("../lib/dashboard/", import.meta.url);

/** Where the built texts are kept. */
export const assetsPath: URL = new URL("assets.ts", folder);

/**
 * Builds the page in memory.
 *
 * @returns the text of assets.ts
 * @throws {Error} with the bundler's messages, when it cannot be bundled
 */
export async function buildAssets(): Promise<string> {
  const out = await mkdtemp(join(tmpdir(), "page-"));
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "bundle",
        "--minify",
        "--platform=browser",
        `--outdir=${out}`,
        "lib/dashboard/page/index.js",
      ],
      cwd: fileURLToPath(new URL("../", import.meta.url)),
      env: { NO_COLOR: "1" },
    }).output();
    if (!success) {
      throw new Error(
        `Cannot build the page: ${new TextDecoder().decode(stderr)}`,
      );
    }
    const read = (name: string) => readFile(join(out, name), "utf8");
    return assets({
      page: await readFile(new URL("page/page.html", folder), "utf8"),
      script: await read("index.js"),
      style: await read("index.css"),
    });
  } finally {
    await rm(out, { recursive: true });
  }
}

function assets(texts: Readonly<Record<string, string>>): string {
  return `// deno-fmt-ignore-file
// deno-lint-ignore-file
/**
 * Built by tools/build_dashboard.ts from page/; do not edit. uPlot is in it:
 * its licence is in LICENSE-uPlot.
 */
${
    Object.entries(texts).map(([name, text]) =>
      `\n/** The page's ${name}. */\nexport const ${name}: string =\n  ${
        JSON.stringify(text)
      };\n`
    ).join("")
  }`;
}

if (import.meta.main) {
  const text = await buildAssets();
  await writeFile(assetsPath, text);
  console.log(`${fileURLToPath(assetsPath)}: ${text.length} characters`);
}
