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
