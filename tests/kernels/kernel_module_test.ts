import { deepStrictEqual as equal, throws } from "node:assert/strict";
import {
  kernelModule,
  memoryImport,
  sizedKernelModule,
} from "../../lib/kernels/kernel_module.ts";
import { rateScanShared } from "../../lib/kernels/rate_scan/rate_scan_shared_wasm.ts";

/** A module that does nothing but import a memory of a page by these names. */
function importing(from: string, name: string): WebAssembly.Module {
  const text = (value: string) => [
    value.length,
    ...new TextEncoder().encode(value),
  ];
  const section = [1, ...text(from), ...text(name), 2, 0, 1];
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 2, section.length, ...section];
  return new WebAssembly.Module(new Uint8Array(bytes));
}

Deno.test("memoryImport() takes the names that the module has", () => {
  const memory = new WebAssembly.Memory({ initial: 1 });
  for (const from of ["env", "./env", "a"]) {
    const module = importing(from, "memory");
    const imports = memoryImport(module, memory);
    equal(imports, { [from]: { memory } });
    new WebAssembly.Instance(module, imports);
  }
});

Deno.test("memoryImport() refuses a module that imports no memory", () => {
  const module = kernelModule("AGFzbQEAAAA=")();
  throws(
    () => memoryImport(module, new WebAssembly.Memory({ initial: 1 })),
    /^TypeError: Cannot give the kernel its memory: .* got no import$/,
  );
});

Deno.test("kernelModule() compiles once, also where Uint8Array.fromBase64 is not", () => {
  const module = kernelModule("AGFzbQEAAAA=");
  equal(module() === module(), true);
  const { fromBase64 } = Uint8Array;
  try {
    Object.assign(Uint8Array, { fromBase64: undefined });
    equal(WebAssembly.Module.exports(kernelModule("AGFzbQEAAAA=")()), []);
  } finally {
    Object.assign(Uint8Array, { fromBase64 });
  }
});

Deno.test("sizedKernelModule() gives a module for a memory of just that size", () => {
  for (const pages of [1, 1000, 1024, 65_535]) {
    const module = rateScanShared(pages);
    equal(rateScanShared(pages) === module, true);
    const instance = (initial: number, maximum: number) =>
      new WebAssembly.Instance(
        module,
        memoryImport(
          module,
          new WebAssembly.Memory({ initial, maximum, shared: true }),
        ),
      );
    instance(pages, pages);
    throws(() => instance(pages - 1, pages), WebAssembly.LinkError);
    throws(() => instance(pages, pages + 1), WebAssembly.LinkError);
  }
  throws(
    () => sizedKernelModule("AGFzbQEAAAA=")(1),
    /^TypeError: Cannot load the kernel: /,
  );
});
