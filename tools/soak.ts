/**
 * Trains and searches for long in one process; exits with 1 where its memory
 * grows.
 *
 *     deno run --v8-flags=--expose-gc,--max-semi-space-size=1 tools/soak.ts [UPDATES] [SEARCHES] [LEAK]
 *
 * The second flag keeps V8 from giving the workers' young objects more and more
 * room (up to some 30 MB each), which looks like a leak and is none.
 *
 * LEAK is a number of bytes that each update and search keeps, to see that it
 * is noticed.
 */
import { courses, type Sample, soak } from "./soak_run.ts";

if (import.meta.main) {
  const [updates = 2000, searches = 300, leak = 0] = Deno.args.map(Number);
  const samples: Sample[] = [];
  const plan = {
    updates,
    searches,
    units: 100,
    samples: 20,
    leak: leak > 0 ? () => new Array(leak / 4).fill(samples.length) : undefined,
  };
  for await (const sample of soak(plan)) samples.push(sample);
  for (const { phase, done, heap, external, resident } of samples) {
    const [h, e, r] = [heap, external, resident].map(megabytes);
    console.log(`${phase} ${done}: heap ${h}, external ${e}, resident ${r}`);
  }
  const found = courses(samples);
  for (const { phase, of, early, late, flat } of found) {
    console.log(
      `${flat ? "flat " : "GROWS"} ${phase} ${of}: ` +
        `${megabytes(early)}, then ${megabytes(late)}`,
    );
  }
  if (found.some(({ flat }) => !flat)) Deno.exit(1);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
