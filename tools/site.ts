/**
 * Builds the site as static files: the lab, and what else stands in the list of
 * its parts.
 *
 *     deno task site [--output FOLDER]
 */
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildDocs } from "./site/docs.ts";
import { buildLab, filesIn } from "./site/lab.ts";

/** Where the site goes by default. */
const usualOutput = "site/dist";

/** Its parts, each built into the folder of the site. */
const parts: readonly ((out: string) => Promise<void>)[] = [
  buildLab,
  buildDocs,
];

if (import.meta.main) {
  const [flag, value] = Deno.args;
  const out = resolve(flag === "--output" && value ? value : usualOutput);
  await mkdir(out, { recursive: true });
  for (const build of parts) await build(out);
  const files = await filesIn(out);
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(out, file))).size),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  console.log(
    `saved ${files.length} files in ${out} (${(bytes / 1e6).toFixed(1)} MB)\n` +
      "any file server shows them, such as: python3 -m http.server --directory " +
      out,
  );
}
