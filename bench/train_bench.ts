/**
 * Times of training and evaluating rate networks on the default backend, one
 * worker unless the name says otherwise:
 *
 *   deno bench -A bench/train_bench.ts
 *
 * Before the table stands what the times mean, whatever the machine.
 */
import { rateCases } from "./cases.ts";
import { opened } from "./flops.ts";

for (const each of rateCases) {
  Deno.bench(each.name, { warmup: 20 }, await opened(each));
}
