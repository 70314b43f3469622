/** Begins to write a file, says so, and never ends. */
import { writeAll, writeOver } from "../../lib/formats/atomic.ts";

const [path] = Deno.args;
await writeOver(path, async (file) => {
  await writeAll(file, new Uint8Array(1000));
  console.log("writing");
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}, undefined);
