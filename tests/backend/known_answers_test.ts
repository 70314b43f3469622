import assert from "node:assert/strict";
import {
  type KnownAnswer,
  knownAnswers,
} from "../../lib/backend/known_answers.ts";
import { openBackend } from "../../lib/backend/open.ts";
import type { Backend, BackendName } from "../../lib/backend/types.ts";
import { testWith } from "../require.ts";

async function answersOf(backend: Backend): Promise<KnownAnswer[]> {
  const answers = await Array.fromAsync(knownAnswers(backend));
  backend.close();
  return answers;
}

async function passes(name: BackendName): Promise<void> {
  const answers = await answersOf(await openBackend({ name }));
  assert.deepEqual(
    answers.map(({ name }) => name),
    ["noise", "rate scan", "gradient", "spiking trial"],
  );
  for (const { name, passed, difference, error } of answers) {
    assert.ok(passed, `${name}: ${error ?? difference}`);
  }
}

Deno.test("knownAnswers() pass on simd", () => passes("simd"));
Deno.test("knownAnswers() pass on the reference", () => passes("reference"));
testWith("webgpu", "knownAnswers() pass on webgpu", () => passes("webgpu"));

/** A backend that gives zeros, as one does whose kernels fail in silence. */
async function zeros(): Promise<Backend> {
  const real = await openBackend({ name: "simd" });
  const blank = <T>(value: T): T =>
    value instanceof Float32Array || value instanceof Float64Array
      ? value.map(() => 0) as T
      : Array.isArray(value)
      ? value.map(blank) as T
      : value && typeof value === "object" && !ArrayBuffer.isView(value)
      ? Object.fromEntries(
        Object.entries(value).map(([k, v]) => [k, blank(v)]),
      ) as T
      : value;
  return {
    name: "simd",
    description: "zeros",
    async open(network) {
      const session = await real.open(network);
      return {
        ...session,
        run: async (...call) => blank(await session.run(...call)),
        gradient: async (...call) => blank(await session.gradient(...call)),
        close: () => session.close(),
      };
    },
    simulate: async (...call) => blank(await real.simulate(...call)),
    close: () => real.close(),
  };
}

Deno.test("knownAnswers() do not pass where zeros come back, or nothing", async () => {
  for (const { name, passed } of await answersOf(await zeros())) {
    assert.equal(passed, false, name);
  }
  const fails = () => Promise.reject(new Error("no device"));
  const broken: Backend = {
    name: "webgpu",
    description: "broken",
    open: fails,
    simulate: fails,
    close() {},
  };
  for (const { passed, error } of await answersOf(broken)) {
    assert.equal(passed, false);
    assert.equal(error, "no device");
  }
});
