/**
 * Times of spiking simulation on the default backend:
 *
 *   deno bench -A bench/lif_bench.ts
 *
 * Before the table stands what the times mean, whatever the machine.
 */
import { spikingCases } from "./cases.ts";
import { opened } from "./flops.ts";

for (const each of spikingCases) {
  if (each.isLong) {
    const { run } = await each.open();
    Deno.bench(each.name, { n: 1, warmup: 0 }, async () => {
      await run();
    });
  } else Deno.bench(each.name, await opened(each));
}
