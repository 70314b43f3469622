/**
 * Makes the command line into one file that needs Deno and nothing else: no
 * registry, no clone, no network.
 *
 *     deno task bundle [--output FILE]
 *     deno run -A --unstable-worker-options dist/spikernn.js train --task xor
 *
 * What is loaded by an address elsewhere (modules of workers, libraries that
 * draw) is a part of the file; modules under tools/bundle stand for those that
 * know the addresses.
 */
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const root = new URL("../", import.meta.url);
const at = (path: string) => new URL(path, root).href;

/** Where the file goes unless told. */
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
 * Makes the bundle.
 *
 * @param output the file to write
 */
export async function makeBundle(output: string): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "spikernn-bundle-" });
  try {
    const contents = async (name: string, from: string, type: string) => {
      const module = `${folder}/${name}.ts`;
      await Deno.writeTextFile(
        module,
        `import ${name} from "${from}" with { type: "${type}" };\n` +
          `export { ${name} };\n`,
      );
      return { [at("tools/bundle/contents.ts")]: pathToFileURL(module).href };
    };
    await bundle(
      at("tools/bundle/drawing.ts"),
      `${folder}/drawing.js`,
      await contents("resvgWasm", "@resvg/resvg-wasm/index_bg.wasm", "bytes"),
      folder,
    );
    await Deno.mkdir(dirname(output), { recursive: true });
    await bundle(at("tools/bundle/entry.ts"), output, {
      ...await contents("drawing", "./drawing.js", "text"),
      [at("lib/program.ts")]: at("tools/bundle/program.ts"),
      [at("lib/report/render/libraries.ts")]: at("tools/bundle/libraries.ts"),
    }, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const [flag, value] = Deno.args;
  const output = resolve(flag === "--output" && value ? value : usualOutput);
  await makeBundle(output);
  const { size } = await Deno.stat(output);
  console.log(`saved ${output} (${(size / 1e6).toFixed(1)} MB)`);
}
