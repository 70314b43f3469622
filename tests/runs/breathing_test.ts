/** The backend that commands get: it pauses, and is otherwise the one inside. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { openBackend } from "../../lib/backend/open.ts";
import { isTuning } from "../../lib/backend/spiking_gradient.ts";
import { withFallback } from "../../lib/backend/webgpu_fallback.ts";
import { breathing } from "../../lib/runs/breathing.ts";

Deno.test("breathing() leaves out nothing that a backend is or does", async () => {
  for (const name of ["simd", "reference"] as const) {
    const backend = await openBackend({ name, workers: 2 });
    const same = breathing(backend, async () => {});
    const missing = Object.keys(backend).filter((key) => !(key in same));
    equal(missing, [], name);
    equal(same.workers, backend.workers);
    equal(isTuning(same), isTuning(backend));
    backend.close();
  }
});

Deno.test("breathing() pauses before a gradient of tuning", async () => {
  const backend = await openBackend({ name: "simd" });
  let pauses = 0;
  const same = breathing(backend, async () => {
    pauses++;
    await Promise.resolve();
    throw new Error("asked to stop");
  });
  ok(isTuning(same));
  const network = undefined as unknown as Parameters<
    typeof same.tuningGradient
  >[0];
  const message = await same.tuningGradient(network, []).catch(String);
  equal([message, pauses], ["Error: asked to stop", 1]);
  backend.close();
});

Deno.test("withFallback() says the threads of the backend that computes", async () => {
  const backend = await openBackend({ name: "simd", workers: 2 });
  const same = withFallback(backend, {
    open: () => Promise.reject(new Error("not asked for")),
    warn() {},
  });
  equal(same.workers, 2);
  same.close();
});
