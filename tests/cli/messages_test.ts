import { equal, ok } from "node:assert/strict";
import { asUsage } from "../../lib/runs/errors.ts";
import { messageOf } from "../../lib/runs/messages.ts";

/** What an engine says of faults of a program. */
const faults: readonly (() => unknown)[] = [
  // deno-lint-ignore no-explicit-any
  () => (undefined as any).rate,
  // deno-lint-ignore no-explicit-any
  () => (null as any).x = 1,
  () => {
    // deno-lint-ignore no-explicit-any
    const { a } = undefined as any;
    return a;
  },
  // deno-lint-ignore no-explicit-any
  () => "a" in (3 as any),
  () => (Object.freeze({ a: 1 }) as { a: number }).a = 2,
  () => Object.defineProperty(Object.freeze({}), "a", { value: 1 }),
  // deno-lint-ignore no-explicit-any
  () => (1n as any) + 1,
  () => Object.keys(undefined as unknown as object),
  () => BigInt("x"),
];

Deno.test("an engine's own errors never pass for messages to people", async () => {
  for (const fault of faults) {
    let thrown: unknown;
    try {
      fault();
    } catch (error) {
      thrown = error;
    }
    ok(thrown instanceof Error);
    ok(messageOf(thrown).startsWith(`Cannot go on: ${thrown.name}: `));
    // Nor for a wrong command line.
    const passed = await asUsage(fault).catch((error: Error) => error) as Error;
    equal(passed.name, thrown.name, "it is no UsageError");
  }
  for (
    const message of [
      "Cannot read the plan a.toml: it is not a JSON object",
      "Cannot convert: the network has no units",
      "Cannot set --N 3",
      "Cannot create the network: N is -1",
    ]
  ) {
    equal(messageOf(new RangeError(message)), message);
  }
});
