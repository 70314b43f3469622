/** Compiled kernels, out of the text that stands in the modules beside them. */
import { fromBase64 } from "../platform/base64.ts";

/** Gives the compiled module; it is compiled when it is first asked for. */
export type KernelModule = () => WebAssembly.Module;

/**
 * A kernel that is compiled once, when it is needed.
 *
 * @param base64 the binary, in base64
 */
export function kernelModule(base64: string): KernelModule {
  let compiled: WebAssembly.Module | undefined;
  return () => compiled ??= new WebAssembly.Module(fromBase64(base64));
}

/**
 * Gives the module for a memory of so many pages, no fewer and no more; it is
 * compiled when it is first asked for.
 */
export type SizedKernelModule = (pages: number) => WebAssembly.Module;

/** Kind, flags and limits of a shared memory of 65,536 pages, as a binary has them. */
const memoryLimits = [0x02, 0x03, 0x80, 0x80, 0x04, 0x80, 0x80, 0x04];

/**
 * A kernel that imports a memory whose size stays: one that may grow is asked for
 * its size after every write, where the engine checks bounds by itself.
 *
 * @param base64 the binary, in base64, with a memory of 65,536 pages
 */
export function sizedKernelModule(base64: string): SizedKernelModule {
  const compiled = new Map<number, WebAssembly.Module>();
  return (pages) => {
    let module = compiled.get(pages);
    if (module === undefined) {
      module = new WebAssembly.Module(withPages(fromBase64(base64), pages));
      compiled.set(pages, module);
    }
    return module;
  };
}

/** Writes the size of the memory into a binary. */
function withPages(
  binary: Uint8Array<ArrayBuffer>,
  pages: number,
): Uint8Array<ArrayBuffer> {
  const at = binary.findIndex((_, start) =>
    memoryLimits.every((byte, k) => binary[start + k] === byte)
  );
  if (at < 0) {
    throw new TypeError(
      "Cannot load the kernel: it does not import a shared memory of 65,536 pages",
    );
  }
  // LEB128, in as many bytes as there are.
  const size = [pages & 0x7f | 0x80, pages >> 7 & 0x7f | 0x80, pages >> 14];
  binary.set([...size, ...size], at + 2);
  return binary;
}

/** What a module that imports a memory is instantiated with. */
export type MemoryImport = Record<string, Record<string, WebAssembly.Memory>>;

/**
 * A memory under the names by which a module imports it: tools that publish and
 * pack may have given them others than the compiler did.
 *
 * @throws {TypeError} if the module does not import one memory and nothing else
 */
export function memoryImport(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): MemoryImport {
  const imports = WebAssembly.Module.imports(module);
  if (imports.length !== 1 || imports[0].kind !== "memory") {
    throw new TypeError(
      "Cannot give the kernel its memory: it must import one memory, got " +
        (imports.map(({ kind, module, name }) => `${kind} ${module}.${name}`)
          .join(", ") || "no import"),
    );
  }
  return { [imports[0].module]: { [imports[0].name]: memory } };
}
