/**
 * Builds the site as static files: the lab and the documentation, or one of them.
 * The documentation needs MkDocs, the lab nothing.
 *
 *     deno task site [lab|docs] [--output FOLDER]
 */
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { buildDocs } from "./site/docs.ts";
import { buildLab, filesIn } from "./site/lab.ts";

/** Where the site goes by default. */
const usualOutput = "site/dist";

/** Its parts by name, each built into the folder of the site. */
const parts = { lab: buildLab, docs: buildDocs } as const;

/**
 * Reads the command's arguments.
 *
 * @throws {RangeError} for what is none
 */
function asked(args: readonly string[]) {
  let out: string = usualOutput;
  const names: (keyof typeof parts)[] = [];
  for (let k = 0; k < args.length; k++) {
    const word = args[k];
    if (word === "--output" && args[k + 1]) out = args[++k];
    else if (word === "lab" || word === "docs") names.push(word);
    else {
      throw new RangeError(
        `Cannot build ${JSON.stringify(word)}: allowed are lab, docs and ` +
          "--output FOLDER",
      );
    }
  }
  return {
    out: resolve(out),
    names: names.length > 0 ? names : ["lab", "docs"] as const,
  };
}

if (import.meta.main) {
  const { out, names } = asked(Deno.args);
  await mkdir(out, { recursive: true });
  for (const name of names) await parts[name](out);
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
