import { deepStrictEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  binaryName,
  compileKernel,
  kernelBinaries,
  modulePath,
  moduleText,
  wasmPath,
} from "../../tools/build_wasm.ts";

for (const binary of await kernelBinaries()) {
  Deno.test(`${binaryName(binary)} is what its source builds to`, async () => {
    const built = await compileKernel(binary);
    ok(WebAssembly.validate(built as BufferSource));
    const committed = new Uint8Array(await readFile(wasmPath(binary)));
    deepStrictEqual(
      committed,
      Uint8Array.from(built),
      `run "deno task build"`,
    );
    const module = modulePath(binary);
    if (module === undefined) return;
    deepStrictEqual(
      await readFile(module, "utf8"),
      moduleText(binary, built),
      `run "deno task build"`,
    );
  });
}
