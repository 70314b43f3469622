import { ok } from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { compareWithOriginal } from "./original_grid.ts";

for (const factor of [25, 50]) {
  Deno.test(`200 noisy trials at factor ${factor} agree with the original's`, async () => {
    const backend = await openBackend({ workers: 2 });
    try {
      for (const line of await compareWithOriginal(backend, factor, 200)) {
        const { what, here, original, allowed } = line;
        ok(
          Math.abs(here - original) <= allowed,
          `${what}: ${here}, original ${original} ± ${allowed}`,
        );
      }
    } finally {
      backend.close();
    }
  });
}
