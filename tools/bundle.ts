/**
 * Makes the command line into one file that needs Deno and nothing else: no
 * registry, no clone, no network.
 *
 *     deno task bundle [--output FILE]
 *     deno run -A --unstable-worker-options dist/spikernn.js train --task xor
 *
 * What is loaded by an address elsewhere (modules of workers) is a part of the file;
 * modules under tools/bundle stand for those that know the addresses. Libraries that
 * most commands leave alone are packed texts in it.
 */
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { notices, npmCache } from "./bundle/notices.ts";

const root = new URL("../", import.meta.url);
const at = (path: string) => new URL(path, root).href;

/** Where the file goes by default. */
const usualOutput = "dist/spikernn.js";

/**
 * Bundles modules into one file.
 *
 * @param imports of an import map, beside those of deno.json
 * @throws {Error} with what the bundler said
 */
async function bundle(
  entry: string,
  output: string,
  imports: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  const manifest = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", root)),
  );
  const config = `${folder}/deno.json`;
  const lock = `${folder}/deno.lock`;
  await Deno.copyFile(new URL("deno.lock", root), lock);
  await Deno.writeTextFile(
    config,
    JSON.stringify({
      imports: { ...manifest.imports, ...imports },
      nodeModulesDir: "none",
      // Hashes are checked; the other entry points of the package are not in it.
      lock: { path: lock, frozen: false },
      compilerOptions: manifest.compilerOptions,
    }),
  );
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "bundle",
      ...["--config", config, "--platform", "deno"],
      ...["--output", output, entry],
    ],
    cwd: new URL(root),
    stdout: "piped",
    stderr: "piped",
  }).output();
  if (success) return;
  const said = [stdout, stderr].map((b) => new TextDecoder().decode(b)).join(
    "",
  );
  throw new Error(`Cannot bundle ${entry}:\n${said}`);
}

/**
 * Makes the bundle, and beside it a text with the licences of what others wrote in it.
 *
 * @param output the file to write, which ends in `.js`
 */
export async function makeBundle(output: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spikernn-bundle-" });
  const write = async (name: string, text: string) => {
    const path = `${folder}/${name}`;
    await Deno.writeTextFile(path, text);
    return pathToFileURL(path).href;
  };
  /** A bundle of a module of tools/bundle, packed. */
  const packed = async (
    name: string,
    imports: Readonly<Record<string, string>> = {},
  ) => {
    const path = `${folder}/${name}.js`;
    await bundle(at(`tools/bundle/${name}.ts`), path, imports, folder);
    // A text has no address; files beside the libraries are not read.
    const text = await Deno.readTextFile(path);
    programs.push(text);
    return deflateRawSync(text.replaceAll("import.meta.url", '"file:///"'))
      .toString("base64");
  };
  const programs: string[] = [];
  try {
    const resvg = await write(
      "resvg.ts",
      'import resvgWasm from "@resvg/resvg-wasm/index_bg.wasm" with ' +
        '{ type: "bytes" };\nexport { resvgWasm };\n',
    );
    const contents = await write(
      "contents.ts",
      Object.entries({
        drawing: await packed("drawing", {
          [at("tools/bundle/contents.ts")]: resvg,
        }),
        pdf: await packed("pdf"),
        hdf5: await packed("hdf5"),
      }).map(([name, text]) => `export const ${name} = "${text}";\n`).join(""),
    );
    await Deno.mkdir(dirname(output), { recursive: true });
    await bundle(at("tools/bundle/entry.ts"), output, {
      [at("tools/bundle/contents.ts")]: contents,
      [at("lib/program.ts")]: at("tools/bundle/program.ts"),
      [at("lib/report/render/libraries.ts")]: at("tools/bundle/libraries.ts"),
      [at("lib/formats/hdf5_library.ts")]: at("tools/bundle/hdf5_library.ts"),
    }, folder);
    const program = await Deno.readTextFile(output);
    await Deno.writeTextFile(output, ascii(program));
    await Deno.writeTextFile(
      output.replace(/\.js$/, "") + ".licences.txt",
      await notices([...programs, program], await npmCache()),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * JavaScript in ASCII alone: the engine keeps a text that has any other character in
 * twice the memory, and reads it more slowly.
 */
function ascii(program: string): string {
  return program.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

if (import.meta.main) {
  const [flag, value] = Deno.args;
  const output = resolve(flag === "--output" && value ? value : usualOutput);
  await makeBundle(output);
  const { size } = await Deno.stat(output);
  console.log(`saved ${output} (${(size / 1e6).toFixed(1)} MB)`);
}
