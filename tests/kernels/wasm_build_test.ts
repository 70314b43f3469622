import { deepStrictEqual, ok } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import {
  compileKernel,
  simdKernels,
  wasmPath,
} from "../../tools/build_wasm.ts";

for (const name of await simdKernels()) {
  Deno.test(`${name}.wasm is what its source builds to`, async () => {
    const built = await compileKernel(name);
    ok(WebAssembly.validate(built as BufferSource));
    const committed = new Uint8Array(await readFile(wasmPath(name)));
    deepStrictEqual(
      committed,
      Uint8Array.from(built),
      `run "deno task build"`,
    );
  });
}
