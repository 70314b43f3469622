/**
 * Builds every SIMD kernel: lib/kernels/<name>/simd/index.ts (AssemblyScript)
 * becomes lib/kernels/<name>/<name>.wasm. The compiler's version is pinned and
 * its options are fixed, so the same source gives the same bytes.
 *
 *   deno run --allow-read --allow-write tools/build_wasm.ts [name…]
 */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as asc from "assemblyscript/asc";

const kernels = new URL("../lib/kernels/", import.meta.url);

const options = [
  "--optimizeLevel=3",
  "--shrinkLevel=0",
  "--converge",
  "--runtime=stub",
  "--enable=simd",
  "--noAssert",
  "--use=abort=",
  "--initialMemory=1",
];

/** Names of the kernels that have AssemblyScript source. */
export async function simdKernels(): Promise<string[]> {
  const names: string[] = [];
  for (const name of (await readdir(kernels)).sort()) {
    const entry = new URL(`${name}/simd/index.ts`, kernels);
    if (await stat(entry).then((s) => s.isFile(), () => false)) {
      names.push(name);
    }
  }
  return names;
}

/** Path of a kernel's committed binary. */
export function wasmPath(name: string): URL {
  return new URL(`${name}/${name}.wasm`, kernels);
}

/**
 * Compiles one kernel in memory.
 *
 * @throws {Error} with the compiler's messages, when it does not compile
 */
export async function compileKernel(name: string): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const output = "out.wasm";
  const { error, stderr } = await asc.main(
    [`${name}/simd/index.ts`, `--outFile=${output}`, ...options],
    {
      readFile: (file: string) =>
        readFile(new URL(file, kernels), "utf8").catch(() => null),
      writeFile: (file: string, contents: Uint8Array | string) => {
        if (file === output) binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) {
    throw new Error(`Cannot build kernel ${name}: ${error}\n${stderr}`);
  }
  return binary;
}

if (import.meta.main) {
  const names = Deno.args.length > 0 ? Deno.args : await simdKernels();
  for (const name of names) {
    const binary = await compileKernel(name);
    await writeFile(wasmPath(name), binary);
    console.log(`${fileURLToPath(wasmPath(name))}: ${binary.length} bytes`);
  }
}
