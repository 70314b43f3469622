/** Pauses of the lab's worker. */
import { ok } from "node:assert/strict";
import { breathing } from "../../site/lab/worker/breathe.ts";

Deno.test("two who pause at one time both go on", async () => {
  const breathe = breathing();
  const begun = performance.now();
  while (performance.now() - begun < 20);
  let heard = false;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => heard = true;
  port2.postMessage(0);
  await Promise.all([breathe(), breathe()]);
  ok(heard, "no message came in");
  port1.close();
});
