/**
 * Builds the lab: site/lab becomes a page of static files, which any file server
 * serves and which ask for nothing from elsewhere.
 */
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** Where the page's modules go, in the folder of the site. */
const folder = "lab";

/**
 * Libraries that no part of the page asks for, though modules that it has could:
 * HDF5 (6 MB) is for files of other programs, resvg for pictures without a browser.
 */
const unused = ["h5wasm", "@resvg/resvg-wasm"];

/**
 * Builds the lab into a folder: `index.html`, and its modules under `lab/`.
 *
 * @param out the folder of the site
 * @throws {Error} with the bundler's messages, when it cannot be bundled
 */
export async function buildLab(out: string): Promise<void> {
  const modules = join(out, folder);
  await rm(modules, { recursive: true, force: true });
  await mkdir(modules, { recursive: true });
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--minify", "--code-splitting"],
      ...["--platform=browser", `--outdir=${modules}`],
      ...unused.map((name) => `--external=${name}`),
      "site/lab/index.js",
      "site/lab/worker/worker.ts",
    ],
    cwd: fileURLToPath(root),
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) {
    throw new Error(
      `Cannot build the lab: ${new TextDecoder().decode(stderr)}`,
    );
  }
  await copyFile(
    new URL("site/lab/index.html", root),
    join(out, "index.html"),
  );
}

/** Files of a folder and below it, by their paths in it. */
export async function filesIn(out: string): Promise<string[]> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
    .sort();
}
