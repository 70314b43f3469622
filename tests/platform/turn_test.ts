/** What is heard while a long computation goes on. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import process from "node:process";
import { nextTurn } from "../../lib/platform/turn.ts";

function compute(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

Deno.test("nextTurn() lets in signals, timers and messages that have come", async () => {
  let heard = new Set<string>();
  // Once for all rounds: a signal that comes between two would end the process.
  const signal = () => heard.add("signal");
  process.on("SIGUSR2", signal);
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => heard.add("message");
  try {
    // Another thread listens to signals, and has to begin.
    await new Promise((resolve) => setTimeout(resolve, 50));
    // Some ways to wait let them in now and then.
    for (let round = 0; round < 20; round++) {
      heard = new Set();
      process.kill(process.pid, "SIGUSR2");
      const timer = setTimeout(() => heard.add("timer"), 1);
      port2.postMessage("one");
      for (let turn = 0; turn < 30 && heard.size < 3; turn++) {
        compute(10);
        await nextTurn();
      }
      clearTimeout(timer);
      equal([...heard].sort(), ["message", "signal", "timer"], `${round}`);
    }
  } finally {
    process.off("SIGUSR2", signal);
    port1.close();
  }
});

Deno.test("nextTurn() keeps no process alive", async () => {
  const program = `import { nextTurn } from ${
    JSON.stringify(import.meta.resolve("../../lib/platform/turn.ts"))
  };
    for (let k = 0; k < 100; k++) await nextTurn();
    console.log("done");`;
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", program],
    signal: AbortSignal.timeout(60_000),
  }).output();
  ok(success);
  equal(new TextDecoder().decode(stdout), "done\n");
});
