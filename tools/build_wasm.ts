/**
 * Builds every SIMD kernel: lib/kernels/<name>/simd/index.ts (AssemblyScript)
 * becomes lib/kernels/<name>/<name>.wasm, with a memory of its own, and for
 * kernels that threads share <name>_shared.wasm, whose memory is imported. The
 * compiler's version is pinned and its options are fixed, so the same source
 * gives the same bytes.
 *
 * The library reads none of these files. What it runs stands as text in a module
 * beside each, <name>_wasm.ts: a module is loaded alike by every runtime, from
 * every address, with no permission, and is part of a bundle.
 *
 *   deno run --allow-read --allow-write tools/build_wasm.ts [name…]
 */
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as asc from "assemblyscript/asc";
import { spikingSource } from "./spiking_sources.ts";

const kernels = new URL("../lib/kernels/", import.meta.url);

const options = [
  "--optimizeLevel=3",
  "--shrinkLevel=0",
  "--converge",
  "--runtime=stub",
  "--enable=simd",
  "--noAssert",
  "--use=abort=",
];

/** A memory of its own grows from one page on. */
const ownOptions = ["--initialMemory=1"];

/**
 * A memory that threads share is as large as it can be, and stays so: which size
 * that is, is written into the binary when it is loaded (../lib/kernels/kernel_module.ts).
 */
const sharedOptions = [
  "--enable=threads",
  "--importMemory",
  "--sharedMemory",
  "--initialMemory=65536",
  "--maximumMemory=65536",
];

/** Kernels that threads run in one memory. */
const sharedKernels = ["rate_scan"];

/** One binary to build. */
export interface KernelBinary {
  /** The kernel's folder. */
  readonly kernel: string;
  readonly shared: boolean;
}

/** The binaries of all kernels that have AssemblyScript source. */
export async function kernelBinaries(): Promise<KernelBinary[]> {
  const binaries: KernelBinary[] = [];
  for (const kernel of (await readdir(kernels)).sort()) {
    const entry = new URL(`${kernel}/simd/index.ts`, kernels);
    if (!await stat(entry).then((s) => s.isFile(), () => false)) continue;
    binaries.push({ kernel, shared: false });
    if (sharedKernels.includes(kernel)) binaries.push({ kernel, shared: true });
  }
  return binaries;
}

/** Kernels that the library runs only as part of the others. */
const partsOnly = ["normal"];

function stem({ kernel, shared }: KernelBinary): string {
  return shared ? `${kernel}_shared` : kernel;
}

/** File name of a binary. */
export function binaryName(binary: KernelBinary): string {
  return `${stem(binary)}.wasm`;
}

/** Path of a committed binary. */
export function wasmPath(binary: KernelBinary): URL {
  return new URL(`${binary.kernel}/${binaryName(binary)}`, kernels);
}

/** Path of the module that holds a binary; undefined if the library has none. */
export function modulePath(binary: KernelBinary): URL | undefined {
  if (partsOnly.includes(binary.kernel)) return undefined;
  return new URL(`${binary.kernel}/${stem(binary)}_wasm.ts`, kernels);
}

/** Text of the module that holds a binary. */
export function moduleText(binary: KernelBinary, bytes: Uint8Array): string {
  const name = stem(binary).replace(
    /_(.)/g,
    (_, letter) => letter.toUpperCase(),
  );
  const about = binary.shared
    ? "The SIMD kernel that imports a memory, which threads can share."
    : "The SIMD kernel; instances have memories of their own.";
  const [type, make] = binary.shared
    ? ["SizedKernelModule", "sizedKernelModule"]
    : ["KernelModule", "kernelModule"];
  return `// Made of ${
    binaryName(binary)
  } by \`deno task build\`: change simd/ instead.
// deno-fmt-ignore-file
import { type ${type}, ${make} } from "../kernel_module.ts";

/** ${about} */
export const ${name}: ${type} = ${make}(
  "${bytes.toBase64()}",
);
`;
}

/**
 * Compiles one binary in memory.
 *
 * @throws {Error} with the compiler's messages, when it does not compile
 */
export async function compileKernel(
  { kernel, shared }: KernelBinary,
): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const output = "out.wasm";
  const { error, stderr } = await asc.main(
    [
      `${kernel}/simd/index.ts`,
      `--outFile=${output}`,
      ...options,
      ...(shared ? sharedOptions : ownOptions),
    ],
    {
      readFile: (file: string) =>
        spikingSource(file) ??
          readFile(new URL(file, kernels), "utf8").catch(() => null),
      writeFile: (file: string, contents: Uint8Array | string) => {
        if (file === output) binary = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) {
    throw new Error(`Cannot build kernel ${kernel}: ${error}\n${stderr}`);
  }
  return binary;
}

if (import.meta.main) {
  const names = Deno.args;
  for (const binary of await kernelBinaries()) {
    if (names.length > 0 && !names.includes(binary.kernel)) continue;
    const compiled = await compileKernel(binary);
    await writeFile(wasmPath(binary), compiled);
    const module = modulePath(binary);
    if (module) await writeFile(module, moduleText(binary, compiled));
    console.log(`${fileURLToPath(wasmPath(binary))}: ${compiled.length} bytes`);
  }
}
