import { equal, rejects } from "node:assert/strict";
import type { Mapped, Simulated } from "../../lib/records/events.ts";
import { finished } from "../../lib/records/finished.ts";

async function* events(
  ...all: (Mapped | Simulated)[]
): AsyncGenerator<Mapped | Simulated> {
  yield* all;
}

const done: Simulated = { kind: "simulated", done: 1, total: 1 };
const mapped = { kind: "mapped", search: { chosen: 50 } } as Mapped;

Deno.test("finished() gives the event with the result, wherever it comes", async () => {
  equal((await finished(events(done, mapped, done))).search.chosen, 50);
});

Deno.test("finished() says that there was no result", async () => {
  await rejects(finished(events(done)), /ended without one/);
});

Deno.test("finished() throws what the run throws", async () => {
  // deno-lint-ignore require-yield
  async function* broken(): AsyncGenerator<Mapped> {
    throw new RangeError("Cannot map");
  }
  await rejects(finished(broken()), RangeError);
});
