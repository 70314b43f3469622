import { deepStrictEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  binaryName,
  compileKernel,
  kernelBinaries,
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
  });
}
